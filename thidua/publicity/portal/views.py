"""Pages of the public portal. No page here knows who asks; `publicity.caching` sees to that."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from thidua.core import clock
from thidua.core.text import shortened
from thidua.documents.file_store import bytes_of
from thidua.documents.models import OutgoingPaper
from thidua.documents.sentences import edtf_in_words
from thidua.movements.models import PlanVersionState
from thidua.movements.progress.verdicts import Verdict
from thidua.organisations import tree
from thidua.publicity.models import Publication, PublicationState
from thidua.publicity.portal import shown
from thidua.publicity.portal.awarded import newest_decisions
from thidua.publicity.portal.frame import page, services
from thidua.publicity.portal.judged import ORDER, judged_for_all, slices
from thidua.publicity.portal.searching import search as find
from thidua.publicity.portal.searching import words_of
from thidua.publicity.portal.stories import public_stories, stories_shown
from thidua.publicity.publishing import public_papers, public_plans, public_targets

ABOUT = (
    "Tiến độ phong trào thi đua, kế hoạch, chỉ tiêu, gương sáng và dữ liệu mở do cơ quan nhà nước công khai."
)
PAPERS_ON_A_PAGE = 200


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    movements = shown.movements_shown(on=on)
    targets = [target for one in movements for target in one.targets]
    reached = [one for one in targets if one.verdict in (Verdict.MET, Verdict.ON_THE_WAY)]
    context = {
        "movements": movements,
        "targets": targets,
        "reached": reached,
        "plan_count": sum(len(one.plans) for one in movements),
        "tasks": sum(one.tasks for one in movements),
        "tasks_done": sum(one.tasks_done for one in movements),
        "papers": _papers(public_papers())[:5],
        "stories": stories_shown(public_stories(), on=on, most=3),
        "decisions": newest_decisions(on=on, most=4),
        "services": services(),
        "on": on,
    }
    return page(request, "portal/home.html", context, title="Cổng thông tin thi đua", description=ABOUT)


@require_safe
def movements(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    query = request.GET.get("tim", "")[:100]
    words = words_of(query)
    found = [one for one in shown.movements_shown(on=on) if all(word in one.search_text for word in words)]
    context = {"movements": found, "query": query, "on": on}
    return page(
        request,
        "portal/movements.html",
        context,
        title="Phong trào thi đua",
        description="Các phong trào thi đua đang công khai: kế hoạch, chỉ tiêu, tiến độ.",
    )


@require_safe
def movement(request: HttpRequest, pk: int) -> HttpResponse:
    on = clock.today()
    found = next(iter(shown.movements_shown(on=on, root=pk)), None)
    if found is None:
        raise Http404
    summary = next((one.summary for one in found.plans if one.summary), "")
    context = {
        "one": found,
        "coverages": shown.coverages(found.movement, on=on),
        "milestones": shown.milestones(found.plans, on=on),
        "owner": _label(found.movement.owner_id),
        "stories": stories_shown(
            public_stories().filter(Q(movement_id=pk) | Q(movement__variant_of_id=pk)), on=on, most=6
        ),
        "on": on,
    }
    return page(
        request,
        "portal/movement.html",
        context,
        title=found.movement.name,
        description=summary or f"Kế hoạch, chỉ tiêu và tiến độ của phong trào «{found.movement.name}».",
    )


def _label(unit_id: int | None) -> str:
    return tree.labels_on([unit_id], on=clock.today()).get(unit_id, "") if unit_id else ""


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    on = clock.today()
    found = get_object_or_404(public_plans().select_related("movement", "owner"), pk=pk)
    version = found.versions.select_related("document").get(state=PlanVersionState.ADOPTED)
    publication = Publication.objects.get(plan=found, state=PublicationState.PUBLISHED)
    (row,) = shown.described([found], on=on)
    targets = judged_for_all(public_targets().filter(plan=found), on=on)
    context = {
        "row": row,
        "plan": found,
        "version": version,
        "root": shown.root_of(found),
        "publication": publication,
        "targets": targets,
        "slices": slices(targets),
        "parts": shown.parts_of(version),
        "milestones": shown.milestones([row], on=on),
        "has_file": publication.shows_file and version.document is not None,
        "dated": edtf_in_words(version.dated or found.dated),
        "on": on,
    }
    return page(
        request,
        "portal/plan.html",
        context,
        title=shortened(found.title, 100),
        description=publication.summary or found.title,
    )


@require_safe
def plan_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of the plan as it was handed in, always as a download: what is inside must not run here."""
    found = get_object_or_404(public_plans(), pk=pk)
    get_object_or_404(Publication, plan=found, state=PublicationState.PUBLISHED, shows_file=True)
    document = found.versions.select_related("document__file").get(state=PlanVersionState.ADOPTED).document
    if document is None:
        raise Http404
    return _download(bytes_of(document.file), name=document.file_name)


