"""The reference page names every key and every function of the law of commendation."""

from __future__ import annotations

import re

from thidua.criteria import award_law, lawbook
from thidua.criteria.law_shapes import PATTERNS, shape_of

PAGE = lawbook.FOLDER.parent / "docs" / "reference" / "award-law.md"


def test_reference_lists_every_key() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    listed = {key for row in rows for key in re.findall(r"`((?:award|pay)\.[a-z_.*-]+)`", row)}

    assert listed == {pattern for pattern, _ in PATTERNS}


def test_reference_lists_every_function() -> None:
    named = set(re.findall(r"[`.(]([a-z_]+)[`(]", PAGE.read_text(encoding="utf-8")))

    assert {name for name in award_law.__all__ if name[0].islower()} - named == set()


def test_every_pattern_is_used_by_some_entry() -> None:
    used = {id(shape_of(key)) for key, _ in lawbook.book().histories}

    unused = [pattern for pattern, shape in PATTERNS if id(shape) not in used]
    assert unused == []
