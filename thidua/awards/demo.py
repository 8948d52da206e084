"""Awards lived through: the review of Phong Thổ's movement in 2025, up to the day of the demonstration.

Only for demonstrations, and through the real functions. Communes are judged by invented figures, one misses
by a tenth, one has a year missing; the public objects to one; a council of nine votes with two absent and
one recused; thirty awards are decided, paid and handed over, one is later taken back; after 1/7/2025 the
province meets a new commune whose predecessor was rewarded already.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from thidua.awards import demo_candidates, demo_decisions
from thidua.awards.demo_story import BEGINS_ON, PHONG_THO, Lived
from thidua.core.lived_days import LivedDays, NotYet
from thidua.indicators.models import Source
from thidua.movements.models import Plan, PlanVersionState

#: What happens, in order, and how each step is told.
STEPS = (
    ("mở đợt xét", demo_candidates.open_round),
    ("tính gợi ý từ số liệu", demo_candidates.judge),
    ("các đơn vị đề nghị, cơ quan thường trực thẩm định", demo_candidates.nominate),
    ("công khai danh sách, trả lời ý kiến", demo_candidates.post),
    ("hội đồng họp, bỏ phiếu kín", demo_decisions.meet),
    ("quyết định khen thưởng", demo_decisions.decide),
    ("chi tiền thưởng, in và trao giấy khen", demo_decisions.hand_over),
    ("hủy bỏ một khen thưởng", demo_decisions.take_back),
    ("đợt xét của tỉnh sau khi kết thúc hoạt động cấp huyện", demo_decisions.go_on),
)


def live(*, on: date, told: Callable[[int, int, str], None] | None = None) -> Lived:
    """Live through the review; each step once, each in a transaction. May be called again."""
    lived = Lived()
    plan = (
        Plan.objects.filter(owner__key=PHONG_THO, versions__state=PlanVersionState.ADOPTED)
        .select_related("owner", "standing_body", "movement")
        .distinct()
        .first()
    )
    if plan is None or plan.standing_body is None:
        lived.notes.append("chưa có kế hoạch của huyện Phong Thổ (thidua load-demo-movements)")
        return lived
    if on >= BEGINS_ON and not Source.objects.filter(code="vi-du-ra-soat-2024").exists():
        lived.notes.append("chưa có số liệu rà soát mẫu năm 2024 (thidua manage load_demo_reports)")
        return lived
    days = LivedDays(on, len(STEPS), told)
    try:
        for words, step in STEPS:
            days.say(words)
            with transaction.atomic():
                step(plan, days, lived)
    except NotYet:
        pass
    return lived
