"""The one door through which a draft changes: it must still be a draft, and its edition grows."""

from __future__ import annotations

from django.db.models import F

from thidua.audit.log import Actor
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.movements.models import PlanVersion, PlanVersionState


def locked_draft(version: PlanVersion, *, actor: Actor) -> PlanVersion:
    """The draft as it stands now, held until the caller's transaction ends, one edition further.

    Raises NotAllowed without the right `plan.draft`, RuleNotMet when it is no draft any more.
    """
    actor.require("plan.draft", version)
    changed = PlanVersion.objects.filter(pk=version.pk, state=PlanVersionState.DRAFT).update(
        edition=F("edition") + 1
    )
    current = PlanVersion.objects.select_related("plan", "document", "replaces").get(pk=version.pk)
    if not changed:
        raise RuleNotMet(
            "Chưa sửa được bản này",
            why=f"bản này không còn là bản nháp, mà là «{current.get_state_display()}»",
            next_step="Mở trang kế hoạch; muốn đổi nội dung thì lập bản điều chỉnh, bổ sung",
        )
    version.edition = current.edition
    return current


def changed_meanwhile(what: str) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        what,
        why="người khác vừa sửa đúng chỗ này sau khi bạn mở trang",
        next_step="Mở lại trang để xem nội dung mới rồi quyết định",
    )
