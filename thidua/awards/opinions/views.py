"""Pages of the standing body: posting a list, what people said, answering, the summary."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit.reader import history
from thidua.awards import access, moving
from thidua.awards.duplicates import form_name
from thidua.awards.models import Candidate, CandidateState, Opinion, Posting
from thidua.awards.opinions import answering, lists, summary
from thidua.awards.opinions.forms import AnswerForm, PostingForm
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.documents.models import OutgoingPaper
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook

#: So many are offered for one list.
MOST = 500
AGAINST_WAITING = Q(opinions__kind__in=Opinion.AGAINST, opinions__answered_at__isnull=True)


@require_safe
@signed_in
def postings(request: HttpRequest) -> HttpResponse:
    """Lists of the bodies for which this person answers."""
    acting = who(request)
    mine = acting.units_for("opinion.answer")
    rows = (
        Posting.objects.filter(Q(round__deciding_body_id__in=mine) | Q(round__standing_body_id__in=mine))
        .select_related("round")
        .annotate(said=Count("opinions"), waiting=Count("opinions", filter=AGAINST_WAITING))
    )
    found = listing(request, lists.posting_table(acting.on), rows)
    if wants_workbook(request):
        return found.workbook()
    return render(request, "awards/opinions/postings.html", {"listing": found})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose appraised candidates of a round and make the list public."""
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    acting.require("awardround.run", round_)
    rows = list(round_.candidates.filter(state=CandidateState.APPRAISED).order_by("label_order", "pk")[:MOST])
    offered = [(str(one.pk), f"{one.label} – {form_name(one.form, one.since)}") for one in rows]
    form = PostingForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        wanted = set(form.cleaned_data["candidates"])
        chosen = [one for one in rows if str(one.pk) in wanted]
        try:
            made = moving.post(
                chosen,
                where=form.cleaned_data["where"],
                takes_anonymous=form.cleaned_data["takes_anonymous"],
                actor=acting,
                now=clock.now(),
            )
            messages.success(
                request, f"Đã công khai {len(chosen)} đề nghị, nhận ý kiến đến hết {format_date(made.until)}."
            )
            return redirect("opinions:posting", pk=made.pk)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            form.add_error(None, refusal.message)
    context = {"round": round_, "form": form, "has_any": bool(rows), "days": _days(rows, acting.on)}
    return render(request, "awards/opinions/posting_form.html", context, status=422 if form.errors else 200)


def _days(rows: list[Candidate], on: date) -> list[tuple[str, str]]:
    """What the lawbook says of the days, form by form."""
    found = []
    for code in dict.fromkeys(one.form for one in rows):
        try:
            law = award_law.posting(code, on)
            end = award_law.earliest_council_day(code, on)
        except NotInLawbook as unknown:
            found.append((form_name(code, on), str(unknown)))
            continue
        mark = "" if all(source.confirmed for source in law.sources) else " (chưa đối chiếu văn bản gốc)"
        sources = "; ".join(source.citation for source in law.sources) + mark
        if end is None:
            words = f"luật không buộc công khai trước khi hội đồng họp; nhận ý kiến đến hết {_usual(on)}"
        else:
            words = f"hội đồng họp sớm nhất {format_date(end.day)} ({sources})"
        found.append((form_name(code, on), words))
    return found


def _usual(on: date) -> str:
    return format_date(moving.answer_due(on))


def _posting_at(pk: int, acting: Acting) -> Posting:
    found = (
        Posting.objects.select_related("round__deciding_body", "round__standing_body").filter(pk=pk).first()
    )
    if found is None:
        raise Http404("no such posting")
    acting.require("opinion.answer", found)
    return found


@require_safe
@signed_in
def posting(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = _posting_at(pk, acting)
    rows = found.opinions.select_related("candidate")
    shown = listing(request, lists.opinion_table(), rows)
    if wants_workbook(request):
        return shown.workbook()
    context = {
        "posting": found,
        "round": found.round,
        "listing": shown,
        "is_open": found.is_open(on=acting.on),
        "unit": tree.labels_on([found.unit_id], on=acting.on).get(found.unit_id, ""),
        "candidates": list(found.candidates.order_by("label_order", "pk")[:MOST]),
        "waiting": rows.filter(kind__in=Opinion.AGAINST, answered_at__isnull=True).count(),
        "papers": list(
            OutgoingPaper.objects.filter(about_type="awards.posting", about_id=str(found.pk)).order_by("-pk")[
                :5
            ]
        ),
        "history": history(found)[:30],
    }
    return render(request, "awards/opinions/posting.html", context)


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """The summary, or taking the list down."""
    acting = who(request)
    found = _posting_at(pk, acting)
    step, now = request.POST.get("viec", ""), clock.now()
    try:
        if step == "tong-hop":
            paper = summary.write(found, actor=acting, now=now)
            messages.success(request, "Đã lập bản tổng hợp và đưa vào hồ sơ các đề nghị trong danh sách.")
            return redirect("papers:paper", pk=paper.pk)
        if step == "go":
            answering.take_down(found, reason=request.POST.get("ly_do", ""), actor=acting, now=now)
            messages.success(request, "Đã gỡ danh sách.")
        else:
            raise Http404("no such act")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("opinions:posting", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """One opinion with who wrote it, and the answer."""
    acting = who(request)
    found = (
        Opinion.objects.select_related(
            "candidate__round", "candidate__person", "candidate__household", "posting__round", "answered_by"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such opinion")
    acting.require("opinion.answer", found)
    form = AnswerForm(request.POST or None, opinion=found)
    if request.method == "POST" and form.is_valid():
        try:
            answering.answer(
                found,
                conclusion=form.cleaned_data["conclusion"],
                text=form.cleaned_data["text"],
                consequence=form.cleaned_data.get("consequence", ""),
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, "Đã trả lời. Người gửi xem được bằng mã phiếu.")
            return redirect("opinions:posting", pk=found.posting_id)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            form.add_error(None, refusal.message)
    context = {
        "opinion": found,
        "candidate": found.candidate,
        "round": found.candidate.round,
        "form": form if found.answered_at is None else None,
        "holds": list(found.holds.order_by("pk")),
    }
    return render(request, "awards/opinions/opinion.html", context, status=422 if form.errors else 200)
