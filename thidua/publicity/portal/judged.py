"""Targets of published plans as the public may see them.

Hides that figures about a handful of people or households are kept back whole: the verdict stays, the
picture, the table and the sentence with the numbers go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from thidua.indicators.models import Indicator
from thidua.movements.models import Target
from thidua.movements.progress.binding import Measured
from thidua.movements.progress.judging import Judged, judge_all
from thidua.movements.progress.pictures import large, small
from thidua.movements.progress.rows import FigureRow, figure_rows
from thidua.movements.progress.trajectory import Mark
from thidua.movements.progress.verdicts import Verdict
from thidua.publicity.open_data.figures import kept_back_cells
from thidua.publicity.small_counts import counts_people, is_small, threshold_on

KEPT_BACK = "Số liệu về quá ít người hoặc hộ nên không công khai, để không ai bị nhận ra."
#: The order in which the public reads: what is reached first.
ORDER = (Verdict.MET, Verdict.ON_THE_WAY, Verdict.BEHIND, Verdict.UNKNOWN)


@dataclass(frozen=True)
class PublicTarget:
    """One judged target, with what of it may be told."""

    judged: Judged
    is_kept_back: bool

    @property
    def target(self) -> Target:
        return self.judged.target

    @property
    def label(self) -> str:
        return self.judged.judgement.label

    @property
    def tone(self) -> str:
        return self.judged.judgement.tone

    @property
    def verdict(self) -> Verdict:
        return self.judged.judgement.verdict

    @property
    def words(self) -> str:
        return self.judged.words

    @property
    def sentence(self) -> str:
        return KEPT_BACK if self.is_kept_back else self.judged.judgement.sentence

    @property
    def reached(self) -> str:
        return "" if self.is_kept_back else self.judged.judgement.reached_words

    @property
    def coverage(self) -> str:
        """How many units the newest figure is made from; empty for a published figure."""
        latest = self.judged.judgement.latest
        if self.is_kept_back or latest is None or latest.expected is None:
            return ""
        return f"{latest.reported}/{latest.expected} đơn vị đã có số liệu"

    @property
    def picture(self) -> SafeString | str:
        return "" if self.is_kept_back else large(self.judged, name=f"hinh-{self.target.pk}")

    @property
    def has_course(self) -> bool:
        """Whether there is more than one figure to draw."""
        return not self.is_kept_back and len(self.judged.judgement.marks) > 1

    @property
    def small_picture(self) -> SafeString | str:
        return "" if self.is_kept_back else small(self.judged)

    @property
    def rows(self) -> list[FigureRow]:
        return [] if self.is_kept_back else figure_rows(self.judged)

    @property
    def sources(self) -> list[str]:
        return list(dict.fromkeys(row.source for row in self.rows if row.source))


@dataclass(frozen=True, slots=True)
class Slice:
    """One verdict among many targets, for the bar of a movement."""

    verdict: Verdict
    count: int
    #: Where it begins in the bar and how much of it it takes, in thousandths.
    start: int
    width: int


def judged_for_all(targets: Iterable[Target], *, on: date) -> list[PublicTarget]:
    rows = judge_all(targets, on=on)
    if not rows:
        return []
    threshold, secret = threshold_on(on), kept_back_cells(on=on)
    return [
        PublicTarget(one, is_kept_back=_is_about_few(one, secret, threshold=threshold, on=on)) for one in rows
    ]


def _is_about_few(judged: Judged, secret: frozenset[tuple[int, int]], *, threshold: int, on: date) -> bool:
    """Whether a figure is small, or would give away a small one of a place below."""
    measured = judged.measured
    if not isinstance(measured, Measured):
        return False
    indicator = measured.indicator
    counted = indicator.numerator or indicator
    if not counts_people(counted.measure, on=on):
        return False
    if (counted.pk, measured.unit_id) in secret:
        return True
    return any(is_small(_count(mark, indicator), threshold=threshold) for mark in judged.marks)


def _count(mark: Mark, indicator: Indicator) -> int | None:
    """How many people or households a figure counts; unknown for a rate without its two counts."""
    if mark.part is not None:
        return int(mark.part)
    return None if indicator.numerator_id else int(mark.amount)


def slices(targets: Sequence[PublicTarget]) -> list[Slice]:
    counts = Counter(one.verdict for one in targets)
    found: list[Slice] = []
    before = 0
    for verdict in ORDER:
        if counts[verdict]:
            start, before = 1000 * before // len(targets), before + counts[verdict]
            found.append(Slice(verdict, counts[verdict], start, 1000 * before // len(targets) - start))
    return found
