"""All checks of a candidate together, and what they mean for a step: go on, give a reason, stop."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from thidua.audit.log import Actor, record
from thidua.awards import duplicates, form_checks, holding
from thidua.awards.findings import Finding
from thidua.awards.models import Candidate, Override
from thidua.awards.opinions import unanswered
from thidua.core.errors import RuleNotMet


def findings(candidate: Candidate, *, on: date) -> list[Finding]:
    """What the checks say on a day, the hardest first."""
    found = [
        *holding.findings(candidate, on=on),
        *duplicates.findings(candidate, on=on),
        *form_checks.findings(candidate, on=on),
        *unanswered.findings(candidate, on=on),
    ]
    order = ("block", "reason", "warn", "record")
    return sorted(found, key=lambda one: order.index(one.effect.value))


def findings_json(found: list[Finding]) -> list[dict[str, Any]]:
    return [one.as_json() for one in found]


def overridden(candidate: Candidate) -> dict[str, Override]:
    return {one.finding: one for one in candidate.overrides.select_related("user")}


def in_the_way(candidate: Candidate, *, on: date) -> list[Finding]:
    """Findings that stop a step: blocks, and those that ask for a reason nobody has given."""
    passed = overridden(candidate)
    return [
        one for one in findings(candidate, on=on) if one.blocks or (one.asks_reason and one.key not in passed)
    ]


def refuse(candidate: Candidate, *, on: date, what: str) -> None:
    """Raises RuleNotMet for the first thing in the way."""
    found = in_the_way(candidate, on=on)
    if not found:
        return
    first = found[0]
    source = f" ({first.source})" if first.source else ""
    more = f"; còn {len(found) - 1} điểm khác trên trang hồ sơ" if len(found) > 1 else ""
    step = first.next_step
    raise RuleNotMet(what, why=f"{first.title}: {first.why}{source}{more}", next_step=step)


def let_pass(candidate: Candidate, key: str, *, reason: str, actor: Actor, now: datetime) -> Override:
    """Let a candidate pass a finding that the law lets pass with a reason. Logged.

    Raises NotAllowed, RuleNotMet for a finding that blocks, is only a warning, or is not there.
    """
    actor.require("candidate.override", candidate)
    found = next((one for one in findings(candidate, on=actor.on) if one.key == key), None)
    if found is None or not found.asks_reason:
        raise RuleNotMet(
            "Không cho qua được",
            why="luật không cho bỏ qua điểm này" if found and found.blocks else "điểm này không còn",
            next_step="Mở lại trang hồ sơ để xem kết quả kiểm tra",
        )
    reason = " ".join(reason.split())
    if not reason:
        raise RuleNotMet(
            "Chưa cho qua được", why="chưa ghi lý do", next_step="Ghi lý do: thành tích khác nhau ở chỗ nào"
        )
    try:
        with transaction.atomic():
            kept = Override.objects.create(
                candidate=candidate,
                finding=key,
                title=found.title[:500],
                reason=reason,
                user=actor.user,
                made_at=now,
            )
            record(
                "awards.candidate.override",
                candidate,
                label="Cho qua có lý do",
                actor=actor,
                now=now,
                object_unit_id=candidate.proposer_id,
                reason=reason,
                details={"finding": key, "title": found.title},
            )
    except IntegrityError:
        return Override.objects.get(candidate=candidate, finding=key)
    return kept
