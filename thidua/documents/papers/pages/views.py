"""Pages of papers going out, of number books, and of checking signatures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet, UserError
from thidua.documents.file_store import bytes_of
from thidua.documents.models import (
    BookKind,
    CopyForm,
    GivenNumber,
    OutgoingPaper,
    PaperCopy,
    PaperOffice,
    PaperRelation,
    PaperState,
)
from thidua.documents.papers import (
    archive,
    copying,
    drafting,
    faces,
    issuing,
    numbering,
    owners,
    signing_jobs,
    symbols,
    visible,
)
from thidua.documents.papers.pages import checking, forms, lists
from thidua.documents.papers.pages.tabs import tabs
from thidua.documents.papers.plain_text import blocks
from thidua.documents.rights import CONFIGURING, DRAFTING
from thidua.documents.writing.paper import Paper, Signature
from thidua.jobs.models import JobState
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import UnitKind, UnitVersion
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook
from thidua.tables.workbooks import download

PDF, DOCX, ZIP = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/zip",
)
#: Kinds of units that issue papers of their own.
ISSUING = tuple(kind for kind in UnitKind if kind not in (UnitKind.VILLAGE, UnitKind.DIVISION))
#: So many of the last numbers are offered for a number put in late.
MOST_NUMBERS = 30
PREVIEW_DOTS = 70


# --- the list -------------------------------------------------------------------------------------


@require_safe
@signed_in
def outgoing(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = visible.outgoing(acting)
    labels = tree.labels_on(set(rows.order_by().values_list("unit_id", flat=True)), on=acting.on)
    found = listing(request, lists.outgoing_table(labels), rows)
    if wants_workbook(request):
        return found.workbook()
    return render(
        request,
        "papers/outgoing.html",
        {"listing": found, "tabs": tabs("di"), "may_draft": visible.may_draft(acting)},
    )


# --- writing --------------------------------------------------------------------------------------


def _bodies(acting: Acting) -> list[UnitVersion]:
    """The bodies for which this person may draft: the own units, and those above the own offices."""
    found: dict[int, UnitVersion] = {}
    for mandate in acting.mandates:
        if mandate.role not in DRAFTING or not acting.acts_for_living_unit(mandate):
            continue
        line = tree.ancestors(mandate.unit_id, on=acting.on)
        for version in reversed(line):
            is_own = version.unit_id == mandate.unit_id
            if (is_own and version.unit.kind in ISSUING) or (
                line[-1].unit.kind in drafting.OFFICES and version == (line[-2] if len(line) > 1 else None)
            ):
                found.setdefault(version.unit_id, version)
    return list(found.values())


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def write(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    bodies = _bodies(acting)
    if not bodies:
        acting.require("paper.draft", OutgoingPaper(unit_id=acting.unit_id or 0))
    form = forms.PaperForm(
        request.POST or None, bodies=bodies, initial={"loai": "bao_cao", **_usual(bodies[:1])}
    )
    if request.method == "POST" and form.is_valid():
        body = form.bodies[form.cleaned_data["don_vi"]]
        blank = _blank(body, on=acting.on)
        try:
            paper = drafting.draft(
                form.onto(blank),
                unit_id=body.unit_id,
                due_on=form.cleaned_data["han"],
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, "Đã lưu bản nháp. Xem lại bản in rồi bấm «Trình soát».")
            return redirect("papers:paper", pk=paper.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "heading": "Soạn văn bản", "back": reverse("papers:outgoing"), "is_wide": True}
    return render(request, "papers/form.html", context, status=422 if form.errors else 200)


def _usual(bodies: list[UnitVersion]) -> dict[str, str]:
    return {"noi_nhan": "Lưu: VT", "quyen_han": _authority(bodies[0])} if bodies else {}


def _authority(body: UnitVersion) -> str:
    return "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH" if body.unit.is_place else "THỦ TRƯỞNG CƠ QUAN"


def _blank(body: UnitVersion, *, on: date) -> Paper:
    """A paper with its head: the body, the one above, the place."""
    line = tree.ancestors(body.unit_id, on=on)
    office = PaperOffice.objects.filter(unit_id=body.unit_id).first()
    above = [version for version in line[:-1] if version.unit.kind != UnitKind.NATION]
    return Paper(
        kind="bao_cao",
        issuer=(_name(body),),
        superior=(_name(above[-1]),) if above else (),
        title="",
        body=(),
        place=office.place if office else "",
        signature=Signature(()),
    )


def _name(version: UnitVersion) -> str:
    """The name that a body prints: a place acts through its People's Committee."""
    if version.unit.is_place:
        return f"Ủy ban nhân dân {version.label}"
    return version.label


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    paper = visible.outgoing_at(pk, acting=acting)
    acting.require("paper.draft", paper)
    described = drafting.description(paper)
    initial = forms.typed(described, edition=paper.edition)
    form = forms.PaperForm(request.POST or None, bodies=(), is_new=False, initial=initial)
    if initial["noi_dung"] is None:
        del form.fields["noi_dung"]
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or paper.edition
        try:
            drafting.update(paper, form.onto(described), seen=seen, actor=acting, now=clock.now())
            messages.success(request, "Đã lưu bản nháp.")
            return redirect("papers:paper", pk=paper.pk)
        except UserError as refusal:
            form.add_error(None, refusal.message)
    context = {
        "form": form,
        "heading": "Sửa văn bản",
        "back": reverse("papers:paper", args=[paper.pk]),
        "keeps_body": initial["noi_dung"] is None,
        "is_wide": True,
    }
    return render(request, "papers/form.html", context, status=422 if form.errors else 200)


