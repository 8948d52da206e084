"""Pages of papers coming in: the register, registering one, one arrival."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.accounts.models import User
from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet, UserError
from thidua.core.text import person_sort_key
from thidua.documents.access import token_of
from thidua.documents.file_store import bytes_of, clean_file_name, store
from thidua.documents.models import Document, Forwarding, IncomingPaper, StoredFile
from thidua.documents.papers import arrivals, visible
from thidua.documents.papers.pages import checking, forms, lists
from thidua.documents.papers.pages.tabs import tabs
from thidua.documents.plan_reading import take_in
from thidua.documents.reading import Unreadable
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Mandate, Role, UnitKind, UnitVersion
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook
from thidua.tables.workbooks import download

FILE_SALT = "papers.arrival"
FILE_SECONDS = 24 * 3600
TYPES = {"pdf": "application/pdf"}


@require_safe
@signed_in
def incoming(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = lists.with_progress(visible.incoming(acting))
    found = listing(request, lists.incoming_table(on=acting.on), rows)
    if wants_workbook(request):
        return found.workbook()
    context = {
        "listing": found,
        "tabs": tabs("den"),
        "may_register": bool(visible.clerk_units(acting)),
    }
    return render(request, "papers/incoming.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """First the file, which is read; then what was read, to be confirmed; or all by hand."""
    acting = who(request)
    bodies = _bodies(acting)
    if not bodies:
        acting.require("incoming.register", IncomingPaper(unit_id=acting.unit_id or 0))
    if request.method == "POST" and "doc" in request.POST:
        return _read(request, acting, bodies)
    form = forms.ArrivalForm(request.POST or None, bodies=bodies, initial={"ngay_den": acting.on})
    if request.method == "POST" and form.is_valid():
        try:
            return _registered(request, form, acting)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    return _register_page(request, form)


def _bodies(acting: Acting) -> list[UnitVersion]:
    found = (tree.version_on(pk, on=acting.on) for pk in sorted(visible.clerk_units(acting)))
    return [version for version in found if version is not None]


def _register_page(
    request: HttpRequest, form: forms.ArrivalForm, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {"form": form, "tabs": tabs("den"), "is_bound": form.is_bound, **more}
    return render(request, "papers/register.html", context, status=status or (422 if form.errors else 200))


def _read(request: HttpRequest, acting: Acting, bodies: list[UnitVersion]) -> HttpResponse:
    """Keep the file and show what the reader makes of it; a file that cannot be read is still registered."""
    empty = forms.ArrivalForm(bodies=bodies, initial={"ngay_den": acting.on})
    file = request.FILES.get("tep_goc")
    if file is None:
        return _register_page(request, empty, status=422, file_refusal="Hãy chọn tệp văn bản.")
    name = clean_file_name(file.name or "")
    try:
        raw = checking.content_of(file)
        if not raw:
            raise RuleNotMet("Chưa nhận được tệp", why="tệp rỗng", next_step="Chọn tệp có nội dung")
    except RuleNotMet as refusal:
        return _register_page(request, empty, status=422, file_refusal=refusal.message)
    document, told = None, ""
    try:
        taken = take_in(raw, file_name=name, owner=token_of(acting.user), now=clock.now())
        document = taken.document
        told = "" if document else "Tệp lớn hoặc là ảnh quét: chương trình còn đang đọc, hãy tự ghi các ô."
    except Unreadable as refusal:
        told = f"Chưa đọc được nội dung tệp, hãy tự ghi các ô. {refusal.message}"
    written = arrivals.proposed(document) if document else arrivals.Written(issuer="", title="")
    stored = store(raw)
    kept = {"file": stored.pk, "name": name, "document": document.pk if document else None}
    initial = {
        **forms.arrival_typed(written, on=acting.on),
        "tep": signing.dumps({**kept, "user": acting.user.pk}, salt=FILE_SALT),
    }
    form = forms.ArrivalForm(bodies=bodies, initial=initial)
    doubles = arrivals.doubles(bodies[0].unit_id, written) if written.issuer else []
    return _register_page(
        request, form, file_name=name, was_read=document is not None, told=told, doubles=doubles
    )


def _registered(request: HttpRequest, form: forms.ArrivalForm, acting: Acting) -> HttpResponse:
    file, name, document = _kept(form.cleaned_data["tep"], acting)
    written = form.written()
    made = arrivals.register(
        written,
        unit_id=int(form.cleaned_data["don_vi"]),
        file=file,
        file_name=name,
        document=document,
        is_known_double=form.cleaned_data["van_dang_ky"],
        actor=acting,
        now=clock.now(),
    )
    messages.success(request, f"Đã đăng ký, số đến {made.given.text}.")
    if late := arrivals.late_note(made.arrived_on, on=acting.on):
        messages.warning(request, late)
    return redirect("papers:arrival", pk=made.pk)


def _kept(token: str, acting: Acting) -> tuple[StoredFile | None, str, Document | None]:
    """The file of the first step. Raises RuleNotMet when it is too long ago, or not this person's."""
    if not token:
        return None, "", None
    try:
        kept = signing.loads(token, salt=FILE_SALT, max_age=FILE_SECONDS)
    except signing.BadSignature as error:
        raise RuleNotMet(
            "Chưa đăng ký được", why="tệp đã chọn quá lâu", next_step="Chọn lại tệp rồi đăng ký"
        ) from error
    if kept["user"] != acting.user.pk:
        raise RuleNotMet("Chưa đăng ký được", why="tệp do người khác chọn", next_step="Chọn lại tệp")
    file = StoredFile.objects.filter(pk=kept["file"]).first()
    document = Document.objects.filter(pk=kept["document"]).first() if kept["document"] else None
    return file, kept["name"], document


