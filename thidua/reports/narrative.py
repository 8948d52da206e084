"""A draft in plain official Vietnamese with the figures in place, and where every figure in it comes from.

Pure, no Django. Sentences are put together from `narrative.yaml`; each carries its traces. `follow` tells,
after an officer has edited freely, which sentences stand as drafted, which were changed, and which figures
in them are no longer those of the data. Unknown is said as unknown, preliminary as preliminary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from thidua.core.formats import format_date_nd30_short, format_number
from thidua.reports.tallies import printed

_FILE = Path(__file__).with_name("narrative.yaml")


@dataclass(frozen=True, slots=True)
class Trace:
    """One figure or fact in a sentence: its words as printed, what it is, and where it comes from.

    `key` is the same in every draft of the report, so that a later figure can be held against an earlier one.
    """

    key: str
    printed: str
    what: str
    source: str = ""
    address: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One drafted sentence. `section` is the part of the report, `item` the question it answers."""

    text: str
    section: str
    traces: tuple[Trace, ...] = ()
    item: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """The same figure in the last round, or what else it is compared with."""

    amount: Decimal | None
    period: str
    stage: str = ""
    #: Measured under another standard: no change is computed.
    is_other_standard: bool = False


@dataclass(frozen=True, slots=True)
class Aim:
    """What the plan asks and how the figure stands to it: met, behind, on_the_way or not_judged."""

    words: str
    verdict: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class FigureFact:
    """A figure of the report as sentences need it. `is_rate`: in percent, its change is in points."""

    key: str
    name: str
    amount: Decimal | None
    unit: str = ""
    period: str = ""
    is_rate: bool = False
    decimals: int = 0
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    count_unit: str = ""
    nothing_arose: bool = False
    stage: str = ""
    reason: str = ""
    before: Before | None = None
    aim: Aim | None = None
    reported: int | None = None
    expected: int | None = None
    corrected_from: Decimal | None = None
    explanation: str = ""
    source: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class PlanFact:
    plan: str
    unit: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class SuccessorFact:
    """That the body of the plan has ended and who reports in its place."""

    ended: str
    since: date
    unit: str
    heirs: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class UnitsFact:
    """Who is in a merged report."""

    reported: int
    expected: int
    late: int = 0
    missing: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class TasksFact:
    total: int
    done: int
    going: int = 0
    waiting: int = 0
    late: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True)
class LateTaskFact:
    title: str
    days: int
    percent: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class ActivitiesFact:
    """Activities of one kind. `people`, `value` are sums of what is written; the counts say of how many."""

    kind: str
    count: int
    people: int = 0
    with_people: int = 0
    value: int = 0
    with_value: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationsFact:
    count: int
    kind: str
    what: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class PieceFact:
    """Words of a unit that are lifted into the report, under a section."""

    section: str
    unit_name: str
    words: str
    ref: str
    item: str = ""
    address: str = ""


Fact = (
    FigureFact
    | PlanFact
    | SuccessorFact
    | UnitsFact
    | TasksFact
    | LateTaskFact
    | ActivitiesFact
    | RegistrationsFact
    | PieceFact
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with its drafted sentences."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]
    #: What to print when there is none.
    empty: str = ""

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.sentences)


def draft(facts: Iterable[Fact]) -> tuple[Section, ...]:
    """All sections of a report in order, each with the sentences of its facts in the order given."""
    sentences = [sentence(fact) for fact in facts]
    book = _book()
    return tuple(
        Section(
            row["key"],
            row["title"],
            tuple(one for one in sentences if one.section == row["key"]),
            empty=book["empty"][row["key"]],
        )
        for row in book["sections"]
    )


def sentence(fact: Fact) -> Sentence:
    """One fact in words, with its traces."""
    said = _SAID[type(fact)](fact)
    text = _spoken(said.kind, said.flags, said.words)
    text = text[:1].upper() + text[1:]
    if not text.endswith((".", "!", "?", "…")):
        text += "."
    traces = tuple(one for one in said.traces if one.printed and one.printed in text)
    return Sentence(text, said.section, traces, said.item)


