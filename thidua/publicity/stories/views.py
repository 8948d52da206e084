"""Pages of stories: the list, one story with its consent, pictures and copies, proposals, columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import log, workflow
from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet, UserError
from thidua.documents.file_store import bytes_of
from thidua.movements.models import Movement
from thidua.movements.visibility import visible_movements
from thidua.organisations import matching, tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.publicity.models import Copying, ProposalState, Story, StoryColumn, StoryState
from thidua.publicity.rights import DECIDING, DOING
from thidua.publicity.stories import access, lists, pictures, writing
from thidua.publicity.stories import proposals as proposing
from thidua.publicity.stories.forms import (
    ColumnForm,
    ConsentForm,
    CopyingForm,
    NewStoryForm,
    PictureForm,
    StoryForm,
)
from thidua.tables.listing import listing, wants_workbook

STEPS: dict[str, Callable[..., None]] = {
    "offer": writing.offer,
    "recall": writing.recall,
    "send_back": writing.send_back,
    "publish": writing.publish,
    "withdraw": writing.withdraw,
    "reopen": writing.reopen,
    "drop": writing.drop,
}
DONE = {
    "offer": "Đã gửi duyệt.",
    "recall": "Đã rút về nháp.",
    "send_back": "Đã trả lại bài.",
    "publish": "Đã đăng lên cổng công khai.",
    "withdraw": "Đã gỡ bài. Người xem không còn thấy nữa.",
    "reopen": "Bài đã là nháp, sửa được.",
    "drop": "Đã bỏ bài.",
}


@require_safe
@signed_in
def stories(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = access.stories(acting)
    units = rows.order_by().values_list("unit_id", flat=True).distinct()
    found = listing(request, lists.story_table(tree.labels_on(units[:500], on=acting.on)), rows)
    if wants_workbook(request):
        return found.workbook()
    context = {
        "listing": found,
        "may_write": bool(acting.unit_ids(DOING)),
        "is_deciding": bool(acting.unit_ids(DECIDING)),
        "waiting": access.proposals(acting).filter(state=ProposalState.NEW).count(),
    }
    return render(request, "stories/list.html", context)


def _choices(acting: Acting) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Units to write for, and bodies that may publish: the same and those above them."""
    own = [one.unit_id for one in acting.mandates if one.role in DOING and acting.acts_for_living_unit(one)]
    above = [row.unit_id for unit in own for row in reversed(tree.ancestors(unit, on=acting.on))]
    units, bodies = list(dict.fromkeys(own)), list(dict.fromkeys([*own, *above]))
    labels = tree.labels_on(bodies, on=acting.on)
    return [(pk, labels.get(pk, "")) for pk in units], [(pk, labels.get(pk, "")) for pk in bodies]


def _form_choices(acting: Acting, units: list[int]) -> dict[str, Any]:
    return {
        "columns": StoryColumn.objects.filter(unit_id__in=units).order_by("name"),
        "movements": visible_movements(acting).order_by("name_order"),
    }


