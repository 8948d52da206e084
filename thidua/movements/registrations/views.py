"""Pages of registrations: the board, one's own, deciding, one registration, places, summaries."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import row_key
from thidua.movements.models import (
    ExpectedUnit,
    Plan,
    Registration,
    RegistrationKind,
    RegistrationState,
    RegistrationSummary,
    SubjectType,
)
from thidua.movements.registrations import (
    access,
    board,
    calling,
    checks,
    deciding,
    forms,
    household_rows,
    lists,
    names,
    places,
    sending,
    summaries,
    summary_page,
)
from thidua.movements.rights import DOING
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook
from thidua.tables.workbooks import download

PENDING_ROWS = 100
#: A preview of households may be confirmed for so long.
PREVIEW_SECONDS = 3600
PREVIEW_SALT = "registrations.households"


# --- the board ------------------------------------------------------------------------------------


@require_safe
@signed_in
def board_home(request: HttpRequest) -> HttpResponse:
    """Goes to the board of the plan, year and kind that were asked for, or of the nearest ones."""
    acting = who(request)
    found = list(access.plans(acting)[:200])
    if not found:
        return render(request, "registrations/nothing.html", {"has_mandate": bool(acting.mandates)})
    asked = request.GET.get("ke_hoach", "")
    plan = next((one for one in found if str(one.pk) == asked), None) or _nearest(found, acting)
    years = access.years_of(plan)
    year = request.GET.get("nam", "")
    asked_year = row_key(year)
    wanted = asked_year if asked_year in years else _year_near(years, acting.on.year)
    kind = request.GET.get("loai", "")
    if kind not in access.KINDS:
        kind = access.ADDRESSES[RegistrationKind.JOIN]
    return redirect("registrations:plan_board", plan_pk=plan.pk, year=wanted, kind=kind)


def _nearest(found: list[Plan], acting: Acting) -> Plan:
    """A plan that the own units issue, else the one issued nearest above, else the newest."""
    mine = acting.unit_ids()
    own = next((one for one in found if {one.owner_id, one.standing_body_id} & mine), None)
    if own is not None:
        return own
    above: list[int] = []
    if acting.unit_id is not None:
        above = [version.unit_id for version in tree.ancestors(acting.unit_id, on=acting.on)]
    by_owner = {one.owner_id: one for one in reversed(found)}
    return next((by_owner[unit_id] for unit_id in reversed(above) if unit_id in by_owner), found[0])


def _year_near(years: range, year: int) -> int:
    return min(max(year, years[0]), years[-1])


@require_safe
@signed_in
def plan_board(request: HttpRequest, plan_pk: int, year: int, kind: str) -> HttpResponse:
    acting = who(request)
    plan, wanted = access.plan_at(plan_pk, acting=acting), access.kind_at(kind)
    context = _plan_context(plan, year, acting, here="bang")
    call = board.call_of(plan, year)
    rows = board.standings(plan, year, wanted, on=acting.on)
    table = lists.board_table(plan, year, wanted, call, on=acting.on)
    found = listing(request, table, rows)
    if wants_workbook(request):
        return found.workbook()
    tiles = board.tiles(board.standings(plan, year, wanted, on=acting.on))
    is_chosen = found.asked.get("tinh_trang", "")
    context |= {
        "listing": found,
        "tiles": [
            (tile, "" if tile.standing == is_chosen else tile.standing, tile.standing == is_chosen)
            for tile in tiles
        ],
        "expected": sum(tile.count for tile in tiles),
        "waiting": sum(tile.count for tile in tiles if tile.standing in ("chua_gui", "tra_lai")),
        "kind": wanted,
        "kind_address": kind,
        "kinds": [
            (address, lists.SHORT_KINDS[one], address == kind) for one, address in access.ADDRESSES.items()
        ],
        "call": call,
        "is_over": call.due_on is not None and call.due_on < acting.on,
        "usual_reminder": calling.usual_reminder(call, wanted),
        "plans": forms.plan_choices(access.plans(acting)[:200], "")[1:],
        "plan_value": str(plan.pk),
    }
    return render(request, "registrations/board.html", context)


@require_POST
@signed_in
def remind(request: HttpRequest, plan_pk: int, year: int, kind: str) -> HttpResponse:
    acting = who(request)
    plan, wanted = access.plan_at(plan_pk, acting=acting), access.kind_at(kind)
    count = calling.remind_unsent(
        plan, year, wanted, text=request.POST.get("noi_dung", ""), actor=acting, now=clock.now()
    )
    messages.success(request, f"Đã nhắc {count} đơn vị chưa gửi.")
    return redirect("registrations:plan_board", plan_pk=plan.pk, year=year, kind=kind)


def _plan_context(plan: Plan, year: int, acting: Acting, *, here: str) -> dict[str, Any]:
    """What every page of one plan and year shows on top."""
    years = access.years_of(plan)
    if year not in years:
        raise Http404("year outside the plan")
    may_call = acting.may("registration.call", plan)
    may_decide = acting.may("registration.decide", Registration(plan=plan))
    may_send = bool(acting.unit_ids(DOING))
    tabs = [
        (
            "bang",
            "Bảng theo dõi",
            reverse("registrations:plan_board", args=[plan.pk, year, "tham-gia"]),
            True,
        ),
        ("cua-toi", "Đăng ký của đơn vị tôi", reverse("registrations:own", args=[plan.pk, year]), may_send),
        ("duyet", "Duyệt", reverse("registrations:deciding", args=[plan.pk, year]), may_decide),
        (
            "danh-sach",
            "Danh sách",
            f"{reverse('registrations:list')}?{urlencode({'ke_hoach': plan.pk, 'nam': year})}",
            True,
        ),
        ("noi", "Nơi được giúp", reverse("registrations:places", args=[plan.pk, year]), True),
        ("tong-hop", "Tổng hợp", reverse("registrations:summaries", args=[plan.pk, year]), True),
        ("thiet-lap", "Thiết lập", reverse("registrations:calling", args=[plan.pk, year]), may_call),
    ]
    return {
        "plan": plan,
        "plan_title": forms.short_title(plan),
        "year": year,
        "year_text": str(year),
        "years": list(years),
        "tabs": [(label, address, key == here) for key, label, address, shown in tabs if shown],
        "may_call": may_call,
        "may_decide": may_decide,
        "may_send": may_send,
    }


# --- one's own ------------------------------------------------------------------------------------


@require_safe
@signed_in
def own(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    """What the own units registered in this plan and year, and what they may register."""
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    context = _plan_context(plan, year, acting, here="cua-toi")
    rows = access.registrations(acting).filter(plan=plan, year=year, unit__in=acting.unit_ids(DOING))
    labels = _labels(rows, acting)
    found = listing(request, lists.registration_table(labels), rows, plans=[plan], readable=None)
    if wants_workbook(request):
        return found.workbook()
    found.form.fields.clear()
    units = access.sending_units(acting)
    drafts = rows.filter(state=RegistrationState.DRAFT).count()
    call = board.call_of(plan, year)
    context |= {
        "listing": found,
        "units": units,
        "drafts": drafts,
        "call": call,
        "is_over": call.due_on is not None and call.due_on < acting.on,
        "returned": rows.filter(state=RegistrationState.RETURNED).count(),
        "choices": _choices_for(units),
        "refusal": _closed(plan, acting),
    }
    return render(request, "registrations/own.html", context)


def _closed(plan: Plan, acting: Acting) -> RuleNotMet | None:
    try:
        checks.open_years(plan, on=acting.on)
    except RuleNotMet as refusal:
        return refusal
    return None


def _choices_for(units: list[Any]) -> list[tuple[str, str, str]]:
    """The kinds that these units may register, with what each is for."""
    kinds = {version.unit.kind for version in units}
    found = [("tham-gia", "Đăng ký tham gia", "Cả đơn vị, cá nhân hoặc doanh nghiệp tham gia phong trào.")]
    if kinds & set(checks.HELPING):
        found.append(
            ("giup-do", "Đăng ký giúp đỡ", "Cơ quan nhận giúp ít nhất một xã hoặc thôn, bản có tên cụ thể.")
        )
    found.append(("thoat-ngheo", "Đăng ký hộ thoát nghèo", "Hộ gia đình cam kết thoát nghèo trong năm."))
    return found


def _labels(rows: Any, acting: Acting) -> dict[int, str]:
    """Names of the units and places of all rows; two queries however many rows."""
    pairs = rows.order_by().values_list("unit_id", "helped_unit_id").distinct()
    return tree.labels_on({pk for pair in pairs for pk in pair if pk is not None}, on=acting.on)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def write(request: HttpRequest, plan_pk: int, year: int, kind: str) -> HttpResponse:
    """A new registration: kept as a draft, or sent at once."""
    acting = who(request)
    plan, wanted = access.plan_at(plan_pk, acting=acting), access.kind_at(kind)
    context = _plan_context(plan, year, acting, here="cua-toi")
    checks.open_years(plan, on=acting.on)
    units = access.sending_units(acting)
    if wanted == RegistrationKind.HELP:
        units = [version for version in units if version.unit.kind in checks.HELPING] or units
    if not units:
        acting.require("registration.send", Registration(plan=plan, unit_id=acting.unit_id or 0))
    form = forms.FORMS[wanted](
        request.POST or None,
        initial={"nam": year, "noi_giup": request.GET.get("noi", "")},
        units=units,
        years=access.years_of(plan),
        plan=plan,
        on=acting.on,
    )
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            registration = sending.write(plan, form.unit(), form.written(), actor=acting, now=now)
            return _kept_or_sent(request, registration, acting, now=now)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context |= {
        "form": form,
        "kind": wanted,
        "heading": {"tham-gia": "Đăng ký tham gia", "giup-do": "Đăng ký giúp đỡ"}.get(
            kind, "Hộ đăng ký thoát nghèo"
        ),
        "back": reverse("registrations:own", args=[plan.pk, year]),
        "unit_label": units[0].label if len(units) == 1 else "",
    }
    return render(request, "registrations/form.html", context, status=422 if form.errors else 200)


def _kept_or_sent(
    request: HttpRequest, registration: Registration, acting: Acting, *, now: Any
) -> HttpResponse:
    if "gui" in request.POST:
        sending.send(registration, actor=acting, now=now)
        messages.success(request, "Đã gửi đăng ký. Cơ quan phụ trách sẽ duyệt và báo lại.")
    else:
        messages.success(request, "Đã lưu bản nháp. Bấm «Gửi đăng ký» khi đã xong.")
    call = board.call_of(registration.plan, registration.year)
    others = places.crowded(registration, helpers_needed=call.helpers_needed)
    if others:
        messages.warning(
            request,
            f"Nơi này đã có {others} cơ quan khác nhận giúp, mỗi nơi cần {call.helpers_needed}. "
            "Xem trang Nơi được giúp để chọn nơi chưa ai giúp.",
        )
    return redirect("registrations:registration", pk=registration.pk)


@require_POST
@signed_in
def send_drafts(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    rows = list(
        Registration.objects.filter(
            plan=plan, year=year, state=RegistrationState.DRAFT, unit__in=acting.unit_ids(DOING)
        ).select_related("plan", "unit", "helped_unit")
    )
    count = sending.send_many(rows, actor=acting, now=clock.now())
    messages.success(request, f"Đã gửi {count} đăng ký.")
    return redirect("registrations:own", plan_pk=plan.pk, year=year)


# --- households from Excel ------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def households(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    """Takes a file, shows what it holds or what is wrong; nothing is kept yet."""
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    context = _plan_context(plan, year, acting, here="cua-toi")
    years = checks.open_years(plan, on=acting.on)
    units = access.sending_units(acting)
    if not units:
        acting.require("registration.send", Registration(plan=plan, unit_id=acting.unit_id or 0))
    form = forms.FileForm(request.POST or None, request.FILES or None, units=units)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                parsed = household_rows.parse(_content(form.cleaned_data["tep"]), years=years)
            except RuleNotMet as refusal:
                form.add_error("tep", refusal.message)
            else:
                unit = form.units[form.cleaned_data["don_vi"]]
                context |= _preview(plan, unit, parsed, acting)
                status = 200 if parsed.is_good else 422
    context |= {"form": form, "most": household_rows.MAX_ROWS}
    return render(request, "registrations/households.html", context, status=status)


def _content(file: Any) -> bytes:
    if file.size > household_rows.MAX_BYTES:
        raise RuleNotMet(
            "Chưa nhập được tệp", why="tệp lớn hơn 5 MB", next_step="Chia thành nhiều tệp rồi nhập lần lượt"
        )
    content: bytes = file.read()
    return content


def _preview(plan: Plan, unit: Unit, parsed: household_rows.Parsed, acting: Acting) -> dict[str, Any]:
    acting.require("registration.send", Registration(plan=plan, unit=unit))
    rows = [written for _, written in parsed.rows]
    fresh = sending.without_known(plan, unit, sending.as_registrations(plan, unit, rows, actor=acting))
    token = ""
    if parsed.is_good and fresh:
        kept = [[row.subject_name, row.subject_address, row.year, row.commitment] for row in rows]
        token = signing.dumps(
            {"unit": unit.pk, "user": acting.user.pk, "plan": plan.pk, "rows": kept},
            salt=PREVIEW_SALT,
            compress=True,
        )
    return {
        "parsed": parsed,
        "rows": parsed.rows[:50],
        "more": max(0, len(parsed.rows) - 50),
        "fresh": len(fresh),
        "known": len(rows) - len(fresh),
        "token": token,
    }


@require_POST
@signed_in
def import_households(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    """Keeps what the preview showed: all rows or none."""
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    try:
        shown = signing.loads(request.POST.get("ban", ""), salt=PREVIEW_SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        shown = {}
    if shown.get("user") != acting.user.pk or shown.get("plan") != plan.pk:
        raise RuleNotMet(
            "Chưa nhập được tệp",
            why="bản xem trước đã quá một giờ hoặc không phải của bạn",
            next_step="Chọn lại tệp để xem trước rồi nhập",
        )
    rows = [
        sending.Written(RegistrationKind.ESCAPE, at, promise, SubjectType.HOUSEHOLD, name, village)
        for name, village, at, promise in shown["rows"]
    ]
    unit = Unit.objects.get(pk=shown["unit"])
    made = sending.write_many(plan, unit, rows, actor=acting, now=clock.now())
    messages.success(
        request,
        f"Đã nhập {len(made)} hộ thành bản nháp. Xem lại rồi bấm «Gửi tất cả bản nháp».",
    )
    return redirect("registrations:own", plan_pk=plan.pk, year=year)


@require_safe
@signed_in
def household_template(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    access.plan_at(plan_pk, acting=who(request))
    return download(household_rows.template(year), name=f"ho-dang-ky-thoat-ngheo-{year}.xlsx")


# --- lists ----------------------------------------------------------------------------------------


@require_safe
@signed_in
def registration_list(request: HttpRequest) -> HttpResponse:
    """All registrations one may see, of one unit when a link asks so; Excel without names."""
    acting = who(request)
    rows = access.registrations(acting)
    unit_pk = _number(request.GET.get("don_vi"))
    if unit_pk:
        rows = rows.filter(unit=unit_pk)
    found = listing(
        request,
        lists.registration_table(_labels(rows, acting)),
        rows,
        plans=access.plans(acting)[:200],
        readable=names.readable_to(acting),
    )
    if unit_pk:
        found.kept = {"don_vi": str(unit_pk)}
    if wants_workbook(request):
        return found.workbook()
    asked = {name: value for name, value in found.asked.items() if name != "tim"}
    may_unmask = "ke_hoach" in asked and found.rows.filter(is_readable=True).exists()
    context = {"listing": found, "may_unmask": may_unmask, "asked": urlencode(asked), "asked_pairs": asked}
    return render(request, "registrations/list.html", context)


@require_POST
@signed_in
def unmasked_workbook(request: HttpRequest) -> HttpResponse:
    """The list of one plan as Excel with the names that one may read; the reason goes to the log."""
    acting = who(request)
    pk = row_key(request.POST.get("ke_hoach", ""))
    if pk is None:
        raise Http404("no plan named")
    plan = access.plan_at(pk, acting=acting)
    rows = access.registrations(acting)
    filters = forms.RegistrationFilters(request.POST, plans=access.plans(acting)[:200])
    rows = rows.filter(plan=plan, is_readable=True)
    kept = filters.narrow(rows, filters.asked())
    year = request.POST.get("nam", "")
    names.log_unmasked(
        plan,
        year=row_key(year),
        rows=kept.count(),
        reason=request.POST.get("ly_do", ""),
        acting=acting,
        now=clock.now(),
    )
    table = lists.registration_table(_labels(kept, acting), with_names=True)
    return listing(request, table, kept, plans=[plan]).workbook()


@require_safe
@signed_in
def places_page(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    """The communes in reach of the plan, those that nobody helps first."""
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    context = _plan_context(plan, year, acting, here="noi")
    call = board.call_of(plan, year)
    rows = places.communes_with_helpers(plan, year, on=acting.on)
    helpers = places.helpers_by_place(plan, year, on=acting.on)
    found = listing(request, lists.place_table(call.helpers_needed, helpers), rows)
    if wants_workbook(request):
        return found.workbook()
    context |= {
        "listing": found,
        "call": call,
        "alone": rows.filter(helpers=0).count(),
        "crowded": rows.filter(helpers__gt=call.helpers_needed).count(),
        "total": rows.count(),
    }
    return render(request, "registrations/places.html", context)


# --- deciding -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def deciding_page(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    """What waits for a decision; chosen rows are approved, or sent back with one reason."""
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    acting.require("registration.decide", Registration(plan=plan))
    context = _plan_context(plan, year, acting, here="duyet")
    pending = access.registrations(acting).filter(plan=plan, year=year, state=RegistrationState.PENDING)
    refusal = None
    if request.method == "POST":
        chosen = list(
            pending.filter(pk__in=[key for text in request.POST.getlist("chon") if (key := row_key(text))])
        )
        try:
            count, what = _decided(request, chosen, acting)
        except RuleNotMet as found:
            refusal = found
        else:
            messages.success(request, f"Đã {what} {count} đăng ký.")
            return redirect("registrations:deciding", plan_pk=plan.pk, year=year)
    page = Paginator(pending.order_by("kind", "sent_at", "pk"), PENDING_ROWS).get_page(
        request.GET.get("trang")
    )
    labels = _labels(pending, acting)
    call = board.call_of(plan, year)
    crowded = places.crowded_places(plan, year, helpers_needed=call.helpers_needed)
    context |= {
        "page": page,
        "rows": [_pending_row(one, labels, crowded) for one in page],
        "refusal": refusal,
        "chosen": set(request.POST.getlist("chon")),
        "reason": request.POST.get("ly_do", ""),
    }
    return render(request, "registrations/deciding.html", context, status=422 if refusal else 200)


def _decided(request: HttpRequest, chosen: list[Registration], acting: Acting) -> tuple[int, str]:
    if request.POST.get("viec") == "tra-lai":
        reason = request.POST.get("ly_do", "")
        count = deciding.send_back_all(chosen, reason=reason, actor=acting, now=clock.now())
        return count, "trả lại"
    return deciding.approve_all(chosen, actor=acting, now=clock.now()), "duyệt"


def _pending_row(one: Any, labels: dict[int, str], crowded: set[int]) -> dict[str, Any]:
    commune = labels.get(one.helped_unit_id or 0, "")
    return {
        "registration": one,
        "kind": lists.SHORT_KINDS[RegistrationKind(one.kind)],
        "who": names.shown_name(one, is_readable=one.is_readable) or labels.get(one.unit_id, ""),
        "unit": labels.get(one.unit_id, ""),
        "place": f"{one.helped_village}, {commune}" if one.helped_village else commune,
        "address": names.shown_address(one, is_readable=one.is_readable),
        "commitment": names.shown_commitment(one, is_readable=one.is_readable),
        "is_crowded": one.kind == RegistrationKind.HELP and one.helped_unit_id in crowded,
    }


# --- one registration -----------------------------------------------------------------------------


@require_safe
@signed_in
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.registration_at(pk, acting=acting)
    return _registration_page(request, found, acting)


def _registration_page(
    request: HttpRequest, found: Any, acting: Acting, *, refusal: RuleNotMet | None = None
) -> HttpResponse:
    labels = tree.labels_on(
        [one for one in (found.unit_id, found.helped_unit_id, found.plan.owner_id) if one is not None],
        on=acting.on,
    )
    steps = workflow.possible(found, actor=acting)
    call = board.call_of(found.plan, found.year)
    context = {
        "registration": found,
        "state_tone": lists.TONES[RegistrationState(found.state)],
        "name": names.shown_name(found, is_readable=found.is_readable),
        "address": names.shown_address(found, is_readable=found.is_readable),
        "commitment": names.shown_commitment(found, is_readable=found.is_readable),
        "is_masked": names.is_personal(found) and not found.is_readable,
        "unit_label": labels.get(found.unit_id, ""),
        "owner_label": labels.get(found.plan.owner_id or 0, ""),
        "place_label": labels.get(found.helped_unit_id or 0, ""),
        "plan_title": forms.short_title(found.plan),
        "plain_steps": [step for step in steps if not step.needs_reason],
        "reason_steps": [step for step in steps if step.needs_reason],
        "may_mend": found.state in sending.MENDABLE and acting.may("registration.send", found),
        "crowded": places.crowded(found, helpers_needed=call.helpers_needed),
        "call": call,
        "days_late": board.days_late(call.due_on, found.sent_at, on=acting.on)
        if found.state != RegistrationState.WITHDRAWN
        else 0,
        "history": history(found),
        "refusal": refusal,
    }
    return render(request, "registrations/registration.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.registration_at(pk, acting=acting)
    acting.require("registration.send", found)
    plan, kind = found.plan, RegistrationKind(found.kind)
    version = tree.last_version(found.unit_id, on=acting.on)
    form = forms.FORMS[kind](
        request.POST or None,
        initial=forms.WriteForm.initial_of(found),
        units=[version] if version else [],
        years=access.years_of(plan),
        plan=plan,
        on=acting.on,
    )
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            sending.mend(found, form.written(), actor=acting, now=now)
            return _kept_or_sent(request, found, acting, now=now)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {
        "form": form,
        "kind": kind,
        "plan": plan,
        "plan_title": forms.short_title(plan),
        "year": found.year,
        "heading": "Sửa đăng ký",
        "returned_reason": found.returned_reason,
        "back": reverse("registrations:registration", args=[found.pk]),
        "unit_label": version.label if version else "",
    }
    return render(request, "registrations/form.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a registration: gửi, rút về, duyệt, trả lại, rút."""
    acting = who(request)
    found = access.registration_at(pk, acting=acting)
    step, reason, now = request.POST.get("viec", ""), request.POST.get("ly_do", ""), clock.now()
    try:
        if step == "send":
            sending.send(found, actor=acting, now=now)
        elif step == "recall":
            sending.recall(found, actor=acting, now=now)
        elif step == "withdraw":
            sending.withdraw(found, reason=reason, actor=acting, now=now)
        elif step == "approve":
            deciding.approve(found, actor=acting, now=now)
        elif step == "send_back":
            deciding.send_back(found, reason=reason, actor=acting, now=now)
        else:
            raise Http404("no such step")
    except RuleNotMet as refusal:
        return _registration_page(request, found, acting, refusal=refusal)
    messages.success(request, f"Đã xong. Đăng ký ở trạng thái «{found.get_state_display()}».")
    return redirect("registrations:registration", pk=found.pk)


