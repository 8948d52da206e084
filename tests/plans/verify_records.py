"""Check golden records of plan documents against their texts.

Run it as a script (``python tests/plans/verify_records.py [FOLDER…]``) or through pytest. It proves, for each
record ``NN_slug.yaml`` beside its text ``NN_slug.txt``, what a reader of the record relies on:

- the file, its checksum, its number of lines and of code points are those named in ``seed``;
- every non-empty line of the text belongs to exactly one node of ``structure``;
- every verbatim field (quotes, raw citations, titles, names, recipients …) stands in the lines named;
- ``expected_counts`` agrees with the content.

It says nothing about whether the marking is *right*: that is a matter of reading (see README.md).
"""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).resolve().parent
FOLDERS = [HERE / "dev"]

COMPARATORS = {"gte", "gt", "lte", "lt", "between", "approx", "stated", "is"}
MODALITIES = {
    "giao",
    "chu_tri",
    "de_nghi",
    "yeu_cau",
    "khuyen_khich",
    "van_dong",
    "phat_dong",
    "self_assigned",
}
CRITERIA_KINDS = {"quantitative", "checkable", "qualitative"}
COUNTED = {
    "structure": "structure",
    "citation_mentions": "citations",
    "targets": "targets",
    "tasks": "tasks",
    "subjects": "subjects",
    "recipients": "recipients",
    "footnotes": "footnotes",
}

# A line that ends in "-" or "/" right after a letter or digit was cut inside a symbol or a date.
CUT_INSIDE_WORD = re.compile(r"\w[-/]$")


def joined(lines: Iterable[str]) -> str:
    """Join the lines of one paragraph: one space between them, none after a symbol cut at "-" or "/"."""
    text = ""
    for line in lines:
        part = line.replace("\f", "").strip()
        if text:
            text += "" if CUT_INSIDE_WORD.search(text) else " "
        text += part
    return text


def text_lines(path: Path) -> list[str]:
    """Lines of a text, split at U+000A only (a form feed stays inside its line), in NFC."""
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
    return text.removesuffix("\n").split("\n")


def stands_in(fragment: str, lines: list[str], numbers: Iterable[int]) -> bool:
    """Tell whether a verbatim fragment stands in the numbered lines (1-based), joined either way."""
    chosen = [lines[number - 1] for number in numbers]
    plain = " ".join(line.replace("\f", "").strip() for line in chosen)
    return fragment in joined(chosen) or fragment in plain or fragment in "\n".join(chosen)


def node_lines(record: dict[str, Any], lines: list[int]) -> list[int]:
    """Widen lines to the whole nodes that hold them, for fragments that run over the lines named."""
    wide = set(lines)
    for node in record["structure"]:
        if wide & set(node["lines"]):
            wide |= set(node["lines"])
    return sorted(wide)


def raws(value: Any) -> Iterator[str]:
    """Yield every ``raw`` of a deadline or a milestone time."""
    if isinstance(value, dict) and isinstance(value.get("raw"), str):
        yield value["raw"]


