"""Pages of published stories, their pictures, and the form for proposals."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from thidua.accounts.sign_in import client_address
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.documents.file_store import bytes_of
from thidua.organisations import tree
from thidua.organisations.models import Mandate, Unit
from thidua.publicity.caching import with_form
from thidua.publicity.models import Picture, StoryKind
from thidua.publicity.portal.frame import page
from thidua.publicity.portal.searching import words_of
from thidua.publicity.portal.shown import movements_shown
from thidua.publicity.portal.stories import public_stories, stories_shown
from thidua.publicity.rights import DECIDING
from thidua.publicity.stories import proposals
from thidua.publicity.stories.forms import ProposalForm
from thidua.tables.words import holding

STORIES_ON_A_PAGE = 60


@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    asked, query = request.GET.get("loai", ""), request.GET.get("tim", "")[:100]
    rows = holding(public_stories(), words_of(query))
    if asked in StoryKind.values:
        rows = rows.filter(kind=asked)
    context = {
        "stories": stories_shown(rows, on=on, most=STORIES_ON_A_PAGE),
        "kinds": StoryKind.choices,
        "asked": asked,
        "query": query,
    }
    return page(
        request,
        "portal/stories.html",
        context,
        title="Gương sáng",
        description="Gương người tốt, sáng kiến và mô hình hay, đăng khi người được nêu đồng ý.",
    )


@require_safe
def story(request: HttpRequest, pk: int) -> HttpResponse:
    on = clock.today()
    found = get_object_or_404(public_stories().select_related("column", "movement"), pk=pk)
    copies = list(found.copies.select_related("indicator").order_by("since", "pk"))
    labels = tree.labels_on({found.unit_id, *(row.unit_id for row in copies)}, on=on)
    pictures = list(found.pictures.order_by("pk"))
    movement = found.movement
    root = (movement.variant_of_id or movement.pk) if movement else 0
    context = {
        "story": found,
        "unit": labels.get(found.unit_id, ""),
        "pictures": pictures,
        "copies": [(row, labels.get(row.unit_id, "")) for row in copies],
        "root": root if movement and movements_shown(on=on, root=root) else 0,
    }
    first = pictures[0] if pictures else None
    return page(
        request,
        "portal/story.html",
        context,
        title=found.title,
        description=found.lead,
        picture=reverse("portal:picture", args=[first.pk]) if first else "",
    )


@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Picture.objects.select_related("file").filter(story__in=public_stories().values("pk")), pk=pk
    )
    headers = {"X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes_of(found.file), content_type="image/jpeg", headers=headers)


def _bodies() -> list[tuple[int, str]]:
    """Bodies that have somebody who may look at a proposal."""
    on = clock.today()
    held = Mandate.objects.filter(
        role__in=DECIDING, since__lte=on, until__gt=on, revoked_at__isnull=True, user__is_active=True
    )
    units = Unit.objects.filter(pk__in=held.values("unit_id")).values_list("pk", flat=True)[:2000]
    return sorted(tree.labels_on(list(units), on=on).items(), key=lambda one: one[1])


@with_form
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    form = ProposalForm(request.POST or None, units=_bodies())
    refusal = None
    if request.method == "POST" and form.is_valid():
        if form.is_from_a_machine:
            return redirect("portal:proposed")
        names = ("unit", "kind", "subject", "text", "author", "contact")
        try:
            proposals.propose(
                **{name: form.cleaned_data[name] for name in names},
                address=client_address(request) or "",
                now=clock.now(),
            )
        except RuleNotMet as error:
            refusal = error
        else:
            return redirect("portal:proposed")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "refusal": refusal}
    return page(request, "portal/propose.html", context, title="Đề xuất gương tốt", status=status)


@require_safe
def proposed(request: HttpRequest) -> HttpResponse:
    return page(request, "portal/proposed.html", {}, title="Đã nhận đề xuất")