def amount_in_words(fact: FigureFact, amount: Decimal | None = None) -> str:
    """«43,80%», «1.234 hộ»."""
    found = fact.amount if amount is None else amount
    if found is None:
        return ""
    if fact.is_rate:
        return f"{format_number(found, places=2)}%"
    return f"{format_number(found, places=_places(fact, found))} {fact.unit}".strip()


# ---- facts as flags and words


@dataclass(frozen=True, slots=True)
class _Said:
    kind: str
    section: str
    flags: frozenset[str]
    words: Mapping[str, str]
    traces: tuple[Trace, ...] = ()
    item: str = ""


def _figure(fact: FigureFact) -> _Said:
    flags: set[str] = set()
    amount = Decimal(0) if fact.nothing_arose else fact.amount
    words = {
        "name": fact.name,
        # «…, tính từ đầu kỳ, năm 2023»: a name with a comma in it is closed by one.
        "period": f", {fact.period}" if "," in fact.name else f" {fact.period}",
        "amount": amount_in_words(fact),
        "stage": _stage(fact.stage),
        "reason": fact.reason,
        "explanation": fact.explanation.rstrip(". "),
        "source": fact.source,
        "counts": "",
    }
    traces = []
    if amount is None:
        flags.add("unknown")
        if fact.reason:
            flags.add("reason")
    elif fact.nothing_arose:
        flags.add("nothing")
    else:
        traces.append(_trace(fact, "amount", words["amount"], fact.name))
    if amount is not None and not fact.nothing_arose and fact.numerator is not None and fact.denominator:
        flags.add("counts")
        unit = f" {fact.count_unit}" if fact.count_unit else ""
        words["counts"] = f"{format_number(fact.numerator)}/{format_number(fact.denominator)}{unit}"
        traces.append(_trace(fact, "counts", words["counts"], f"tử số và mẫu số của {fact.name}"))
        if words["stage"]:
            # One pair of brackets: «(số sơ bộ, 750/2.500 hộ)».
            words["counts"] = f"{words['stage'].strip(' ()')}, {words['counts']}"
    if amount is not None:
        _compare(fact, amount, flags, words, traces)
    if fact.aim is not None:
        flags.add(fact.aim.verdict)
        words["target"] = fact.aim.words
        traces.append(
            Trace(f"{fact.key}/aim", fact.aim.words, "chỉ tiêu của kế hoạch", address=fact.aim.address)
        )
    if fact.expected is not None and fact.reported is not None:
        flags.add("summed" if fact.reported >= fact.expected else "partial")
        words["reported"], words["expected"] = str(fact.reported), str(fact.expected)
        traces.append(
            _trace(fact, "coverage", f"{fact.reported}/{fact.expected}", f"độ phủ số liệu của {fact.name}")
        )
    if fact.corrected_from is not None:
        flags.add("corrected")
        words["old"] = amount_in_words(fact, fact.corrected_from)
    if fact.explanation:
        flags.add("explained")
    return _Said("figure", "ket_qua", frozenset(flags), words, tuple(traces), fact.key)


def _compare(
    fact: FigureFact, amount: Decimal, flags: set[str], words: dict[str, str], traces: list[Trace]
) -> None:
    before = fact.before
    if before is None:
        return
    words["before_period"] = before.period
    words["before_stage"] = _stage(before.stage)
    if before.is_other_standard:
        flags.add("other_standard")
        return
    if before.amount is None:
        flags.add("asks_before")
        return
    if fact.is_rate:
        # Between printed rates, so that anybody can check it with the two figures on paper.
        change = printed_rate(amount) - printed_rate(before.amount)
        said = f"{format_number(abs(change), places=2)} điểm phần trăm"
    else:
        change = amount - before.amount
        said = f"{format_number(abs(change), places=_places(fact, change))} {fact.unit}".strip()
    flags.add("fell" if change < 0 else "rose" if change > 0 else "same")
    words["change"] = said
    if change:
        what = f"chênh lệch so với {before.period} ({amount_in_words(fact, before.amount)})"
        traces.append(_trace(fact, "change", said, what))


def _plan(fact: PlanFact) -> _Said:
    trace = Trace("plan", fact.plan, "kế hoạch", address=fact.address)
    return _Said("plan", "chi_dao", frozenset(), {"plan": fact.plan, "unit": fact.unit}, (trace,))


