"""Which part of a plan a paragraph stands in, as far as targets, criteria and awards must know.

The outline gives each node a role by its headings. Where a plan is built of chapters and articles the role
comes from the chapter; then the nearest heading decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from .matching import flat, pattern
from .model import Node, Role

AWARD_ROLES = frozenset({Role.AWARDS, Role.AWARD_FORMS, Role.AWARD_STANDARDS})
TASK_ROLES = frozenset({Role.ORGANISATION, Role.PROGRESS})
_AWARDS = pattern(r"\b(?:khen thuong|ton vinh|binh xet)\b(?!.*\b(?:hoi dong|ban thi dua)\b)")
_SUBJECTS = pattern(
    r"^(?:ve |cac )?(?:doi tuong|tieu chuan (?:danh hieu|binh xet|xet|thi dua|khen thuong|cong nhan|danh gia)"
    r"|tieu chi (?:thi dua|binh xet|xet|danh gia|cong nhan)|tieu chuan$|tieu chi$)"
)
_SCORING = pattern(r"\b(?:thang diem|cham diem|bang diem|diem thuong|diem tru)\b")


@lru_cache(maxsize=1024)
def _names_awards(title: str) -> bool:
    return _AWARDS.search(flat(title).strip(" :.*")) is not None


@lru_cache(maxsize=1024)
def _names_subjects(title: str) -> bool:
    return _SUBJECTS.search(flat(title).strip(" :.*")) is not None


@lru_cache(maxsize=1024)
def _names_scoring(title: str) -> bool:
    return _SCORING.search(flat(title)) is not None


def _headings(node: Node) -> Iterator[str]:
    """The headings above, nearest first."""
    above = node.parent
    while above is not None:
        if above.title is not None:
            yield above.title
        above = above.parent


def is_on_awards(node: Node) -> bool:
    """Whether the paragraph stands in the part on forms and standards of commendation."""
    if node.role in AWARD_ROLES:
        return True
    if node.role in TASK_ROLES or node.role is Role.SUBJECTS:
        return False
    above = node.parent
    while above is not None and above.title is None:
        above = above.parent
    return (
        above is not None
        and above.title is not None
        and _names_awards(above.title)
        and not is_on_subjects(node)
    )


def is_on_subjects(node: Node) -> bool:
    """Whether it stands in the part on who is rewarded for what."""
    if node.role is Role.SUBJECTS:
        return True
    if node.role in TASK_ROLES:
        return False
    above = node.parent
    while above is not None:
        if above.title is not None and _names_subjects(above.title):
            return True
        above = above.parent
    return False


def is_on_scoring(node: Node) -> bool:
    """Whether it stands in a scale of points, where figures are points to give and nothing to reach."""
    return any(_names_scoring(title) for title in _headings(node))
