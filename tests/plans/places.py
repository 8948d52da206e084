"""The table of docs/plans.md: each numbered paragraph of the five plans, and where it is carried out.

Run as `python -m tests.plans.places` to draw it anew. Hides how the nearest entry of `data/plans/places.yaml`
is found: by the longest path that the paragraph lies under, else by its kind in the form of the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "plans.md"
COMMAND = "command: "
#: Groups of a record whose items name the paragraph that they come from, and how the table calls them.
ITEMS = {
    "purposes": "mục đích",
    "requirements": "yêu cầu",
    "contents": "nội dung",
    "solutions": "giải pháp",
    "targets": "chỉ tiêu",
    "tasks": "nhiệm vụ",
    "milestones": "mốc thời gian",
    "subjects": "đối tượng, tiêu chí",
}
LONGEST = 90
HEAD = """# Năm kế hoạch: mỗi đoạn làm ở đâu

Vẽ từ `data/plans/places.yaml` và `data/golden/` bằng `python -m tests.plans.places`;
`tests/plans/test_places.py` mở từng trang, gọi từng lệnh, và báo lỗi khi một đoạn không có chỗ.
"""


@cache
def places() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (ROOT / "data" / "plans" / "places.yaml").read_text(encoding="utf-8")
    )
    return found


def records() -> Iterator[tuple[str, dict[str, Any], list[str]]]:
    """Number, record and lines of each plan."""
    for path in sorted((ROOT / "data" / "golden").glob("0*.yaml")):
        record: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        source = ROOT / "data" / "plans" / f"{path.stem}.txt"
        yield path.stem[:3], record, source.read_text(encoding="utf-8").split("\n")


def place_of(number: str, paragraph: Mapping[str, Any]) -> list[str]:
    """Codes of the rooms of a paragraph; empty when nobody has said."""
    path: str = paragraph["path"]
    named: dict[str, list[str]] = places()["plans"][number]
    fitting = [key for key in named if path == key or path.startswith(f"{key}.")]
    if fitting:
        return named[max(fitting, key=len)]
    by_kind: dict[str, list[str]] = places()["kinds"]
    return by_kind.get(paragraph["kind"], [])


def items_of(record: Mapping[str, Any]) -> dict[str, list[str]]:
    """Path → what the record takes from it: «nhiệm vụ K1, K2», «mục đích».

    An item may be told in several paragraphs («III.2; V.2»): it stands at each.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for group, label in ITEMS.items():
        for item in record.get(group) or ():
            for path in (item.get("path") or "").split(";"):
                names = found.setdefault(path.strip(), {}).setdefault(label, [])
                if item.get("id"):
                    names.append(item["id"])
    for item in (record.get("award") or {}).get("standards") or ():
        found.setdefault(item.get("path") or "", {}).setdefault("khen thưởng", [])
    return {
        path: [f"{label} {', '.join(names)}".strip() for label, names in groups.items()]
        for path, groups in found.items()
    }


def room_in_words(code: str) -> str:
    name, where = places()["rooms"][code]
    shown = f"thidua {where.removeprefix(COMMAND)}" if where.startswith(COMMAND) else where
    return f"{name} `{shown}`"


def drawn() -> str:
    """The page. Raises ValueError naming the paragraph that has no place."""
    parts = [HEAD]
    for number, record, lines in records():
        items = items_of(record)
        parts.append(f"\n## S{number}: {record['doc']['title']}\n")
        parts.append("| Đoạn | Lời văn | Lấy ra | Làm ở |\n|---|---|---|---|")
        for paragraph in record["structure"]:
            rooms = place_of(number, paragraph)
            if not rooms:
                raise ValueError(f"S{number} {paragraph['path']}: no place in data/plans/places.yaml")
            text = " ".join(lines[paragraph["lines"][0] - 1].replace("|", " ").replace("*", "").split())
            shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
            where = "; ".join(room_in_words(code) for code in rooms)
            parts.append(
                f"| {paragraph['path']} | {shown} | {'; '.join(items.get(paragraph['path'], []))} | {where} |"
            )
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(drawn(), encoding="utf-8")
