"""Pages about people and their mandates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.accounts.models import User
from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import FOREVER, Mandate, Role
from thidua.organisations.people import directory as people_directory
from thidua.organisations.people import mandates, people
from thidua.organisations.people.directory import STATES, day, last_day, state_of
from thidua.organisations.people.forms import (
    DelegationForm,
    EndForm,
    MandateForm,
    PersonForm,
    PlainForm,
    ReasonForm,
    day_after,
    last_day_of,
)
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook

HERE = ("GET", "HEAD", "POST")


def _administrator(request: HttpRequest) -> Acting:
    """Whoever administers some unit; what they see is cut to it."""
    acting = who(request)
    if not acting.has_role(Role.ADMINISTRATOR):
        raise NotAllowed(
            "Bạn chưa được xem danh sách người dùng",
            why="trang này dành cho người có vai trò «Quản trị»",
            next_step="Hồ sơ của bạn ở mục «Hồ sơ của tôi»; cần đổi thì liên hệ người quản trị đơn vị",
        )
    return acting


def _person_at(pk: int, acting: Acting) -> tuple[User, list[Mandate]]:
    """A person with those mandates that the administrator oversees. Raises NotAllowed when there are none."""
    user = get_object_or_404(User, pk=pk)
    found = list(people_directory.ordered(people_directory.administered(acting).filter(user=user)))
    if not found:
        raise NotAllowed(
            "Bạn chưa được xem tài khoản này",
            why="người này không có ủy nhiệm nào ở đơn vị bạn quản trị",
            next_step="Liên hệ người quản trị của đơn vị họ",
        )
    return user, found


@require_safe
@signed_in
def directory(request: HttpRequest) -> HttpResponse:
    """Who acts for which unit, at and below the units this person administers."""
    acting = _administrator(request)
    labels: dict[int, str] = {}
    rows = people_directory.administered(acting)
    table = people_directory.table(on=acting.on, labels=labels)
    shown = listing(request, table, rows, on=acting.on)
    if wants_workbook(request):
        labels |= tree.labels_on(shown.rows.order_by().values_list("unit_id", flat=True), on=acting.on)
        return shown.workbook()
    labels |= tree.labels_on([mandate.unit_id for mandate in shown.page.object_list], on=acting.on)
    return render(request, "people/list.html", {"listing": shown})


@require_http_methods(HERE)
@never_cache
@signed_in
def create(request: HttpRequest) -> HttpResponse:
    """A new person with the first mandate; the answer shows the password once."""
    acting = _administrator(request)
    form = PersonForm(request.POST or None, acting=acting)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            given = people.welcome(**form.person(), **form.mandate(), actor=acting, now=clock.now())
        except (RuleNotMet, NotAllowed) as error:
            refusal = error
        else:
            return render(request, "people/password.html", {"given": given, "is_new": True})
    status = 422 if request.method == "POST" else 200
    return render(request, "people/create.html", {"form": form, "refusal": refusal}, status=status)


@dataclass(frozen=True, slots=True)
class HeldMandate:
    """One mandate on a person's page."""

    mandate: Mandate
    unit: str
    since: str
    last_day: str
    state: str
    is_open: bool


