"""How well a record that the reader made agrees with a golden record of the same document.

Hides the conventions of `data/golden/README.md`: what `accept` allows, which fields are not compared, what
counts as the same name, and how entries of two lists find each other. Everything else is counting.
Folders of documents are scored by `score_folder` (`thidua score`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

Record = Mapping[str, Any]

GROUPS = (
    "head",
    "movement",
    "citations",
    "parent_plan_ids",
    "structure",
    "purposes",
    "requirements",
    "contents",
    "solutions",
    "targets",
    "tasks",
    "task_details",
    "subjects",
    "criteria",
    "rules",
    "award",
    "milestones",
    "recipients",
    "archive",
    "signature",
    "footnotes",
    "abbreviations",
    "undefined_abbreviations",
    "unnumbered_refs",
    "defects",
)

# Left out by the golden README wherever they stand; `id` and `quote` only locate.
NOT_COMPARED = frozenset(
    (
        *("accept", "id", "quote", "action", "label_vi", "note", "notes", "layout_note", "noise"),
        *("evidence_lines", "date_bounds", "owner", "who", "evaluated_on", "relation", "capacity"),
    )
)
# Names: without regard to case and to spaces around hyphens.
NAMES = frozenset(("name", "parent", "issuer", "authority", "lead", "coordinate_with", "report_to", "label"))
# Lists whose order says nothing.
SETS = frozenset(("lead", "coordinate_with", "report_to", "recipients_mentioned", "undefined_abbreviations"))
UNORDERED_ENTRIES = frozenset({"all_of", "any_of"})
# `accept: {field: any}`: the field is not compared.
ANYTHING = "any"
# A golden record writes these only when they are true.
FALSE_WHEN_MISSING = frozenset({"page_break_split"})
# The golden record is held to these whatever their severity, besides everything major.
REQUIRED_DEFECT_KINDS = frozenset({"arithmetic", "base_missing", "base_mismatch"})


# --- what is counted ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One place where the record differs; `expected` or `got` is None when that side has nothing."""

    at: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.at}: mẫu {_shown(self.expected)} / đọc {_shown(self.got)}"


@dataclass
class Tally:
    """Counts of one group of fields. An entry that is there but wrong is both a miss and an extra."""

    hits: int = 0
    misses: int = 0
    extras: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was read that is right, 0 to 1; 1 when nothing was read."""
        return self.hits / (self.hits + self.extras) if self.hits + self.extras else 1.0

    @property
    def recall(self) -> float:
        """Share of what stands in the golden record that was read, 0 to 1; 1 when nothing stands there."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        if not self.hits:
            return float(self.is_exact)
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    @property
    def is_exact(self) -> bool:
        return not (self.misses or self.extras)

    def add(self, other: Tally) -> None:
        self.hits += other.hits
        self.misses += other.misses
        self.extras += other.extras
        self.differences += other.differences


Score = dict[str, Tally]


def score_record(
    golden: Record,
    got: Record,
    *,
    codes: Mapping[str, Mapping[str, str]] | None = None,
    incomplete: Collection[str] = (),
) -> Score:
    """Tallies per group; groups whose keys the golden record does not have are left out.

    `codes` maps the reader's own codes to those of the golden records:
    {"indicator": {ours: golden}, "subject_type": {ours: golden}}.
    `incomplete` names groups where the golden record lists only some entries, so that more are no mistake.
    """
    not_marked = golden.get("not_marked") or ()
    marked = {key: value for key, value in golden.items() if key not in not_marked}
    score = _Comparison(marked, _recoded(got, codes) if codes else got).score()
    for group in set(incomplete) & set(score):
        score[group].extras = 0
        score[group].differences = [d for d in score[group].differences if d.expected is not None]
    return score


def add_up(scores: Iterable[Score]) -> Score:
    """Tallies of several documents together, in the order of GROUPS."""
    total: Score = {}
    for score in scores:
        for group, tally in score.items():
            total.setdefault(group, Tally()).add(tally)
    return {group: total[group] for group in GROUPS if group in total}