# --- what the standing body sets ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def calling_page(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    """The last day, the number of helpers, and exceptions to who is expected."""
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    acting.require("registration.call", plan)
    context = _plan_context(plan, year, acting, here="thiet-lap")
    call = board.call_of(plan, year)
    sent = request.POST.get("mau") if request.method == "POST" else None
    call_form = forms.CallForm(
        request.POST if sent == "han" else None,
        initial={"han": call.due_on, "can": call.helpers_needed},
    )
    exception_form = forms.ExceptionForm(
        request.POST if sent == "ngoai-le" else None, plan=plan, on=acting.on, prefix="n"
    )
    try:
        done = _set(plan, year, call_form, exception_form, acting)
    except RuleNotMet as refusal:
        (call_form if sent == "han" else exception_form).add_error(None, refusal.message)
        done = ""
    if done:
        messages.success(request, done)
        return redirect("registrations:calling", plan_pk=plan.pk, year=year)
    exceptions = list(ExpectedUnit.objects.filter(plan=plan, year=year).order_by("-made_at"))
    labels = tree.labels_on([one.unit_id for one in exceptions], on=acting.on)
    context |= {
        "call_form": call_form,
        "exception_form": exception_form,
        "exceptions": [(one, labels.get(one.unit_id, "")) for one in exceptions],
    }
    return render(request, "registrations/calling.html", context, status=422 if sent else 200)


