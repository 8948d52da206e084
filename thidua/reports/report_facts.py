"""What a report can say in sentences: its figures against last time and the plan, tasks, activities, units.

Loads and hands to `narrative`; used for the answers of a report and for its paper. Hides which targets an
indicator answers, and in which part of the report a question stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.http import urlencode

from thidua.indicators.figures import Figure, figures_of, period_before
from thidua.indicators.models import Basis, IndicatorKind
from thidua.movements.models import (
    Activity,
    Registration,
    RegistrationKind,
    RegistrationState,
    Task,
    TaskState,
)
from thidua.movements.progress.binding import Measured, measured
from thidua.movements.progress.judging import Judged, judge_all
from thidua.movements.progress.trajectory import Form
from thidua.movements.progress.verdicts import Verdict
from thidua.movements.providers import Question
from thidua.organisations import tree
from thidua.reports import correcting, narrative
from thidua.reports.consolidation import Merged
from thidua.reports.facts import question_of, tasks_of, years_of
from thidua.reports.lower_reports import figure_key, labels, period_in_words
from thidua.reports.models import Correction, CorrectionState, FormItem, FormSection, Report, ReportFigure
from thidua.reports.narrative import Aim, Before, Fact, FigureFact, Sentence
from thidua.reports.prefill import last_figures, place_of

#: In which part of a report the answers to the usual questions stand; others stand under the results.
SECTIONS = {
    "chi-dao": "chi_dao",
    "ket-qua": "ket_qua",
    "dien-hinh": "ket_qua",
    "khen-thuong": "ket_qua",
    "kho-khan": "kho_khan",
    "kien-nghi": "kien_nghi",
    "phuong-huong": "phuong_huong",
}
#: The question under which the sentences of a part stand.
QUESTION_OF = {"chi_dao": "chi-dao", "ket_qua": "ket-qua", "kho_khan": "kho-khan"}
#: So many late tasks are named one by one.
MOST_LATE = 5
_VERDICTS = {Verdict.MET: "met", Verdict.BEHIND: "behind", Verdict.ON_THE_WAY: "on_the_way"}


def section_of(item: FormItem) -> str:
    return SECTIONS.get(item.key, "ket_qua")


def sentences_by_question(
    report: Report, merged: Merged | None = None, *, on: date
) -> dict[str, list[Sentence]]:
    """Drafted sentences under the key of the question they answer; few queries, whatever the size."""
    found: dict[str, list[Sentence]] = defaultdict(list)
    for section in narrative.draft(facts(report, merged, on=on)):
        for one in section.sentences:
            found[QUESTION_OF.get(section.key, "ket-qua")].append(one)
    return dict(found)


def facts(report: Report, merged: Merged | None = None, *, on: date) -> list[Fact]:
    """Everything in the order in which a report tells it."""
    asked = question_of(report, on=on)
    return [
        *_leading(report, merged, on=on),
        *figure_facts(report, on=on),
        *_task_facts(asked, is_merged=report.is_merged),
        *_activity_facts(asked),
        *_registration_facts(report, asked),
    ]


def _successor(report: Report, *, on: date) -> Iterable[Fact]:
    """After a reform: the body of the plan is gone, and who answers for it says so."""
    owner_id = report.round.plan.owner_id
    last = tree.last_version(owner_id, on=on) if owner_id is not None else None
    if last is None or last.until > on:
        return
    heirs = list(
        report.children.filter(is_owed=True, passed_from__isnull=False).values_list("unit_id", flat=True)
    )
    known = labels([report.unit_id, *heirs], on=on)
    unit = known[report.unit_id]
    yield narrative.SuccessorFact(
        issuer_in_words(report),
        last.until,
        f"Ủy ban nhân dân {unit}" if unit.split()[0] in PLACES else unit,
        tuple(sorted(known[pk] for pk in set(heirs))),
        address=reverse("reports:report", args=[report.pk]),
    )


def _leading(report: Report, merged: Merged | None, *, on: date) -> Iterable[Fact]:
    plan = report.round.plan
    if report.is_merged and plan.owner_id is not None:
        address = reverse("plans:plan", args=[plan.pk])
        # Its full title stands at the beginning of the paper.
        plan_words = plan_in_words(report) if plan.number else "kế hoạch của phong trào"
        yield narrative.PlanFact(plan_words, issuer_in_words(report), address)
    if report.is_merged:
        yield from _successor(report, on=on)
    if merged is not None and merged.owing:
        missing = set(merged.missing_units)
        yield narrative.UnitsFact(
            len(merged.reported),
            len(merged.owing),
            len(merged.late),
            tuple(one.name for one in merged.owing if one.unit in missing),
            address=reverse("merging:merge", args=[report.pk]),
        )


def plan_in_words(report: Report) -> str:
    """«Kế hoạch số 79/KH-UBND»; without number its title."""
    plan = report.round.plan
    if plan.number:
        return f"Kế hoạch số {plan.number}" if "/" in plan.number else f"Kế hoạch {plan.number}"
    title = plan.title.strip()
    return f"Kế hoạch {title[:1].lower()}{title[1:]}" if not title.lower().startswith("kế hoạch") else title


def issuer_in_words(report: Report) -> str:
    owner_id = report.round.plan.owner_id
    assert owner_id is not None
    label = labels([owner_id], on=report.due_on)[owner_id]
    return f"Ủy ban nhân dân {label}" if label.split()[0] in PLACES else label


#: First words of a place whose body is its People's Committee.
PLACES = ("tỉnh", "thành", "huyện", "thị", "quận", "xã", "phường", "đặc")


# ---- figures


def figure_facts(report: Report, *, on: date) -> list[FigureFact]:
    """The figures of the report, as corrected, in the order of the form."""
    rows = list(
        report.figures.select_related("item", "indicator__numerator", "indicator__denominator", "standard")
    )
    rows.sort(key=lambda row: (row.item.position, row.item_id, row.since, row.segment))
    corrected = {
        one.figure_id: one
        for one in Correction.objects.filter(figure__report=report, state=CorrectionState.ACCEPTED)
        .select_related("value__source")
        .order_by("pk")
    }
    aims = aims_of(report, on=on) if report.is_merged else {}
    return [_figure_fact(report, row, corrected.get(row.pk), aims) for row in rows]


def _figure_fact(
    report: Report,
    row: ReportFigure,
    corrected: Correction | None,
    aims: Mapping[tuple[int, str], Judged],
) -> FigureFact:
    indicator = row.indicator
    is_rate = indicator.kind == IndicatorKind.SHARE
    amount, nothing, stage = row.amount, row.nothing_arose, row.stage
    upper, lower = row.numerator, row.denominator
    if corrected is not None:
        amount, stage = corrected.new_amount, corrected.new_stage
        nothing = False
        upper, lower = corrected.new_numerator, corrected.new_denominator
    before = None
    if row.before is not None:
        before = Before(row.before, period_in_words(*period_before(row.since, row.until)))
    judged = aims.get((indicator.pk, row.segment))
    is_counted = report.is_merged and not is_rate and row.expected is not None
    source = ""
    if corrected is not None and corrected.value is not None and corrected.value.source is not None:
        source = str(corrected.value.source)
    return FigureFact(
        figure_key(row.item.key, row.since, row.until, row.segment),
        row.item.title,
        amount,
        indicator.measure,
        period_in_words(row.since, row.until),
        is_rate=is_rate,
        decimals=indicator.decimals,
        numerator=upper if is_rate else None,
        denominator=lower if is_rate else None,
        count_unit=indicator.numerator.measure if is_rate and indicator.numerator else "",
        nothing_arose=nothing,
        stage=stage if not nothing else "",
        reason=row.missing_reason,
        before=before,
        aim=_aim(judged, amount, row.before) if judged is not None and amount is not None else None,
        reported=row.reported if is_counted else None,
        expected=row.expected if is_counted else None,
        corrected_from=row.amount if corrected is not None and row.amount is not None else None,
        explanation=row.explanation,
        source=source or ("báo cáo của các đơn vị" if report.is_merged else row.get_origin_display().lower()),
        address=reverse("reports:report", args=[report.pk]) + f"#muc-{row.item_id}",
    )


def figures_before(report: Report, *, on: date) -> dict[str, Decimal]:
    """By column: the figure of the last round of the kind, else of the same plan one period before."""
    last = last_figures(report, on=on)
    rows = report.round.plan.report_rounds.filter(reports__is_merged=True, reports__unit_id=report.unit_id)
    earlier = ReportFigure.objects.filter(
        report__round__in=rows, report__is_merged=True, report__sent_at__isnull=False
    ).exclude(report=report)
    earlier_rows = list(earlier.select_related("item").order_by("report__round__year", "pk"))
    current = correcting.in_force(earlier_rows)
    by_place = {
        (row.item.key, row.since, row.until, row.segment): current[row.pk].amount
        for row in earlier_rows
        if current[row.pk].amount is not None
    }
    found: dict[str, Decimal] = {}
    places = places_of(report)
    items = FormItem.objects.filter(form_id=report.round.form_id, section=FormSection.FIGURES)
    year = date(report.round.year, 1, 1), date(report.round.year + 1, 1, 1)
    for item in items.select_related("indicator", "standard"):
        key = figure_key(item.key, *year, item.segment)
        begins, ends = period_before(*year)
        amount = by_place.get((item.key, begins, ends, item.segment), last.get(item.key))
        if amount is None and item.indicator is not None:
            place = places.get((item.indicator.pk, item.segment), place_of(report))
            known = in_system(item, place, [(begins, ends)]).get((begins, ends))
            amount = known.amount if known is not None else None
        if amount is not None:
            found[key] = amount
    return found


def in_system(
    item: FormItem, place: int, periods: Collection[tuple[date, date]]
) -> dict[tuple[date, date], Figure]:
    """What the system firmly knows of a place, by period: published, or summed from all units."""
    assert item.indicator is not None
    found = figures_of(item.indicator, [place], basis=Basis.THEN, segment=item.segment, periods=periods)
    return {
        (since, until): one
        for (_, since, until, standard_id), one in found.items()
        if standard_id == item.standard_id and one.amount is not None and one.is_firm
    }


def places_of(report: Report) -> dict[tuple[int, str], int]:
    """Whose figures count, by indicator: the place that the plan's target speaks of."""
    found: dict[tuple[int, str], int] = {}
    targets = list(report.round.plan.targets.filter(is_current=True).order_by("pk"))
    for bound in measured(targets).values():
        if not isinstance(bound, Measured):
            continue
        for one in (bound.indicator, bound.base):
            if one is not None:
                for pk in (one.pk, one.numerator_id, one.denominator_id):
                    if pk is not None:
                        found.setdefault((pk, bound.segment), bound.unit_id)
    return found


