"""The published schema: one source, every golden record valid, mistakes refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from thidua.documents.reading import read_path, schema
from thidua.documents.reading.score_folder import DATA, load_record

ROOT = DATA.parent
FIVE = sorted((DATA / "golden").glob("0*.yaml"))
INVENTED = sorted((ROOT / "tests" / "plans" / "dev").glob("*.yaml"))
TEXTS = [path.with_suffix(".txt") for path in INVENTED] + sorted((DATA / "plans").glob("*.txt"))

READ = Draft202012Validator(schema.record_schema())
MARKED = Draft202012Validator(schema.record_schema(golden=True))


def without_accept(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_accept(item) for key, item in value.items() if key != "accept"}
    return [without_accept(item) for item in value] if isinstance(value, list) else value


def mistakes(validator: Draft202012Validator, record: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}"[:300] for error in validator.iter_errors(record)]


def test_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(READ.schema)
    Draft202012Validator.check_schema(MARKED.schema)


def test_published_schema_is_what_the_code_says() -> None:
    assert schema.PUBLISHED.read_text(encoding="utf-8") == schema.published_text(), (
        "run python -m thidua.documents.reading.schema"
    )


@pytest.mark.parametrize("path", FIVE, ids=lambda path: path.stem[:3])
def test_golden_record_is_valid_as_the_reader_would_write_it(path: Path) -> None:
    assert mistakes(READ, without_accept(load_record(path))) == []


@pytest.mark.parametrize("path", FIVE + INVENTED, ids=lambda path: path.stem[:12])
def test_golden_record_is_valid_with_its_alternatives(path: Path) -> None:
    assert mistakes(MARKED, load_record(path)) == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem[:12])
def test_record_that_the_reader_makes_is_valid(path: Path) -> None:
    assert mistakes(READ, read_path(path)) == []


def test_reader_may_not_write_alternatives() -> None:
    record = load_record(FIVE[0])
    assert any("accept" in mistake for mistake in mistakes(READ, record))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda r: r.pop("targets"), "$"),
        (lambda r: r.update(extra=1), "$"),
        (lambda r: r["doc"]["date"].update(month=13), "$.doc.date.month"),
        (lambda r: r["structure"][0].update(kind="khoản"), "$.structure[0].kind"),
        (lambda r: r["structure"][0].update(lines=[0]), "$.structure[0].lines[0]"),
        (lambda r: r["targets"][0].update(comparator=">="), "$.targets[0].comparator"),
        (lambda r: r["targets"][0].update(indicator="Tỷ lệ"), "$.targets[0].indicator"),
        (lambda r: r["targets"][0].pop("quote"), "$.targets[0]"),
        (lambda r: r["targets"][2].pop("value"), "$.targets[2]"),
        (lambda r: r["tasks"][0].update(deadlines=None), "$.tasks[0]"),
        (lambda r: r["tasks"][0].update(recurrence="hằng năm"), "$.tasks[0].recurrence"),
        (lambda r: r["citations"][0].update(role="other"), "$.citations[0].role"),
        (lambda r: r["defects"][0].update(severity="high"), "$.defects[0].severity"),
    ],
)
def test_mistake_is_refused_where_it_stands(change: Callable[[Any], object], where: str) -> None:
    record = deepcopy(without_accept(load_record(FIVE[0])))
    change(record)
    found = [mistake.split(":")[0] for mistake in mistakes(READ, record)]
    # A value that may be null is refused as a whole.
    assert found
    assert all(where.startswith(place) for place in found)


@pytest.mark.parametrize(
    "deadline",
    [
        {"day": 18, "recurrence": "monthly", "raw": "ngày 18 hằng tháng"},
        {"day": 25, "month_of": "quarter_end", "recurrence": "quarterly"},
        {"months": [6, 12], "recurrence": "semiannual"},
        {"from": "2024-03", "to": "2024-09-15"},
        {"relative": {"day": 25, "of": "previous_month"}, "raw": "ngày 25 của tháng trước liền kề"},
        {"offset": {"days": 10, "after": "nhà hoàn thành"}},
        {"year": 2025, "quarter": 3, "bound": "within"},
    ],
)
def test_deadlines_of_plans_in_the_wild_can_be_written(deadline: dict[str, Any]) -> None:
    record = without_accept(load_record(FIVE[0]))
    record["tasks"][0]["deadline"] = deadline
    assert mistakes(READ, record) == []


def test_description_names_every_key_and_every_code() -> None:
    """`docs/reference/golden-1.md` is for people; nothing that the schema allows may be missing there."""
    text = (schema.PUBLISHED.parent / "golden-1.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[A-Za-z_]+", text))
    named: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            named.update(part.get("properties", {}))
            named.update(code for code in part.get("enum", []) if isinstance(code, str))
            for item in part.values():
                walk(item)
        elif isinstance(part, list):
            for item in part:
                walk(item)

    walk(schema.record_schema())
    codes = {name for name in named if re.fullmatch(r"[A-Za-z_]+", name)}
    assert sorted(codes - words) == []