def _set(
    plan: Plan,
    year: int,
    call_form: forms.CallForm,
    exception_form: forms.ExceptionForm,
    acting: Acting,
) -> str:
    """Carries out the form that was sent, if it is good; says what was done."""
    now = clock.now()
    if call_form.is_bound and call_form.is_valid():
        calling.set_call(
            plan,
            year,
            due_on=call_form.cleaned_data["han"],
            helpers_needed=call_form.cleaned_data["can"],
            actor=acting,
            now=now,
        )
        return "Đã lưu hạn đăng ký."
    if exception_form.is_bound and exception_form.is_valid():
        data = exception_form.cleaned_data
        calling.expect(
            plan,
            year,
            RegistrationKind(data["loai"]),
            data["don_vi"],
            is_expected=data["viec"] == "them",
            reason=data["ly_do"],
            actor=acting,
            now=now,
        )
        return "Đã đổi danh sách đơn vị phải đăng ký."
    return ""


@require_POST
@signed_in
def forget_exception(request: HttpRequest, plan_pk: int, year: int, pk: int) -> HttpResponse:
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    exception = ExpectedUnit.objects.filter(plan=plan, year=year, pk=pk).first()
    if exception is not None:
        calling.forget_exception(exception, actor=acting, now=clock.now())
        messages.success(request, "Đã bỏ ngoại lệ; danh sách trở lại theo kế hoạch.")
    return redirect("registrations:calling", plan_pk=plan.pk, year=year)