# ---- what the plan asks


def aims_of(report: Report, *, on: date) -> dict[tuple[int, str], Judged]:
    """The judged targets of the plan by what measures them; the first of several counts."""
    targets = report.round.plan.targets.filter(is_current=True).select_related("item", "plan").order_by("pk")
    found: dict[tuple[int, str], Judged] = {}
    for judged in judge_all(targets, on=on):
        if isinstance(judged.measured, Measured):
            found.setdefault((judged.measured.indicator.pk, judged.measured.segment), judged)
    return found


def _aim(judged: Judged, amount: Decimal, before: Decimal | None) -> Aim:
    """A fall asked each year is held against the figures of the report; the rest as the program judged."""
    address = reverse("progress:target", args=[judged.target.pk])
    verdict = _VERDICTS.get(judged.judgement.verdict, "not_judged")
    goal = judged.goal
    if goal is not None and goal.form is Form.FALL_PER_YEAR:
        if before is None:
            verdict = "not_judged"
        else:
            fall = narrative.printed_rate(before) - narrative.printed_rate(amount)
            is_met = fall > goal.low if goal.is_strict else fall >= goal.low
            verdict = "met" if is_met else "behind"
    return Aim(judged.words.replace(" điểm %", " điểm phần trăm").replace(" %", "%"), verdict, address)