# --- values ---------------------------------------------------------------------------------------


def name_key(name: str) -> str:
    """A name without regard to case, to spaces around hyphens and to double spaces."""
    return re.sub(r"\s*-\s*", "-", " ".join(unicodedata.normalize("NFC", name).split())).casefold()


def _is_empty(value: object) -> bool:
    """Whether the value says nothing: null, an empty list, or a mapping of such values."""
    if value is None or value == "":
        return True
    if isinstance(value, Mapping):
        return all(_is_empty(item) for key, item in value.items() if key not in NOT_COMPARED)
    return isinstance(value, list | tuple) and not value


def _plain(value: object, field_name: str) -> object:
    """The value in a form that is equal exactly when the README calls two values equal."""
    if _is_empty(value) or (value is False and field_name in FALSE_WHEN_MISSING):
        return None
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        if field_name == "recurrence":
            value = re.sub(r"\s*\([^)]*\)", "", value)
        return name_key(value) if field_name in NAMES else unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        items = [_plain(item, field_name) for item in value]
        return frozenset(items) if field_name in SETS else tuple(items)
    return value


def _differences(expected: object, got: object, *, field_name: str, at: str) -> list[Difference]:
    """Where `got` differs from one full value of a field, alternatives inside that value included."""
    if isinstance(expected, Mapping):
        return _mapping_differences(expected, got, at=at)
    if isinstance(expected, list) and any(isinstance(item, Mapping) for item in expected):
        return _entry_list_differences(expected, got, field_name=field_name, at=at)
    if isinstance(got, Mapping | list) and _is_empty(expected) and _is_empty(got):
        return []
    if field_name == "suspect":
        return [] if _is_empty(expected) == _is_empty(got) else [Difference(at, expected, got)]
    same = not isinstance(got, Mapping) and _plain(expected, field_name) == _plain(got, field_name)
    return [] if same else [Difference(at, expected, got)]


def _mapping_differences(expected: Record, got: object, *, at: str) -> list[Difference]:
    if not isinstance(got, Mapping):
        allowed = _may_be_absent(expected) or _is_empty(expected)
        return [] if allowed and _is_empty(got) else [Difference(at, _without_accept(expected), got)]
    names = [
        name for name in [*expected, *(key for key in got if key not in expected)] if name not in NOT_COMPARED
    ]
    return [found for name in names for found in _field_differences(expected, got, name, at=f"{at}.{name}")]


def _entry_list_differences(
    expected: list[Any], got: object, *, field_name: str, at: str
) -> list[Difference]:
    if not isinstance(got, list) or len(got) != len(expected):
        return [Difference(at, _without_accept(expected), got)]
    if field_name in UNORDERED_ENTRIES:
        matched = _match(
            len(expected), len(got), lambda e, g: not _differences(expected[e], got[g], field_name="", at=at)
        )
        if len(matched) == len(expected):
            return []
    pairs = enumerate(zip(expected, got, strict=True), 1)
    return [found for n, (e, g) in pairs for found in _differences(e, g, field_name="", at=f"{at}[{n}]")]


def _field_differences(expected: Record, got: Record, name: str, *, at: str) -> list[Difference]:
    """Differences in one field of a mapping; none when any of the accepted values is there."""
    if _is_open(expected, name):
        return []
    value = got.get(name)
    found = [_differences(option, value, field_name=name, at=at) for option in _options(expected, name)]
    return [] if any(not differences for differences in found) else found[0]


def _options(expected: Record, name: str) -> list[Any]:
    """The value of a field and every other full value that `accept` allows for it."""
    accept = expected.get("accept") or {}
    return [expected.get(name), *accept.get(name, [])]


def _is_open(expected: Record, name: str) -> bool:
    """Whether the golden record takes anything there (`accept: {field: any}`)."""
    return (expected.get("accept") or {}).get(name) == ANYTHING


def _may_be_absent(expected: Record) -> bool:
    return bool((expected.get("accept") or {}).get("absent"))


