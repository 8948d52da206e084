"""Who may write in the register. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from thidua.awards.models import RegisterCoverage, RegisteredAward, RegisterImport
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role

DECIDING = frozenset({Role.STANDING, Role.LEADER})
Units = tuple[int | None, ...]


def keeping_body(award: RegisteredAward | RegisterImport) -> Units:
    """The body whose register it is, and the one that prepared the case."""
    if isinstance(award, RegisterImport):
        return (award.keeper_id,)
    standing = award.candidate.round.standing_body_id if award.candidate is not None else None
    return (award.keeper_id, standing)


def covered_unit(coverage: RegisterCoverage) -> Units:
    return (coverage.unit_id,)


for right in (
    Right("award.enter", "ghi vào sổ khen thưởng", DECIDING, keeping_body, stands_in=DECIDING),
    Right("award.revoke", "ghi hủy bỏ quyết định khen thưởng", DECIDING, keeping_body, stands_in=DECIDING),
    Right(
        "register.declare",
        "xác nhận sổ khen thưởng đã đủ",
        DECIDING,
        covered_unit,
        reach=Reach.ABOVE,
        stands_in=DECIDING,
    ),
):
    register(right)
