"""What a person may do with a difficulty, as data: button, form, function, the words afterwards."""

from __future__ import annotations

from typing import Any

from thidua.movements.tasks.acts import Act
from thidua.movements.tasks.forms import NothingForm, ReasonForm, SmallForm
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.oversight.difficulties import answering, routing
from thidua.oversight.difficulties.forms import (
    AmendForm,
    AnswerForm,
    ForwardForm,
    GuidanceForm,
    PublishForm,
)
from thidua.oversight.models import Difficulty, DifficultyState

_D = DifficultyState


def _forward_form(acting: Acting, difficulty: Difficulty, bound: dict[str, Any]) -> SmallForm:
    found = routing.higher_receivers(difficulty, on=acting.on)
    labels = tree.labels_on(found, on=acting.on)
    return ForwardForm(receivers=[(str(pk), labels.get(pk, "")) for pk in found], **bound)


ACTS: dict[str, Act] = {
    act.key: act
    for act in (
        Act(
            "take",
            "Tiếp nhận",
            "difficulty.answer",
            (_D.RAISED,),
            lambda _acting, _one, bound: NothingForm(**bound),
            lambda one, _answers, actor, now: answering.take(one, actor=actor, now=now),
            "Đã tiếp nhận. Đơn vị nêu đã được báo.",
            is_main=True,
        ),
        Act(
            "answer",
            "Trả lời",
            "difficulty.answer",
            Difficulty.OPEN,
            lambda _acting, _one, bound: AnswerForm(**bound),
            lambda one, answers, actor, now: answering.answer(one, actor=actor, now=now, **answers),
            "Đã trả lời. Nếu nhiều đơn vị cũng gặp, bấm «Công khai câu trả lời».",
            is_main=True,
            is_open=True,
        ),
        Act(
            "guidance",
            "Trả lời bằng hướng dẫn cho mọi đơn vị",
            "difficulty.answer",
            Difficulty.OPEN,
            lambda _acting, _one, bound: GuidanceForm(**bound),
            lambda one, answers, actor, now: answering.answer_by_guidance(
                one, actor=actor, now=now, **answers
            ),
            "Đã ra hướng dẫn và trả lời đơn vị.",
        ),
        Act(
            "amend",
            "Đề nghị sửa kế hoạch",
            "difficulty.answer",
            (_D.TAKEN,),
            lambda _acting, _one, bound: AmendForm(**bound),
            lambda one, answers, actor, now: answering.propose_amendment(
                one, actor=actor, now=now, **answers
            ),
            "Đã lập bản điều chỉnh của kế hoạch. Sửa mục cần sửa ở bản nháp, rồi trả lời đơn vị.",
            help="Lập một bản điều chỉnh (nháp) của kế hoạch, ghi lý do từ vướng mắc này.",
        ),
        Act(
            "forward",
            "Chuyển cấp trên trả lời",
            "difficulty.answer",
            (_D.RAISED, _D.TAKEN),
            _forward_form,
            lambda one, answers, actor, now: answering.forward(one, actor=actor, now=now, **answers),
            "Đã chuyển. Thời hạn trả lời tính lại từ hôm nay.",
        ),
        Act(
            "publish",
            "Công khai câu trả lời",
            "difficulty.answer",
            (_D.ANSWERED,),
            lambda _acting, one, bound: PublishForm(difficulty=one, **bound),
            lambda one, answers, actor, now: answering.publish(one, actor=actor, now=now, **answers),
            "Đã công khai. Mọi người tìm được ở «Hỏi và trả lời».",
            is_main=True,
        ),
        Act(
            "unpublish",
            "Thôi công khai",
            "difficulty.answer",
            (_D.ANSWERED,),
            lambda _acting, _one, bound: ReasonForm(**bound),
            lambda one, answers, actor, now: answering.take_back_publication(
                one, actor=actor, now=now, **answers
            ),
            "Đã thôi công khai.",
        ),
        Act(
            "raise_again",
            "Nêu lại",
            "difficulty.raise",
            (_D.ANSWERED,),
            lambda _acting, _one, bound: ReasonForm(**bound),
            lambda one, answers, actor, now: answering.raise_again(one, actor=actor, now=now, **answers),
            "Đã nêu lại với cơ quan trả lời.",
            help="Câu trả lời chưa gỡ được thì nêu lại, ghi còn vướng chỗ nào.",
        ),
        Act(
            "withdraw",
            "Rút vướng mắc",
            "difficulty.raise",
            (_D.RAISED, _D.TAKEN),
            lambda _acting, _one, bound: ReasonForm(**bound),
            lambda one, answers, actor, now: answering.withdraw(one, actor=actor, now=now, **answers),
            "Đã rút vướng mắc.",
        ),
    )
}


def fitting(difficulty: Difficulty, *, acting: Acting) -> dict[str, Act]:
    """Those that make sense for this one, besides state and right."""
    left = dict(ACTS)
    if difficulty.published_at is None:
        del left["unpublish"]
    if difficulty.plan is None or not acting.may("plan.draft", difficulty.plan):
        del left["amend"]
    if not acting.may("difficulty.answer", difficulty) or not routing.higher_receivers(
        difficulty, on=acting.on
    ):
        del left["forward"]
    return left
