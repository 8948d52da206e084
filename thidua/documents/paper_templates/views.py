"""Pages about templates of papers: the list, one template with its versions, the editor with a preview."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet, UserError
from thidua.core.text import row_key
from thidua.documents.models import PaperTemplate, PaperTemplateVersion
from thidua.documents.paper_templates import editing, templates
from thidua.documents.paper_templates.forms import StartForm, TextForm, ValuesForm, templates_of
from thidua.documents.paper_templates.template_list import template_table, with_versions
from thidua.documents.papers import drafting
from thidua.documents.papers.pages.tabs import tabs
from thidua.documents.papers.symbols import kind_name
from thidua.documents.rights import DRAFTING, EDITING_TEMPLATES
from thidua.documents.writing.asked_values import asked_by
from thidua.documents.writing.filling import FILTER_WORDS, Fault, Faulty, wanted
from thidua.documents.writing.form import kinds
from thidua.documents.writing.template_text import LISTS, SINGLE, BadTemplate, labels_of
from thidua.documents.writing.typesetting import page_pictures
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook

#: A screen shows a page at this size; a print of it is not wanted.
DOTS_PER_INCH = 88


# --- lists ----------------------------------------------------------------------------------------


@require_safe
@signed_in
def template_list(request: HttpRequest) -> HttpResponse:
    """The templates of the own bodies, and those that come with the program."""
    acting = who(request)
    own = acting.unit_ids()
    labels = tree.labels_on(own, on=acting.on)
    found = listing(request, template_table(labels), with_versions(templates_of(own)))
    if wants_workbook(request):
        return found.workbook()
    context = {
        "listing": found,
        "tabs": tabs("mau"),
        "ready_made": [(kind, kind_name(kind)) for kind in templates.ready_made()],
        "may_start": bool(acting.unit_ids(EDITING_TEMPLATES)),
    }
    return render(request, "paper_templates/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: HttpRequest) -> HttpResponseBase:
    """A new template, begun from the ready-made one of its type."""
    acting = who(request)
    labels = tree.labels_on(acting.unit_ids(EDITING_TEMPLATES), on=acting.on)
    if not labels:
        raise NotAllowed(
            "Bạn chưa lập được mẫu văn bản",
            why="việc này của văn thư, cơ quan thường trực và lãnh đạo cơ quan",
            next_step="Đề nghị văn thư cơ quan lập mẫu",
        )
    units = sorted(labels.items(), key=lambda pair: pair[1])
    form = StartForm(request.POST or None, units=units, initial={"kind": request.GET.get("loai", "ke_hoach")})
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            made = editing.start(
                unit=Unit.objects.get(pk=form.cleaned_data["unit"]),
                kind=kind,
                name=form.cleaned_data["name"],
                text=templates.ready_made().get(kind, _first_lines(kind)),
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("paper_templates:edit", pk=made.pk)
    return render(request, "paper_templates/start.html", {"form": form}, status=422 if form.errors else 200)


def _first_lines(kind: str) -> str:
    head = f"loai: {kind}\ntrich_yeu: {{{{ viec }}}}\nnoi_nhan:\n- Như trên\n- Lưu: VT\n"
    return f"{head}---\n{{{{ noi_dung|doan }}}}\n"


# --- a paper from a template ----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def write(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A draft of a paper from the values that its template asks for."""
    acting = who(request)
    labels = tree.labels_on(acting.unit_ids(DRAFTING), on=acting.on)
    if not labels:
        raise NotAllowed(
            "Bạn chưa soạn được văn bản",
            why="việc này của người có vai trò soạn, soát hoặc ký văn bản ở một cơ quan",
            next_step="Đề nghị người quản trị đơn vị xem lại ủy nhiệm của bạn",
        )
    if kind not in kinds():
        raise Http404("kind")
    asked_unit = row_key(request.GET.get("don_vi", ""))
    unit_id = asked_unit if asked_unit in labels else min(labels, key=lambda pk: labels[pk])
    chosen = templates.chosen_for(kind, unit_id=unit_id, on=acting.on)
    form = ValuesForm(request.POST or None, asked=asked_by(chosen.text), labels=labels_of(chosen.text))
    values = form.values() if request.method == "POST" and form.is_valid() else {}
    if request.method == "POST" and form.is_valid():
        try:
            paper, ref = templates.rendered(
                kind, unit=Unit.objects.get(pk=unit_id), facts=values, on=acting.on
            )
            made = drafting.draft(
                paper, unit_id=unit_id, actor=acting, now=clock.now(), template=ref, facts=values
            )
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã lập bản nháp theo mẫu. Xem lại, sửa rồi trình soát.")
            return redirect("papers:paper", pk=made.pk)
    context = {
        "form": form,
        "kind": kind,
        "kind_name": kind_name(kind),
        "ref": chosen.ref,
        "units": sorted(labels.items(), key=lambda pair: pair[1]),
        "unit_id": unit_id,
    }
    return render(request, "paper_templates/write.html", context, status=422 if form.errors else 200)