def _successor(fact: SuccessorFact) -> _Said:
    day = format_date_nd30_short(fact.since)
    words = {"ended": fact.ended, "since": day, "unit": fact.unit, "heirs": ", ".join(fact.heirs)}
    trace = Trace("successor", day, "kế thừa đơn vị", address=fact.address)
    flags = frozenset({"heirs"} if fact.heirs else set())
    return _Said("successor", "chi_dao", flags, words, (trace,))


def _units(fact: UnitsFact) -> _Said:
    flags = set()
    if fact.missing:
        flags.add("some_missing")
    if fact.late:
        flags.add("some_late")
    shown = ", ".join(fact.missing[:MOST_NAMES])
    if len(fact.missing) > MOST_NAMES:
        shown += f" và {len(fact.missing) - MOST_NAMES} đơn vị khác"
    words = {
        "reported": str(fact.reported),
        "expected": str(fact.expected),
        "late": str(fact.late),
        "missing": shown,
    }
    share = f"{fact.reported}/{fact.expected}"
    trace = Trace("units", share, "số đơn vị đã gửi báo cáo", address=fact.address)
    return _Said("units", "chi_dao", frozenset(flags), words, (trace,))


def _tasks(fact: TasksFact) -> _Said:
    flags = {f"some_{name}" for name in ("going", "waiting", "late") if getattr(fact, name)}
    if fact.done == fact.total:
        flags.add("all_done")
    if not fact.done:
        flags.add("none_done")
    words = {name: str(getattr(fact, name)) for name in ("total", "done", "going", "waiting", "late")}
    share = f"{fact.done}/{fact.total}" if fact.done else f"{fact.total} nhiệm vụ"
    trace = Trace("tasks", share, "nhiệm vụ trong hệ thống", address=fact.address)
    return _Said("tasks", "ket_qua", frozenset(flags), words, (trace,))


def _late_task(fact: LateTaskFact) -> _Said:
    words = {"title": fact.title.rstrip(". "), "days": str(fact.days), "percent": str(fact.percent)}
    trace = Trace(f"task/{fact.address}", f"{fact.days} ngày", "nhiệm vụ quá hạn", address=fact.address)
    return _Said("late_task", "kho_khan", frozenset(), words, (trace,))


def _activities(fact: ActivitiesFact) -> _Said:
    flags = set()
    if fact.with_people:
        flags.add("people_all" if fact.with_people >= fact.count else "people_some")
    if fact.with_value:
        flags.add("value_all" if fact.with_value >= fact.count else "value_some")
    words = {
        "count": str(fact.count),
        "kind": _book()["activity_kinds"].get(fact.kind, fact.kind),
        "people": format_number(fact.people),
        "value": format_number(fact.value),
    }
    what = f"hoạt động đã ghi ({words['kind']})"
    said = {
        "count": f"{fact.count} {words['kind']}",
        "people": f"{words['people']} lượt người",
        "value": f"{words['value']} đồng",
    }
    traces = [
        Trace(f"activities/{fact.kind}/{part}", as_said, what, address=fact.address)
        for part, as_said in said.items()
    ]
    return _Said("activities", "ket_qua", frozenset(flags), words, tuple(traces))


def _registrations(fact: RegistrationsFact) -> _Said:
    words = {"count": format_number(fact.count), "kind": fact.kind, "what": fact.what}
    many = f"{words['count']} {fact.kind}"
    trace = Trace(f"registrations/{fact.what}", many, "đăng ký đã duyệt", address=fact.address)
    return _Said("registrations", "ket_qua", frozenset(), words, (trace,))


def _piece(fact: PieceFact) -> _Said:
    words = {"unit_name": fact.unit_name, "words": " ".join(fact.words.split())}
    source = f"báo cáo của {fact.unit_name}"
    trace = Trace(fact.ref, fact.unit_name, "đơn vị nêu", source=source, address=fact.address)
    capital = replace(trace, printed=fact.unit_name[:1].upper() + fact.unit_name[1:])
    return _Said("piece", fact.section, frozenset(), words, (capital,), fact.item)