def problems(record_path: Path) -> list[str]:
    """List what is wrong with one record; an empty list means that it agrees with its text."""
    record = yaml.safe_load(record_path.read_text(encoding="utf-8"))
    found: list[str] = []
    text_path = record_path.with_suffix(".txt")
    if record["seed"]["file"] != text_path.name or not text_path.exists():
        return [f"text {record['seed']['file']} is missing"]
    lines = text_lines(text_path)

    def check(holds: bool, message: str) -> None:
        if not holds:
            found.append(message)

    def verbatim(what: str, fragment: str | None, numbers: list[int], *, whole_nodes: bool = False) -> None:
        if fragment is None:
            return
        numbers = node_lines(record, numbers) if whole_nodes else numbers
        check(
            all(1 <= number <= len(lines) for number in numbers) and stands_in(fragment, lines, numbers),
            f"{what}: not in lines {numbers}: {fragment!r}",
        )

    check(record["schema"] == "golden/1", "schema is not golden/1")
    found += seed_problems(record["seed"], text_path)
    found += structure_problems(record["structure"], lines)
    everywhere = list(range(1, len(lines) + 1))

    doc = record["doc"]
    for field in ("number_raw", "place"):
        verbatim(f"doc.{field}", doc[field], everywhere)
    verbatim("doc.date.raw", doc["date"]["raw"], everywhere)
    verbatim("doc.title", doc["title"], doc["title_lines"])
    if record.get("movement"):
        for name in record["movement"]["names"]:
            verbatim("movement name", name["text"], name["lines"])

    for citation in record["citations"]:
        label = citation["id"]
        verbatim(f"{label}.raw", citation["raw"], citation["lines"])
        for field in ("issuer_raw", "about_raw", "date_raw", "ref"):
            verbatim(f"{label}.{field}", citation[field], citation["lines"], whole_nodes=True)
    known = {citation["id"] for citation in record["citations"]}
    check(set(record.get("parent_plan_ids", [])) <= known, "parent_plan_ids name unknown citations")
    for reference in record["unnumbered_refs"]:
        verbatim(reference["id"], reference["raw"], reference["lines"])

    for section in ("purposes", "requirements", "contents", "solutions"):
        for point in record.get(section, []):
            verbatim(f"{section} {point['path']}", point["text"], point["lines"])
    for target in record.get("targets", []):
        verbatim(target["id"], target["quote"], target["lines"])
        check(target["comparator"] in COMPARATORS, f"{target['id']}: comparator {target['comparator']}")
        has_value = "value" in target or {"value_min", "value_max"} <= target.keys()
        check(has_value, f"{target['id']}: no value")
    for task in record.get("tasks", []):
        verbatim(task["id"], task["quote"], task["lines"])
        check(task["modality"] in MODALITIES, f"{task['id']}: modality {task['modality']}")
    for item in [*record.get("targets", []), *record.get("tasks", [])]:
        for raw in raws(item["deadline"]):
            check(
                any(stands_in(raw, lines, node["lines"]) for node in record["structure"]),
                f"{item['id']}: deadline {raw!r} is not in the text",
            )
    for subject in record.get("subjects", []):
        for criterion in subject["criteria"]:
            verbatim(criterion["id"], criterion["text"], criterion["lines"])
            check(criterion["kind"] in CRITERIA_KINDS, f"{criterion['id']}: kind {criterion['kind']}")
            if criterion["kind"] == "quantitative":
                check(bool(criterion["rule"]), f"{criterion['id']}: quantitative without a rule")
    if "award" in record:
        for form in record["award"]["forms"]:
            verbatim("award form", form["as_printed"], [form["line"]], whole_nodes=True)
        for standard in record["award"]["standards"]:
            verbatim("award standard", standard["text"], standard["lines"])
        for quota in record["award"].get("quotas", []):
            verbatim("award quota", quota["quote"], quota["lines"])
    for milestone in record.get("milestones", []):
        for raw in raws(milestone["when"]):
            verbatim(f"milestone {milestone['kind']}", raw, milestone["lines"])

    for recipient in record["recipients"]:
        verbatim("recipient", recipient["raw"], [recipient["line"]], whole_nodes=True)
        verbatim("recipient name", recipient["name"], [recipient["line"]], whole_nodes=True)
    if record["archive"]:
        verbatim("archive", record["archive"]["raw"], [record["archive"]["line"]], whole_nodes=True)
    if record["signature"]:
        for field in ("title", "name", "on_behalf_of"):
            verbatim(f"signature.{field}", record["signature"][field], record["signature"]["lines"])
    for note in record["footnotes"]:
        verbatim("footnote", note["text"], note.get("lines", [note["line"]]))
        verbatim("footnote anchor", note["anchor_text"], [note["anchor_line"]])
    for abbreviation in record["abbreviations"]:
        verbatim("abbreviation", abbreviation["full"], abbreviation["lines"], whole_nodes=True)
    for defect in record["defects"]:
        if defect.get("raw"):
            verbatim(f"defect {defect['id']}", defect["raw"], defect["lines"], whole_nodes=True)

    for count, key in COUNTED.items():
        if count in record["expected_counts"]:
            expected = record["expected_counts"][count]
            check(
                expected == len(record[key]), f"expected_counts.{count}: {expected}, found {len(record[key])}"
            )
    return found


def seed_problems(seed: dict[str, Any], text_path: Path) -> list[str]:
    """Compare the identity of the text in the record with the file."""
    content = text_path.read_bytes()
    text = content.decode("utf-8")
    form = "NFC" if unicodedata.is_normalized("NFC", text) else "NFD"
    actual = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "lines": len(text.removesuffix("\n").split("\n")),
        "codepoints": len(text),
        "unicode_form": form,
        "final_newline": text.endswith("\n"),
    }
    return [
        f"seed.{key}: {seed[key]!r}, file has {value!r}"
        for key, value in actual.items()
        if seed[key] != value
    ]


def structure_problems(nodes: list[dict[str, Any]], lines: list[str]) -> list[str]:
    """Check that the nodes cover every non-empty line once and that no path is used twice."""
    found: list[str] = []
    owners = Counter(number for node in nodes for number in node["lines"])
    for number, line in enumerate(lines, start=1):
        if line.strip() and owners[number] != 1:
            found.append(f"line {number} is in {owners[number]} nodes: {line[:60]!r}")
        if not line.strip() and owners[number]:
            found.append(f"empty line {number} is in a node")
    paths = Counter(node["path"] for node in nodes)
    found += [f"path {path} stands {times} times" for path, times in paths.items() if times > 1]
    for node in nodes:
        for field in ("title", "marker"):
            if node.get(field) and not stands_in(node[field], lines, node["lines"]):
                found.append(f"{node['path']}: {field} {node[field]!r} is not in lines {node['lines']}")
    return found


def record_paths(folders: Iterable[Path]) -> list[Path]:
    """All records of the folders, in the order of their names."""
    return sorted(path for folder in folders for path in folder.glob("*.yaml"))


@pytest.mark.parametrize("record_path", record_paths(FOLDERS), ids=lambda path: path.stem)
def test_record_agrees_with_its_text(record_path: Path) -> None:
    assert problems(record_path) == []


def main(arguments: list[str]) -> int:
    """Print the problems of every record; return 1 when there is any."""
    faulty = 0
    for path in record_paths([Path(argument) for argument in arguments] or FOLDERS):
        found = problems(path)
        faulty += bool(found)
        sys.stdout.write("\n  ".join([f"{path.stem}: {len(found) or 'ok'}", *found]) + "\n")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