def _without_accept(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_accept(item) for key, item in value.items() if key != "accept"}
    return [_without_accept(item) for item in value] if isinstance(value, list) else value


# --- entries of two lists -------------------------------------------------------------------------


@dataclass(frozen=True)
class Fields:
    """What is compared in one kind of entry.

    A `core` field that a partial golden record leaves out is not compared; a missing `optional` one is null.
    """

    core: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def of(self, expected: Record) -> Iterator[str]:
        accept = expected.get("accept") or {}
        yield from (name for name in self.core if name in expected or accept.get(name, ANYTHING) != ANYTHING)
        yield from (name for name in self.optional if accept.get(name) != ANYTHING)


CITATION = Fields(
    (
        *("lines", "raw", "type", "type_abbr", "ref", "number", "number_year", "symbol", "date_raw", "date"),
        *("issuer_raw", "issuer", "about_raw", "role", "occurrence"),
    )
)
UNNUMBERED_REFERENCE = Fields(("lines", "raw", "type", "issuer"))
NODE = Fields(("lines", "path", "kind"), ("marker", "title", "page_break_split", "inline_items"))
PASSAGE = Fields(("lines", "path", "text"))
TARGET = Fields(
    ("lines", "path", "indicator", "comparator", "unit", "scope"),
    ("value", "value_min", "value_max", "per", "stated_count", "deadline", "baseline"),
)
# A golden record that marks no period at all leaves it open; where one target has it, the others have none.
TARGET_WITH_PERIOD = Fields(TARGET.core, (*TARGET.optional, "period"))
TASK = Fields(("lines", "lead", "deadline"))
TASK_DETAILS = (
    "path",
    "lead_explicit",
    "coordinate_with",
    "modality",
    "recurrence",
    "report_to",
    "conditional",
)
SUBJECT = Fields(("lines", "path", "subject_type", "label"))
CRITERION = Fields(("lines", "subject", "text", "kind"))
AWARD_FORM = Fields(("line", "name", "as_printed", "authority", "authority_stated"), ("class_stated",))
STANDARD = Fields(("lines", "path", "text"), ("ref",))
MILESTONE = Fields(("lines", "kind", "path", "when"))
RECIPIENT = Fields(("line", "raw", "name", "list"), ("purpose", "suspect"))
FOOTNOTE = Fields(("line", "mark", "anchor_line", "anchor_text", "text"))
ABBREVIATION = Fields(("lines", "short", "full"))
MOVEMENT_NAME = Fields(("lines", "text"))
DEFECT = Fields(("lines", "kind", "severity"))
HEAD = Fields(
    (
        "type",
        "type_abbr",
        "number_raw",
        "number",
        "symbol",
        "place",
        "title",
        "title_lines",
        "draft",
        "addressees",
    )
)
DATE = Fields(("raw", "day", "month", "year", "edtf"))
ISSUER = Fields(
    ("name", "as_printed", "level", "province", "parent", "symbol_code", "inferred"), ("district",)
)
HEADER = Fields(("quoc_hieu", "ten_co_quan", "so_ky_hieu", "dia_danh_ngay"))
MOVEMENT = Fields(
    ("name", "theme", "period", "horizon", "short_name_defined"), ("implementation_period", "previous_period")
)
ARCHIVE = Fields(("line", "raw", "units", "drafter_initials", "copies"))
SIGNATURE = Fields(
    ("lines", "authority_prefix", "on_behalf_of", "title", "name", "co_signers", "other_signatures"),
    ("signed_for",),
)


def _entry_differences(expected: Record, got: Record, fields: Fields, *, at: str) -> list[Difference]:
    names = fields.of(expected)
    return [found for name in names for found in _field_differences(expected, got, name, at=f"{at}.{name}")]


def _agrees(expected: Record, got: Record, fields: Fields) -> bool:
    return all(not _field_differences(expected, got, name, at="") for name in fields.of(expected))


