"""Forms of reports: the usual one that a plan gives, changing one, and the version after one that is in use.

Hides which indicators a plan's targets lead to: of a share the units report its two counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import fold, nfc, shortened
from thidua.indicators.figures import is_quotient
from thidua.indicators.models import Indicator, Standard, System
from thidua.movements.models import Plan
from thidua.movements.progress.binding import Measured, measured
from thidua.movements.progress.judging import standard_of
from thidua.organisations.models import UnitKind
from thidua.reports.models import FormItem, FormSection, Lift, ReportForm, Round, RoundKind

#: What a report on a movement tells besides figures, in the order of such reports.
QUESTIONS: tuple[tuple[str, str, str, bool, Lift], ...] = (
    (
        "chi-dao",
        "Công tác chỉ đạo, tuyên truyền, phổ biến Phong trào thi đua",
        "Văn bản đã ban hành, hình thức tuyên truyền, số người được phổ biến.",
        False,
        Lift.NONE,
    ),
    (
        "ket-qua",
        "Kết quả thực hiện các nội dung, chỉ tiêu của Kế hoạch",
        "Làm được gì, so với chỉ tiêu đến đâu.",
        True,
        Lift.NONE,
    ),
    (
        "dien-hinh",
        "Điển hình tiên tiến, cách làm hay",
        "Tập thể, cá nhân, hộ gia đình, mô hình; nêu việc làm cụ thể.",
        False,
        Lift.EXAMPLE,
    ),
    ("khen-thuong", "Công tác khen thưởng", "Hình thức, số tập thể, cá nhân đã khen.", False, Lift.NONE),
    (
        "kho-khan",
        "Khó khăn, vướng mắc và nguyên nhân",
        "Không có thì ghi «Không có».",
        True,
        Lift.DIFFICULTY,
    ),
    ("kien-nghi", "Đề xuất, kiến nghị", "Gửi cấp nào, đề nghị việc gì.", False, Lift.PROPOSAL),
    ("phuong-huong", "Phương hướng, nhiệm vụ thời gian tới", "", False, Lift.NONE),
)


def usual_form(plan: Plan, kind: RoundKind, *, now: datetime) -> ReportForm:
    """A new form from the targets of a plan and the usual questions; belongs to the body that runs it."""
    owner_id = plan.standing_body_id or plan.owner_id
    assert owner_id is not None
    with transaction.atomic():
        form = ReportForm.objects.create(
            owner_id=owner_id, name=f"{kind.label}: {plan.number or shortened(plan.title)}", made_at=now
        )
        FormItem.objects.bulk_create([*_figures(form, plan), *_words(form)])
    return form


def form_for(plan: Plan, kind: RoundKind, *, now: datetime) -> ReportForm:
    """The form that the last round of this kind of the plan used, in its newest version; else a usual one."""
    last = (
        Round.objects.filter(plan=plan, kind=kind, form__isnull=False)
        .order_by("-year", "-number")
        .select_related("form")
        .first()
    )
    if last is None or last.form is None:
        return usual_form(plan, kind, now=now)
    return newest(last.form)


def newest(form: ReportForm) -> ReportForm:
    """Follow the versions that replaced it."""
    while (later := form.replaced_by.order_by("-number").first()) is not None:
        form = later
    return form


def _figures(form: ReportForm, plan: Plan) -> Iterable[FormItem]:
    targets = list(plan.targets.filter(is_current=True).order_by("pk"))
    by_target = measured(targets)
    standards = {row.name: row for row in Standard.objects.all()}
    found: dict[tuple[int, int | None, str], tuple[Indicator, Standard | None]] = {}
    for target in targets:
        bound = by_target[target.pk]
        if isinstance(bound, Measured):
            for indicator in _to_report(bound):
                standard = bound.standard
                # Without its standard a figure of the review would match none of the system.
                if standard is None and indicator.system == System.REVIEW:
                    standard = standard_of(target, standards)
                found.setdefault(
                    (indicator.pk, standard.pk if standard else None, bound.segment), (indicator, standard)
                )
    for position, ((_, _, segment), (indicator, standard)) in enumerate(found.items(), start=1):
        yield FormItem(
            form=form,
            section=FormSection.FIGURES,
            position=position,
            key=_figure_key(indicator, standard, segment),
            title=indicator.name + (f" ({indicator.segments.get(segment, segment)})" if segment else ""),
            help=f"Đơn vị tính: {indicator.measure}.",
            indicator=indicator,
            standard=standard,
            segment=segment,
            for_kinds=[_asked_of(indicator)],
            is_required=not is_quotient(indicator),
        )


def _asked_of(indicator: Indicator) -> str:
    """The kind of units that report it: of a share those that report its counts."""
    counted = indicator.numerator if is_quotient(indicator) and indicator.numerator else indicator
    return counted.reported_by


def _figure_key(indicator: Indicator, standard: Standard | None, segment: str) -> str:
    return "-".join(
        part
        for part in (indicator.code.replace("_", "-"), standard.code if standard else "", segment)
        if part
    )[:100]


def _to_report(bound: Measured) -> Iterable[Indicator]:
    """Counts first, then what is computed from them."""
    for indicator in filter(None, (bound.indicator, bound.base)):
        if is_quotient(indicator):
            yield from filter(None, (indicator.numerator, indicator.denominator))
        yield indicator


def _words(form: ReportForm) -> Iterable[FormItem]:
    yield FormItem(
        form=form,
        section=FormSection.TASKS,
        position=1,
        key="nhiem-vu",
        title="Kết quả thực hiện nhiệm vụ được giao",
        is_required=False,
    )
    for position, (key, title, help_, required, lifts) in enumerate(QUESTIONS, start=1):
        yield FormItem(
            form=form,
            section=FormSection.QUESTIONS,
            position=position,
            key=key,
            title=title,
            help=help_,
            is_required=required,
            lifts=lifts,
        )
    yield FormItem(
        form=form,
        section=FormSection.FILES,
        position=1,
        key="tep-kem",
        title="Ảnh, tài liệu kèm theo",
        is_required=False,
    )


# --- changing -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """One item as an officer writes it."""

    section: FormSection
    title: str
    help: str = ""
    is_required: bool = True
    for_kinds: tuple[UnitKind, ...] = ()
    lifts: Lift = Lift.NONE
    indicator: Indicator | None = None
    standard: Standard | None = None
    segment: str = ""


def is_in_use(form: ReportForm) -> bool:
    """Whether a round has opened with it: then it never changes."""
    return form.rounds.filter(state__in=Round.OPENED).exists()


def _editable(form: ReportForm, actor: Actor, edition: int | None) -> None:
    actor.require("reportform.edit", form)
    if is_in_use(form):
        raise RuleNotMet(
            "Chưa sửa được mẫu báo cáo",
            why="đã có đợt báo cáo dùng mẫu này",
            next_step="Lập phiên bản mới của mẫu cho đợt sau",
        )
    # The row is taken first: of two people at once the second sees another edition.
    rows = ReportForm.objects.filter(pk=form.pk)
    if edition is not None:
        rows = rows.filter(edition=edition)
    if not rows.update(edition=form.edition + 1):
        raise ChangedMeanwhile(
            "Chưa sửa được mẫu báo cáo",
            why="người khác vừa sửa mẫu này",
            next_step="Mở lại trang để xem bản mới",
        )
    form.edition += 1


def set_item(
    form: ReportForm,
    written: Written,
    *,
    item: FormItem | None = None,
    edition: int | None = None,
    actor: Actor,
    now: datetime,
) -> FormItem:
    """Add an item at the end of its part, or mend one; its key stays, so that rounds can be compared."""
    title = " ".join(nfc(written.title).split())
    if not title:
        raise RuleNotMet("Chưa lưu được mục", why="chưa ghi câu hỏi", next_step="Ghi câu hỏi rồi lưu lại")
    if written.section == FormSection.FIGURES and written.indicator is None:
        raise RuleNotMet("Chưa lưu được mục", why="chưa chọn chỉ tiêu", next_step="Chọn chỉ tiêu rồi lưu lại")
    with transaction.atomic():
        _editable(form, actor, edition)
        row = item or FormItem(form=form, section=written.section, key=_free_key(form, title, written))
        if item is None:
            row.position = form.items.filter(section=written.section).count() + 1
        row.title, row.help = title[:500], nfc(written.help).strip()
        row.is_required, row.lifts = written.is_required, written.lifts
        row.for_kinds = [str(kind) for kind in written.for_kinds]
        row.indicator, row.standard, row.segment = written.indicator, written.standard, written.segment
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as clash:
            raise RuleNotMet(
                "Chưa lưu được mục", why="mẫu đã có mục này", next_step="Sửa mục đã có"
            ) from clash
        _log(form, "Sửa mẫu báo cáo", actor=actor, now=now, details={"item": row.key, "title": row.title})
    return row


def _free_key(form: ReportForm, title: str, written: Written) -> str:
    if written.indicator is not None:
        return _figure_key(written.indicator, written.standard, written.segment)
    base = slugify(fold(title))[:60] or "muc"
    taken = set(form.items.values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


def remove_item(item: FormItem, *, edition: int | None = None, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        _editable(item.form, actor, edition)
        _log(item.form, "Bỏ một mục của mẫu báo cáo", actor=actor, now=now, details={"item": item.key})
        item.delete()


def move_item(item: FormItem, *, up: bool, actor: Actor, now: datetime) -> None:
    """One place up or down within its part."""
    with transaction.atomic():
        _editable(item.form, actor, None)
        rows = list(item.form.items.filter(section=item.section).order_by("position", "pk"))
        place = next(n for n, row in enumerate(rows) if row.pk == item.pk)
        other = place - 1 if up else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        for position, row in enumerate(rows, start=1):
            row.position = position
        FormItem.objects.bulk_update(rows, ["position"])
        _log(item.form, "Đổi thứ tự mục của mẫu báo cáo", actor=actor, now=now, details={"item": item.key})


def set_form(
    form: ReportForm,
    *,
    name: str,
    intro: str,
    explain_percent: int,
    edition: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    with transaction.atomic():
        _editable(form, actor, edition)
        form.name, form.intro = " ".join(nfc(name).split())[:300], nfc(intro).strip()
        form.explain_percent = explain_percent
        form.save(update_fields=["name", "intro", "explain_percent"])
        _log(form, "Sửa mẫu báo cáo", actor=actor, now=now, details={"explain_percent": explain_percent})


def new_version(form: ReportForm, *, rounds: Sequence[Round], actor: Actor, now: datetime) -> ReportForm:
    """A copy that may be changed; the planned `rounds` will use it."""
    actor.require("reportform.edit", form)
    with transaction.atomic():
        copy = copy_of(form, actor=actor, now=now)
        planned = [one.pk for one in rounds]
        Round.objects.filter(pk__in=planned, state="du_kien").update(form=copy)
    return copy


def copy_of(form: ReportForm, *, actor: Actor, now: datetime) -> ReportForm:
    """The next version of a form, with the same items."""
    with transaction.atomic():
        copy = ReportForm.objects.create(
            owner_id=form.owner_id,
            name=form.name,
            number=form.number + 1,
            replaces=form,
            explain_percent=form.explain_percent,
            intro=form.intro,
            made_by=actor.user,
            made_at=now,
        )
        items = list(form.items.all())
        for item in items:
            item.pk, item.form = None, copy
        FormItem.objects.bulk_create(items)
        _log(copy, "Lập phiên bản mới của mẫu báo cáo", actor=actor, now=now, details={"from": form.pk})
    return copy


def _log(form: ReportForm, label: str, *, actor: Actor, now: datetime, details: dict[str, object]) -> None:
    record(
        "reports.reportform.change",
        form,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=form.owner_id,
        details=details,
    )
