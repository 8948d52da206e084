"""Home, the choice of appearance, and the error pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template import loader
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.documents import access
from thidua.movements.tasks import inbox as tasks_inbox
from thidua.movements.tasks import reminders
from thidua.notices.telling import unread_by
from thidua.organisations import tree
from thidua.organisations.models import Role
from thidua.organisations.signed_in import signed_in, who
from thidua.publicity.caching import is_for_everybody
from thidua.publicity.portal.frame import page
from thidua.workspace import inbox as inboxes
from thidua.workspace import searching
from thidua.workspace.appearance import COOKIE, COOKIE_SECONDS, Appearance
from thidua.workspace.navigation import address_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For who is not signed in: what the program does and how to get in. Others have their own first page."""
    if request.user.is_authenticated:
        return redirect("workspace:inbox")
    context = {
        "reading_address": address_of("documents:list"),
        "sign_in_address": address_of("accounts:sign_in"),
        "portal_address": address_of("portal:home"),
        "is_demo": settings.DEMO,
    }
    return render(request, "workspace/home.html", context)


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for me."""
    acting = who(request)
    context = {
        "inbox": inboxes.inbox(
            acting,
            now=clock.now(),
            documents=access.visible_to(access.owner_of(request), unit_ids=acting.unit_ids()),
        ),
        "today": acting.on,
        "late_address": address_of("tasks:late"),
        "unread": list(unread_by(acting)[:6]),
        "is_standing": acting.has_role(Role.STANDING, Role.LEADER),
        "is_doing": acting.has_role(Role.UNIT_OFFICER, Role.STANDING, Role.LEADER),
        "is_administrator": acting.has_role(Role.ADMINISTRATOR),
        "has_mandate": acting.mandate is not None,
    }
    return render(request, "workspace/inbox.html", context)


@require_POST
@signed_in
def remind(request: HttpRequest, unit_pk: int) -> HttpResponse:
    """Remind one unit of everything late that it owes to mine."""
    acting = who(request)
    late = list(tasks_inbox.owed_late(acting, unit_id=unit_pk))
    try:
        sent = reminders.remind(late, text="", actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    else:
        label = tree.labels_on([unit_pk], on=acting.on).get(unit_pk, "")
        messages.success(request, f"Đã đôn đốc {label} về {len(sent)} nhiệm vụ trễ hạn.")
    return redirect("workspace:inbox")


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """The page of answers; for the box that Ctrl-K opens, only the answers."""
    query = request.GET.get("tim", "")[:200]
    only = request.GET.get("loai", "")
    documents = access.visible_to(access.owner_of(request))
    kinds = searching.search(query, acting=who(request), documents=documents, only=only)
    context = {
        "query": query,
        "kinds": kinds,
        "only": only,
        "is_asked": bool(searching.words_of(query)),
        "most": searching.MANY,
    }
    template = "workspace/search.html"
    if request.headers.get("HX-Request"):
        template += "#quick"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
def choose_appearance(request: HttpRequest) -> HttpResponse:
    """Keep the chosen appearance in a cookie and go back to the page that asked."""
    back = request.POST.get("tro-lai", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    wanted = request.POST.get("giao-dien", "")
    if wanted in Appearance.values:
        response.set_cookie(
            COOKIE, wanted, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_everybody(request):
        return page(request, "portal/not_found.html", {}, title="Không có trang này", status=404)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    # Rendered without the request: whatever broke may also break what looks at the request.
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