_SAID: dict[type, Any] = {
    FigureFact: _figure,
    PlanFact: _plan,
    SuccessorFact: _successor,
    UnitsFact: _units,
    TasksFact: _tasks,
    LateTaskFact: _late_task,
    ActivitiesFact: _activities,
    RegistrationsFact: _registrations,
    PieceFact: _piece,
}
#: So many missing units are named in the sentence; the report names all under what is missing.
MOST_NAMES = 3


def _trace(fact: FigureFact, what_of: str, as_said: str, what: str) -> Trace:
    return Trace(f"{fact.key}/{what_of}", as_said, what, fact.source, fact.address, fact.stage)


def _stage(stage: str) -> str:
    return str(_book()["stages"].get(stage, ""))


def printed_rate(amount: Decimal) -> Decimal:
    return printed(amount, places=2)


def _places(fact: FigureFact, amount: Decimal) -> int | None:
    return 0 if amount == amount.to_integral_value() else (fact.decimals or None)


# ---- sentences from templates


class BadTemplate(ValueError):
    """A sentence of `narrative.yaml` asks for words that nobody provides, or is put together wrongly."""


def _spoken(kind: str, flags: frozenset[str], words: Mapping[str, str]) -> str:
    parts = []
    for clause in _book()["facts"][kind]:
        choice = next((one for one in clause if flags.issuperset(one.get("when", ()))), None)
        if choice is None:
            continue
        try:
            parts.append(choice["say"].format_map(words))
        except KeyError as unknown:
            raise BadTemplate(f"narrative.yaml: {kind}: {choice['say']!r} asks for {unknown}") from None
        if choice.get("ends"):
            break
    return " ".join("".join(parts).split())


@cache
def _book() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    keys = [row["key"] for row in found["sections"]]
    if set(found["empty"]) != set(keys):
        raise BadTemplate("narrative.yaml: every section needs its words for «empty»")
    for kind, clauses in found["facts"].items():
        for choice in (one for clause in clauses for one in clause):
            if not set(choice) <= {"when", "say", "ends"} or "say" not in choice:
                raise BadTemplate(f"narrative.yaml: {kind}: {choice} is no choice of words")
    return found


def placeholders(kind: str) -> frozenset[str]:
    """The words that the sentences of a kind of fact ask for."""
    choices = [one for clause in _book()["facts"][kind] for one in clause]
    return frozenset(
        name for one in choices for _, name, _, _ in Formatter().parse(one["say"]) if name is not None
    )


# ---- following what an officer has edited


@dataclass(frozen=True, slots=True)
class Changed:
    """A drafted sentence and what became of it."""

    drafted: Sentence
    now: str
    #: Figures that stood in it and do not any more.
    lost: tuple[Trace, ...]
    #: Numbers that stand in it now and have no source.
    new_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """A figure in the text that is not the one of the data any more."""

    trace: Trace
    now: Trace


@dataclass(frozen=True, slots=True)
class Followed:
    """An edited text held against its draft."""

    kept: tuple[Sentence, ...]
    changed: tuple[Changed, ...]
    gone: tuple[Sentence, ...]
    #: Sentences of the officer, with the numbers in them that no source stands behind.
    added: tuple[tuple[str, tuple[str, ...]], ...]
    stale: tuple[Stale, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        found = []
        for one in self.changed:
            for trace in one.lost:
                found.append(
                    f"Câu «{_short(one.now)}» không còn ghi {trace.printed} ({trace.what}) "
                    "như số liệu trong hệ thống."
                )
            if one.new_numbers and one.lost:
                found.append(
                    f"Câu «{_short(one.now)}» ghi {', '.join(one.new_numbers)}, chưa có số liệu nguồn."
                )
        for row in self.stale:
            found.append(
                f"{row.trace.what[:1].upper()}{row.trace.what[1:]}: văn bản ghi {row.trace.printed}, "
                f"số liệu hiện nay là {row.now.printed}."
            )
        return tuple(dict.fromkeys(found))


#: A sentence that shares less with a drafted one is another sentence.
ALIKE = 0.55
_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?%?|\d+(?:[,/]\d+)*%?")
_ENDS = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zà-ỹ])|\n+")


