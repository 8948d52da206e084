"""The states of a row of the register, and of a file handed in for it."""

from __future__ import annotations

from thidua.audit.workflow import StateTable, Transition, register
from thidua.awards.models import AwardState, ImportState

REGISTERED_AWARDS = register(
    StateTable(
        model="awards.RegisteredAward",
        title="Khoản khen thưởng trong sổ",
        states=AwardState,
        initial=AwardState.IN_FORCE,
        unit_of=lambda award: award.unit_id or award.keeper_id,
        transitions=(
            Transition(
                "revoke",
                "Ghi hủy bỏ quyết định khen thưởng",
                (AwardState.IN_FORCE,),
                AwardState.REVOKED,
                right="award.revoke",
                needs_reason=True,
            ),
            Transition(
                "restore",
                "Ghi lại là còn hiệu lực",
                (AwardState.REVOKED,),
                AwardState.IN_FORCE,
                right="award.revoke",
                needs_reason=True,
            ),
            Transition(
                "correct",
                "Đính chính khoản khen thưởng",
                (AwardState.IN_FORCE,),
                AwardState.CORRECTED,
                right="award.enter",
                needs_reason=True,
            ),
        ),
    )
)

REGISTER_IMPORTS = register(
    StateTable(
        model="awards.RegisterImport",
        title="Lần nhập sổ khen thưởng",
        states=ImportState,
        initial=ImportState.WAITING,
        unit_of=lambda batch: batch.keeper_id,
        transitions=(
            Transition(
                "enter", "Đưa vào sổ", (ImportState.WAITING,), ImportState.ENTERED, right="award.enter"
            ),
            Transition(
                "drop", "Bỏ lần nhập", (ImportState.WAITING,), ImportState.DROPPED, right="award.enter"
            ),
        ),
    )
)