@require_http_methods(HERE)
@signed_in
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's account and mandates; a POST gives a further one."""
    acting = _administrator(request)
    user, found = _person_at(pk, acting)
    form = MandateForm(request.POST or None, acting=acting)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            mandates.give(user, **form.mandate(), actor=acting, now=clock.now())
        except (RuleNotMet, NotAllowed) as error:
            refusal = error
        else:
            messages.success(request, f"Đã giao ủy nhiệm cho {user}.")
            return redirect("people:person", pk=user.pk)
    labels = tree.labels_on([mandate.unit_id for mandate in found], on=acting.on)
    rows = [
        HeldMandate(
            mandate,
            labels.get(mandate.unit_id, ""),
            day(mandate.since),
            last_day(mandate.until),
            dict(STATES)[state_of(mandate, on=acting.on)],
            mandate.revoked_at is None and mandate.until > acting.on,
        )
        for mandate in found
    ]
    context = {
        "person": user,
        "rows": rows,
        "elsewhere": Mandate.objects.filter(user=user).count() - len(found),
        "is_self": user == acting.user,
        "has_second_factor": is_mfa_enabled(user),
        "form": form,
        "refusal": refusal,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "people/person.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Asking:
    """A page that asks before an act: what it says, and where it leads back."""

    heading: str
    about: str
    button: str
    back: str
    done: str


def _ask(
    request: HttpRequest, asking: Asking, form: PlainForm, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Bind the form, act, go back; a refusal stands beside the form."""
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except RuleNotMet as error:
            refusal = error
        else:
            messages.success(request, asking.done)
            return redirect(asking.back)
    # The box to insist with shows only after the warning that it answers.
    if "van_lam" in form.fields and not isinstance(refusal, mandates.LastAdministrator):
        del form.fields["van_lam"]
    status = 422 if request.method == "POST" else 200
    return render(
        request, "people/ask.html", {"asking": asking, "form": form, "refusal": refusal}, status=status
    )


@require_http_methods(HERE)
@signed_in
def close(request: HttpRequest, pk: int) -> HttpResponse:
    acting = _administrator(request)
    user, _ = _person_at(pk, acting)
    asking = Asking(
        f"Ngừng tài khoản của {user}",
        "Người này không đăng nhập được nữa. Việc đã làm và ủy nhiệm vẫn giữ trong hồ sơ. Có thể mở lại.",
        "Ngừng tài khoản",
        reverse("people:person", args=[pk]),
        f"Đã ngừng tài khoản của {user}.",
    )
    return _ask(
        request,
        asking,
        ReasonForm(request.POST or None),
        lambda answers: people.close(
            user, reason=answers["ly_do"], knowing=answers["van_lam"], actor=acting, now=clock.now()
        ),
    )


@require_http_methods(HERE)
@signed_in
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    acting = _administrator(request)
    user, _ = _person_at(pk, acting)
    asking = Asking(
        f"Mở lại tài khoản của {user}",
        "Người này đăng nhập lại được, với các ủy nhiệm còn hiệu lực.",
        "Mở lại tài khoản",
        reverse("people:person", args=[pk]),
        f"Đã mở lại tài khoản của {user}.",
    )
    return _ask(
        request,
        asking,
        ReasonForm(request.POST or None),
        lambda answers: people.reopen(user, reason=answers["ly_do"], actor=acting, now=clock.now()),
    )


@require_POST
@never_cache
@signed_in
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time password, shown in the answer and nowhere else."""
    acting = _administrator(request)
    user, _ = _person_at(pk, acting)
    given = people.new_password(user, actor=acting, now=clock.now())
    return render(request, "people/password.html", {"given": given, "is_new": False})


@require_POST
@signed_in
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    acting = _administrator(request)
    user, _ = _person_at(pk, acting)
    people.reset_second_factor(user, actor=acting, now=clock.now())
    messages.success(request, f"Đã đặt lại xác thực hai lớp của {user}. Lần sau chỉ cần mật khẩu.")
    return redirect("people:person", pk=pk)


def _mandate_at(pk: int) -> Mandate:
    return get_object_or_404(Mandate.objects.select_related("user", "unit", "delegated_from"), pk=pk)


def _described(mandate: Mandate, acting: Acting) -> str:
    unit = tree.labels_on([mandate.unit_id], on=acting.on).get(mandate.unit_id, "")
    end = "không thời hạn" if mandate.until == FOREVER else f"đến hết ngày {last_day(mandate.until)}"
    return (
        f"{mandate.user}, {mandate.get_role_display().lower()}, {unit}; từ ngày {day(mandate.since)}, {end}."
    )


@require_http_methods(HERE)
@signed_in
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    acting, mandate = who(request), _mandate_at(pk)
    acting.require("mandate.give", mandate)
    asking = Asking(
        "Thu hồi ủy nhiệm",
        f"{_described(mandate, acting)} Thu hồi có hiệu lực ngay, kể cả phần đã ủy quyền cho người khác.",
        "Thu hồi",
        reverse("people:person", args=[mandate.user_id]),
        "Đã thu hồi ủy nhiệm.",
    )
    return _ask(
        request,
        asking,
        ReasonForm(request.POST or None),
        lambda answers: mandates.revoke(
            mandate, reason=answers["ly_do"], knowing=answers["van_lam"], actor=acting, now=clock.now()
        ),
    )


@require_http_methods(HERE)
@signed_in
def change_end(request: HttpRequest, pk: int) -> HttpResponse:
    acting, mandate = who(request), _mandate_at(pk)
    acting.require("mandate.give", mandate)
    asking = Asking(
        "Đổi ngày kết thúc ủy nhiệm",
        _described(mandate, acting),
        "Đổi ngày",
        reverse("people:person", args=[mandate.user_id]),
        "Đã đổi ngày kết thúc.",
    )
    form = EndForm(request.POST or None, initial={"het_ngay": last_day_of(mandate)})
    return _ask(
        request,
        asking,
        form,
        lambda answers: mandates.change_end(
            mandate,
            until=day_after(answers["het_ngay"]),
            reason=answers["ly_do"],
            knowing=answers["van_lam"],
            actor=acting,
            now=clock.now(),
        ),
    )


def _own_mandate_at(pk: int, acting: Acting) -> Mandate:
    mandate = _mandate_at(pk)
    if mandate.user_id != acting.user.pk:
        raise NotAllowed(
            "Chưa thể ủy quyền",
            why="đây không phải ủy nhiệm của bạn",
            next_step="Chọn ủy nhiệm trong hồ sơ của bạn",
        )
    return mandate


@require_http_methods(HERE)
@signed_in
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Lend an own mandate to a colleague."""
    acting = who(request)
    mandate = _own_mandate_at(pk, acting)
    asking = Asking(
        "Ủy quyền khi vắng mặt",
        f"{_described(mandate, acting)} Người được ủy quyền làm thay bạn trong những ngày đã chọn; "
        "nhật ký ghi rõ là làm theo ủy quyền. Bạn vẫn làm việc được và lấy lại lúc nào cũng được.",
        "Ủy quyền",
        reverse("accounts:profile"),
        "Đã ủy quyền.",
    )
    form = DelegationForm(
        request.POST or None, colleagues=mandates.colleagues(mandate, on=acting.on), on=acting.on
    )
    return _ask(
        request,
        asking,
        form,
        lambda answers: mandates.delegate(
            mandate,
            to=answers["nguoi"],
            **form.days(),
            reason=answers["ly_do"],
            actor=acting,
            now=clock.now(),
        ),
    )


@require_POST
@signed_in
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    mandate = _mandate_at(pk)
    mandates.take_back(mandate, actor=who(request), now=clock.now())
    messages.success(request, f"Đã lấy lại ủy quyền từ {mandate.user}.")
    return redirect("accounts:profile")