# --- ready-made -----------------------------------------------------------------------------------


@require_safe
@signed_in
def ready_made(request: HttpRequest, kind: str) -> HttpResponse:
    text = _ready_made(kind)
    context = {
        "kind": kind,
        "kind_name": kind_name(kind),
        "numbered": _numbered(text, ()),
        "wanted": _wanted(text),
        "pages": [
            reverse("paper_templates:ready_made_page", args=[kind, page])
            for page in range(1, len(_pictures(text, unit_id=None, acting=who(request))) + 1)
        ],
        "may_start": bool(who(request).unit_ids(EDITING_TEMPLATES)),
        "may_write": bool(who(request).unit_ids(DRAFTING)),
    }
    return render(request, "paper_templates/ready_made.html", context)


@require_safe
@signed_in
def ready_made_page(request: HttpRequest, kind: str, page: int) -> HttpResponse:
    return _page(_ready_made(kind), page, unit_id=None, acting=who(request))


def _ready_made(kind: str) -> str:
    if kind not in templates.ready_made():
        raise Http404("kind")
    return templates.ready_made()[kind]


# --- one template ---------------------------------------------------------------------------------


@require_safe
@signed_in
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """The version in use with its picture, and what was before."""
    found = _template_at(request, pk)
    acting = who(request)
    shown = editing.latest(found, on=acting.on) or editing.draft_of(found)
    return _show(request, found, shown)


@require_safe
@signed_in
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _template_at(request, pk)
    return _show(request, found, _version_at(found, number))


def _show(request: HttpRequest, found: PaperTemplate, shown: PaperTemplateVersion | None) -> HttpResponse:
    acting = who(request)
    view = _view(shown, acting=acting) if shown is not None else None
    context = {
        "template": found,
        "kind_name": kind_name(found.kind),
        "unit_label": tree.labels_on([found.unit_id], on=acting.on).get(found.unit_id, ""),
        "shown": shown,
        "view": view,
        "draft": editing.draft_of(found),
        "in_use": editing.latest(found, on=acting.on),
        "versions": found.versions.select_related("changed_by").order_by("-number"),
        "may_edit": acting.may("template.edit", found) and found.retired_at is None,
        "may_write": found.is_usual and found.unit_id in acting.unit_ids(DRAFTING),
        "history": history(found),
    }
    return render(request, "paper_templates/template.html", context)


