"""Pages of sign-in. allauth walks through the steps; our classes add what a demonstration needs."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, LogoutView, PasswordChangeView, PasswordResetView
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts import demo, profile
from thidua.accounts.happenings import tell
from thidua.accounts.models import User
from thidua.core.text import row_key


class SignIn(LoginView):  # type: ignore[misc]  # allauth has no types
    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "demo_groups": demo.groups() if settings.DEMO else [],
            "next": get_next_redirect_url(self.request) or "",
        }


class SignOut(LogoutView):  # type: ignore[misc]
    template_name = "account/logout.html"


class ForgottenPassword(PasswordResetView):  # type: ignore[misc]
    template_name = "account/password_reset.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sends_letters": bool(settings.SMTP_HOST)}


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    template_name = "account/password_change.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, "Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.")
        return response


sign_in = sensitive_post_parameters("password")(SignIn.as_view())
sign_out = SignOut.as_view()
forgotten_password = ForgottenPassword.as_view()
change_password = sensitive_post_parameters()(ChangePassword.as_view())


@require_POST
@never_cache
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click in a demonstration; elsewhere there is no such page."""
    if not settings.DEMO:
        raise Http404
    user = User.objects.filter(username=request.POST.get("ten", ""), is_demo=True, is_active=True).first()
    if user is None:
        raise Http404
    login = Login(user=user, redirect_url=get_next_redirect_url(request))
    response: HttpResponse = perform_login(request, login)
    return response


@require_safe
@login_required
def own_profile(request: HttpRequest) -> HttpResponse:
    """The person's own page; apps above add their parts."""
    context = {
        "has_second_factor": is_mfa_enabled(request.user),
        "parts": [part(request) for part in profile.parts()],
    }
    return render(request, "accounts/profile.html", context)


@login_required
@never_cache
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where this person is signed in; a POST ends one session, or all but this one."""
    assert isinstance(request.user, User)
    if request.method == "POST":
        ending = UserSession.objects.filter(user=request.user).exclude(
            session_key=request.session.session_key
        )
        if request.POST.get("phien"):
            ending = ending.filter(pk=row_key(request.POST["phien"]))
        count = 0
        for session in ending:
            session.end()
            count += 1
        if count:
            tell(
                "sessions_ended",
                request.user,
                label="Kết thúc phiên đăng nhập",
                by=request.user,
                details={"count": count},
            )
        messages.success(request, f"Đã kết thúc {count} phiên đăng nhập khác.")
        return redirect("accounts:sessions")
    sessions = sorted(
        UserSession.objects.purge_and_list(request.user), key=lambda one: one.created_at, reverse=True
    )
    rows = [(session, browser_in_words(session.user_agent)) for session in sessions]
    return render(request, "accounts/sessions.html", {"rows": rows})


#: What a browser calls itself, and what people call it; the first that fits counts.
BROWSERS = (
    ("Edg", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """«Chrome trên Windows»; what is not known stays as it is."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser} trên {system}" if browser and system else user_agent[:80] or "không rõ"
