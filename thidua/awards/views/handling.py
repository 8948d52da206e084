"""Acts on a candidate with a form of their own: appraisal, consultation, overrides, holds, papers."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.awards import access, certified, checks, dossiers, holding, moving, papers
from thidua.awards.duplicates import form_name
from thidua.awards.forms import (
    AnswerForm,
    AppraisalForm,
    CertifiedFactForm,
    ConsultationForm,
    HoldEndForm,
    HoldForm,
)
from thidua.awards.models import CandidateState, CertifiedFact, Consultation, DossierPaper, Hold
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import row_key
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who


@require_POST
@signed_in
def appraise(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    form = AppraisalForm(request.POST, round_=found.round, on=acting.on)
    try:
        if not form.is_valid():
            raise RuleNotMet(
                "Chưa ghi được thẩm định", why="chưa ghi đủ kết quả và ý kiến", next_step="Ghi đủ rồi lưu"
            )
        moving.appraise(
            found,
            result=form.cleaned_data["result"],
            text=form.cleaned_data["text"],
            recommended_form=form.cleaned_data["recommended_form"],
            actor=acting,
            now=clock.now(),
        )
        messages.success(request, "Đã ghi thẩm định.")
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:candidate", pk=pk)


@require_POST
@signed_in
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    form = ConsultationForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleNotMet(
                "Chưa gửi được", why="chưa ghi cơ quan và nội dung hỏi", next_step="Ghi đủ rồi gửi"
            )
        given = form.cleaned_data
        name = given["asked_name"].strip()
        unit = _unit_called(name, acting)
        asked = Consultation(
            asked=unit,
            asked_name="" if unit else name,
            matters=given["matters"],
            due_on=given["due_on"] or moving.answer_due(acting.on),
        )
        moving.consult(found, [asked], actor=acting, now=clock.now())
        messages.success(request, "Đã hỏi ý kiến.")
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:candidate", pk=pk)


def _unit_called(name: str, acting: Acting) -> Unit | None:
    """The one living unit of exactly this name; several or none stay words."""
    rows = Unit.objects.filter(
        versions__label__iexact=name,
        versions__since__lte=acting.on,
        versions__until__gt=acting.on,
        versions__annulled_by__isnull=True,
    ).distinct()[:2]
    found = list(rows)
    return found[0] if len(found) == 1 else None


@require_POST
@signed_in
def fact(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a certified fact to the dossier, or take one out."""
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    dossier = dossiers.of(found, on=acting.on)
    try:
        if kept := row_key(request.POST.get("bo", "")):
            row = dossier.facts.filter(pk=kept).first()
            if row is None:
                raise Http404("no such fact")
            certified.take_out(row, actor=acting, now=clock.now())
            messages.success(request, "Đã bỏ nội dung.")
            return redirect("awards:candidate", pk=pk)
        form = CertifiedFactForm(request.POST)
        if not form.is_valid():
            raise RuleNotMet(
                certified.WHAT,
                why="chưa ghi đủ loại, nội dung, năm, nơi xác nhận",
                next_step="Ghi đủ rồi lưu",
            )
        certified.add(CertifiedFact(dossier=dossier, **form.cleaned_data), actor=acting, now=clock.now())
        messages.success(request, "Đã ghi nội dung được xác nhận.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:candidate", pk=pk)


@require_POST
@signed_in
def let_pass(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    key, reason = request.POST.get("diem", ""), request.POST.get("ly_do", "")
    try:
        checks.let_pass(found, key, reason=reason, actor=acting, now=clock.now())
        messages.success(request, "Đã ghi lý do cho qua.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:candidate", pk=pk)


@require_POST
@signed_in
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """A new hold on the subject of a candidate."""
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    form = HoldForm(request.POST, on=acting.on)
    try:
        if not form.is_valid():
            raise RuleNotMet(
                "Chưa ghi được", why="chưa ghi đủ trường hợp, nội dung, ngày", next_step="Ghi đủ rồi lưu"
            )
        row = Hold(subject_key=found.subject_key, unit_id=found.home_id, **form.cleaned_data)
        holding.enter(row, actor=acting, now=clock.now())
        messages.success(request, "Đã ghi tạm dừng.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:candidate", pk=pk)


@require_POST
@signed_in
def end_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """A hold is over: cleared, or disciplined; back to the page it was ended on."""
    acting = who(request)
    row = Hold.objects.filter(pk=pk).first()
    if row is None:
        raise Http404("no such hold")
    acting.require("hold.enter", row)
    back = row_key(request.POST.get("de_nghi", "")) or 0
    form = HoldEndForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleNotMet(
                "Chưa kết thúc được", why="chưa ghi đủ ngày, kết luận, văn bản", next_step="Ghi đủ rồi lưu"
            )
        given = form.cleaned_data
        holding.end(
            row,
            until=given["until"],
            was_cleared=given["was_cleared"] == "co",
            note=given["note"],
            actor=acting,
            now=clock.now(),
        )
        messages.success(request, "Đã kết thúc tạm dừng.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:candidate", pk=back) if back else redirect("awards:list")


@require_POST
@signed_in
def paper(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """Put a file in, draft it, take it out, or say whether it is relied on."""
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    row = DossierPaper.objects.filter(pk=row_pk, dossier__candidate=found).select_related("dossier").first()
    if row is None:
        raise Http404("no such paper")
    dossier, now, what = row.dossier, clock.now(), request.POST.get("viec", "")
    dossier.candidate = found
    row.dossier = dossier
    try:
        if what == "soan":
            kept = papers.draft(dossier, row.code, actor=acting, now=now)
            messages.success(request, "Đã soạn bản nháp từ số liệu. Đọc lại, viết phần còn thiếu.")
            return redirect(reverse("papers:paper", args=[kept.pk]))
        if what == "bo":
            dossiers.take_out(row, actor=acting, now=now)
        elif what in ("can", "khong-can"):
            dossiers.say_relied_on(row, what == "can", actor=acting, now=now)
        elif (upload := request.FILES.get("tep")) is not None:
            name = upload.name or "tep"
            dossiers.put_file(dossier, row.code, raw=upload.read(), file_name=name, actor=acting, now=now)
            messages.success(request, "Đã đưa tệp vào hồ sơ.")
        else:
            messages.error(request, "Chưa chọn tệp nào.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('awards:candidate', args=[pk])}#giay-to")


@require_safe
@signed_in
def file(request: HttpRequest, pk: int, row_pk: int) -> HttpResponseBase:
    """A file of the dossier, always as a download: whatever is inside must not run on this site."""
    acting = who(request)
    found = access.candidate_at(pk, acting=acting)
    row = DossierPaper.objects.filter(pk=row_pk, dossier__candidate=found, file__isnull=False).first()
    if row is None or row.file is None:
        raise Http404("no such file")
    return FileResponse(
        default_storage.open(row.file.place),
        as_attachment=True,
        filename=row.file_name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which the asked body answers."""
    acting = who(request)
    found = access.consultation_at(pk, acting=acting)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moving.answer(
                found,
                answer=form.cleaned_data["answer"],
                text=form.cleaned_data["text"],
                number=form.cleaned_data["number"],
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, "Đã ghi ý kiến.")
            return redirect("awards:consultation", pk=pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    candidate_ = found.candidate
    context = {
        "consultation": found,
        "candidate": candidate_,
        "form": form,
        "form_name": form_name(candidate_.form, acting.on),
        "may_answer": candidate_.state == CandidateState.CONSULTING and not found.answer,
    }
    return render(request, "awards/consultation.html", context, status=422 if form.errors else 200)
