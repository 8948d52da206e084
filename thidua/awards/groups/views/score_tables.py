"""Tables of criteria: the list, one table, its lines while it is a draft, Excel in and out, its steps."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.awards.groups import access, lists, tables
from thidua.awards.groups.forms import ItemForm, TableFileForm, TableForm, item_values
from thidua.awards.groups.table_files import ReadTable
from thidua.awards.models import ScoreItem, ScoreItemKind, ScoreTable, ScoreTableState
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.text import row_key
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.organisations.spreadsheets import MOST_BYTES
from thidua.tables.listing import listing, wants_workbook
from thidua.tables.workbooks import download

#: So many wrong cells of a file are shown; the others show after these are mended.
SHOWN_ERRORS = 100


def _draft_at(pk: int, acting: Acting) -> ScoreTable:
    found = access.get_table(pk, acting)
    acting.require("scoretable.keep", found)
    return found


def _owners(acting: Acting) -> dict[int, str]:
    """Bodies in whose name this person may issue a table. Raises NotAllowed for none."""
    found = tree.labels_on(acting.units_for("scoretable.keep"), on=acting.on)
    if not found:
        acting.require("scoretable.keep", ScoreTable(owner_id=0))
        raise NotAllowed(
            "Bạn chưa được lập bảng tiêu chí",
            why="đơn vị của bạn không còn hoạt động",
            next_step="Đề nghị người quản trị giao ủy nhiệm ở đơn vị kế thừa",
        )
    return found


@require_safe
@signed_in
def tables_page(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    base = Sum("items__points", filter=Q(items__kind=ScoreItemKind.BASE))
    rows = access.tables_seen(acting).annotate(base_points=base)
    labels: dict[int, str] = {}
    found = listing(request, lists.table_table(labels), rows)
    found.page.object_list = shown = list(found.page.object_list)
    owners = set(rows.order_by().values_list("owner_id", flat=True)) if wants_workbook(request) else ()
    labels.update(tree.labels_on({*owners, *(row.owner_id for row in shown)}, on=acting.on))
    if wants_workbook(request):
        return found.workbook()
    context = {"listing": found, "may_keep": bool(acting.units_for("scoretable.keep"))}
    return render(request, "awards/groups/tables.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    form = TableForm(request.POST or None, owners=_owners(acting))
    if request.method == "POST" and form.is_valid():
        try:
            made = tables.keep_table(form.fill(ScoreTable()), actor=acting, now=clock.now())
            messages.success(request, "Đã lập bảng. Thêm từng tiêu chí, hoặc nhập từ Excel.")
            return redirect("groups:table", pk=made.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "title": "Lập bảng tiêu chí", "button": "Lập bảng"}
    return render(request, "awards/groups/table_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = _draft_at(pk, acting)
    initial = {"name": found.name, "source": found.source, "bonus_cap": found.bonus_cap}
    form = TableForm(request.POST or None, owners={}, is_change=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            tables.keep_table(form.fill(found), actor=acting, now=clock.now())
            messages.success(request, "Đã lưu.")
            return redirect("groups:table", pk=pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "table": found, "title": "Sửa tên, điểm thưởng tối đa", "button": "Lưu"}
    return render(request, "awards/groups/table_form.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in
def table(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.get_table(pk, who(request)))


def _page(
    request: HttpRequest, found: ScoreTable, form: TableFileForm | None = None, read: ReadTable | None = None
) -> HttpResponse:
    acting = who(request)
    may_keep = acting.may("scoretable.keep", found)
    is_draft = may_keep and found.state == ScoreTableState.DRAFT
    has_errors = bool(form is not None and form.errors) or bool(read is not None and read.errors)
    context = {
        "table": found,
        "tone": lists.TABLE_TONES.get(ScoreTableState(found.state), ""),
        "owner": tree.labels_on([found.owner_id], on=acting.on).get(found.owner_id, ""),
        "items": list(found.items.select_related("indicator").order_by("position")),
        "full": tables.fullness(found),
        "may_keep": may_keep,
        "is_draft": is_draft,
        "form": form or (TableFileForm() if is_draft else None),
        "wrong_cells": read.errors[:SHOWN_ERRORS] if read is not None else (),
        "wrong_count": len(read.errors) if read is not None else 0,
        "steps": workflow.possible(found, actor=acting),
        "used_by": access.seasons_seen(acting)
        .filter(table=found)
        .select_related("grouping")
        .order_by("-year", "pk")[:20],
        "replaced_by": access.tables_seen(acting).filter(replaces=found).order_by("pk"),
        "history": history(found)[:30],
    }
    return render(request, "awards/groups/table.html", context, status=422 if has_errors else 200)


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """In force, ended, copied, dropped; a line moved or taken out."""
    acting = who(request)
    found = access.get_table(pk, acting)
    step, now = request.POST.get("viec", ""), clock.now()
    back = f"{redirect('groups:table', pk=pk).url}#tieu-chi"
    try:
        if step == "put_in_force":
            tables.put_in_force(found, actor=acting, now=now)
            messages.success(request, "Bảng đã vào áp dụng. Các tiêu chí không đổi nữa.")
        elif step == "end":
            tables.end(found, actor=acting, now=now)
            messages.success(request, "Bảng thôi áp dụng; năm thi đua đã chọn bảng này vẫn chấm theo bảng.")
        elif step == "chep":
            made = tables.copy_table(found, actor=acting, now=now)
            messages.success(request, "Đã chép thành bảng nháp mới, thay cho bảng cũ khi vào áp dụng.")
            return redirect("groups:table", pk=made.pk)
        elif step == "bo-bang":
            tables.drop_table(found, actor=acting, now=now)
            messages.success(request, "Đã bỏ bảng nháp.")
            return redirect("groups:tables")
        elif step in ("len", "xuong"):
            line = _item_at(found, row_key(request.POST.get("dong", "")) or 0)
            tables.move_item(line, up=step == "len", actor=acting, now=now)
            return redirect(back)
        elif step == "bo":
            line = _item_at(found, row_key(request.POST.get("dong", "")) or 0)
            tables.remove_item(line, actor=acting, now=now)
            messages.success(request, "Đã bỏ dòng này.")
            return redirect(back)
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("groups:table", pk=pk)


def _item_at(found: ScoreTable, pk: int) -> ScoreItem:
    line = found.items.filter(pk=pk).first()
    if line is None:
        raise Http404("no such line")
    line.table = found
    return line


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_item(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft_at(pk, who(request))
    return _item_form(request, found, ScoreItem(table=found, position=0))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    found = _draft_at(pk, who(request))
    return _item_form(request, found, _item_at(found, item_pk))


def _item_form(request: HttpRequest, found: ScoreTable, line: ScoreItem) -> HttpResponse:
    acting, is_new = who(request), line.pk is None
    form = ItemForm(request.POST or None, on=acting.on, initial={} if is_new else item_values(line))
    if request.method == "POST" and form.is_valid():
        try:
            tables.put_item(form.fill(line), actor=acting, now=clock.now())
            messages.success(request, f"Đã {'thêm' if is_new else 'lưu'}: {line}")
            if request.POST.get("viec") == "them-nua":
                return redirect("groups:new_item", pk=found.pk)
            return redirect("groups:table", pk=found.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "table": found, "is_new": is_new}
    return render(request, "awards/groups/item_form.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """The table in Excel: to read, or to mend and hand in again."""
    found = access.get_table(pk, who(request))
    return download(tables.table_template(found), name=f"bang-tieu-chi-{found.pk}.xlsx")


@require_POST
@signed_in
def from_excel(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = _draft_at(pk, acting)
    form = TableFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        raw = form.cleaned_data["file"].read(MOST_BYTES + 1)
        read = tables.keep_items_from_excel(found, raw, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        form.add_error("file", refusal.message)
        return _page(request, found, form)
    if read.errors:
        return _page(request, found, form, read)
    messages.success(request, f"Đã nhập {len(read.rows)} dòng, thay cho các dòng trước.")
    return redirect("groups:table", pk=pk)
