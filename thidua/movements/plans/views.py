"""Pages of plans: the list, one plan in force, the draft on its way to adoption."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import fold, row_key
from thidua.documents.access import NoSuchDocument
from thidua.documents.source_marks import source_lines
from thidua.documents.writing.paper import Paper
from thidua.documents.writing.typesetting import pdf_bytes
from thidua.documents.writing.word import docx_bytes
from thidua.movements.models import ItemKind, Plan, PlanVersion, PlanVersionState
from thidua.movements.plans import (
    access,
    adoption,
    amendments,
    differences,
    drafting,
    listing_of_plans,
    naming,
    overview,
    papers,
    parties,
)
from thidua.movements.plans.cards import cards_of, marked
from thidua.movements.plans.draft_page import FILTERS, card_of, draft_page, progress_of
from thidua.movements.plans.forms import ITEM_FORMS, AmendForm, ItemForm, StartForm, UnitSearch, WriteForm
from thidua.movements.plans.items import code_of
from thidua.movements.visibility import visible_movements, visible_plans
from thidua.organisations import matching, tree
from thidua.organisations.models import UnitVersion
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook

#: The faces of a paper by their file ending: how one is made, and its type.
FACES: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "docx": (docx_bytes, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf_bytes, "application/pdf"),
}


def _is_htmx(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


# --- the list -------------------------------------------------------------------------------------


@require_safe
@signed_in
def plans(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = listing_of_plans.rows(visible_plans(acting))
    found = listing(request, listing_of_plans.TABLE, rows, plans=visible_plans(acting))
    listing_of_plans.with_labels(found, on=clock.today())
    if wants_workbook(request):
        return found.workbook()
    context = {"listing": found, "drafts": access.own_drafts(acting), "may_draft": access.may_draft(acting)}
    return render(request, "plans/list.html", context)


# --- beginning ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: HttpRequest, address: str) -> HttpResponseBase:
    """From a read document to a draft: who issued it, who runs it, which movement."""
    try:
        document = access.document_at(request, address)
    except NoSuchDocument as missing:
        return render(request, "documents/missing.html", {"refusal": missing}, status=404)
    acting = who(request)
    proposed = drafting.beginnings(document, actor=acting)
    choices = access.choices_for(acting)
    form = StartForm(
        request.POST or None,
        choices=choices,
        movements=visible_movements(acting),
        initial={
            "owner": proposed.owner.pk if proposed.owner else None,
            "standing_body": proposed.standing_body.pk if proposed.standing_body else None,
            "movement": proposed.movement.pk if proposed.movement else None,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = drafting.start(
                document,
                owner=form.cleaned_data["owner"],
                standing_body=form.cleaned_data["standing_body"],
                movement=form.cleaned_data["movement"],
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã lập bản nháp. Xem từng mục, chỗ nghi ngờ trước.")
            return redirect("plans:draft", pk=version.pk)
    context = {
        "document": document,
        "proposed": proposed,
        "form": form,
        "may_draft": bool(choices.owners),
        "is_foreign": bool(proposed.owner and proposed.owner.pk not in choices.owner_ids()),
        "known": [plan for plan in proposed.known if _may_see(request, plan)],
    }
    return render(request, "plans/start.html", context, status=422 if form.errors else 200)


def _may_see(request: HttpRequest, plan: Plan) -> bool:
    return visible_plans(who(request)).filter(pk=plan.pk).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def write(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A plan of one's own, written from a higher plan in force."""
    higher_plan = access.plan_at(request, pk)
    higher = get_object_or_404(higher_plan.versions, state=PlanVersionState.ADOPTED)
    acting = who(request)
    form = WriteForm(
        request.POST or None,
        choices=access.choices_for(acting),
        initial={"title": higher_plan.title},
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = drafting.write_from(
                higher,
                owner=form.cleaned_data["owner"],
                standing_body=form.cleaned_data["standing_body"],
                title=form.cleaned_data["title"],
                number=form.cleaned_data["number"],
                dated=form.cleaned_data["dated"],
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã lập bản nháp từ kế hoạch cấp trên. Nhận, thu hẹp hoặc bỏ từng mục.")
            return redirect("plans:draft", pk=version.pk)
    context = {"plan": higher_plan, "form": form}
    return render(request, "plans/write.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def amend(request: HttpRequest, pk: int) -> HttpResponseBase:
    plan = access.plan_at(request, pk)
    acting = who(request)
    acting.require("plan.draft", plan)
    documents = access.documents_of(request).order_by("-read_at")[:100]
    form = AmendForm(
        request.POST or None,
        documents=[(one.address, f"{one.number} {one.title}".strip()[:120]) for one in documents],
    )
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["document"]
        try:
            version = amendments.start(
                plan,
                access.document_at(request, address) if address else None,
                note=form.cleaned_data["note"],
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã lập bản nháp điều chỉnh. Bản đang có hiệu lực chưa thay đổi.")
            return redirect("plans:draft", pk=version.pk)
    context = {"plan": plan, "form": form}
    return render(request, "plans/amend.html", context, status=422 if form.errors else 200)


# --- the draft ------------------------------------------------------------------------------------


@require_safe
@signed_in
def draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The items beside the source, doubtful ones first."""
    version = access.draft_at(request, pk)
    if not version.is_draft:
        return redirect("plans:plan", pk=version.plan_id)
    chosen = request.GET.get("loc", "")
    page = draft_page(version, chosen=chosen)
    context = {
        "version": version,
        "page": page,
        "filters": FILTERS,
        "chosen": chosen if chosen in dict(FILTERS) else "",
        "lines": _lines(version, [one.card.words for one in page.cards]),
        "owner_label": _labels(version)["owner"],
        "may_decide": who(request).may("plan.draft", version),
        "kinds": list(ItemKind.choices),
    }
    return render(request, "plans/draft.html", context)


def _lines(version: PlanVersion, items: list[Any]) -> list[Any]:
    document = version.document
    if document is None:
        return []
    shown = [one for one in items if one.places]
    return source_lines(document.lines, shown, document.record.get("structure") or [])


def _labels(version: PlanVersion) -> dict[str, str]:
    plan = version.plan
    ids = [one for one in (plan.owner_id, plan.standing_body_id) if one is not None]
    labels = tree.labels_on(ids, on=naming.day_of(version.dated, on=clock.today()))
    return {
        "owner": labels.get(plan.owner_id or 0, plan.owner_name),
        "standing_body": labels.get(plan.standing_body_id or 0, ""),
    }


@require_POST
@signed_in
def decide(request: HttpRequest, pk: int, item_pk: int) -> HttpResponseBase:
    """Accept, drop or undo one item. Under htmx the answer is the item as it now stands."""
    version = access.draft_at(request, pk)
    item = access.item_at(request, version, item_pk)
    act, seen = request.POST.get("viec", ""), request.POST.get("da_thay", "")
    acting, now = who(request), clock.now()
    try:
        if act == "nhan":
            drafting.accept(item, seen=seen, actor=acting, now=now)
        elif act == "bo":
            note = request.POST.get("ghi_chu", "")
            drafting.drop(item, note=note, seen=seen, actor=acting, now=now)
        elif act == "hoan-tac":
            drafting.undo(item, seen=seen, actor=acting, now=now)
    except ChangedMeanwhile as refusal:
        if not _is_htmx(request):
            raise
        return _item_answer(request, version, item_pk, refusal=refusal)
    if _is_htmx(request):
        return _item_answer(request, version, item_pk)
    return redirect(f"{reverse('plans:draft', args=[pk])}#muc-{item.key}")


def _item_answer(
    request: HttpRequest, version: PlanVersion, item_pk: int, *, refusal: ChangedMeanwhile | None = None
) -> HttpResponse:
    """The item as it is now, and the progress; an item that went away leaves nothing."""
    item = version.items.select_related("continues").filter(pk=item_pk).first()
    context: dict[str, Any] = {
        "version": version,
        "one": card_of(item, version) if item else None,
        "progress": progress_of(version),
        "refusal": refusal,
        "may_decide": True,
        "is_part": True,
    }
    return render(request, "plans/draft.html#answer", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mend(request: HttpRequest, pk: int, item_pk: int) -> HttpResponseBase:
    """The form of one item: in place under htmx, else a page of its own."""
    version = access.draft_at(request, pk)
    who(request).require("plan.draft", version)
    item = access.item_at(request, version, item_pk)
    kind = ItemKind(item.kind)
    form = ITEM_FORMS[kind](
        request.POST or None, initial=ITEM_FORMS[kind].initial_of(item.entry), auto_id=f"muc-{item.pk}-%s"
    )
    if request.method == "POST" and form.is_valid():
        try:
            drafting.mend(
                item,
                form.content(item.entry),
                note=form.cleaned_data["note"],
                seen=request.POST.get("da_thay", ""),
                actor=who(request),
                now=clock.now(),
            )
        except ChangedMeanwhile as refusal:
            if not _is_htmx(request):
                raise
            return _item_answer(request, version, item_pk, refusal=refusal)
        if _is_htmx(request):
            return _item_answer(request, version, item_pk)
        return redirect(f"{reverse('plans:draft', args=[pk])}#muc-{item.key}")
    context = {
        "version": version,
        "one": card_of(item, version),
        "form": form,
        "seen": request.POST.get("da_thay") or drafting.seen_of(item),
    }
    name = "plans/mend.html#form" if _is_htmx(request) else "plans/mend.html"
    # htmx leaves the page as it is on a status of refusal, and the form with its errors must be seen.
    return render(request, name, context, status=422 if form.errors and not _is_htmx(request) else 200)


@require_safe
@signed_in
def item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponseBase:
    """One item again, when mending was given up."""
    version = access.draft_at(request, pk)
    found = access.item_at(request, version, item_pk)
    if not _is_htmx(request):
        return redirect(f"{reverse('plans:draft', args=[pk])}#muc-{found.key}")
    return _item_answer(request, version, item_pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """An item that the document does not hold."""
    version = access.draft_at(request, pk)
    who(request).require("plan.draft", version)
    if kind not in ItemKind.values:
        return redirect("plans:draft", pk=pk)
    made = ITEM_FORMS[ItemKind(kind)]
    form: ItemForm = made(request.POST or None, initial=made.initial_of({}))
    if request.method == "POST" and form.is_valid():
        added = drafting.add(version, ItemKind(kind), form.content({}), actor=who(request), now=clock.now())
        messages.success(request, f"Đã thêm mục {code_of(added.key)}.")
        return redirect(f"{reverse('plans:draft', args=[pk])}#muc-{added.key}")
    context = {"version": version, "form": form, "kind": ItemKind(kind), "one": None}
    return render(request, "plans/mend.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def accept_clear(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = access.draft_at(request, pk)
    count = drafting.accept_clear(version, actor=who(request), now=clock.now())
    messages.success(request, f"Đã nhận {count} mục không có nghi ngờ.")
    return redirect("plans:draft", pk=pk)


@require_POST
@signed_in
def drop_draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = access.draft_at(request, pk)
    drafting.drop_draft(version, actor=who(request), now=clock.now())
    messages.success(request, "Đã bỏ bản nháp.")
    return redirect("plans:list")


# --- names ----------------------------------------------------------------------------------------


@require_safe
@signed_in
def names(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The names that the draft uses, unsure ones first, each with its units."""
    version = access.draft_at(request, pk)
    if not version.is_draft:
        return redirect("plans:plan", pk=version.plan_id)
    rows = overview.name_rows(version, on=clock.today())
    context = {
        "version": version,
        "groups": overview.grouped(rows),
        "count": len(rows),
        "waiting": sum(not row.party.is_confirmed for row in rows),
        "sure": sum(not row.party.is_confirmed and row.is_sure for row in rows),
        "may_decide": who(request).may("plan.draft", version),
    }
    return render(request, "plans/names.html", context)


@require_POST
@signed_in
def confirm_names(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = access.draft_at(request, pk)
    only = [key for key in map(row_key, request.POST.getlist("ten")) if key is not None]
    count = parties.confirm_proposed(version, only=only or None, actor=who(request), now=clock.now())
    messages.success(request, f"Đã xác nhận {count} tên gọi có gợi ý chắc chắn.")
    return redirect("plans:names", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def name(request: HttpRequest, pk: int, party_pk: int) -> HttpResponseBase:
    """Choose the units of one name: those it has, those like it, and any other by searching."""
    version = access.draft_at(request, pk)
    who(request).require("plan.draft", version)
    party = get_object_or_404(version.parties, pk=party_pk)
    party.version = version
    day = naming.day_of(version.dated, on=clock.today())
    row = overview.name_row(party, version, on=clock.today())
    search = UnitSearch(request.POST if "tim" in request.POST else request.GET)
    text = search.text()
    found = _units_found(text, key=request.POST.get("tim_khoa", ""), on=day)
    chosen = [key for key in map(row_key, request.POST.getlist("don_vi")) if key is not None]
    act = request.POST.get("viec", "")
    refusal: RuleNotMet | None = None
    if request.method == "POST" and act != "tim":
        try:
            if act == "mo-lai":
                parties.reopen(party, actor=who(request), now=clock.now())
            else:
                if text and act == "xac-nhan":
                    chosen.append(_the_one(found, text, party.name).unit_id)
                parties.confirm(
                    party,
                    unit_ids=chosen,
                    is_outside=act == "ngoai",
                    actor=who(request),
                    now=clock.now(),
                )
        except RuleNotMet as refused:
            refusal = refused
        else:
            return redirect(f"{reverse('plans:names', args=[pk])}#ten-{party.pk}")
    if request.method != "POST":
        chosen = [one.unit_id for one in row.units]
    shown = {one.unit_id for one in (*row.units, *row.candidates)}
    more = [one for one in found if one.unit_id not in shown]
    labels = tree.labels_on([key for key in chosen if key not in shown], on=day)
    context = {
        "version": version,
        "row": row,
        "units": [
            *((one.unit_id, one.label) for one in row.units),
            *((key, label) for key, label in labels.items() if key not in {one.unit_id for one in more}),
        ],
        "chosen": {*chosen, *([more[0].unit_id] if len(more) == 1 else [])},
        "search": UnitSearch(),
        "text": text,
        "found": more,
        "day": day,
        "refusal": refusal,
    }
    return render(request, "plans/name.html", context, status=422 if refusal else 200)


def _units_found(text: str, *, key: str, on: date) -> list[UnitVersion]:
    """The unit that was picked from the list, while its name stands in the field; else all that match."""
    if not text:
        return []
    picked = UnitVersion.objects.filter(tree.valid_on(on), unit__key=key, label=text) if key else None
    return list(picked.select_related("unit", "parent") if picked else []) or matching.search(
        text, on=on, limit=30
    )


def _the_one(found: list[UnitVersion], text: str, name: str) -> UnitVersion:
    """The only unit that matches, or the only one of exactly this name. Raises RuleNotMet."""
    exact = [one for one in found if fold(one.label) == fold(text)]
    for rows in (found, exact):
        if len(rows) == 1:
            return rows[0]
    raise RuleNotMet(
        f"Chưa xác nhận được «{name}»",
        why=f"có {len(found)} đơn vị khớp «{text}»" if found else f"không có đơn vị nào khớp «{text}»",
        next_step="Đánh dấu đơn vị đúng rồi xác nhận lại" if found else "Thử bớt chữ; tìm không cần dấu",
    )


# --- preview and adoption -------------------------------------------------------------------------


@require_safe
@signed_in
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Exactly what adopting makes, what stands in the way, and one button."""
    version = access.draft_at(request, pk)
    if not version.is_draft:
        return redirect("plans:plan", pk=version.plan_id)
    return render(request, "plans/preview.html", _preview_context(request, version))


def _preview_context(request: HttpRequest, version: PlanVersion) -> dict[str, Any]:
    today = clock.today()
    found = adoption.preview(version, on=today)
    changed = None
    if version.replaces is not None:
        changed = differences.between(drafting.kept_items(version.replaces), found.items)
    return {
        "version": version,
        "found": found,
        "units": overview.units_of(found, on=naming.day_of(version.dated, on=today)),
        "differences": changed,
        "labels": _labels(version),
        "may_adopt": who(request).may("plan.adopt", version),
    }


@require_POST
@signed_in
def adopt(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = access.version_at(request, pk)
    if version.state == PlanVersionState.ADOPTED:
        messages.info(request, "Kế hoạch này đã được đưa vào thực hiện.")
        return redirect("plans:plan", pk=version.plan_id)
    edition = row_key(request.POST.get("lan_sua", ""))
    try:
        found = adoption.adopt(
            version,
            actor=who(request),
            now=clock.now(),
            edition=edition,
        )
    except RuleNotMet as refusal:
        context = {**_preview_context(request, version), "refusal": refusal}
        return render(request, "plans/preview.html", context, status=422)
    messages.success(
        request,
        f"Đã đưa kế hoạch vào thực hiện: {len(found.rows)} nhiệm vụ của {len(found.by_unit)} đơn vị.",
    )
    return redirect("plans:plan", pk=version.plan_id)


# --- the plan in force ----------------------------------------------------------------------------


@require_safe
@signed_in
def plan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The version in force (or an earlier one), with what became of it."""
    found = access.plan_at(request, pk)
    acting = who(request)
    versions = list(
        found.versions.exclude(state=PlanVersionState.DROPPED).select_related("document").order_by("number")
    )
    in_force = [one for one in versions if not one.is_draft]
    may_draft = acting.may("plan.draft", found)
    drafts = [one for one in versions if one.is_draft] if may_draft or acting.may("plan.adopt", found) else []
    asked = request.GET.get("lan", "")
    shown = next((one for one in in_force if str(one.number) == asked), in_force[-1] if in_force else None)
    if shown is not None and wants_workbook(request):
        return overview.workbook(found, shown)
    context = {
        "plan": found,
        "versions": in_force,
        "drafts": drafts,
        "shown": shown,
        "view": overview.plan_view(found, shown, on=clock.today()) if shown else None,
        "differences": _difference_shown(shown, in_force),
        "parents": _linked(request, found.carries_out.all()),
        "children": _linked(request, found.carried_out_by.all()),
        "labels": _plan_labels(found, shown),
        "may_draft": may_draft,
        "may_write": bool(access.choices_for(acting).owners) and shown is not None,
        "history": history(found, *versions),
        "coverage": overview.coverage_address(shown),
        "movement": overview.movement_address(found),
    }
    return render(request, "plans/plan.html", context)


def _difference_shown(
    shown: PlanVersion | None, in_force: list[PlanVersion]
) -> differences.Differences | None:
    before = next((one for one in in_force if shown and one.pk == shown.replaces_id), None)
    if shown is None or before is None:
        return None
    return differences.between(drafting.kept_items(before), drafting.kept_items(shown))


def _linked(request: HttpRequest, rows: Any) -> list[Plan]:
    visible = visible_plans(who(request)).filter(pk__in=rows.values("pk"))
    return list(visible.select_related("owner").order_by("pk"))


def _plan_labels(plan: Plan, shown: PlanVersion | None) -> dict[str, str]:
    dated = shown.dated if shown else plan.dated
    ids = [one for one in (plan.owner_id, plan.standing_body_id) if one is not None]
    labels = tree.labels_on(ids, on=naming.day_of(dated, on=clock.today()))
    return {
        "owner": labels.get(plan.owner_id or 0, plan.owner_name),
        "standing_body": labels.get(plan.standing_body_id or 0, ""),
    }


@require_safe
@signed_in
def paper(request: HttpRequest, pk: int, face: str) -> HttpResponseBase:
    """A version as Word or PDF, in the form of official papers."""
    if face not in FACES:
        raise Http404("face")
    version = access.version_at(request, pk)
    write, kind = FACES[face]
    made = write(papers.paper_of(version, on=clock.today()))
    name = f"{papers.file_name(version)}.{face}"
    return HttpResponse(
        made, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_safe
@signed_in
def source(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document of a version beside its items, for everybody who may see the plan."""
    version = access.version_at(request, pk)
    if version.document is None:
        return redirect("plans:plan", pk=version.plan_id)
    cards = cards_of(drafting.kept_items(version))
    context = {
        "version": version,
        "cards": cards,
        "lines": _lines(version, marked(cards)),
        "owner_label": _labels(version)["owner"],
    }
    return render(request, "plans/source.html", context)