# --- one paper ------------------------------------------------------------------------------------


@require_safe
@signed_in
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = visible.outgoing_at(pk, acting=acting)
    if request.headers.get("HX-Request"):
        return render(
            request, "papers/paper.html#waiting", {"job": signing_jobs.waiting(found), "paper": found}
        )
    return _shown(request, found, acting)


def _shown(
    request: HttpRequest,
    found: OutgoingPaper,
    acting: Acting,
    *,
    refusal: UserError | None = None,
    number_form: forms.NumberForm | None = None,
) -> HttpResponse:
    steps = {step.name: step for step in workflow.possible(found, actor=acting)}
    job = signing_jobs.waiting(found)
    labels = tree.labels_on({found.unit_id, found.drafting_unit_id}, on=acting.on)
    owner = owners.owner_of(found.about_type)
    copies = list(found.copies.select_related("given").order_by("pk"))
    context: dict[str, Any] = {
        "paper": found,
        "kind_name": symbols.kind_name(found.kind),
        "state_tone": lists.TONES.get(PaperState(found.state), ""),
        "unit_label": labels.get(found.unit_id, ""),
        "drafter_label": labels.get(found.drafting_unit_id, ""),
        "owner": owner,
        "owner_address": owner.address(found.about_id) if owner else "",
        "refusal": refusal,
        "job": job,
        "is_working": job is not None and job.state != JobState.FAILED,
        "may_mend": found.is_open and acting.may("paper.draft", found),
        "steps": steps,
        "is_late": issuing.is_late(found, on=acting.on),
        "named_by": list(found.named_by.select_related("given").order_by("pk")),
        "copies": copies,
        "may_copy": found.state == PaperState.ISSUED
        and acting.may("copy.make", PaperCopy(unit_id=found.unit_id)),
        "may_relate": found.state == PaperState.ISSUED and acting.may("paper.draft", found),
        "checked": checking.told(issuing.issued_bytes(found)) if found.issued_file else None,
        "history": history(found),
        "tabs": tabs("di"),
        "copy_form": forms.CopyMakingForm(),
        "related_form": forms.RelatedForm(),
        "notices": [
            one
            for one in found.named_by.filter(relation=PaperRelation.RECALLS, state=PaperState.ISSUED)
            if "recall" in steps
        ],
    }
    if "number" in steps:
        context["number_form"] = number_form or _number_form(found, acting)
    return render(request, "papers/paper.html", context, status=422 if refusal else 200)


def _number_form(found: OutgoingPaper, acting: Acting, answers: Any | None = None) -> forms.NumberForm:
    series = numbering.series_of(found.unit_id, found.kind)
    numbers = GivenNumber.objects.filter(
        book__unit_id=found.unit_id,
        book__kind=BookKind.OUTGOING,
        book__series=series,
        book__year=acting.on.year,
        suffix="",
    ).order_by("-order")[:MOST_NUMBERS]
    return forms.NumberForm(answers, numbers=numbers, initial={"ngay": acting.on})


