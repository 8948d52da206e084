"""The five sample plans as documents, and the units that their issuers need. Names of people are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from thidua.accounts.models import User
from thidua.documents.file_store import store
from thidua.documents.management.commands.load_samples import sample_address
from thidua.documents.models import Document
from thidua.documents.plan_reading import fields_of
from thidua.documents.reading import files
from thidua.documents.reading.record import record_of
from thidua.documents.reading.score_folder import DATA
from thidua.movements.models import ItemDecision, PlanVersion
from thidua.movements.plans import drafting, parties
from thidua.organisations.authority import Acting, acting
from thidua.organisations.models import Role, Unit, UnitKind
from thidua.organisations.tests.world import REFORM, make_person, make_unit

PATHS = sorted((DATA / "plans").glob("*.txt"))
#: The day on which the tests adopt: a working day after all five plans were issued.
DAY = date(2022, 8, 1)
NOW = datetime(2022, 8, 1, 3, 0, tzinfo=UTC)


@cache
def _fields(number: int) -> dict[str, Any]:
    source = files.read(PATHS[number].read_bytes(), file_name=PATHS[number].name)
    return fields_of(source, record_of(source), file_name=PATHS[number].name)


def sample_document(number: int) -> Document:
    """One of the five plans, read, as everybody sees it."""
    address = sample_address(PATHS[number])
    known = Document.objects.filter(address=address).first()
    return known or Document.objects.create(
        address=address, is_sample=True, file=store(PATHS[number].read_bytes()), **_fields(number)
    )


@dataclass(frozen=True)
class Issuer:
    """A body that issued one of the plans, the body that runs the plan, and an officer of the latter."""

    owner: Unit
    standing_body: Unit
    officer: User
    leader: User

    def acting(self, *, on: date = DAY) -> Acting:
        return acting(self.officer, on=on)


def issuer_of(number: int) -> Issuer:
    """The issuing body of a sample plan, with what stands below it as far as the plan needs it."""
    nation = Unit.objects.filter(key="viet-nam").first() or make_unit("viet-nam", "Việt Nam", UnitKind.NATION)
    maker = (_lang_son, _dak_nong, _phong_tho, _quang_binh, _ban_dan_toc)[number]
    owner, standing = maker(nation)
    officer = make_person(f"thuong-truc-{number}", (standing, Role.STANDING))
    leader = make_person(f"lanh-dao-{number}", (owner, Role.LEADER))
    return Issuer(owner, standing, officer, leader)


def _province(nation: Unit, key: str, label: str) -> Unit:
    return Unit.objects.filter(key=key).first() or make_unit(key, label, UnitKind.PROVINCE, parent=nation)


def _divisions(owner: Unit, key: str, *labels: str) -> list[Unit]:
    return [
        make_unit(f"{key}-{number}", label, UnitKind.DIVISION, parent=owner)
        for number, label in enumerate(labels, 1)
    ]


def _lang_son(nation: Unit) -> tuple[Unit, Unit]:
    province = _province(nation, "lang-son", "tỉnh Lạng Sơn")
    owner = make_unit("stnmt-lang-son", "Sở Tài nguyên và Môi trường tỉnh Lạng Sơn", parent=province)
    made = _divisions(owner, "stnmt-ls", "Văn phòng Sở", "Phòng Kế hoạch - Tài chính", "Phòng Khoáng sản")
    make_unit(
        "stnmt-ls-hoi-dong",
        "Hội đồng Thi đua - Khen thưởng Sở Tài nguyên và Môi trường",
        UnitKind.COUNCIL,
        parent=owner,
    )
    return owner, made[0]


def _dak_nong(nation: Unit) -> tuple[Unit, Unit]:
    province = _province(nation, "dak-nong", "tỉnh Đắk Nông")
    owner = make_unit("thanh-tra-dak-nong", "Thanh tra tỉnh Đắk Nông", parent=province)
    made = _divisions(owner, "ttr-dn", "Văn phòng Thanh tra tỉnh", "Phòng Nghiệp vụ 1", "Phòng Nghiệp vụ 2")
    return owner, made[0]


def _phong_tho(nation: Unit) -> tuple[Unit, Unit]:
    province = _province(nation, "lai-chau", "tỉnh Lai Châu")
    make_unit("so-ldtbxh", "Sở Lao động - Thương binh và Xã hội tỉnh Lai Châu", parent=province)
    owner = make_unit("phong-tho", "huyện Phong Thổ", UnitKind.DISTRICT, parent=province, until=REFORM)
    standing = make_unit(
        "phong-ldtbxh",
        "Phòng Lao động - Thương binh và Xã hội huyện Phong Thổ",
        parent=owner,
        until=REFORM,
    )
    for key, label, kind in (
        ("phong-noi-vu", "Phòng Nội vụ huyện Phong Thổ", UnitKind.AGENCY),
        ("tt-van-hoa", "Trung tâm Văn hóa, Thể thao và Truyền thông huyện Phong Thổ", UnitKind.AGENCY),
        ("tuyen-giao", "Ban Tuyên giáo Huyện ủy Phong Thổ", UnitKind.PARTY),
        ("mat-tran", "Ủy ban Mặt trận Tổ quốc Việt Nam huyện Phong Thổ", UnitKind.FRONT),
        ("phu-nu", "Hội Liên hiệp Phụ nữ huyện Phong Thổ", UnitKind.MASS),
        ("huoi-luong", "xã Huổi Luông", UnitKind.COMMUNE),
        ("dao-san", "xã Dào San", UnitKind.COMMUNE),
        ("tt-phong-tho", "thị trấn Phong Thổ", UnitKind.COMMUNE),
    ):
        make_unit(key, label, kind, parent=owner, until=REFORM)
    return owner, standing


def _quang_binh(nation: Unit) -> tuple[Unit, Unit]:
    province = _province(nation, "quang-binh", "tỉnh Quảng Bình")
    owner = make_unit("stnmt-quang-binh", "Sở Tài nguyên và Môi trường tỉnh Quảng Bình", parent=province)
    made = _divisions(owner, "stnmt-qb", "Văn phòng Sở", "Phòng Đo đạc", "Chi cục Bảo vệ môi trường")
    make_unit("stnmt-qb-cntt", "Trung tâm Công nghệ thông tin tài nguyên và môi trường", parent=owner)
    return owner, made[0]


def _ban_dan_toc(nation: Unit) -> tuple[Unit, Unit]:
    province = _province(nation, "lang-son", "tỉnh Lạng Sơn")
    owner = make_unit("ban-dan-toc-lang-son", "Ban Dân tộc tỉnh Lạng Sơn", parent=province)
    made = _divisions(owner, "bdt-ls", "Văn phòng Ban", "Phòng Chính sách", "Thanh tra Ban")
    return owner, made[0]


def started(number: int, issuer: Issuer, **arguments: Any) -> PlanVersion:
    return drafting.start(
        sample_document(number),
        owner=issuer.owner,
        standing_body=issuer.standing_body,
        actor=issuer.acting(),
        now=NOW,
        **arguments,
    )


def decide_all(version: PlanVersion, *, actor: Acting, now: datetime = NOW) -> None:
    """Accept every item, doubtful ones too, and confirm every name; an unknown one as outside the system."""
    drafting.accept_clear(version, actor=actor, now=now)
    for item in version.items.filter(decision=ItemDecision.UNDECIDED):
        drafting.accept(item, seen=drafting.seen_of(item), actor=actor, now=now)
    parties.confirm_proposed(version, actor=actor, now=now)
    for party in parties.waiting(version):
        parties.confirm(party, unit_ids=(), is_outside=True, actor=actor, now=now)