# --- summaries ------------------------------------------------------------------------------------


@require_safe
@signed_in
def summaries_page(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    """Summaries to this plan: those of the own units, and those that came in."""
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    context = _plan_context(plan, year, acting, here="tong-hop")
    rows = list(access.summaries(acting).filter(plan=plan, year=year).order_by("pk"))
    units = access.sending_units(acting) + summary_page.places_run_by(plan, acting)
    known = {row.unit_id for row in rows}
    labels = tree.labels_on([row.unit_id for row in rows], on=acting.on)
    is_receiver = acting.may("summary.decide", RegistrationSummary(plan=plan))
    context |= {
        "summaries": [(row, labels.get(row.unit_id, ""), summary_page.total_of(row)) for row in rows],
        "buildable": [
            version
            for version in units
            if version.unit_id not in known
            and version.unit_id not in (plan.owner_id, plan.standing_body_id)
            and version.unit.is_place
        ],
        "gaps": summaries.gaps(plan, year, plan.owner_id, on=acting.on)
        if is_receiver and plan.owner_id is not None
        else [],
        "whole": summary_page.whole_of(plan, year, on=acting.on) if is_receiver else None,
    }
    return render(request, "registrations/summaries.html", context)


@require_POST
@signed_in
def build_summary(request: HttpRequest, plan_pk: int, year: int) -> HttpResponse:
    acting = who(request)
    plan = access.plan_at(plan_pk, acting=acting)
    unit = Unit.objects.filter(pk=_number(request.POST.get("don_vi"))).first()
    if unit is None:
        raise Http404("no such unit")
    found = summaries.build(plan, year, unit, actor=acting, now=clock.now())
    messages.success(request, "Đã tổng hợp từ các đăng ký đã duyệt.")
    return redirect("registrations:summary", pk=found.pk)


def _number(text: str | None) -> int:
    return row_key(text or "") or 0


@require_safe
@signed_in
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.summary_at(pk, acting=acting)
    if wants_workbook(request):
        content = summary_page.workbook(found, on=acting.on)
        return download(content, name=f"tong-hop-dang-ky-{found.year}.xlsx")
    return _summary_page(request, found, acting)


def _summary_page(
    request: HttpRequest,
    found: RegistrationSummary,
    acting: Acting,
    *,
    refusal: RuleNotMet | None = None,
) -> HttpResponse:
    steps = workflow.possible(found, actor=acting)
    context = {
        "summary": found,
        "shown": summary_page.shown(found, on=acting.on),
        "plan_title": forms.short_title(found.plan),
        "plain_steps": [step for step in steps if not step.needs_reason],
        "reason_steps": [step for step in steps if step.needs_reason],
        "may_build": found.state in RegistrationSummary.OPEN and acting.may("summary.send", found),
        "history": history(found),
        "refusal": refusal,
    }
    return render(request, "registrations/summary.html", context, status=422 if refusal else 200)


@require_POST
@signed_in
def summary_act(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a summary: tổng hợp lại, gửi, rút về, nhận, trả lại."""
    acting = who(request)
    found = access.summary_at(pk, acting=acting)
    step, reason, now = request.POST.get("viec", ""), request.POST.get("ly_do", ""), clock.now()
    try:
        if step == "build":
            summaries.build(found.plan, found.year, found.unit, actor=acting, now=now)
        elif step == "send":
            summaries.send(found, actor=acting, now=now)
        elif step == "recall":
            summaries.recall(found, actor=acting, now=now)
        elif step == "accept":
            summaries.accept(found, actor=acting, now=now)
        elif step == "send_back":
            summaries.send_back(found, reason=reason, actor=acting, now=now)
        else:
            raise Http404("no such step")
    except RuleNotMet as refusal:
        return _summary_page(request, found, acting, refusal=refusal)
    messages.success(request, f"Đã xong. Bản tổng hợp ở trạng thái «{found.get_state_display()}».")
    return redirect("registrations:summary", pk=found.pk)
