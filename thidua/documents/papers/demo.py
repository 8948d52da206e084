"""The demonstration's offices, keys and seals, and papers in each state; for invented people only."""

from __future__ import annotations

from datetime import date, datetime

from thidua.accounts.models import User
from thidua.audit.log import System
from thidua.core.text import fold
from thidua.documents.models import OutgoingPaper, PaperOffice
from thidua.documents.papers import drafting, issuing, numbering
from thidua.documents.papers.plain_text import blocks
from thidua.documents.signing import keys
from thidua.documents.writing.paper import Paper, Signature
from thidua.organisations import tree
from thidua.organisations.authority import acting
from thidua.organisations.models import Mandate, Role, UnitKind, UnitVersion

BODY = """I. KẾT QUẢ THỰC HIỆN
1. Công tác chỉ đạo, điều hành
Đã phân công đơn vị chủ trì, phối hợp và thời hạn cho từng nhiệm vụ của kế hoạch; đôn đốc hằng tháng.
2. Công tác tuyên truyền
- Tuyên truyền trên hệ thống truyền thanh cơ sở;
- Lồng ghép trong các cuộc họp thôn, bản, tổ dân phố.
II. PHƯƠNG HƯỚNG
Tiếp tục thực hiện các nhiệm vụ còn lại của kế hoạch đúng thời hạn."""
#: Which papers a body begins with: title, and how far they have come.
PAPERS = (
    ("Tình hình thực hiện phong trào thi đua tháng trước", "da_phat_hanh"),
    ("Tình hình thực hiện phong trào thi đua tháng này", "da_soat"),
)
_SMALL = frozenset({"va", "cua", "cac", "tinh", "huyen", "thanh", "pho"})


def load(*, on: date, now: datetime) -> int:
    """Offices and keys of all bodies that have an invented clerk and leader; how many bodies are new."""
    clerks = Mandate.objects.filter(user__is_demo=True, role=Role.CLERK, since__lte=on, until__gt=on)
    new = 0
    for mandate in clerks.select_related("unit", "user").order_by("pk"):
        version = tree.version_on(mandate.unit_id, on=on)
        leader = Mandate.objects.filter(
            unit_id=mandate.unit_id, user__is_demo=True, role=Role.LEADER, since__lte=on, until__gt=on
        ).first()
        if version is None or leader is None:
            continue
        if not PaperOffice.objects.filter(unit_id=mandate.unit_id).exists():
            _open_office(version, on=on, now=now)
            new += 1
        keys.make_demo_key(_issuer(version), unit_id=mandate.unit_id, actor=System(on=on), now=now)
        keys.make_demo_key(str(leader.user), user=leader.user, actor=System(on=on), now=now)
        if not OutgoingPaper.objects.filter(unit_id=mandate.unit_id).exists():
            _write_papers(version, leader.user, mandate.user, on=on, now=now)
    return new


def prepare_office(unit_id: int, *, leader: User, has_common_series: bool, now: datetime) -> None:
    """Abbreviation and place of a body, and keys of the demonstration for its leader and its seal."""
    on = now.date()
    version = tree.version_on(unit_id, on=on)
    if version is None:
        return
    if not PaperOffice.objects.filter(unit_id=unit_id).exists():
        _open_office(version, on=on, now=now, has_common_series=has_common_series)
    keys.make_demo_key(_issuer(version), unit_id=unit_id, actor=System(on=on), now=now)
    keys.make_demo_key(str(leader), user=leader, actor=System(on=on), now=now)


def _open_office(version: UnitVersion, *, on: date, now: datetime, has_common_series: bool = True) -> None:
    line = tree.ancestors(version.unit_id, on=on)
    place = next((one.name for one in reversed(line) if one.unit.is_place), version.name)
    numbering.set_office(
        version.unit_id,
        abbreviation=_abbreviation(version),
        place=place,
        has_common_series=has_common_series,
        actor=System(on=on),
        now=now,
    )


def _abbreviation(version: UnitVersion) -> str:
    """ "UBND" of a place, "STNMT" of Sở Tài nguyên và Môi trường tỉnh Lạng Sơn."""
    if version.unit.is_place:
        return "UBND"
    words = version.label.split(" tỉnh ")[0].split(" huyện ")[0].split()
    return "".join(word[0].upper() for word in words if fold(word) not in _SMALL and word != "-") or "CQ"


def _issuer(version: UnitVersion) -> str:
    return f"Ủy ban nhân dân {version.label}" if version.unit.is_place else version.label


def _write_papers(version: UnitVersion, leader: User, clerk: User, *, on: date, now: datetime) -> None:
    line = tree.ancestors(version.unit_id, on=on)
    above = [one for one in line[:-1] if one.unit.kind != UnitKind.NATION]
    office = PaperOffice.objects.get(unit_id=version.unit_id)
    leading, clerking = acting(leader, on=on), acting(clerk, on=on)
    is_place = version.unit.is_place
    for title, state in PAPERS:
        kept = drafting.draft(
            Paper(
                kind="bao_cao",
                issuer=(_issuer(version),),
                superior=(_issuer(above[-1]),) if above else (),
                title=title,
                body=blocks(BODY),
                place=office.place,
                recipients=("Như trên", "Lưu: VT"),
                signature=Signature(
                    ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH") if is_place else ("THỦ TRƯỞNG",),
                    name=str(leader).partition(" (")[0],
                ),
            ),
            unit_id=version.unit_id,
            actor=leading,
            now=now,
        )
        drafting.review(kept, actor=leading, now=now)
        if state == "da_phat_hanh":
            issuing.sign(kept, actor=leading, now=now)
            issuing.number(kept, actor=clerking, now=now)
            issuing.issue(kept, actor=clerking, now=now)
