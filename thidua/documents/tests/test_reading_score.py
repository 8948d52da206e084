"""The scorer: golden records against themselves, planted mistakes, and every alternative that they accept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from thidua.documents.reading import score_folder
from thidua.documents.reading.score import GROUPS, Difference, name_key, score_record

GOLDEN = sorted((score_folder.DATA / "golden").glob("0*.yaml"))
RECORDS = {path.stem[:3]: score_folder.load_record(path) for path in GOLDEN}
Place = tuple[str | int, ...]


def without_accept(value: Any) -> Any:
    """A golden record as a reader would have written it."""
    if isinstance(value, dict):
        return {key: without_accept(item) for key, item in value.items() if key != "accept"}
    return [without_accept(item) for item in value] if isinstance(value, list) else value


def read(seed: str) -> dict[str, Any]:
    record = without_accept(deepcopy(RECORDS[seed]))
    assert isinstance(record, dict)
    return record


def wrong_groups(seed: str, got: dict[str, Any]) -> set[str]:
    return {group for group, tally in score_record(RECORDS[seed], got).items() if not tally.is_exact}


def at(record: Any, place: Place) -> Any:
    for step in place:
        record = record[step]
    return record


@pytest.mark.parametrize("seed", RECORDS)
def test_golden_record_scores_full_against_itself(seed: str) -> None:
    score = score_record(RECORDS[seed], read(seed))
    assert set(score) == set(GROUPS)
    assert {(tally.precision, tally.recall, tally.f1) for tally in score.values()} == {(1.0, 1.0, 1.0)}
    assert [tally.differences for tally in score.values() if tally.differences] == []


@pytest.mark.parametrize("seed", RECORDS)
def test_empty_record_reads_nothing_and_invents_nothing(seed: str) -> None:
    score = score_record(RECORDS[seed], {})
    assert sum(tally.hits + tally.extras for tally in score.values()) == 0
    assert score["structure"].misses == len(RECORDS[seed]["structure"])


# --- every compared field, planted wrong ---------------------------------------------------------

FIELDS: dict[str, dict[str, str]] = {
    # group: {where its entries stand: fields whose change must show in this group and in no other}
    "head": {
        "doc": "type type_abbr number_raw number symbol place title title_lines",
        "doc.date": "raw day month year edtf",
        "doc.issuer": "name as_printed level province district parent symbol_code inferred",
        "doc.header_present": "quoc_hieu ten_co_quan so_ky_hieu dia_danh_ngay",
    },
    "movement": {
        "movement": "name theme period horizon short_name_defined implementation_period previous_period",
        "movement.names.*": "text lines",
        "movement.slogans.*": "text lines",
    },
    "citations": {
        "citations.*": "lines raw type type_abbr ref number number_year symbol date_raw date issuer_raw "
        "issuer about_raw role occurrence"
    },
    "structure": {"structure.*": "lines path kind marker title page_break_split inline_items"},
    "purposes": {"purposes.*": "lines path text"},
    "requirements": {"requirements.*": "lines path text"},
    "contents": {"contents.*": "lines path text"},
    "solutions": {"solutions.*": "lines path text"},
    "targets": {
        "targets.*": "lines path indicator comparator unit scope value value_min value_max per stated_count "
        "deadline period baseline"
    },
    "tasks": {"tasks.*": "lines lead deadline"},
    "task_details": {
        "tasks.*": "path lead_explicit coordinate_with modality recurrence report_to conditional"
    },
    "subjects": {"subjects.*": "lines path subject_type label"},
    "criteria": {"subjects.*.criteria.*": "lines text kind"},
    "rules": {"subjects.*.criteria.*": "rule"},
    "award": {
        "award.forms.*": "line name as_printed authority authority_stated class_stated",
        "award.standards.*": "lines path text ref",
        "award": "recipients_mentioned",
    },
    "milestones": {"milestones.*": "lines kind path when"},
    "recipients": {"recipients.*": "line raw name purpose"},
    "archive": {"archive": "line raw units drafter_initials copies"},
    "signature": {"signature": "lines authority_prefix on_behalf_of signed_for title name"},
    "footnotes": {"footnotes.*": "line mark anchor_line anchor_text text"},
    "abbreviations": {"abbreviations.*": "lines short full"},
    "undefined_abbreviations": {"": "undefined_abbreviations"},
    "unnumbered_refs": {"unnumbered_refs.*": "lines raw type issuer"},
}


def places(record: Any, where: str) -> Iterator[Place]:
    """Places in the record that a dotted path with `*` for any entry names."""
    if not where:
        yield ()
        return
    step, _, rest = where.partition(".")
    if step == "*":
        for n, entry in enumerate(record or []):
            yield from ((n, *place) for place in places(entry, rest))
    elif isinstance(record, dict) and record.get(step) is not None:
        yield from ((step, *place) for place in places(record[step], rest))


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + " khác"
        case [dict(), *_]:
            return value[1:] or [{**value[0], "text": "khác"}]
        case list():
            return [*value[:-1], changed(value[-1])] if value else ["khác"]
        case {"from": start}:
            return {**value, "from": start + 1}
        case dict():
            return {**value, "year": 1999}
    return "khác"


MUTATIONS = [
    pytest.param(group, where, name, id=f"{group}-{where}.{name}")
    for group, entries in FIELDS.items()
    for where, names in entries.items()
    for name in names.split()
]


def example(where: str, name: str) -> tuple[str, Place]:
    """A place where the field has a value; the last there is, or one that a record could have filled."""
    empty: list[tuple[str, Place]] = []
    for seed, record in reversed(RECORDS.items()):
        for place in places(record, where):
            entry = at(record, place)
            accept = entry.get("accept") or {}
            if accept.get("absent") or name in accept or (accept and not place):
                continue
            if entry.get(name) not in (None, []):
                return seed, place
            empty.append((seed, place))
    return empty[0]


@pytest.mark.parametrize(("group", "where", "name"), MUTATIONS)
def test_changed_field_is_found_in_its_group_and_nowhere_else(group: str, where: str, name: str) -> None:
    seed, place = example(where, name)
    got = read(seed)
    entry = at(got, place)
    entry[name] = changed(entry.get(name))
    assert wrong_groups(seed, got) == {group}


# group: (seed, where its entries stand, one that must be there and that nothing else points at)
LISTS = {
    "movement": ("002", "movement.names", -1),
    "citations": ("004", "citations", -1),
    "unnumbered_refs": ("004", "unnumbered_refs", -1),
    "structure": ("002", "structure", -1),
    "purposes": ("002", "purposes", -1),
    "requirements": ("002", "requirements", -1),
    "contents": ("002", "contents", -1),
    "solutions": ("002", "solutions", -1),
    "targets": ("002", "targets", -1),
    "tasks": ("002", "tasks", -1),
    "award": ("002", "award.forms", -1),
    "milestones": ("002", "milestones", 0),
    "recipients": ("002", "recipients", -1),
    "footnotes": ("002", "footnotes", -1),
    "abbreviations": ("003", "abbreviations", -1),
}


@pytest.mark.parametrize("group", LISTS)
def test_missing_entry_is_one_miss(group: str) -> None:
    seed, where, n = LISTS[group]
    got = read(seed)
    del at(got, tuple(where.split(".")))[n]
    score = score_record(RECORDS[seed], got)
    assert {g for g, tally in score.items() if not tally.is_exact} == {group}
    assert (score[group].misses, score[group].extras) == (1, 0)


@pytest.mark.parametrize("group", LISTS)
def test_invented_entry_is_one_extra(group: str) -> None:
    seed, where, _ = LISTS[group]
    got = read(seed)
    entries = at(got, tuple(where.split(".")))
    invented = {"id": "X9", "lines": [2], "line": 2, "text": "Bịa.", "raw": "Bịa", "quote": "Bịa"}
    entries.append({**deepcopy(entries[0]), **invented})
    score = score_record(RECORDS[seed], got)
    assert {g for g, tally in score.items() if not tally.is_exact} == {group}
    assert (score[group].misses, score[group].extras) == (0, 1)


def test_subject_with_its_criteria_missing_shows_in_all_three_groups() -> None:
    got = read("002")
    del got["subjects"][1]
    score = score_record(RECORDS["002"], got)
    missed = {group: (t.misses, t.extras) for group, t in score.items() if not t.is_exact}
    assert missed == {"subjects": (1, 0), "criteria": (2, 0), "rules": (2, 0)}


def test_criterion_under_another_subject_is_wrong() -> None:
    got = read("002")
    got["subjects"][2]["criteria"].append(got["subjects"][1]["criteria"].pop())
    assert wrong_groups("002", got) == {"criteria"}


def test_parent_plan_is_compared_by_the_document_it_means() -> None:
    got = read("003")
    for citation in got["citations"]:
        citation["id"] = f"văn bản {citation['id']}"
    got["parent_plan_ids"] = ["văn bản C2", "văn bản C1"]
    assert wrong_groups("003", got) == set()
    got["parent_plan_ids"] = ["văn bản C1"]
    assert wrong_groups("003", got) == {"parent_plan_ids"}


# --- what the README leaves open -----------------------------------------------------------------


def alternatives(value: Any, place: Place = ()) -> Iterator[tuple[Place, str, Any]]:
    """Every (mapping, field, other value) that a golden record accepts."""
    if isinstance(value, dict):
        for name, options in (value.get("accept") or {}).items():
            for option in options if isinstance(options, list) else [options]:
                yield place, name, option
        for key, item in value.items():
            if key != "accept":
                yield from alternatives(item, (*place, key))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from alternatives(item, (*place, n))


ACCEPTED = [
    pytest.param(seed, place, name, option, id=f"{seed}-{'.'.join(map(str, place))}.{name}-{n}")
    for seed, record in RECORDS.items()
    for n, (place, name, option) in enumerate(alternatives(record))
]


@pytest.mark.parametrize(("seed", "place", "name", "option"), ACCEPTED)
def test_accepted_alternative_counts_as_right(seed: str, place: Place, name: str, option: Any) -> None:
    got = read(seed)
    if name == "absent":
        *above, last = place
        del at(got, tuple(above))[last]
    else:
        at(got, place)[name] = deepcopy(option)
    assert wrong_groups(seed, got) <= {"task_details"}


@pytest.mark.parametrize(
    ("seed", "change"),
    [
        ("002", lambda r: r["tasks"][0].update(action="khác", quote="khác", id="K99")),
        ("002", lambda r: r["targets"][0].update(label_vi="khác", notes="khác", owner="khác", quote="khác")),
        ("002", lambda r: r["tasks"][6].update(deadline=None)),
        ("000", lambda r: r["tasks"][7].update(deadline={"year": 2025})),
        ("002", lambda r: r["subjects"][4]["criteria"][2]["rule"].update(evaluated_on="khác")),
        ("002", lambda r: r["award"]["forms"][0].update(level="khác")),
        ("002", lambda r: r["signature"].update(capacity="khác")),
        ("002", lambda r: r["movement"]["names"][0].update(relation="khác", note="khác")),
        ("002", lambda r: r["recipients"][0].update(kind="khác", note="khác")),
        ("000", lambda r: r["recipients"][2].update(suspect=True)),
        ("003", lambda r: r["milestones"][0].update(who="khác", note="khác")),
        ("003", lambda r: r["citations"][0].update(noise="khác")),
        ("004", lambda r: r["doc"].update(date_bounds=None)),
        ("004", lambda r: r["doc"]["issuer"].update(evidence_lines=[1])),
        ("000", lambda r: r.update(doubts=[], expected_counts={}, seed={}, tool="khác")),
        ("003", lambda r: r["subjects"][0]["criteria"][2]["rule"]["any_of"].reverse()),
        ("003", lambda r: r["structure"][0].update(title=None, page_break_split=False, inline_items=[], x=1)),
    ],
)
def test_what_the_readme_leaves_out_is_not_compared(seed: str, change: Callable[[Any], None]) -> None:
    got = read(seed)
    change(got)
    assert wrong_groups(seed, got) == set()


def test_doubt_about_a_recipient_is_compared_by_its_presence() -> None:
    got = read("000")
    del got["recipients"][2]["suspect"]
    got["recipients"][0]["suspect"] = "khác"
    assert wrong_groups("000", got) == {"recipients"}
    assert score_record(RECORDS["000"], got)["recipients"].misses == 2


def test_names_are_alike_without_regard_to_case_and_spaces_around_hyphens() -> None:
    assert name_key("Hội đồng Thi đua- Khen  thưởng") == name_key("hội đồng thi đua - khen thưởng")
    assert name_key("Sở Lao động, Thương binh") != name_key("Sở Lao động - Thương binh")
    got = read("000")
    got["tasks"][9]["lead"] = ["HỘI ĐỒNG Thi đua-Khen thưởng Sở Tài nguyên và Môi trường"]
    assert wrong_groups("000", got) == set()


def test_order_of_leads_says_nothing_and_the_order_of_lines_does() -> None:
    got = read("001")
    got["tasks"][9]["lead"].reverse()
    assert wrong_groups("001", got) == set()
    got["tasks"][9]["lines"].reverse()
    assert wrong_groups("001", got) == {"tasks"}


# --- tasks, defects, partial records -------------------------------------------------------------


def test_tasks_alike_in_lines_lead_and_deadline_are_one() -> None:
    got = read("000")
    kept = [task for task in got["tasks"] if task["id"] not in ("K5", "K12")]
    score = score_record(RECORDS["000"], {**got, "tasks": kept})
    # K4 and K5 are the same triple; K12 differs from K11 in its deadline.
    assert (score["tasks"].misses, score["tasks"].extras) == (1, 0)


def test_each_of_two_like_tasks_may_be_read_with_another_accepted_lead() -> None:
    got = read("000")
    at(got, ("tasks", 4))["lead"] = []
    assert wrong_groups("000", got) == set()
    got["tasks"].append({**got["tasks"][4], "lead": ["Các phòng, đơn vị"]})
    assert score_record(RECORDS["000"], got)["tasks"].extras == 1


def test_small_defects_may_be_missed_but_not_major_or_arithmetic_ones() -> None:
    for seed in RECORDS:
        got = read(seed)
        required = [
            d for d in got["defects"]
            if d["severity"] == "major" or d["kind"] in ("arithmetic", "base_missing", "base_mismatch")
        ]  # fmt: skip
        assert wrong_groups(seed, {**got, "defects": required}) == set()
        for n in range(len(required)):
            found = required[:n] + required[n + 1 :]
            score = score_record(RECORDS[seed], {**got, "defects": found})["defects"]
            assert (score.misses, score.extras) == (1, 0)


def test_false_alarm_is_an_extra_defect() -> None:
    got = read("000")
    got["defects"].append({"kind": "typo", "lines": [17], "raw": "tinh thần", "severity": "minor"})
    got["defects"].append({"kind": "missing_number", "lines": [9], "raw": "giai đoạn", "severity": "major"})
    score = score_record(RECORDS["000"], got)["defects"]
    assert (score.misses, score.extras) == (0, 2)


def test_small_defect_under_another_name_is_no_false_alarm() -> None:
    got = read("001")
    typo = next(d for d in got["defects"] if d["raw"] == "gian đoạn")
    typo["kind"] = "spelling"
    assert wrong_groups("001", got) == set()


def test_group_that_a_partial_golden_record_leaves_out_is_not_scored() -> None:
    golden = {"schema": "golden/1", "doc": {"type": "Kế hoạch", "number": "12"}, "recipients": []}
    score = score_record(golden, read("002"))
    assert set(score) == {"head", "recipients"}
    assert score["head"].differences == [Difference("doc.number", "12", None)]
    assert score["recipients"].extras == 9


def test_field_that_accepts_any_value_is_not_compared() -> None:
    golden = {"targets": [{"lines": [1], "indicator": "a", "value": 2, "accept": {"indicator": "any"}}]}
    got = {"targets": [{"lines": [1], "indicator": "b", "value": 2}]}
    assert score_record(golden, got)["targets"].is_exact
    got["targets"][0]["value"] = 3
    assert [d.at for d in score_record(golden, got)["targets"].differences] == ["targets[dòng [1]].value"]


def test_whole_date_of_the_head_may_have_another_accepted_reading() -> None:
    day = {"raw": "ngày     tháng 3", "month": 3}
    other = {"raw": "ngày tháng 3", "month": 3}
    golden = {"doc": {"date": day, "accept": {"date": [other]}}}
    assert score_record(golden, {"doc": {"date": other}})["head"].is_exact
    assert score_record(golden, {"doc": {"date": {"raw": "ngày tháng 3", "month": 4}}})["head"].misses == 1


def test_more_entries_are_no_mistake_where_the_golden_record_is_incomplete() -> None:
    got = read("000")
    got["defects"].append({"kind": "typo", "lines": [17], "raw": "tinh thần", "severity": "minor"})
    assert not score_record(RECORDS["000"], got)["defects"].is_exact
    assert score_record(RECORDS["000"], got, incomplete={"defects"})["defects"].is_exact


def test_group_named_as_not_marked_is_not_scored() -> None:
    golden = {**RECORDS["000"], "not_marked": ["targets", "movement"]}
    assert set(GROUPS) - set(score_record(golden, read("000"))) == {"targets", "movement"}


def test_recipient_line_that_may_be_split_counts_as_one() -> None:
    line = {"line": 5, "raw": "- Sở A, Sở B;", "name": "Sở A, Sở B", "accept": {"split": ["Sở A", "Sở B"]}}
    golden = {"recipients": [line, {"line": 6, "raw": "- Sở C;", "name": "Sở C"}]}
    parts = [{"line": 5, "raw": "- Sở A, Sở B;", "name": name} for name in ("Sở A", "Sở B")]
    got = [*parts, {"line": 6, "raw": "- Sở C;", "name": "Sở C"}]
    assert score_record(golden, {"recipients": got})["recipients"].hits == 2
    assert score_record(golden, {"recipients": got})["recipients"].is_exact
    assert not score_record(golden, {"recipients": got[1:]})["recipients"].is_exact


def test_own_codes_are_compared_through_a_map() -> None:
    got = read("001")
    got["targets"][2]["indicator"] = "ho_ngheo"
    assert wrong_groups("001", got) == {"targets"}
    score = score_record(RECORDS["001"], got, codes={"indicator": {"ho_ngheo": "poor_hh_rate"}})
    assert score["targets"].is_exact


def test_difference_says_where_what_was_expected_and_what_was_read() -> None:
    got = read("001")
    got["targets"][2]["value"] = 2.5
    assert [str(d) for d in score_record(RECORDS["001"], got)["targets"].differences] == [
        "targets[T3].value: mẫu 1.5 / đọc 2.5"
    ]


# --- a folder ------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One document, its golden record, and a reading of it with one target missing."""
    (tmp_path / "a.txt").write_text("KẾ HOẠCH", encoding="utf-8")
    (tmp_path / "a.yaml").write_bytes(GOLDEN[1].read_bytes())
    (tmp_path / "read").mkdir()
    (tmp_path / "read" / "a.yaml").write_text(
        GOLDEN[1].read_text(encoding="utf-8").replace("  value: 1.5\n", "  value: 15\n"), encoding="utf-8"
    )
    return tmp_path


def run_score(folder: Path, *more: str) -> int:
    return score_folder.main(["--dir", str(folder), "--records", str(folder / "read"), *more])


def test_score_of_a_folder_fails_below_a_floor(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_score(folder) == 0
    (folder / "floors.yaml").write_text("targets: 0.6\n", encoding="utf-8")
    assert run_score(folder) == 0
    (folder / "floors.yaml").write_text("head: 1\ntargets: {recall: 0.6, precision: 0.9}\n", encoding="utf-8")
    capsys.readouterr()
    assert run_score(folder, "--verbose", "--only", "targets,head") == 1
    printed = capsys.readouterr()
    assert printed.err == "dưới mức: targets: precision 0.6667 < 0.9000\n"
    assert "targets[T3].value: mẫu 1.5 / đọc 15" in printed.out


def test_score_refuses_misuse_with_exit_code_2(folder: Path) -> None:
    assert run_score(folder, "--only", "nothing") == 2
    assert score_folder.main(["--dir", str(folder / "none")]) == 2
    assert run_score(folder, "--files", "z*") == 2


def test_document_without_a_record_counts_as_not_read(folder: Path) -> None:
    (folder / "read" / "a.yaml").unlink()
    assert run_score(folder) == 1