@require_safe
@signed_in
def version_page(request: HttpRequest, pk: int, number: int, page: int) -> HttpResponse:
    found = _template_at(request, pk)
    text = _version_at(found, number).text
    return _page(text, page, unit_id=found.unit_id, acting=who(request))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The text on one side, the printed page on the other; mistakes with their lines above."""
    found = _template_at(request, pk)
    acting = who(request)
    acting.require("template.edit", found)
    draft = editing.draft_of(found)
    base = draft or editing.latest(found, on=acting.on)
    form = TextForm(
        request.POST or None,
        initial={
            "text": base.text if base else "",
            "note": draft.note if draft else "",
            "seen": draft.edition if draft else 0,
        },
    )
    refusal: UserError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            editing.save(
                found,
                form.cleaned_data["text"],
                seen=form.cleaned_data["seen"],
                note=form.cleaned_data["note"],
                actor=acting,
                now=clock.now(),
            )
        except (RuleNotMet, ChangedMeanwhile) as error:
            refusal = error
        else:
            return redirect("paper_templates:edit", pk=pk)
    context = {
        "template": found,
        "kind_name": kind_name(found.kind),
        "form": form,
        "refusal": refusal,
        "draft": draft,
        "view": _view(base, acting=acting) if base else None,
        "filters": FILTER_WORDS.items(),
        "keys": [*SINGLE.items(), *((f"{key}:", words) for key, words in LISTS.items())],
    }
    status = 409 if isinstance(refusal, ChangedMeanwhile) else 422 if refusal or form.errors else 200
    return render(request, "paper_templates/edit.html", context, status=status)


@require_POST
@signed_in
def issue(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _template_at(request, pk)
    seen = request.POST.get("seen", "")
    try:
        made = editing.issue(
            found,
            seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
            actor=who(request),
            now=clock.now(),
        )
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
        return redirect("paper_templates:edit", pk=pk)
    messages.success(request, f"Mẫu «{found.name}» lần {made.number} được dùng từ hôm nay.")
    return redirect("paper_templates:template", pk=pk)


@require_POST
@signed_in
def drop_draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _template_at(request, pk)
    editing.drop_draft(found, actor=who(request), now=clock.now())
    messages.success(request, "Đã bỏ bản nháp.")
    return redirect("paper_templates:template", pk=pk)


@require_POST
@signed_in
def retire(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _template_at(request, pk)
    editing.retire(found, actor=who(request), now=clock.now())
    messages.success(request, f"Đã thôi dùng mẫu «{found.name}».")
    return redirect("paper_templates:list")


@require_POST
@signed_in
def make_usual(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _template_at(request, pk)
    editing.make_usual(found, actor=who(request), now=clock.now())
    messages.success(request, f"Từ nay «{found.name}» được dùng khi không chọn mẫu khác.")
    return redirect("paper_templates:template", pk=pk)


# --- what pages show of a text --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class View:
    """A text with its lines, its faults, the values it asks for, and addresses of its pages."""

    numbered: list[tuple[int, str, str]]
    faults: tuple[Fault, ...]
    wanted: list[str]
    pages: list[str]


def _view(version: PaperTemplateVersion, *, acting: Acting) -> View:
    unit_id = version.template.unit_id
    try:
        count = len(_pictures(version.text, unit_id=unit_id, acting=acting))
        faults: tuple[Fault, ...] = ()
    except BadTemplate as error:
        count, faults = 0, error.faults
    except RuleNotMet as error:  # a character that cannot be printed in the head of the body itself
        count, faults = 0, (Fault(0, error.message),)
    arguments = [version.template_id, version.number]
    return View(
        numbered=_numbered(version.text, faults),
        faults=faults,
        wanted=_wanted(version.text),
        pages=[
            f"{reverse('paper_templates:version_page', args=[*arguments, page])}?v={version.edition}"
            for page in range(1, count + 1)
        ],
    )


def _numbered(text: str, faults: tuple[Fault, ...]) -> list[tuple[int, str, str]]:
    told = {fault.line: fault.what for fault in reversed(faults)}
    return [
        (number, line, told.get(number, ""))
        for number, line in enumerate(text.rstrip("\n").split("\n"), start=1)
    ]


def _wanted(text: str) -> list[str]:
    try:
        return [name for name in wanted(text) if name not in ("co_quan", "ngay", "nam")]
    except Faulty:
        return []


def _pictures(text: str, *, unit_id: int | None, acting: Acting) -> list[bytes]:
    return page_pictures(templates.preview(text, unit_id=unit_id, on=acting.on), dots_per_inch=DOTS_PER_INCH)


def _page(text: str, page: int, *, unit_id: int | None, acting: Acting) -> HttpResponse:
    try:
        pictures = _pictures(text, unit_id=unit_id, acting=acting)
    except RuleNotMet as error:
        raise Http404("faulty") from error
    if not 1 <= page <= len(pictures):
        raise Http404("page")
    headers = {"Cache-Control": "private, max-age=3600"}
    return HttpResponse(pictures[page - 1], content_type="image/png", headers=headers)


def _template_at(request: HttpRequest, pk: int) -> PaperTemplate:
    found = PaperTemplate.objects.select_related("unit").filter(pk=pk).first()
    if found is None:
        raise Http404("template")
    who(request).require("template.read", found)
    return found


def _version_at(found: PaperTemplate, number: int) -> PaperTemplateVersion:
    version = found.versions.filter(number=number).first()
    if version is None:
        raise Http404("version")
    return version
