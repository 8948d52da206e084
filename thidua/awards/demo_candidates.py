"""The demonstration of awards up to the public list: round, figures, suggestions, cases, opinions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from thidua.audit.log import System
from thidua.audit.workflow import advance
from thidua.awards import dossiers, moving, nominating, subject_facts, suggesting
from thidua.awards.demo_story import (
    BEGINS_ON,
    FORM,
    PHONG_THO,
    PROPOSING,
    Lived,
    preparer,
    round_of,
    story,
)
from thidua.awards.models import (
    AppraisalResult,
    AwardRound,
    AwardRoundKind,
    AwardSubjectType,
    Candidate,
    CandidateState,
    ChargeArea,
    Conclusion,
    OpinionKind,
    PersonClass,
    PersonRecord,
    RoundForm,
    SubjectAnswer,
    Suggestion,
)
from thidua.awards.nominating import Proposal
from thidua.awards.opinions import answering, giving
from thidua.core.errors import RuleNotMet
from thidua.core.lived_days import LivedDays
from thidua.criteria.facts import Share
from thidua.criteria.models import OutcomeChoice
from thidua.indicators import values
from thidua.indicators.models import Indicator, Source, Stage, Value
from thidua.movements.models import Plan
from thidua.movements.tasks.demo import actor_of
from thidua.organisations import tree
from thidua.organisations.models import (
    Grouping,
    GroupingKind,
    Membership,
    Unit,
    UnitKind,
    UnitVersion,
)

# --- the round, the figures, the suggestions --------------------------------------------------------


def open_round(plan: Plan, days: LivedDays, lived: Lived) -> None:
    """The round of the district, with its lists, persons and the figures of the year before."""
    now = days.at(BEGINS_ON)
    told = story()["round"]
    if AwardRound.objects.filter(name=told["name"]).exists():
        return
    assert plan.standing_body is not None
    round_ = AwardRound(
        name=told["name"],
        stream="movement",
        commendation_type="movement",
        kind=AwardRoundKind.FINAL,
        deciding_body=plan.owner,
        standing_body=plan.standing_body,
        plan=plan,
        movement=plan.movement,
        since=date(2022, 1, 1),
        until=date(2025, 1, 1),
        opens_on=now.date(),
        due_on=date(2025, 1, 17),
        note=told["note"],
    )
    offered = [
        RoundForm(form=FORM, subject_type=AwardSubjectType.COMMUNE, subject_rules="S2"),
        RoundForm(form=FORM, subject_type=AwardSubjectType.AGENCY, subject_rules="S1"),
        RoundForm(form=FORM, subject_type=AwardSubjectType.PERSON, subject_rules="S5"),
    ]
    actor = preparer(round_, now)
    nominating.make_round(round_, forms=offered, actor=actor, now=now)
    advance(round_, "open", actor=actor, now=now + timedelta(minutes=20))
    _keep_lists(plan, now.date())
    _keep_people(now)
    _enter_first_year(now)
    lived.rounds += 1


def _keep_lists(plan: Plan, on: date) -> None:
    """Which commune is of which class, so that a criterion knows whom it is about."""
    told = story()["lists"]
    lists = {
        kind: Grouping.objects.get_or_create(kind=kind, name=told[key], owner=plan.owner)[0]
        for kind, key in (
            (GroupingKind.HARD_COMMUNE, "special"),
            (GroupingKind.BORDER, "border"),
            (GroupingKind.REGION, "region"),
        )
    }
    communes = UnitVersion.objects.filter(
        tree.valid_on(on), parent=plan.owner, unit__kind=UnitKind.COMMUNE
    ).select_related("unit")
    for version in communes:
        kinds = (
            (GroupingKind.REGION,)
            if version.label in told["in_region"]
            else (GroupingKind.HARD_COMMUNE, GroupingKind.BORDER)
        )
        for kind in kinds:
            Membership.objects.get_or_create(
                grouping=lists[kind],
                unit=version.unit,
                defaults={"confirmed": False, "note": story()["mark"]},
            )


def _keep_people(now: datetime) -> None:
    program = System(on=now.date())
    for row in story()["people"]:
        unit = Unit.objects.get(key=row["in"])
        person = PersonRecord(
            unit=unit,
            name=f"{row['name']} {story()['mark']}",
            sex=row["sex"],
            position=row["work"],
            person_class=PersonClass.DIRECT,
            is_invented=True,
        )
        nominating.keep_person(person, actor=program, now=now)
        if "charge" in row:
            charge = Unit.objects.get(key=row["charge"])
            ChargeArea.objects.get_or_create(
                person=person,
                unit=charge,
                since=date(2021, 7, 1),
                defaults={"source": f"Quyết định phân công của Ban Chỉ đạo huyện {story()['mark']}"},
            )


def _enter_first_year(now: datetime) -> None:
    """Figures of 2021: those of 2022 and the fall that the story tells. One commune handed in none."""
    code = "vi-du-ra-soat-2021"
    source, _ = Source.objects.get_or_create(
        code=code, title="Kết quả rà soát hộ nghèo năm 2021 (ví dụ)", defaults={"is_invented": True}
    )
    known = {
        one.code: one.pk
        for one in Indicator.objects.filter(code__in=("poor_and_near_poor_hh", "total_households"))
    }
    rows = Value.objects.filter(
        indicator_id__in=known.values(),
        unit__kind=UnitKind.COMMUNE,
        unit__versions__parent__key=PHONG_THO,
        since=date(2022, 1, 1),
        until=date(2023, 1, 1),
        stage=Stage.OFFICIAL,
        source__is_invented=True,
        replaced_by__isnull=True,
    ).select_related("unit", "indicator")
    later: dict[int, dict[str, Value]] = {}
    for row in rows.distinct():
        later.setdefault(row.unit_id, {})[row.indicator.code] = row
    entries = []
    for unit_id, figures in sorted(later.items()):
        if len(figures) < len(known):
            continue
        poor, total = figures["poor_and_near_poor_hh"], figures["total_households"]
        key = poor.unit.key
        if key == story()["silent"] or poor.amount is None or total.amount is None:
            continue
        fall = int(story()["falls"].get(key, story()["usual_fall"]))
        before = _year_before(
            int(poor.amount), int(total.amount), fall=fall, is_exact=key in story()["falls"]
        )
        for row, amount in zip((poor, total), before, strict=True):
            entries.append(
                values.Entry(
                    row.indicator_id,
                    unit_id,
                    date(2021, 1, 1),
                    date(2022, 1, 1),
                    amount,
                    stage=Stage.OFFICIAL,
                    standard_id=row.standard_id,
                    source_id=source.pk,
                    note=story()["mark"],
                    override_reason="Số liệu ví dụ",
                )
            )
    if entries:
        values.enter(entries, actor=System(on=now.date()), now=now)


def _year_before(poor: int, total: int, *, fall: int, is_exact: bool) -> tuple[Decimal, Decimal]:
    """Poor households and all of the year before a fall in hundredths of a percentage point.

    Exact: with a number of households nearby for which the printed rates differ by just that much.
    """
    printed = Share(poor, total).percent + Decimal(fall) / 100
    for other in (total + step for nearby in range(200) for step in (nearby, -nearby)):
        before = min(round(other * printed / 100), other)
        if not is_exact or Share(before, other).percent == printed:
            return Decimal(before), Decimal(other)
    raise ValueError(f"no households for {printed}")


def judge(plan: Plan, days: LivedDays, lived: Lived) -> None:
    """Suggestions, twice: once before and once after what figures cannot say was answered."""
    now = days.at(date(2025, 1, 6))
    round_ = round_of(plan)
    if round_.suggestion_sets.exists():
        return
    actor = preparer(round_, now)
    suggesting.suggest(round_, actor=actor, now=now)
    _answer_what_figures_cannot_say(round_, now=now + timedelta(hours=1))
    suggesting.suggest(round_, actor=actor, now=now + timedelta(hours=3))


def _answer_what_figures_cannot_say(round_: AwardRound, *, now: datetime) -> None:
    """A named person says of the officials and offices what no figure says."""
    asked = {
        f"unit:{pk}" for pk in Unit.objects.filter(key__in=story()["agencies"]).values_list("pk", flat=True)
    }
    people = PersonRecord.objects.filter(is_invented=True, name__endswith=story()["mark"])
    asked |= {f"person:{pk}" for pk in people.values_list("pk", flat=True)}
    actor = preparer(round_, now)
    _rules, usable = suggesting.rules_for(round_)
    for one in usable:
        for question, _ in subject_facts.questions_of(one):
            for row in Suggestion.objects.filter(
                set__round=round_,
                set__is_current=True,
                set__verdicts__subject_rules=one.id,
                subject_key__in=asked,
            ):
                SubjectAnswer.objects.update_or_create(
                    round=round_,
                    subject_key=row.subject_key,
                    question=question,
                    defaults={
                        "answer": True,
                        "why": f"Đối chiếu báo cáo và xác nhận của cấp ủy {story()['mark']}",
                        "by": f"Trưởng ban Ban Chỉ đạo huyện {story()['mark']}",
                        "on": now.date(),
                        "user": actor.user,
                    },
                )


# --- candidates -------------------------------------------------------------------------------------


def nominate(plan: Plan, days: LivedDays, lived: Lived) -> None:
    """Units propose and hand in; the standing body appraises."""
    now = days.at(date(2025, 1, 9))
    round_ = round_of(plan)
    if round_.candidates.exists():
        return
    # the one that the public objects to and the one that the council turns down leave the list again
    room = int(story()["awards"]) + 2
    for number, (proposal, proposer) in enumerate(_wanted(round_)):
        if lived.candidates == room:
            break
        moment = now + timedelta(days=number % 5, minutes=number)
        candidate = _propose(round_, proposal, proposer, moment)
        if candidate is None:
            continue
        checked = days.at(date(2025, 1, 17), 8 + number % 8, number)
        moving.appraise(
            candidate,
            result=AppraisalResult.ELIGIBLE,
            text=story()["appraisal"],
            actor=preparer(round_, checked),
            now=checked,
        )
        lived.candidates += 1


def _wanted(round_: AwardRound) -> list[tuple[Proposal, Unit]]:
    """Communes that meet the criteria, the offices of the story, and the persons behind them."""
    said = story()["achievement"]
    current = Suggestion.objects.filter(set__round=round_, set__is_current=True)
    met = current.filter(set__subject_type=AwardSubjectType.COMMUNE, outcome=OutcomeChoice.MET)
    found = [
        (Proposal(FORM, unit=row.unit, achievement=said["commune"], suggestion=row), row.unit)
        for row in met.select_related("unit", "set").order_by("label_order")
    ]
    by_key = {row.subject_key: row for row in current.select_related("set")}
    for unit in Unit.objects.filter(key__in=story()["agencies"]).order_by("key"):
        suggestion = by_key.get(f"unit:{unit.pk}")
        found.append((Proposal(FORM, unit=unit, achievement=said["agency"], suggestion=suggestion), unit))
    people = PersonRecord.objects.filter(is_invented=True, name__endswith=story()["mark"], left_on=None)
    for person in people.select_related("unit").order_by("pk"):
        suggestion = by_key.get(f"person:{person.pk}")
        found.append(
            (Proposal(FORM, person=person, achievement=said["person"], suggestion=suggestion), person.unit)
        )
    return found


def _propose(round_: AwardRound, proposal: Proposal, proposer: Unit, now: datetime) -> Candidate | None:
    """One case with its papers, handed in; None when a check refuses it and the unit takes it back."""
    actor = actor_of(proposer.pk, PROPOSING, on=now.date())
    candidate = nominating.propose(round_, proposal, proposer=proposer, actor=actor, now=now)
    dossier = dossiers.of(candidate, on=now.date())
    for paper in dossiers.missing(dossier):
        text = f"{paper.name}\n{candidate.label}\nBản ví dụ của chương trình trình diễn, không có thật.\n"
        dossiers.put_file(
            dossier,
            paper.code,
            raw=text.encode(),
            file_name=f"{paper.code}.txt",
            actor=actor,
            now=now + timedelta(minutes=5),
        )
    try:
        moving.send(candidate, actor=actor, now=now + timedelta(minutes=30))
    except RuleNotMet as refusal:
        moving.withdraw(candidate, reason=refusal.why, actor=actor, now=now + timedelta(hours=1))
        return None
    return candidate


def post(plan: Plan, days: LivedDays, lived: Lived) -> None:
    """The list is public; one objection is upheld, one word of support noted."""
    now = days.at(date(2025, 1, 20))
    round_ = round_of(plan)
    if round_.postings.exists():
        return
    rows = list(round_.candidates.filter(state=CandidateState.APPRAISED).select_related("round__movement"))
    actor = preparer(round_, now)
    advance(round_, "close", actor=actor, now=now)
    posting = moving.post(rows, where="Trang thông tin của huyện, bảng tin các xã", actor=actor, now=now)
    against = next(
        (one for one in rows if one.unit and one.unit.key == story()["objection"]["commune"]), rows[0]
    )
    praised = next(one for one in rows if one.pk != against.pk)
    day = now.date() + timedelta(days=2)
    heard = days.at(day, 20)
    objection = giving.give(
        posting,
        against,
        kind=OpinionKind.OBJECTION,
        text=story()["objection"]["text"],
        author=story()["objection"]["author"],
        on=day,
        now=heard,
    )
    support = giving.give(
        posting, praised, kind=OpinionKind.SUPPORT, text=story()["support"]["text"], on=day, now=heard
    )
    later = days.at(day + timedelta(days=2), 10)
    actor = preparer(round_, later)
    answering.answer(
        objection,
        conclusion=Conclusion.UPHELD,
        text=story()["objection"]["answer"],
        consequence=answering.Consequence.RETURN,
        actor=actor,
        now=later,
    )
    answering.answer(
        support, conclusion=Conclusion.NOTED, text=story()["support"]["answer"], actor=actor, now=later
    )