PLAIN_STEPS = {"offer": drafting.offer, "review": drafting.review}
REASON_STEPS = {
    "send_back": drafting.send_back,
    "drop": drafting.drop,
    "unsign": issuing.unsign,
    "cancel_number": issuing.cancel_number,
}
SAID = {
    "offer": "Đã trình soát.",
    "review": "Đã soát. Văn bản chờ lãnh đạo ký.",
    "send_back": "Đã trả lại để sửa.",
    "drop": "Đã bỏ bản nháp.",
    "unsign": "Đã rút chữ ký; văn bản trở lại bản nháp.",
    "cancel_number": "Đã hủy số; số này giữ trong sổ và không dùng lại.",
}


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a paper; a refusal stands on its page."""
    acting = who(request)
    found = visible.outgoing_at(pk, acting=acting)
    step, reason, now = request.POST.get("viec", ""), request.POST.get("ly_do", ""), clock.now()
    number_form = None
    try:
        if step in PLAIN_STEPS:
            PLAIN_STEPS[step](found, actor=acting, now=now)
        elif step in REASON_STEPS:
            REASON_STEPS[step](found, reason=reason, actor=acting, now=now)
        elif step in ("sign", "issue"):
            transition = workflow.table_of(found).transition(step)
            acting.require(transition.right, found)
            signing_jobs.ask(found, step, acting=acting)
        elif step == "sign_by_hand":
            issuing.sign(found, actor=acting, now=now, by_hand=True)
            messages.success(request, "Đã ghi nhận văn bản ký tay trên bản giấy.")
        elif step == "number":
            number_form = _number_form(found, acting, request.POST)
            if not number_form.is_valid():
                return _shown(
                    request,
                    found,
                    acting,
                    refusal=RuleNotMet(
                        "Chưa cấp số được", why="ngày chưa đúng", next_step="Xem lại ô được đánh dấu"
                    ),
                    number_form=number_form,
                )
            answers = number_form.cleaned_data
            issuing.number(
                found,
                dated=answers["ngay"],
                after=int(answers["sau_so"]) if answers["sau_so"] else None,
                reason=answers["ly_do"],
                actor=acting,
                now=now,
            )
            messages.success(request, f"Đã cấp số {found.notation}.")
        elif step == "recall":
            notice = visible.outgoing_at(int(request.POST.get("thong_bao") or 0), acting=acting)
            issuing.recall(found, notice, reason=reason, actor=acting, now=now)
            messages.success(request, "Đã thu hồi văn bản.")
        else:
            raise Http404("no such step")
    except UserError as refusal:
        found = visible.outgoing_at(pk, acting=acting)
        return _shown(request, found, acting, refusal=refusal, number_form=number_form)
    if step in SAID:
        messages.success(request, SAID[step])
    return redirect("papers:paper", pk=pk)


@require_POST
@signed_in
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = visible.outgoing_at(pk, acting=acting)
    form = forms.CopyMakingForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleNotMet(
                "Chưa sao được văn bản", why="chưa chọn hình thức sao", next_step="Chọn rồi làm lại"
            )
        answers = form.cleaned_data
        wanted = CopyForm(answers["hinh_thuc"])
        of_copy = None
        if wanted == CopyForm.COPY_OF_COPY:
            of_copy = found.copies.filter(form=CopyForm.TRUE_COPY).order_by("-pk").first()
        made = copying.make(
            found,
            wanted,
            extract=answers["phan_trich"],
            recipients=answers["noi_nhan"],
            of_copy=of_copy,
            actor=acting,
            now=clock.now(),
        )
    except UserError as refusal:
        return _shown(request, found, acting, refusal=refusal)
    messages.success(request, f"Đã lập bản sao số {made.given}.")
    return redirect("papers:paper", pk=pk)


@require_POST
@signed_in
def relate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft that corrects, amends, replaces or recalls this issued paper."""
    acting = who(request)
    found = visible.outgoing_at(pk, acting=acting)
    form = forms.RelatedForm(request.POST)
    if not form.is_valid():
        return redirect("papers:paper", pk=pk)
    relation = PaperRelation(form.cleaned_data["quan_he"])
    try:
        made = drafting.draft(
            _related(drafting.description(found), found, relation),
            unit_id=found.unit_id,
            drafting_unit_id=found.drafting_unit_id,
            names=found,
            relation=relation,
            actor=acting,
            now=clock.now(),
        )
    except UserError as refusal:
        return _shown(request, found, acting, refusal=refusal)
    messages.success(request, "Đã lập bản nháp của văn bản mới. Sửa nội dung rồi trình soát.")
    return redirect("papers:mend", pk=made.pk)


def _related(old: Paper, found: OutgoingPaper, relation: PaperRelation) -> Paper:
    """A draft to begin with: a replacement says all anew, the others name what they change."""
    if relation == PaperRelation.REPLACES:
        return replace(old, symbol="")
    name = f"{symbols.kind_name(found.kind)} số {found.notation}"
    kinds = {PaperRelation.RECALLS: "thong_bao", PaperRelation.CORRECTS: "cong_van"}
    kind = kinds.get(relation, found.kind)
    words = f"{relation.label} {name} về {found.title[:1].lower()}{found.title[1:]}."
    return replace(
        old, kind=kind, symbol="", title=f"{relation.label} {name}", body=blocks(words), appendices=()
    )


