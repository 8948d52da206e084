"""The pages of notices: the list, what a person wants to get, and for administrators what was sent."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.notices import channels, choosing, mending
from thidua.notices.delivery_list import DELIVERIES
from thidua.notices.forms import ChoicesForm
from thidua.notices.models import DeliveryState, Notice
from thidua.notices.notice_list import notice_table
from thidua.notices.rights import may_see_what_was_sent, sent_to_people_of
from thidua.notices.telling import mark_read, notices_for, unread_by, unread_count
from thidua.organisations import tree
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook


@require_safe
@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    table = notice_table(tree.labels_on(acting.unit_ids(), on=acting.on))
    rows = notices_for(acting).order_by(F("is_read"), "-sent_at", "-pk")
    found = listing(request, table, rows)
    if wants_workbook(request):
        return found.workbook()
    return render(
        request,
        "notices/list.html",
        {
            "listing": found,
            "unread": unread_count(acting),
            "path": request.path,
            "may_see_sent": may_see_what_was_sent(acting),
        },
    )


@require_safe
@signed_in
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that it was seen, and go where the act is done."""
    acting = who(request)
    found = notices_for(acting).filter(pk=pk)
    notice = found.first()
    if notice is None:
        raise Http404
    mark_read(found, acting=acting, now=clock.now())
    return redirect(_inside(notice, request) or reverse("notices:list"))


def _inside(notice: Notice, request: HttpRequest) -> str:
    """The page of a notice; nothing that leads away from here."""
    is_inside = url_has_allowed_host_and_scheme(notice.address, allowed_hosts={request.get_host()})
    return notice.address if is_inside and notice.address.startswith("/") else ""


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    mark_read(unread_by(acting), acting=acting, now=clock.now())
    messages.success(request, "Đã đánh dấu mọi thông báo là đã đọc.")
    return redirect("notices:list")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choices(request: HttpRequest) -> HttpResponse:
    """What this person wants to get, how and when."""
    acting = who(request)
    kept = choosing.choice_of(acting.user)
    form = ChoicesForm(request.POST if request.method == "POST" else None, choice=kept)
    if request.method == "POST" and form.is_valid():
        choosing.choose(acting.user, form.chosen(), now=clock.now())
        messages.success(request, "Đã lưu lựa chọn nhận thông báo.")
        return redirect("notices:choices")
    context = {
        "form": form,
        "person": acting.user,
        "mail_is_ready": channels.MAIL.is_ready(),
        "usual_quiet": choosing.DEFAULT.quiet,
    }
    return render(request, "notices/choices.html", context)


@require_safe
@signed_in
def sent(request: HttpRequest) -> HttpResponse:
    """What was sent to the people of the units that this person administers."""
    acting = who(request)
    acting.require("notices.read_sent", None)
    found = listing(request, DELIVERIES, sent_to_people_of(acting))
    if wants_workbook(request):
        return found.workbook()
    context = {
        "listing": found,
        "mail_is_ready": channels.MAIL.is_ready(),
        "failed": sent_to_people_of(acting).filter(state=DeliveryState.FAILED).count(),
    }
    return render(request, "notices/sent.html", context)


@require_POST
@signed_in
def send_again(request: HttpRequest) -> HttpResponse:
    try:
        number = mending.send_again(actor=who(request), now=clock.now())
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Đã xếp {number} thư để gửi lại trong ít phút.")
    return redirect("notices:sent")