# --- one arrival ----------------------------------------------------------------------------------


@require_safe
@signed_in
def arrival(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _shown(request, visible.incoming_at(pk, acting=acting), acting)


def _shown(
    request: HttpRequest, found: IncomingPaper, acting: Acting, *, refusal: UserError | None = None
) -> HttpResponse:
    rows = list(found.forwardings.select_related("user", "forwarded_by", "incoming").order_by("pk"))
    labels = tree.labels_on({found.unit_id, *(row.unit_id for row in rows if row.unit_id)}, on=acting.on)
    may_forward = acting.may("incoming.forward", found)
    document = found.document
    context = {
        "incoming": found,
        "unit_label": labels.get(found.unit_id, ""),
        "rows": [
            (row, labels.get(row.unit_id, "") if row.unit_id else str(row.user), _may_finish(row, acting))
            for row in rows
        ],
        "cited": arrivals.citations(found),
        "refusal": refusal,
        "form": _forward_form(found, acting) if may_forward else None,
        "done_form": forms.DoneForm(),
        "plan_address": _address("plans:start", document.address) if document else "",
        "reading_address": _address("documents:plan", document.address) if document else "",
        "task_address": _address("tasks:from_incoming", found.pk)
        if acting.has_role(Role.STANDING, Role.LEADER)
        else "",
        "checked": _signatures(found),
        "history": history(found),
        "tabs": tabs("den"),
    }
    return render(request, "papers/arrival.html", context, status=422 if refusal else 200)


def _may_finish(row: Forwarding, acting: Acting) -> bool:
    if row.done_at is not None:
        return False
    return row.user_id == acting.user.pk if row.user_id else acting.may("incoming.finish", row)


def _address(name: str, argument: object) -> str:
    """The page of an app above, when there is one."""
    try:
        return reverse(name, args=[argument])
    except NoReverseMatch:
        return ""


def _signatures(found: IncomingPaper) -> checking.Checked | None:
    if found.file is None or not found.file_name.lower().endswith(".pdf"):
        return None
    try:
        return checking.told(bytes_of(found.file), due_on=None)
    except RuleNotMet:
        return None


def _forward_form(found: IncomingPaper, acting: Acting, answers: Any | None = None) -> forms.ForwardForm:
    """The offices and units directly below the body, and the people who act for it."""
    units = [
        version
        for version in tree.children(found.unit_id, on=acting.on)
        if version.unit.kind != UnitKind.VILLAGE
    ]
    mandates = Mandate.objects.filter(
        unit_id=found.unit_id, since__lte=acting.on, until__gt=acting.on, revoked_at__isnull=True
    )
    people = sorted(
        User.objects.filter(pk__in=mandates.values("user"), is_active=True),
        key=lambda one: one.name_order or person_sort_key(str(one)),
    )
    return forms.ForwardForm(answers, units=units, people=people)


@require_POST
@signed_in
def forward(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = visible.incoming_at(pk, acting=acting)
    acting.require("incoming.forward", found)
    form = _forward_form(found, acting, request.POST)
    try:
        if not form.is_valid():
            raise RuleNotMet(
                "Chưa chuyển được văn bản", why="nơi nhận hoặc hạn chưa đúng", next_step="Xem lại rồi chuyển"
            )
        answers = form.cleaned_data
        made = arrivals.forward(
            found,
            unit_ids=[int(unit) for unit in answers["don_vi"]],
            users=[form.people[one] for one in answers["nguoi"]],
            lead_unit_id=int(answers["chu_tri"]) if answers["chu_tri"] else None,
            instruction=answers["y_kien"],
            due_on=answers["han"],
            actor=acting,
            now=clock.now(),
        )
    except UserError as refusal:
        return _shown(request, found, acting, refusal=refusal)
    messages.success(request, f"Đã chuyển cho {len(made)} nơi.")
    return redirect("papers:arrival", pk=pk)


@require_POST
@signed_in
def finish(request: HttpRequest, pk: int, forwarding_pk: int) -> HttpResponse:
    acting = who(request)
    found = visible.incoming_at(pk, acting=acting)
    row = found.forwardings.select_related("incoming", "user").filter(pk=forwarding_pk).first()
    if row is None:
        raise Http404("no such row")
    try:
        arrivals.finish(row, note=request.POST.get("ket_qua", ""), actor=acting, now=clock.now())
    except UserError as refusal:
        return _shown(request, found, acting, refusal=refusal)
    messages.success(request, "Đã ghi kết quả giải quyết.")
    return redirect("papers:arrival", pk=pk)


@require_safe
@signed_in
def original(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible.incoming_at(pk, acting=who(request))
    if found.file is None:
        raise Http404("no file")
    ending = found.file_name.rpartition(".")[2].lower()
    return download(
        bytes_of(found.file),
        name=found.file_name,
        content_type=TYPES.get(ending, "application/octet-stream"),
    )
