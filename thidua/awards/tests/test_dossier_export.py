"""A dossier and a round as a file: a stranger recomputes verdicts and count, byte for byte."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from thidua.audit.models import Entry
from thidua.awards import dossier_export, dossiers, suggesting
from thidua.awards.council import counting
from thidua.awards.council.tests import makers as council_makers
from thidua.awards.models import Suggestion
from thidua.awards.register.tests.makers import register
from thidua.awards.tests.makers import make_candidate
from thidua.awards.tests.poor_world import PoorWorld, poor_world
from thidua.cli import main
from thidua.core.errors import NotAllowed
from thidua.criteria.bundles import verify
from thidua.organisations.tests.world import phong_tho

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def poor() -> PoorWorld:
    found = poor_world()
    suggesting.suggest(found.round, actor=found.world.acting("thuong-truc"), now=NOW)
    return found


def test_a_stranger_recomputes_every_verdict_of_a_round(
    poor: PoorWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = poor.world
    for key in ("huoi-luong", "dao-san"):
        verdict = Suggestion.objects.get(unit=world.unit(key), set__is_current=True).verdict
        make_candidate(poor.round, world.unit(key), state="da_gui", verdict=verdict)
    make_candidate(poor.round, world.unit("mu-sang"), state="nhap")
    old = register(world.unit("huoi-luong"), world.unit("phong-tho"), decided_year=2020, decided_on=None)

    raw = dossier_export.of_round(poor.round, actor=world.acting("thuong-truc"), now=NOW)

    proof = verify(raw)
    assert (proof.is_good, proof.verdicts, dict(proof.outcomes)) == (True, 2, {"met": 1, "not_met": 1})
    assert proof.about["candidates"] == 2
    with zipfile.ZipFile(BytesIO(raw)) as file:
        held = [json.loads(file.read(name)) for name in file.namelist() if "so-khen-thuong" in name]
    assert sorted(award["award"] for one in held for award in one["awards"]) == [old.pk]
    assert Entry.objects.filter(action="awards.awardround.export").count() == 1
    place = tmp_path / "dot.zip"
    place.write_bytes(raw)
    assert main(["verdict", "verify", str(place)]) == 0
    assert "tính lại 2 kết luận" in capsys.readouterr().out
    place.write_bytes(raw.replace(b"manifest.json", b"manifesx.json"))
    assert main(["verdict", "verify", str(place)]) != 0


def test_a_dossier_holds_the_bytes_of_its_papers(poor: PoorWorld) -> None:
    world = poor.world
    candidate = make_candidate(poor.round, world.unit("huoi-luong"))
    actor = world.acting("huoi-luong")
    dossier = dossiers.of(candidate, on=date(2024, 11, 5))
    first = dossiers.missing(dossier)[0]
    dossiers.put_file(dossier, first.code, raw=b"%PDF-1.4", file_name="to-trinh.pdf", actor=actor, now=NOW)

    raw = dossier_export.of_candidate(candidate, actor=actor, now=NOW)

    with zipfile.ZipFile(BytesIO(raw)) as file:
        [name] = [name for name in file.namelist() if "/giay-to/" in name]
        assert file.read(name) == b"%PDF-1.4"
    assert verify(raw).is_good
    with pytest.raises(NotAllowed):
        dossier_export.of_candidate(candidate, actor=world.acting("dao-san"), now=NOW)
    with pytest.raises(NotAllowed):
        dossier_export.of_round(poor.round, actor=actor, now=NOW)


def test_the_count_of_the_council_is_in_it() -> None:
    world = phong_tho()
    meeting = council_makers.make_meeting(world)
    council_makers.open_box(meeting)
    for number in range(9):
        meeting.vote(number)
    counting.close_voting(
        meeting.session, codes=meeting.codes, actor=council_makers.officer(world), now=council_makers.NOW
    )
    round_ = meeting.items[0].candidate.round
    leader = world.acting("lanh-dao", on=date(2024, 11, 5))

    proof = verify(dossier_export.of_round(round_, actor=leader, now=council_makers.NOW))

    assert (proof.is_good, proof.counts, proof.verdicts) == (True, 2, 0)