# ---- tasks, activities, registrations


def _task_facts(asked: Question, *, is_merged: bool) -> Iterable[Fact]:
    rows = Task.objects.filter(
        tasks_of(asked.plan, asked.unit_ids, since=asked.since, until=asked.until),
    ).exclude(state=TaskState.CANCELLED)
    # To report is a task, too; this is the report.
    rows = rows.exclude(report_to_text__gt="", year__isnull=False)
    late = Q(state__in=Task.OWED, due_on__lt=asked.on)
    counts = rows.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=TaskState.DONE)),
        waiting=Count("pk", filter=Q(state=TaskState.REPORTED)),
        late=Count("pk", filter=late),
        going=Count("pk", filter=Q(state=TaskState.ACCEPTED)),
    )
    if not counts["total"]:
        return
    address = f"{reverse('tasks:list')}?{urlencode({'ke_hoach': asked.plan.pk})}"
    yield narrative.TasksFact(
        counts["total"], counts["done"], counts["going"], counts["waiting"], counts["late"], address
    )
    if is_merged:
        return
    for task in rows.filter(late).order_by("due_on", "pk")[:MOST_LATE]:
        yield narrative.LateTaskFact(
            task.short_title,
            task.days_late(on=asked.on),
            task.percent,
            address=reverse("tasks:task", args=[task.pk]),
        )