def _written(form: StoryForm) -> writing.Written:
    names = ("kind", "subject", "title", "lead", "text", "column", "movement")
    return writing.Written(**{name: form.cleaned_data[name] for name in names})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    units, bodies = _choices(acting)
    choices = _form_choices(acting, [pk for pk, _ in bodies])
    asked = (
        Movement.objects.filter(pk=request.GET.get("phong-trao") or 0).first()
        if (request.GET.get("phong-trao", "0").isdecimal())
        else None
    )
    form = NewStoryForm(
        request.POST or None, units=units, publishers=bodies, initial={"movement": asked}, **choices
    )
    if not units:
        refusal = RuleNotMet(
            "Chưa viết được bài",
            why="bạn không có ủy nhiệm cán bộ, thường trực hay lãnh đạo ở đơn vị đang hoạt động",
            next_step="Đề nghị người quản trị giao ủy nhiệm",
        )
        return render(request, "refusal.html", {"refusal": refusal}, status=403)
    if request.method == "POST" and form.is_valid():
        made = writing.draft(
            _written(form),
            unit=get_object_or_404(Unit, pk=form.cleaned_data["unit"]),
            publisher=get_object_or_404(Unit, pk=form.cleaned_data["publisher"]),
            actor=acting,
            now=clock.now(),
        )
        messages.success(request, "Đã lưu nháp. Ghi nhận sự đồng ý, thêm ảnh rồi gửi duyệt.")
        return redirect("stories:story", pk=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "stories/form.html", {"form": form, "heading": "Viết bài"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.story_at(pk, acting=acting)
    acting.require("story.write", found)
    names = ("kind", "subject", "title", "lead", "text", "column", "movement", "edition")
    form = StoryForm(
        request.POST or None,
        initial={name: getattr(found, name) for name in names},
        **_form_choices(acting, [found.unit_id, found.publisher_id]),
    )
    if request.method == "POST" and form.is_valid():
        writing.change(
            found,
            _written(form),
            edition=form.cleaned_data["edition"] or 0,
            actor=acting,
            now=clock.now(),
        )
        messages.success(request, "Đã lưu.")
        return redirect("stories:story", pk=pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "heading": "Sửa bài", "story": found}
    return render(request, "stories/form.html", context, status=status)


@require_safe
@signed_in
def story(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _story_page(request, access.story_at(pk, acting=acting), acting)


def _story_page(
    request: HttpRequest, found: Story, acting: Acting, *, status: int = 200, **forms: Any
) -> HttpResponse:
    copies = list(found.copies.select_related("indicator").order_by("since", "pk"))
    labels = tree.labels_on(
        {found.unit_id, found.publisher_id, *(row.unit_id for row in copies)}, on=acting.on
    )
    may_write = acting.may("story.write", found)
    context = {
        "story": found,
        "unit": labels.get(found.unit_id, ""),
        "publisher": labels.get(found.publisher_id, ""),
        "pictures": list(found.pictures.order_by("pk")),
        "consents": list(found.consents.order_by("pk")),
        "copies": [(row, labels.get(row.unit_id, "")) for row in copies],
        "steps": workflow.possible(found, actor=acting),
        "may_write": may_write,
        "may_mend": may_write and found.is_open,
        "may_copy": acting.may("story.copy", found),
        "consent_form": ConsentForm(initial={"giver": found.subject, "given_on": acting.on}),
        "picture_form": PictureForm(),
        "copy_form": CopyingForm(initial={"since": acting.on}),
        "is_public": found.state == StoryState.PUBLISHED,
        "history": history(found)[:40],
        **forms,
    }
    return render(request, "stories/story.html", context, status=status)


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.story_at(pk, acting=acting)
    name = request.POST.get("viec", "")
    step = STEPS.get(name)
    if step is None:
        return redirect("stories:story", pk=pk)
    more = {"reason": request.POST.get("ly_do", "")} if name in ("send_back", "withdraw") else {}
    try:
        step(found, **more, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, DONE[name])
    if name == "drop":
        return redirect("stories:list")
    return redirect("stories:story", pk=pk)


@require_POST
@signed_in
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.story_at(pk, acting=acting)
    acting.require("story.write", found)
    form = ConsentForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            writing.note_consent(
                found,
                giver=form.cleaned_data["giver"],
                given_on=form.cleaned_data["given_on"],
                how=form.cleaned_data["how"],
                file=(upload.name, upload.read()) if upload else None,
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã ghi nhận sự đồng ý.")
            return redirect("stories:story", pk=pk)
    return _story_page(request, found, acting, status=422, consent_form=form)


@require_POST
@signed_in
def take_back(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    acting = who(request)
    found = access.story_at(pk, acting=acting)
    row = get_object_or_404(found.consents, pk=row_pk)
    row.story = found
    try:
        writing.take_back_consent(row, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, "Đã ghi việc rút đồng ý. Bài đang đăng mà không còn ai đồng ý thì đã được gỡ."
        )
    return redirect("stories:story", pk=pk)


@require_safe
@signed_in
def consent_file(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    row = get_object_or_404(
        access.story_at(pk, acting=who(request)).consents.select_related("file"),
        pk=row_pk,
        file__isnull=False,
    )
    assert row.file is not None
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=row.file_name)
        or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bytes_of(row.file), content_type="application/octet-stream", headers=headers)


@require_POST
@signed_in
def add_picture(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.story_at(pk, acting=acting)
    acting.require("story.write", found)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            pictures.add_picture(
                found,
                name=upload.name,
                raw=upload.read(),
                alternative=form.cleaned_data["alternative"],
                caption=form.cleaned_data["caption"],
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã thêm ảnh.")
            return redirect("stories:story", pk=pk)
    return _story_page(request, found, acting, status=422, picture_form=form)


@require_safe
@signed_in
def picture(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    row = get_object_or_404(
        access.story_at(pk, acting=who(request)).pictures.select_related("file"), pk=row_pk
    )
    headers = {"X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes_of(row.file), content_type="image/jpeg", headers=headers)


@require_POST
@signed_in
def drop_picture(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    acting = who(request)
    row = get_object_or_404(
        access.story_at(pk, acting=acting).pictures.select_related("file", "story"), pk=row_pk
    )
    pictures.drop_picture(row, actor=acting, now=clock.now())
    messages.success(request, "Đã bỏ ảnh.")
    return redirect("stories:story", pk=pk)


@require_POST
@signed_in
def add_copy(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.story_at(pk, acting=acting)
    acting.require("story.copy", found)
    form = CopyingForm(request.POST)
    if form.is_valid():
        unit = _unit_named(form.cleaned_data["unit"], near=found.unit_id, acting=acting)
        if unit is None:
            form.add_error("unit", "Không tìm thấy đúng một đơn vị có tên hoặc mã này.")
        else:
            values = {
                name: form.cleaned_data[name] for name in ("since", "result", "indicator", "before", "after")
            }
            try:
                writing.note_copy(found, Copying(unit=unit, **values), actor=acting, now=clock.now())
            except UserError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "Đã ghi nơi nhân rộng.")
                return redirect("stories:story", pk=pk)
    return _story_page(request, found, acting, status=422, copy_form=form)


def _unit_named(name: str, *, near: int, acting: Acting) -> Unit | None:
    """By its key, else by the one unit that the name means for the writing unit."""
    found = Unit.objects.filter(key=name.strip()).first()
    if found is None:
        match = matching.find(name, near=near, on=acting.on)
        if len(match.unit_ids) == 1:
            found = Unit.objects.filter(pk=match.unit_ids[0]).first()
    return found


@require_POST
@signed_in
def forget_copy(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    acting = who(request)
    row = get_object_or_404(access.story_at(pk, acting=acting).copies.select_related("story"), pk=row_pk)
    writing.forget_copy(row, actor=acting, now=clock.now())
    messages.success(request, "Đã xóa nơi nhân rộng.")
    return redirect("stories:story", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def columns(request: HttpRequest) -> HttpResponse:
    """The columns of the own bodies; a new one for the first of them."""
    acting = who(request)
    mine = acting.unit_ids(DECIDING)
    form = ColumnForm(request.POST or None)
    unit_id = next((one.unit_id for one in acting.mandates if one.role in DECIDING), None)
    if request.method == "POST" and unit_id is not None and form.is_valid():
        row = StoryColumn(unit_id=unit_id, name=form.cleaned_data["name"].strip(), made_at=clock.now())
        acting.require("story.column", row)
        if StoryColumn.objects.filter(unit_id=unit_id, name=row.name).exists():
            form.add_error("name", "Chuyên mục này đã có.")
        else:
            row.save()
            log.record("publicity.column.make", row, label="Lập chuyên mục", actor=acting, now=clock.now())
            messages.success(request, "Đã lập chuyên mục.")
            return redirect("stories:columns")
    context = {
        "form": form,
        "columns": StoryColumn.objects.filter(unit_id__in=mine).order_by("name")[:200],
        "may_make": bool(mine),
    }
    return render(request, "stories/columns.html", context)


@require_safe
@signed_in
def proposals(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = access.proposals(acting)
    table = lists.proposal_table(tree.labels_on(acting.unit_ids(DECIDING), on=acting.on))
    found = listing(request, table, rows)
    if wants_workbook(request):
        return found.workbook()
    return render(request, "stories/proposals.html", {"listing": found})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.proposal_at(pk, acting=acting)
    if request.method == "POST":
        try:
            if request.POST.get("viec") == "take":
                made = proposing.take(found, actor=acting, now=clock.now())
                messages.success(request, "Đã lập nháp từ đề xuất. Xem lại câu chữ, hỏi người được nêu.")
                return redirect("stories:story", pk=made.pk)
            proposing.decline(found, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now())
        except RuleNotMet as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Đã ghi không nhận.")
        return redirect("stories:proposal", pk=pk)
    context = {
        "proposal": found,
        "is_new": found.state == ProposalState.NEW,
        "may_decide": acting.may("proposal.decide", found),
        "history": history(found)[:20],
    }
    return render(request, "stories/proposal.html", context)