def _match(
    left: int,
    right: int,
    fits: Callable[[int, int], bool],
    closeness: Callable[[int, int], float] = lambda e, r: -abs(e - r),
) -> dict[int, int]:
    """Largest one-to-one matching of 0…left-1 with 0…right-1; those that come first stay matched."""
    candidates = [[r for r in range(right) if fits(e, r)] for e in range(left)]
    for e, fitting in enumerate(candidates):
        if len(fitting) > 1:
            fitting.sort(key=lambda r: closeness(e, r), reverse=True)
    taken: dict[int, int] = {}

    def place(e: int, seen: set[int]) -> bool:
        # A free one before one that would have to move.
        for r in sorted(candidates[e], key=lambda r: r in taken):
            if r not in seen:
                seen.add(r)
                if r not in taken or place(taken[r], seen):
                    taken[r] = e
                    return True
        return False

    for e in range(left):
        place(e, set())
    return {e: r for r, e in taken.items()}


def _lines(entry: Record) -> set[int]:
    lines = entry.get("lines")
    if lines is None:
        lines = [entry["line"]] if isinstance(entry.get("line"), int) else []
    return set(lines) if isinstance(lines, list | tuple) else set()


def _words(entry: Record) -> str:
    """The words by which an entry is told from others on the same line."""
    for name in ("quote", "ref", "text", "raw", "as_printed", "name", "label", "full", "path"):
        value = entry.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _same_words(expected: Record, got: Record) -> float:
    a, b = _words(expected), _words(got)
    return 1.0 if a == b else SequenceMatcher(None, a, b, autojunk=False).ratio()


def _likeness(expected: Record, got: Record, fields: Fields) -> float:
    """How probably two unequal entries mean the same thing: 0 when they cannot, else up to about 4."""
    lines_expected, lines_got = _lines(expected), _lines(got)
    together = len(lines_expected & lines_got) / max(1, len(lines_expected | lines_got))
    words = _same_words(expected, got)
    names = list(fields.of(expected))
    agreeing = sum(not _field_differences(expected, got, name, at="") for name in names) / max(1, len(names))
    if not together and (words < 0.6 or agreeing < 0.4):
        return 0.0
    return 2 * together + words + agreeing


def _pair(expected: list[Any], got: list[Any], fields: Fields) -> tuple[dict[int, int], dict[int, int]]:
    """Which golden entry is which read entry: first those that agree, then the most alike of the rest."""
    # Entries that must be there choose first, so that one that may be absent never takes their place.
    order = sorted(range(len(expected)), key=lambda e: _may_be_absent(expected[e]))
    place = fields.core[0]  # the lines: cheap to compare, and most entries differ in them
    places = [repr(_plain(entry.get(place), place)) for entry in got]
    accepted = [
        set(places)
        if _is_open(expected[e], place)
        else {repr(_plain(option, place)) for option in _options(expected[e], place)}
        for e in order
    ]
    exact = _match(
        len(order),
        len(got),
        lambda n, g: places[g] in accepted[n] and _agrees(expected[order[n]], got[g], fields),
        lambda n, g: _same_words(expected[order[n]], got[g]),
    )
    agreeing = {order[n]: g for n, g in exact.items()}
    left = [e for e in range(len(expected)) if e not in agreeing]
    right = set(range(len(got))) - set(agreeing.values())
    ranked = sorted(
        ((_likeness(expected[e], got[g], fields), -abs(e - g), e, g) for e in left for g in right),
        reverse=True,
    )
    differing: dict[int, int] = {}
    for likeness, _, e, g in ranked:
        if likeness and e not in differing and g in right:
            differing[e] = g
            right.remove(g)
    return agreeing, differing


def _field_tally(expected: Record, got: object, fields: Fields, *, at: str) -> Tally:
    """Count the fields of one mapping, each by itself; a field empty on both sides counts for nothing."""
    tally = Tally()
    values = got if isinstance(got, Mapping) else {}
    if not values and _may_be_absent(expected):
        return tally
    for name in fields.of(expected):
        differences = _field_differences(expected, values, name, at=f"{at}.{name}")
        is_read = not _is_empty(values.get(name))
        tally.hits += not differences and is_read
        tally.misses += bool(differences) and not _is_empty(expected.get(name))
        tally.extras += bool(differences) and is_read
        tally.differences += differences
    return tally