def _activity_facts(asked: Question) -> Iterable[Fact]:
    address = f"{reverse('tasks:activities')}?{urlencode({'ke_hoach': asked.plan.pk})}"
    rows = (
        Activity.objects.filter(
            plan=asked.plan, unit_id__in=asked.unit_ids, held_on__gte=asked.since, held_on__lt=asked.until
        )
        .values("kind")
        .annotate(
            count=Count("pk"),
            with_people=Count("people"),
            with_value=Count("value_dong"),
            all_people=Sum("people"),
            all_value=Sum("value_dong"),
        )
        .order_by("kind")
    )
    for row in rows:
        yield narrative.ActivitiesFact(
            row["kind"],
            row["count"],
            row["all_people"] or 0,
            row["with_people"],
            row["all_value"] or 0,
            row["with_value"],
            address,
        )


def _registration_facts(report: Report, asked: Question) -> Iterable[Fact]:
    address = f"{reverse('registrations:list')}?{urlencode({'ke_hoach': asked.plan.pk})}"
    rows = (
        Registration.objects.filter(
            plan=asked.plan,
            unit_id__in=asked.unit_ids,
            year__in=years_of(report.round),
            state=RegistrationState.APPROVED,
        )
        .values("kind")
        .annotate(count=Count("pk"))
        .order_by("kind")
    )
    words = {
        RegistrationKind.ESCAPE: ("hộ", "thoát nghèo"),
        RegistrationKind.HELP: ("lượt", "giúp đỡ xã, thôn, bản"),
    }
    for row in rows:
        kind = RegistrationKind(row["kind"])
        unit, what = words.get(kind, ("lượt", kind.label.lower()))
        yield narrative.RegistrationsFact(row["count"], unit, what, address)


def sentences(report: Report, merged: Merged | None = None, *, on: date) -> Sequence[Sentence]:
    """All drafted sentences in order: what an edited text is held against."""
    return [one for part in narrative.draft(facts(report, merged, on=on)) for one in part.sentences]
