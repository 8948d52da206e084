"""What must hold before a registration may be kept or sent.

Knows the years of a plan and what each kind needs; hides how "có địa chỉ cụ thể" is judged on a day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from thidua.audit.workflow import Move
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold
from thidua.movements.models import (
    Plan,
    PlanVersion,
    PlanVersionState,
    Registration,
    RegistrationKind,
    RegistrationState,
    SubjectType,
)
from thidua.organisations import tree
from thidua.organisations.models import UnitKind

#: Kinds of units that are "a commune or village with a name".
NAMED_PLACES = (UnitKind.COMMUNE, UnitKind.VILLAGE)
#: Who may register to help: a body, not a place.
HELPING = tuple(
    kind
    for kind in UnitKind
    if kind not in (UnitKind.NATION, UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.VILLAGE)
)
#: At most so many years ahead when a plan does not say when it ends.
OPEN_END_YEARS = 10


def version_in_force(plan: Plan) -> PlanVersion | None:
    return plan.versions.filter(state=PlanVersionState.ADOPTED).first()


def years_of(version: PlanVersion) -> range:
    """The years a version covers; without a stated end, ten years from its beginning."""
    since = version.first_year or version.last_year
    if since is None:
        made = timezone.localtime(version.adopted_at or version.made_at).year
        return range(made, made + OPEN_END_YEARS + 1)
    return range(since, (version.last_year or since + OPEN_END_YEARS) + 1)


def open_years(plan: Plan, *, on: date) -> range:
    """The years one may register for in a plan. Raises RuleNotMet when it is not in force or has ended."""
    version = version_in_force(plan)
    if version is None:
        raise RuleNotMet(
            "Chưa thể đăng ký",
            why="kế hoạch chưa được đưa vào thực hiện",
            next_step="Đợi cơ quan ban hành đưa kế hoạch vào thực hiện rồi đăng ký",
        )
    years = years_of(version)
    if on.year > years[-1]:
        raise RuleNotMet(
            "Không đăng ký được nữa",
            why=f"kế hoạch đã kết thúc năm {years[-1]}",
            next_step="Xem kế hoạch của giai đoạn mới, hoặc hỏi cơ quan thường trực",
        )
    return years


def subject_key(registration: Registration) -> str:
    """What makes a registration the same as another of its unit: who, and for help also where."""
    parts = [fold(registration.subject_name), fold(registration.subject_address)]
    if registration.kind == RegistrationKind.HELP:
        parts = [f"#{registration.helped_unit_id or ''}", fold(registration.helped_village)]
    return "|".join(parts)[:700]


def check(registration: Registration, *, on: date) -> None:
    """Raises RuleNotMet, naming the first thing that is not right."""
    years = open_years(registration.plan, on=on)
    if registration.year not in years:
        raise RuleNotMet(
            "Chưa thể đăng ký",
            why=f"năm {registration.year} nằm ngoài kế hoạch ({years[0]} – {years[-1]})",
            next_step="Chọn một năm trong thời gian của kế hoạch",
        )
    if not registration.commitment.strip():
        raise RuleNotMet(
            "Chưa thể đăng ký",
            why="chưa ghi nội dung cam kết",
            next_step="Ghi việc sẽ làm và kết quả cần đạt",
        )
    _CHECKS[RegistrationKind(registration.kind)](registration, on)
    check_once(registration)


def check_once(registration: Registration) -> None:
    """Refuse a second registration of the same kind, subject and year."""
    same = Registration.objects.filter(
        plan=registration.plan_id,
        kind=registration.kind,
        year=registration.year,
        unit=registration.unit_id,
        subject_key=subject_key(registration),
    ).exclude(state=RegistrationState.WITHDRAWN)
    if same.exclude(pk=registration.pk).exists():
        raise registered_already(registration)


def registered_already(registration: Registration) -> RuleNotMet:
    who = {
        RegistrationKind.HELP: "nơi này",
        RegistrationKind.ESCAPE: "hộ này",
        RegistrationKind.JOIN: "đối tượng này",
    }[RegistrationKind(registration.kind)]
    return RuleNotMet(
        "Chưa lưu được đăng ký",
        why=f"đơn vị đã có đăng ký cho {who} trong năm {registration.year}",
        next_step="Mở đăng ký đã có để sửa, hoặc rút đăng ký đó trước",
    )


def guard_sending(registration: Registration, move: Move) -> None:
    check(registration, on=move.actor.on)


def _check_joining(registration: Registration, _on: date) -> None:
    if registration.subject_type == SubjectType.HOUSEHOLD:
        raise RuleNotMet(
            "Chưa thể đăng ký",
            why="hộ gia đình đăng ký thoát nghèo, không đăng ký tham gia",
            next_step="Chọn «Hộ đăng ký thoát nghèo»",
        )
    if registration.subject_type != SubjectType.UNIT and not registration.subject_name.strip():
        raise RuleNotMet(
            "Chưa thể đăng ký", why="chưa ghi tên người hoặc doanh nghiệp", next_step="Ghi tên rồi lưu lại"
        )


def _check_helping(registration: Registration, on: date) -> None:
    if registration.unit.kind not in HELPING:
        raise RuleNotMet(
            "Chưa thể đăng ký giúp đỡ",
            why="đăng ký giúp đỡ là của cơ quan, đơn vị; xã, thôn là nơi được giúp",
            next_step="Đăng ký tham gia phong trào thay cho đăng ký giúp đỡ",
        )
    place = registration.helped_unit
    if place is None:
        raise RuleNotMet(
            "Chưa thể đăng ký giúp đỡ",
            why="chưa có địa chỉ cụ thể: phải nêu tên ít nhất một xã hoặc thôn, bản",
            next_step="Chọn xã được giúp; giúp một thôn thì ghi thêm tên thôn",
        )
    version = tree.version_on(place.pk, on=on)
    if version is None:
        last = tree.last_version(place.pk, on=on)
        raise RuleNotMet(
            "Chưa thể đăng ký giúp đỡ",
            why=f"{last or 'nơi này'} không còn vào ngày {on:%d/%m/%Y}",
            next_step="Chọn xã, thôn đang có; xã cũ đã nhập thì chọn xã mới",
        )
    if place.kind not in NAMED_PLACES:
        raise RuleNotMet(
            "Chưa thể đăng ký giúp đỡ",
            why=f"{version.label} chưa phải địa chỉ cụ thể: cần một xã hoặc một thôn, bản",
            next_step="Chọn tên xã hoặc thôn, bản",
        )


def _check_escaping(registration: Registration, _on: date) -> None:
    for text, what in (
        (registration.subject_name, "tên chủ hộ"),
        (registration.subject_address, "thôn, bản nơi hộ ở"),
    ):
        if not text.strip():
            raise RuleNotMet(
                "Chưa thể đăng ký thoát nghèo", why=f"chưa ghi {what}", next_step="Ghi đủ rồi lưu lại"
            )


_CHECKS: dict[RegistrationKind, Callable[[Registration, date], None]] = {
    RegistrationKind.JOIN: _check_joining,
    RegistrationKind.HELP: _check_helping,
    RegistrationKind.ESCAPE: _check_escaping,
}