@require_safe
@signed_in
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible.outgoing_at(pk, acting=who(request))
    raw = issuing.issued_bytes(found) if found.issued_file else faces.pdf(found)
    return download(raw, name=faces.file_name(found, "pdf"), content_type=PDF)


@require_safe
@signed_in
def docx(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible.outgoing_at(pk, acting=who(request))
    return download(faces.docx(found), name=faces.file_name(found, "docx"), content_type=DOCX)


@require_safe
@signed_in
def copy_pdf(request: HttpRequest, pk: int, copy_pk: int) -> HttpResponse:
    found = visible.outgoing_at(pk, acting=who(request))
    one = found.copies.select_related("file", "given").filter(pk=copy_pk).first()
    if one is None:
        raise Http404("no such copy")
    return download(bytes_of(one.file), name=f"{one.given}.pdf".replace("/", "-"), content_type=PDF)


@require_safe
@signed_in
def package(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = visible.outgoing_at(pk, acting=acting)
    raw = archive.of_paper(found, actor=acting, now=clock.now())
    return download(raw, name=faces.file_name(found, "zip"), content_type=ZIP)


@require_safe
@signed_in
def page_picture(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """One page as a picture, with signature and seal once they are there."""
    found = visible.outgoing_at(pk, acting=who(request))
    picture = checking.picture(faces.pdf(found), page, dots_per_inch=PREVIEW_DOTS)
    if picture is None:
        raise Http404("no such page")
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, max-age=60"
    return response


# --- books ----------------------------------------------------------------------------------------


@require_safe
@signed_in
def books(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = visible.books(acting)
    offices = _own_offices(acting)
    labels = tree.labels_on(
        {*rows.order_by().values_list("unit_id", flat=True), *(pk for pk, _ in offices)}, on=acting.on
    )
    found = listing(request, lists.book_table(labels), rows)
    if wants_workbook(request):
        return found.workbook()
    context = {
        "listing": found,
        "offices": [(pk, labels.get(pk, ""), office) for pk, office in offices],
        "tabs": tabs("so"),
    }
    return render(request, "papers/books.html", context)


def _own_offices(acting: Acting) -> list[tuple[int, PaperOffice | None]]:
    """The own bodies for which this person may say abbreviation and series, with what was said."""
    own = [
        mandate.unit_id
        for mandate in acting.mandates
        if mandate.role in CONFIGURING and acting.acts_for_living_unit(mandate)
    ]
    known = {office.unit_id: office for office in PaperOffice.objects.filter(unit_id__in=own)}
    return [(pk, known.get(pk)) for pk in dict.fromkeys(own)]


@require_safe
@signed_in
def book(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found_book = visible.books(acting).filter(pk=pk).first()
    if found_book is None:
        raise Http404("no such book")
    found = listing(request, lists.number_table(found_book), lists.numbers_of(found_book))
    if wants_workbook(request):
        return found.workbook()
    context = {
        "listing": found,
        "book": found_book,
        "series": symbols.kind_name(found_book.series) if found_book.series else "mọi loại",
        "unit_label": tree.labels_on([found_book.unit_id], on=acting.on).get(found_book.unit_id, ""),
        "gaps": numbering.gaps(found_book),
        "tabs": tabs("so"),
    }
    return render(request, "papers/book.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def office(request: HttpRequest, unit_pk: int) -> HttpResponse:
    acting = who(request)
    version = tree.version_on(unit_pk, on=acting.on)
    if version is None:
        raise Http404("no such unit")
    acting.require("office.configure", PaperOffice(unit_id=unit_pk))
    known = PaperOffice.objects.filter(unit_id=unit_pk).first()
    form = forms.OfficeForm(request.POST or None, initial=forms.office_typed(known))
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            numbering.set_office(
                unit_pk,
                abbreviation=answers["viet_tat"],
                place=answers["dia_danh"],
                has_common_series=answers["day_so"] == "chung",
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, "Đã ghi thể thức của cơ quan.")
            return redirect("papers:books")
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "heading": f"Thể thức của {version.label}", "back": reverse("papers:books")}
    return render(request, "papers/form.html", context, status=422 if form.errors else 200)


# --- checking -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def check(request: HttpRequest) -> HttpResponse:
    """A PDF from anywhere: nothing of it is kept."""
    acting = who(request)
    form = forms.CheckForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "tabs": tabs("kiem-tra")}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["tep"]
            try:
                context["checked"] = checking.told(
                    checking.content_of(file), due_on=form.cleaned_data["han"], issued_for=acting
                )
                context["file_name"] = file.name
                status = 200
            except RuleNotMet as refusal:
                form.add_error("tep", refusal.message)
    return render(request, "papers/check.html", context, status=status)
