"""Pages for everybody, without signing in: lists that ask for opinions, the form, looking an answer up.

Nothing follows the reader: these pages set no cookie and depend on none, so that any cache in between may
keep the lists (`publicity.caching`). The form is of the moment and is not kept. It needs no CSRF token: who
sends it has no rights that another page could borrow, and `flood` keeps machines out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from thidua.awards.models import Candidate, CandidateState, Opinion, Posting
from thidua.awards.opinions import flood, giving, lists
from thidua.awards.opinions.forms import OpinionForm
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.organisations import tree
from thidua.tables.listing import listing, wants_workbook

View = TypeVar("View", bound=Callable[..., HttpResponse])
#: So many lists stand on the first page.
MOST = 100


def _page(template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Rendered without the request: what stands on top of other pages would read the session."""
    top = {
        "header": {"is_demo": settings.DEMO},
        # the frame of the portal marks its entry
        "portal_path": reverse("hearing:list"),
    }
    html = render_to_string(f"awards/opinions/{template}", {**top, **context})
    return HttpResponse(html, status=status, headers={"Referrer-Policy": "no-referrer"})


def _of_the_moment(view: View) -> View:
    """Nobody keeps a copy: a form, or the answer to one person (`publicity.caching` asks)."""
    view.takes_form = True  # type: ignore[attr-defined]
    return view


@require_safe
def open_lists(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    rows = list(
        Posting.objects.filter(posted_on__lte=on, until__gte=on, taken_down_on__isnull=True)
        .select_related("round")
        .order_by("until", "pk")[:MOST]
    )
    labels = tree.labels_on({one.round.deciding_body_id for one in rows}, on=on)
    found = [(one, labels.get(one.round.deciding_body_id, "")) for one in rows]
    return _page("public_lists.html", {"postings": found})


def _posting_at(pk: int) -> Posting:
    found = Posting.objects.select_related("round").filter(pk=pk).first()
    if found is None or found.taken_down_on is not None or found.posted_on > clock.today():
        raise Http404("no such posting")
    return found


@require_safe
def posted(request: HttpRequest, pk: int) -> HttpResponse:
    """The list while it asks for opinions; afterwards only that it is over, for names stay no longer."""
    found, on = _posting_at(pk), clock.today()
    is_open = found.is_open(on=on)
    rows = found.candidates.filter(state=CandidateState.POSTED).select_related("person")
    shown = listing(request, lists.posted_table(is_open), rows if is_open else rows.none())
    if wants_workbook(request):
        return shown.workbook()
    context = {
        "posting": found,
        "round": found.round,
        "is_open": is_open,
        "listing": shown,
        "body": tree.labels_on([found.round.deciding_body_id], on=on).get(found.round.deciding_body_id, ""),
    }
    return _page("public_posting.html", context)


@_of_the_moment
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, pk: int, candidate_pk: int) -> HttpResponse:
    """The form of a citizen."""
    found, on, now = _posting_at(pk), clock.today(), clock.now()
    candidate = (
        Candidate.objects.select_related("round", "person")
        .filter(pk=candidate_pk, posting=found, state=CandidateState.POSTED)
        .first()
    )
    if candidate is None or not found.is_open(on=on):
        raise Http404("not posted")
    form = OpinionForm(request.POST or None, takes_anonymous=found.takes_anonymous)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            flood.check_form(request.POST.get("dau", ""), candidate.pk, trap=given["web"], now=now)
            flood.count_sender(request.META.get("REMOTE_ADDR", ""), now=now)
            made = giving.give(
                found,
                candidate,
                kind=given["kind"],
                text=given["text"],
                author=given["author"],
                contact=given["contact"],
                on=on,
                now=now,
            )
            return redirect("hearing:answer", receipt=made.receipt)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {
        "posting": found,
        "round": found.round,
        "candidate": candidate,
        "about": lists.about(candidate),
        "form": form,
        "stamp": flood.stamp(candidate.pk, now=now),
    }
    return _page("public_form.html", context, status=422 if form.errors else 200)


@_of_the_moment
@require_safe
def find_answer(request: HttpRequest) -> HttpResponse:
    """Type in the code of an opinion."""
    written = request.GET.get("ma", "")
    receipt = giving.read_receipt(written)
    if receipt and Opinion.objects.filter(receipt=receipt).exists():
        return redirect("hearing:answer", receipt=receipt)
    return _page("public_find.html", {"written": written[:40]})


@_of_the_moment
@require_safe
def answer(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of one opinion, for whoever has its code; neither name nor words are shown again."""
    found = Opinion.objects.select_related("posting__round").filter(receipt=receipt).first()
    if found is None:
        raise Http404("no such opinion")
    return _page("public_answer.html", {"opinion": found, "round": found.posting.round})