def follow(drafted: Sequence[Sentence], text: str, *, now: Sequence[Sentence] = ()) -> Followed:
    """What of a draft still stands in a text, and whether its figures are those of `now`, a later draft."""
    rest, kept, waiting = text, [], []
    for one in drafted:
        place = _find(rest, one.text)
        if place is None:
            waiting.append(one)
        else:
            kept.append(one)
            rest = f"{rest[: place[0]]}\n{rest[place[1] :]}"
    loose = [part for part in (piece.strip() for piece in _ENDS.split(rest)) if part]
    pairs = sorted(
        (
            (ratio, which, number)
            for which, one in enumerate(waiting)
            for number, part in enumerate(loose)
            if (ratio := _likeness(one.text, part)) >= ALIKE
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    partner: dict[int, int] = {}
    used: set[int] = set()
    for _, which, number in pairs:
        if which not in partner and number not in used:
            partner[which] = number
            used.add(number)
    changed = [_changed(waiting[which], loose[number]) for which, number in sorted(partner.items())]
    gone = [one for which, one in enumerate(waiting) if which not in partner]
    added = [(part, _numbers(part)) for number, part in enumerate(loose) if number not in used]
    standing = [trace for one in kept for trace in one.traces]
    standing += [trace for one in changed for trace in one.drafted.traces if trace not in one.lost]
    return Followed(tuple(kept), tuple(changed), tuple(gone), tuple(added), tuple(_stale(standing, now)))


def _stale(standing: Iterable[Trace], now: Sequence[Sentence]) -> Iterable[Stale]:
    today = {trace.key: trace for one in now for trace in one.traces}
    for trace in standing:
        later = today.get(trace.key)
        if later is not None and later.printed != trace.printed:
            yield Stale(trace, later)


def _changed(drafted: Sentence, now: str) -> Changed:
    lost = tuple(trace for trace in drafted.traces if not _stands_in(trace.printed, now))
    before = set(_numbers(drafted.text))
    return Changed(drafted, now, lost, tuple(one for one in _numbers(now) if one not in before))


def _stands_in(words: str, text: str) -> bool:
    """Whether exactly these words stand there; «5,9» does not stand in «15,90»."""
    pattern = rf"(?<![\d.,]){re.escape(words)}(?![\d])" if words[:1].isdigit() else re.escape(words)
    return re.search(pattern, text) is not None


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_NUMBERS.findall(text)))


def _find(text: str, wanted: str) -> tuple[int, int] | None:
    """Where the words stand, however they are wrapped."""
    pattern = r"\s+".join(re.escape(word) for word in wanted.split())
    found = re.search(pattern, text)
    return found.span() if found else None


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79].rstrip() + "…"


# ---- kept with an answer


def as_json(sentences: Iterable[Sentence]) -> list[dict[str, Any]]:
    """For `Answer.trace`: one entry per figure of a sentence, and one without figure for a bare sentence."""
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(sentences):
        head = {"sentence": number, "drafted": one.text, "section": one.section, "item": one.item}
        for trace in one.traces or (None,):
            row = dict(head)
            if trace is not None:
                source = f"{trace.what} ({trace.source})" if trace.source else trace.what
                row |= {
                    "text": trace.printed,
                    "from": source,
                    "address": trace.address,
                    "key": trace.key,
                    "what": trace.what,
                    "source": trace.source,
                    "stage": trace.stage,
                }
            rows.append(row)
    return rows


def from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    """The drafted sentences as they were kept; rows of another shape are left out."""
    found: dict[int, Sentence] = {}
    for row in rows:
        if "sentence" not in row:
            continue
        one = found.get(row["sentence"]) or Sentence(
            row["drafted"], row.get("section", ""), (), row.get("item", "")
        )
        if "key" in row:
            trace = Trace(
                row["key"],
                row["text"],
                row.get("what", ""),
                row.get("source", ""),
                row.get("address", ""),
                row.get("stage", ""),
            )
            one = replace(one, traces=(*one.traces, trace))
        found[row["sentence"]] = one
    return tuple(found[number] for number in sorted(found))
