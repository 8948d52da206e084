"""Open data, feeds, and what other parts of the program publish: answers, funds."""

from __future__ import annotations

from itertools import islice

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe

from thidua.core import clock
from thidua.core.text import shortened
from thidua.organisations import tree
from thidua.oversight.difficulties.public import public_answers
from thidua.publicity.models import Publication, PublicationState
from thidua.publicity.open_data import files
from thidua.publicity.open_data.datasets import DATASETS, LICENCE, LICENCE_NAME, MOST_ROWS, Dataset, dataset
from thidua.publicity.portal.frame import page
from thidua.publicity.portal.searching import words_of
from thidua.publicity.portal.stories import public_stories, stories_shown
from thidua.publicity.publishing import public_papers, public_plans
from thidua.resources.public_funds import public_funds

SAMPLE, NEWS, ANSWERS = 5, 40, 100


@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    context = {"datasets": DATASETS, "licence": LICENCE, "licence_name": LICENCE_NAME}
    return page(
        request,
        "portal/datasets.html",
        context,
        title="Dữ liệu mở",
        description="Bảng dữ liệu của cổng để tải về: CSV, JSON, có mô tả từng cột và giấy phép.",
    )


def _dataset(key: str) -> Dataset:
    found = dataset(key)
    if found is None:
        raise Http404
    return found


@require_safe
def dataset_page(request: HttpRequest, key: str) -> HttpResponse:
    found = _dataset(key)
    context = {
        "dataset": found,
        "licence": LICENCE,
        "licence_name": LICENCE_NAME,
        "sample": list(islice(found.rows(clock.today()), SAMPLE)),
    }
    return page(request, "portal/dataset.html", context, title=found.title, description=found.about)


@require_safe
def dataset_file(request: HttpRequest, key: str, ending: str) -> HttpResponse:
    found, on = _dataset(key), clock.today()
    rows = islice(found.rows(on), MOST_ROWS)
    if ending == "csv":
        content, kind = files.as_csv(found, rows), "text/csv; charset=utf-8"
    else:
        address = request.build_absolute_uri(reverse("portal:dataset", args=[key]))
        content, kind = files.as_json(found, rows, on=on, address=address), "application/json"
    name = f"thi-dua-{key}-{on:%Y-%m-%d}.{ending}"
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        # Open data may be read by pages of other sites.
        "Access-Control-Allow-Origin": "*",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    home = request.build_absolute_uri(reverse("portal:datasets"))
    content = files.catalogue(DATASETS, home=home, on=clock.today())
    return HttpResponse(
        content, content_type="application/ld+json", headers={"Access-Control-Allow-Origin": "*"}
    )


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What became public lately: plans, papers, stories."""
    on = clock.today()
    whole = request.build_absolute_uri
    shown = (
        Publication.objects.filter(state=PublicationState.PUBLISHED)
        .filter(plan__in=public_plans().values("pk"))
        .select_related("plan")
        .order_by("-published_at")[:NEWS]
    )
    papers = (
        Publication.objects.filter(state=PublicationState.PUBLISHED, paper__in=public_papers().values("pk"))
        .select_related("paper__given")
        .order_by("-published_at")[:NEWS]
    )
    units = {one.plan.owner_id for one in shown if one.plan and one.plan.owner_id}
    units |= {one.paper.unit_id for one in papers if one.paper}
    labels = tree.labels_on(units, on=on)
    found = [
        files.News(
            one.plan.title,
            whole(reverse("portal:plan", args=[one.plan.pk])),
            one.summary or "Kế hoạch mới công khai",
            labels.get(one.plan.owner_id or 0, ""),
            one.published_at,
        )
        for one in shown
        if one.plan is not None and one.published_at is not None
    ]
    found += [
        files.News(
            f"{one.paper.notation}: {one.paper.title}",
            whole(reverse("portal:paper_pdf", args=[one.paper.pk])),
            "Văn bản mới công khai",
            labels.get(one.paper.unit_id, ""),
            one.published_at,
        )
        for one in papers
        if one.paper is not None and one.published_at is not None
    ]
    found += [
        files.News(one.story.title, whole(one.address), one.story.lead, one.unit, one.story.published_at)
        for one in stories_shown(public_stories(), on=on, most=NEWS)
        if one.story.published_at is not None
    ]
    newest = sorted(found, key=lambda one: one.at, reverse=True)[:NEWS]
    content = files.feed(
        newest,
        title="Cổng thông tin thi đua: mới công khai",
        address=whole(request.path),
        home=whole(reverse("portal:home")),
    )
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    if newest:
        response["Last-Modified"] = http_date(newest[0].at.timestamp())
    return response


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("tim", "")[:100]
    context = {"answers": public_answers(" ".join(words_of(query)), most=ANSWERS), "query": query}
    return page(
        request,
        "portal/answers.html",
        context,
        title="Hỏi đáp",
        description="Khó khăn, vướng mắc khi thực hiện phong trào và câu trả lời của cơ quan.",
    )


@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    context = {"funds": public_funds(on=on), "on": on}
    return page(
        request,
        "portal/funds.html",
        context,
        title="Quỹ",
        description=shortened(
            "Quỹ nhận từ ai, dùng vào việc gì, còn bao nhiêu; ai không muốn nêu tên thì không nêu."
        ),
    )