def _label(entry: Record) -> str:
    for name in ("id", "path", "mark", "short"):
        if isinstance(entry.get(name), str):
            return str(entry[name])
    place = entry.get("line", entry.get("lines"))
    return f"{entry['kind']} {place}" if entry.get("kind") else f"dòng {place}"


def _shown(value: object) -> str:
    if value is None:
        return "∅"
    text = json.dumps(_without_accept(value), ensure_ascii=False, default=str)
    return text if len(text) <= 300 else text[:297] + "…"


# --- one record against another -------------------------------------------------------------------


class _Comparison:
    def __init__(self, golden: Record, got: Record) -> None:
        self.golden = golden
        self.got = got
        self.score_: Score = {}
        self.golden_ids: dict[str, str] = {}

    def score(self) -> Score:
        golden = self.golden
        if golden.get("doc") is not None:
            self._head()
        if golden.get("movement") is not None:
            self._movement()
        self._list("citations", CITATION)
        self._list("unnumbered_refs", UNNUMBERED_REFERENCE)
        self._parent_plans()
        self._list("structure", NODE)
        for group in ("purposes", "requirements", "contents", "solutions"):
            self._list(group, PASSAGE)
        marks_period = any("period" in target for target in golden.get("targets") or [])
        self._list("targets", TARGET_WITH_PERIOD if marks_period else TARGET)
        self._tasks()
        self._subjects()
        self._award()
        self._list("milestones", MILESTONE)
        if "recipients" in golden:
            self._entries(
                "recipients", *_rejoined(golden["recipients"], self.got.get("recipients")), RECIPIENT
            )
        for group, fields in (("archive", ARCHIVE), ("signature", SIGNATURE)):
            if group in golden:
                self._fields(group, golden[group] or {}, self.got.get(group), fields, at=group)
        self._list("footnotes", FOOTNOTE)
        self._list("abbreviations", ABBREVIATION)
        if "undefined_abbreviations" in golden:
            self._best_set("undefined_abbreviations", _options(golden, "undefined_abbreviations"))
        self._defects()
        return {group: self.score_[group] for group in GROUPS if group in self.score_}

    def _tally(self, group: str) -> Tally:
        return self.score_.setdefault(group, Tally())

    def _fields(self, group: str, expected: Record, got: object, fields: Fields, *, at: str) -> None:
        self._tally(group).add(_field_tally(expected, got, fields, at=at))

    def _entries(
        self, group: str, expected: list[Any], got: object, fields: Fields, *, at: str = ""
    ) -> dict[int, int]:
        """Count the entries of two lists; says which read entry was taken for which golden one."""
        tally = self._tally(group)
        entries = [entry for entry in got if isinstance(entry, Mapping)] if isinstance(got, list) else []
        agreeing, differing = _pair(expected, entries, fields)
        pairs = agreeing | differing
        tally.hits += len(agreeing)
        tally.extras += len(entries) - len(agreeing)
        for e, entry in enumerate(expected):
            where = f"{at or group}[{_label(entry)}]"
            if e in differing:
                tally.differences += _entry_differences(entry, entries[differing[e]], fields, at=where)
            elif e not in agreeing and not _may_be_absent(entry):
                tally.differences.append(Difference(where, _brief(entry, fields), None))
            tally.misses += e not in agreeing and not _may_be_absent(entry)
        for g in sorted(set(range(len(entries))) - set(pairs.values())):
            where = f"{at or group}[{_label(entries[g])}]"
            tally.differences.append(Difference(where, None, _brief(entries[g], fields)))
        return pairs

    def _list(self, group: str, fields: Fields) -> None:
        if group not in self.golden:
            return
        expected, got = self.golden[group] or [], self.got.get(group) or []
        for e, g in self._entries(group, expected, got, fields).items():
            if "id" in expected[e] and "id" in got[g]:
                self.golden_ids[str(got[g]["id"])] = str(expected[e]["id"])

    def _set(self, group: str, expected: Iterable[Any], got: Iterable[Any], *, at: str) -> Tally:
        wanted, found = (
            {unicodedata.normalize("NFC", str(item)) for item in items or ()} for items in (expected, got)
        )
        tally = Tally(len(wanted & found), len(wanted - found), len(found - wanted))
        tally.differences += [Difference(at, item, None) for item in sorted(wanted - found)]
        tally.differences += [Difference(at, None, item) for item in sorted(found - wanted)]
        return tally

    def _best_set(self, group: str, options: list[Any]) -> None:
        tallies = [self._set(group, option, self.got.get(group) or [], at=group) for option in options]
        self._tally(group).add(min(tallies, key=lambda tally: tally.misses + tally.extras))

    def _head(self) -> None:
        expected, got = self.golden["doc"], self.got.get("doc") or {}
        self._fields("head", expected, got, HEAD, at="doc")
        for name, fields in (("date", DATE), ("issuer", ISSUER), ("header_present", HEADER)):
            if name in expected and not _is_open(expected, name):
                options = [option or {} for option in _options(expected, name)]
                tallies = [_field_tally(o, got.get(name), fields, at=f"doc.{name}") for o in options]
                self._tally("head").add(min(tallies, key=lambda tally: tally.misses + tally.extras))

    def _movement(self) -> None:
        expected, got = self.golden["movement"], self.got.get("movement") or {}
        self._fields("movement", expected, got, MOVEMENT, at="movement")
        for name in ("names", "slogans"):
            if name in expected:
                self._entries(
                    "movement", expected[name] or [], got.get(name), MOVEMENT_NAME, at=f"movement.{name}"
                )

    def _parent_plans(self) -> None:
        if "parent_plan_ids" not in self.golden:
            return
        got = [self._golden_id(identifier) for identifier in self.got.get("parent_plan_ids") or []]
        expected = self.golden["parent_plan_ids"] or []
        self._tally("parent_plan_ids").add(self._set("parent_plan_ids", expected, got, at="parent_plan_ids"))

    def _golden_id(self, identifier: object) -> str:
        return self.golden_ids.get(str(identifier), f"{identifier} (không có trong mẫu)")

    def _tasks(self) -> None:
        """Tasks are a set of distinct (lines, lead, deadline).

        Golden tasks alike in all three are one; it may be met by as many different readings as there were
        tasks, since each of them could be read with another of its accepted leads.
        """
        if "tasks" not in self.golden:
            return
        tally = self._tally("tasks")
        whole = [task for task in self.got.get("tasks") or [] if isinstance(task, Mapping)]
        expected, copies = _distinct([_comparable_task(task) for task in self.golden["tasks"] or []])
        got, _ = _distinct([_comparable_task(task) for task in whole])
        agreeing, differing = _pair(expected, got, TASK)
        spare = [e for e, count in enumerate(copies) for _ in range(count - 1)]
        left_over = [g for g in range(len(got)) if g not in agreeing.values()]
        repeated = _match(
            len(spare), len(left_over), lambda n, r: _agrees(expected[spare[n]], got[left_over[r]], TASK)
        ).values()
        accounted = set(agreeing.values()) | {left_over[r] for r in repeated}
        tally.hits += len(agreeing)
        tally.extras += len(got) - len(accounted)
        for e, task in enumerate(expected):
            if e in agreeing or (_may_be_absent(task) and e not in differing):
                continue
            tally.misses += not _may_be_absent(task)
            if e in differing and differing[e] not in accounted:
                accounted.add(differing[e])
                tally.differences += _entry_differences(
                    task, got[differing[e]], TASK, at=f"tasks[{_label(task)}]"
                )
            elif not _may_be_absent(task):
                tally.differences.append(
                    Difference(f"tasks[{_label(task)}]", _brief(task, TASK, "quote"), None)
                )
        for g in sorted(set(range(len(got))) - accounted):
            tally.differences.append(
                Difference(f"tasks[{_label(got[g])}]", None, _brief(got[g], TASK, "quote"))
            )
        self._task_details([_comparable_task(task) for task in self.golden["tasks"] or []], whole)

    def _task_details(self, expected: list[Any], whole: list[Any]) -> None:
        """What tasks say besides (lines, lead, deadline): for information, the README leaves it out."""
        got = [_comparable_task(task) for task in whole]
        agreeing, differing = _pair(expected, got, TASK)
        for e, g in (agreeing | differing).items():
            self._fields(
                "task_details",
                expected[e],
                got[g],
                Fields((), TASK_DETAILS),
                at=f"tasks[{_label(expected[e])}]",
            )

    def _subjects(self) -> None:
        if "subjects" not in self.golden:
            return
        expected, got = self.golden["subjects"] or [], self.got.get("subjects") or []
        pairs = {g: e for e, g in self._entries("subjects", expected, got, SUBJECT).items()}
        if expected and not any("criteria" in subject for subject in expected):
            return
        criteria = [
            {**c, "subject": str(n)}
            for n, subject in enumerate(expected)
            for c in subject.get("criteria") or []
        ]
        read = [
            {**c, "subject": str(pairs.get(n, f"?{n}"))}
            for n, subject in enumerate(got)
            for c in subject.get("criteria") or []
        ]
        of = self._entries("criteria", criteria, read, CRITERION)
        self._rules(criteria, read, of)

    def _rules(self, criteria: list[Any], read: list[Any], pairs: dict[int, int]) -> None:
        tally = self._tally("rules")
        for e, criterion in enumerate(criteria):
            if "rule" in criterion:
                got = read[pairs[e]] if e in pairs else {}
                if e not in pairs and _may_be_absent(criterion):
                    continue
                self._fields("rules", criterion, got, Fields(("rule",)), at=f"criteria[{_label(criterion)}]")
        for g in sorted(set(range(len(read))) - set(pairs.values())):
            if not _is_empty(read[g].get("rule")):
                tally.extras += 1
                tally.differences.append(
                    Difference(f"criteria[{_label(read[g])}].rule", None, read[g]["rule"])
                )

    def _award(self) -> None:
        if self.golden.get("award") is None:
            return
        expected, got = self.golden["award"], self.got.get("award") or {}
        tally = self._tally("award")
        if "forms" in expected:
            self._entries("award", expected["forms"] or [], got.get("forms"), AWARD_FORM, at="award.forms")
        if "standards" in expected:
            standards = [self._with_golden_refs(standard) for standard in got.get("standards") or []]
            self._entries("award", expected["standards"] or [], standards, STANDARD, at="award.standards")
        if "recipients_mentioned" in expected:
            wanted, found = expected["recipients_mentioned"] or [], got.get("recipients_mentioned") or []
            tally.add(self._set("award", wanted, found, at="award.recipients_mentioned"))

    def _with_golden_refs(self, standard: Record) -> Record:
        if not standard.get("ref"):
            return standard
        refs = [self._golden_id(part.strip()) for part in str(standard["ref"]).split(";")]
        return {**standard, "ref": "; ".join(sorted(refs))}

    def _defects(self) -> None:
        """All major and arithmetic defects must be found; whatever else is found must stand in the record."""
        if "defects" not in self.golden:
            return
        tally = self._tally("defects")
        known = self.golden["defects"] or []
        required = [
            d for d in known if d.get("severity") == "major" or d.get("kind") in REQUIRED_DEFECT_KINDS
        ]
        got = self.got.get("defects") or []
        found = _match(len(required), len(got), lambda e, g: _agrees(required[e], got[g], DEFECT))
        tally.hits += len(found)
        tally.misses += len(required) - len(found)
        for e in (e for e in range(len(required)) if e not in found):
            tally.differences.append(
                Difference(f"defects[{_label(required[e])}]", _brief(required[e], DEFECT, "raw"), None)
            )
        for g in (g for g in range(len(got)) if g not in found.values()):
            # A major alarm needs a defect of that kind; a small one only has to be about the same words.
            if not any(_is_same_defect(defect, got[g]) for defect in known):
                tally.extras += 1
                tally.differences.append(
                    Difference(f"defects[{_label(got[g])}]", None, _brief(got[g], DEFECT, "raw"))
                )