def _download(content: bytes, *, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    asked = request.GET.get("ket_luan", "")
    rows = judged_for_all(public_targets(), on=on)
    labels = tree.labels_on({one.target.plan.owner_id for one in rows if one.target.plan.owner_id}, on=on)
    kept = [one for one in rows if asked not in set(Verdict) or one.verdict == asked]
    context = {
        "rows": [
            (one, labels.get(one.target.plan.owner_id or 0, one.target.plan.owner_name)) for one in kept
        ],
        "counts": [(verdict, sum(one.verdict is verdict for one in rows)) for verdict in ORDER],
        "count": len(rows),
        "asked": asked,
        "on": on,
    }
    return page(
        request,
        "portal/targets.html",
        context,
        title="Chỉ tiêu",
        description="Chỉ tiêu của các kế hoạch thi đua: mức đặt ra, số đạt được, kết luận và nguồn số liệu.",
    )


@require_safe
def target(request: HttpRequest, pk: int) -> HttpResponse:
    on = clock.today()
    (found,) = judged_for_all([get_object_or_404(public_targets(), pk=pk)], on=on)
    plan_of = found.target.plan
    context = {
        "one": found,
        "judgement": found.judged.judgement,
        "plan": plan_of,
        "root": shown.root_of(plan_of),
        "issuer": _label(plan_of.owner_id),
        "on": on,
    }
    return page(
        request,
        "portal/target.html",
        context,
        title=shortened(found.target.label, 100),
        description=found.sentence,
    )


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    query = request.GET.get("tim", "")[:100]
    rows, plans = public_papers(), public_plans()
    for word in words_of(query):
        rows, plans = rows.filter(search_text__contains=word), plans.filter(search_text__contains=word)
    context = {
        "papers": _papers(rows),
        "plans": shown.described(plans.order_by("-dated", "pk")[:PAPERS_ON_A_PAGE], on=on),
        "query": query,
    }
    return page(
        request,
        "portal/papers.html",
        context,
        title="Văn bản",
        description="Kế hoạch thi đua và văn bản đã phát hành được công khai.",
    )


def _papers(rows: QuerySet[OutgoingPaper]) -> list[tuple[OutgoingPaper, str]]:
    found = list(rows.select_related("given").order_by("-issued_at", "pk")[:PAPERS_ON_A_PAGE])
    labels = tree.labels_on({row.unit_id for row in found}, on=clock.today())
    return [(row, labels.get(row.unit_id, "")) for row in found]


@require_safe
def paper_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(public_papers().select_related("issued_file", "given"), pk=pk)
    if paper.issued_file is None:
        raise Http404
    name = f"{paper.notation.replace('/', '-')}.pdf"
    return _download(bytes_of(paper.issued_file), name=name, kind="application/pdf")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("tim", "")[:100]
    context = {
        "query": query,
        "kinds": find(query, on=clock.today()),
        "is_asked": bool(words_of(query)),
    }
    return page(request, "portal/search.html", context, title="Tìm kiếm")
