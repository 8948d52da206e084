"""What the award forms that a plan names are in law, and what a reader of the plan should be told.

A plan says «Giấy khen của Chủ tịch UBND huyện»; the lawbook knows the form, its bonus, its papers, and until
which day that office could sign. Takes name and level as record `golden/1` holds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from thidua.core.formats import format_date
from thidua.core.text import fold
from thidua.criteria import lawbook
from thidua.criteria.award_law.forms import Form, authority, form, standards
from thidua.criteria.lawbook import NotInLawbook

FILE = Path(__file__).resolve().parents[1] / "plan_forms.yaml"


@dataclass(frozen=True, slots=True)
class PlanForm:
    """One form of a plan on a day. Several `forms` where the plan names no class."""

    name: str
    forms: tuple[Form, ...]
    decider: str
    #: Sentences for the reader: a class that is missing, an office that may not sign, law that was not read.
    remarks: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return bool(self.forms)


def plan_form(name: str, level: str, on: date) -> PlanForm:
    """The form of the lawbook that a plan means, as the law stands on a day."""
    found = _entry(name, level)
    if found is None:
        return PlanForm(name, (), "", (f"Sổ luật chưa có «{name}» ở cấp này, chưa đối chiếu được",))
    try:
        forms = tuple(form(code, on) for code in found["forms"])
    except NotInLawbook as unknown:
        return PlanForm(name, (), found["decider"], (str(unknown),))
    remarks = [*_about_classes(forms, on), *_about_decider(found["decider"], forms[0], on)]
    return PlanForm(name, forms, found["decider"], tuple(remarks))


def _about_classes(forms: tuple[Form, ...], on: date) -> list[str]:
    if len(forms) < 2:
        return []
    by_movement = [
        one.name for one in forms if any(two.type == "movement" for two in standards(one.code, on))
    ]
    known = f"; khoản đã đọc chỉ mở {', '.join(by_movement)} qua phong trào" if by_movement else ""
    return [f"Kế hoạch không ghi hạng{known}"]


def _about_decider(decider: str, wanted: Form, on: date) -> list[str]:
    try:
        found = [one for one in authority(wanted.code, on) if one.decider == decider]
    except NotInLawbook as unknown:
        return [str(unknown)]
    if found:
        return [] if found[0].confirmed else [f"Thẩm quyền của {found[0].title} chưa đối chiếu văn bản gốc"]
    ended = _ended(decider, on)
    title = lawbook.book().history(f"award.decider.{decider}")[-1].value["name"]
    if ended:
        return [f"{title} không còn quyết định «{wanted.name}» sau ngày {format_date(ended)}"]
    return [f"Sổ luật không ghi {title} quyết định «{wanted.name}» vào ngày {format_date(on)}"]


def _ended(decider: str, on: date) -> date | None:
    """The last day on which an office existed, when that is past."""
    last = lawbook.book().history(f"award.decider.{decider}")[-1]
    return last.until - timedelta(days=1) if last.until <= on else None


def _entry(name: str, level: str) -> dict[str, Any] | None:
    words = fold(name)
    fitting = [one for one in _entries() if words.startswith(one["begins"]) and level in one["level"]]
    if not fitting:
        return None
    nearest = max(fitting, key=lambda one: len(one["begins"]))
    entry: dict[str, Any] = nearest["level"][level]
    return entry


@lru_cache(maxsize=1)
def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return entries