def _is_same_defect(known: Record, got: Record) -> bool:
    if known.get("severity") != "major" and got.get("severity") == "major":
        return False
    known_lines, got_lines = _lines(known), _lines(got)
    if not (known_lines & got_lines or known_lines == got_lines):
        return False
    if known.get("kind") == got.get("kind"):
        return True
    a, b = str(known.get("raw") or ""), str(got.get("raw") or "")
    return bool(a and b) and (a in b or b in a)


def _comparable_task(task: Record) -> dict[str, Any]:
    """A task with its deadline bare, and an empty lead accepted where the text names none."""
    accept: dict[str, Any] = dict(task.get("accept") or {})
    if "deadline" in accept:
        accept["deadline"] = [_bare_deadline(option) for option in accept["deadline"]]
    if task.get("lead_explicit") is False:
        accept["lead"] = [*accept.get("lead", []), []]
    return {**task, "deadline": _bare_deadline(task.get("deadline")), "accept": accept}


def _bare_deadline(deadline: object) -> object:
    if isinstance(deadline, Mapping):
        return {key: value for key, value in deadline.items() if key not in ("raw", "applies_to")}
    return deadline


def _distinct(tasks: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[int]]:
    """Tasks that differ in (lines, lead, deadline), with what the copies accept, and how many there were."""
    merged: dict[str, dict[str, Any]] = {}
    copies: dict[str, int] = {}
    for task in tasks:
        bare = {key: value for key, value in task.items() if key in TASK.core}
        leads = sorted(name_key(str(name)) for name in bare.get("lead") or [])
        key = repr((leads, bare.get("lines"), _sorted(bare.get("deadline"))))
        copies[key] = copies.get(key, 0) + 1
        if key not in merged:
            merged[key] = {**task, "accept": dict(task["accept"])}
            continue
        accept = merged[key]["accept"]
        must_be_there = not (accept.get("absent") and task["accept"].get("absent"))
        for name, options in task["accept"].items():
            if name != "absent":
                accept[name] = [*accept.get(name, []), *options]
        if must_be_there:
            accept.pop("absent", None)
    return list(merged.values()), list(copies.values())


