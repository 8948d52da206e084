"""Papers for tests: of huyện Phong Thổ, with a clerk beside the people of the world."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from thidua.audit.log import System
from thidua.documents.models import OutgoingPaper, PaperOffice
from thidua.documents.papers import drafting, issuing
from thidua.documents.signing import keys, pictures
from thidua.documents.signing.tests.authority import PASSPHRASE, authority, key
from thidua.documents.writing.paper import Heading, Level, Paper, Paragraph, Signature
from thidua.organisations.models import Role
from thidua.organisations.tests.world import DAY, World, make_person, phong_tho

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)


def at(day: date, hour: int = 9) -> datetime:
    """That hour of a day in Vietnam."""
    return datetime(day.year, day.month, day.day, hour - 7, 0, tzinfo=UTC)


def with_clerk() -> World:
    """The world of Phong Thổ with `van-thu`, the clerk of the district, and how the district numbers."""
    world = phong_tho()
    world.people["van-thu"] = make_person("van-thu", (world.unit("phong-tho"), Role.CLERK))
    PaperOffice.objects.create(unit=world.unit("phong-tho"), abbreviation="UBND", place="Phong Thổ")
    return world


def a_paper(**changes: Any) -> Paper:
    """A short report of the district."""
    fields: dict[str, Any] = {
        "kind": "bao_cao",
        "superior": ("UBND tỉnh Lai Châu",),
        "issuer": ("Ủy ban nhân dân huyện Phong Thổ",),
        "place": "Phong Thổ",
        "title": "Kết quả phong trào thi đua giảm nghèo năm 2023",
        "body": (
            Heading(Level.CAPITAL, "KẾT QUẢ", number="I"),
            Paragraph("Toàn huyện có 12/17 xã đạt chỉ tiêu giảm nghèo.", is_ending=True),
        ),
        "recipients": ("UBND tỉnh Lai Châu", "Lưu: VT, LĐTBXH"),
        "signature": Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), name="Lanh Dao"),
        **changes,
    }
    return Paper(**fields)


def make_draft(world: World, *, now: datetime = NOW, on: date = DAY, **changes: Any) -> OutgoingPaper:
    """A draft of the district, written by its standing body."""
    return drafting.draft(
        a_paper(**changes),
        unit_id=world.unit("phong-tho").pk,
        actor=world.acting("thuong-truc", on=on),
        now=now,
    )


def give_keys(world: World, *, body: str = "phong-tho", leader: str = "lanh-dao") -> None:
    """Keys of the tests' authority for the leader and the seal of the body."""
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    Path(settings.TRUST_DIR).mkdir(parents=True, exist_ok=True)
    (Path(settings.TRUST_DIR) / "ca.pem").write_bytes(authority().certificate_pem)
    person = world.people[leader]
    for raw, holder, picture in (
        (key(str(person)), {"user": person}, pictures.signature(str(person))),
        (key(body), {"unit_id": world.unit(body).pk}, pictures.seal(body)),
    ):
        keys.take_in(raw.pkcs12, PASSPHRASE, picture=picture, actor=System(on=DAY), now=NOW, **holder)


def make_signed(world: World, *, now: datetime = NOW, **changes: Any) -> OutgoingPaper:
    """Drafted, reviewed and signed by the leader of the district with their key."""
    paper = make_draft(world, now=now, **changes)
    drafting.review(paper, actor=world.acting("thuong-truc"), now=now)
    issuing.sign(paper, actor=world.acting("lanh-dao"), now=now)
    return paper


def make_issued(world: World, *, now: datetime = NOW, **changes: Any) -> OutgoingPaper:
    """All the way to issue."""
    paper = make_signed(world, now=now, **changes)
    issuing.number(paper, actor=world.acting("van-thu"), now=now)
    issuing.issue(paper, actor=world.acting("van-thu"), now=now)
    return paper
