"""Whether a form may be reached through a movement: how long it ran, who launched it, at which review.

Warns and never blocks: of several forms the clause was not read, and practice before 2024 went further.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thidua.criteria.award_law.forms import Standard, form, standards

#: Who stands above those that a clause names, so that their movements count as well.
ABOVE = ("chu-tich-nuoc", "thu-tuong")
REVIEWS = {"so-ket": "sơ kết", "tong-ket": "tổng kết"}


@dataclass(frozen=True, slots=True)
class MovementRun:
    """A movement as far as the law asks about it; None: not known."""

    years: int | None
    #: Code of the office that launched it.
    launched_by: str
    #: so-ket, tong-ket, or empty for a yearly award.
    selected_at: str


@dataclass(frozen=True, slots=True)
class MovementRoute:
    """What the law says on a form through a movement: the clause that fits best, and what speaks against."""

    standard: Standard | None
    remarks: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.standard is not None and not self.remarks


def movement_route(
    form_code: str,
    subject_kind: str,
    run: MovementRun,
    on: date,
    *,
    person_class: str = "",
    place: str = "",
) -> MovementRoute:
    """The way through a movement for an individual, collective or household, decided on a day.

    `person_class` worker-farmer opens clauses that are for workers and farmers only.
    """
    wanted = form(form_code, on)
    ways = [one for one in standards(form_code, on, place=place) if one.type == "movement"]
    if not ways:
        return MovementRoute(
            None, (f"Sổ luật không thấy tiêu chuẩn qua phong trào cho «{wanted.name}»; xem lại hình thức",)
        )
    fitting = [
        one
        for one in ways
        if (not one.subjects or subject_kind in one.subjects)
        and one.figures.get("only_for", person_class) == person_class
        and (not person_class or one.figures.get("not_for") != person_class)
    ]
    if not fitting:
        return MovementRoute(
            None, (f"Tiêu chuẩn qua phong trào đã đọc của «{wanted.name}» không nêu đối tượng này",)
        )
    judged = [MovementRoute(one, tuple(_against(one, run))) for one in fitting]
    return min(judged, key=lambda one: (len(one.remarks), bool(one.standard and not one.standard.confirmed)))


def _against(standard: Standard, run: MovementRun) -> list[str]:
    remarks = []
    wanted = standard.figures.get("movement_years_at_least")
    if wanted is not None and run.years is None:
        remarks.append(f"Chưa biết phong trào kéo dài bao lâu; cần từ {wanted} năm ({standard.citation})")
    elif wanted is not None and run.years is not None and run.years < wanted:
        remarks.append(
            f"Phong trào kéo dài {run.years} năm; cần từ {wanted} năm trở lên ({standard.citation})"
        )
    launchers = standard.figures.get("launched_by")
    if launchers and run.launched_by not in (*launchers, *ABOVE):
        remarks.append(f"Phong trào không do bộ, ban, ngành, tỉnh phát động ({standard.citation})")
    reviews = standard.figures.get("selected_at")
    if reviews and run.selected_at not in reviews:
        names = ", ".join(REVIEWS[one] for one in reviews)
        remarks.append(f"Chỉ bình xét khi {names} ({standard.citation})")
    return remarks