def _sorted(deadline: object) -> object:
    return (
        sorted((k, str(v)) for k, v in deadline.items() if v is not None)
        if isinstance(deadline, Mapping)
        else None
    )


def _rejoined(expected: Any, got: Any) -> tuple[list[Any], list[Any]]:
    """Two lists of recipients, where a line that may be split and was split counts as the one entry it is."""
    entries = [entry for entry in got or [] if isinstance(entry, Mapping)]
    for whole in expected or []:
        names = (whole.get("accept") or {}).get("split")
        if not names:
            continue
        parts = [entry for entry in entries if _lines(entry) == _lines(whole)]
        if [name_key(str(part.get("name"))) for part in parts] == [name_key(name) for name in names]:
            entries[entries.index(parts[0])] = whole
            entries = [entry for entry in entries if not any(entry is part for part in parts)]
    return expected or [], entries


def _brief(entry: Record, fields: Fields, *more: str) -> dict[str, Any]:
    names = [*fields.core, *fields.optional, *more]
    return {name: entry[name] for name in names if not _is_empty(entry.get(name))}


def _recoded(got: Record, codes: Mapping[str, Mapping[str, str]]) -> Record:
    def recode(value: Any, name: str) -> Any:
        if isinstance(value, Mapping):
            return {key: recode(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [recode(item, name) for item in value]
        return codes.get(name, {}).get(value, value) if isinstance(value, str) else value

    return {key: recode(value, key) for key, value in got.items()}


if __name__ == "__main__":
    from thidua.documents.reading.score_folder import main

    raise SystemExit(main())
