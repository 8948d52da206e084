"""A package says years later, without the database, whether it is as it was."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.cli import main
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.documents.models import CaseFile, IncomingPaper, OutgoingPaper
from thidua.documents.papers import archive, archive_form
from thidua.documents.papers.tests.makers import NOW, give_keys, make_draft, make_issued, with_clerk
from thidua.documents.papers.tests.test_arrivals import register
from thidua.documents.signing.tests.authority import trust
from thidua.organisations.tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    found = with_clerk()
    give_keys(found)
    return found


def rewritten(package: bytes, **changes: bytes | None) -> bytes:
    """The package with the content of some files exchanged, by their last name."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            last = name.rpartition("/")[2].replace("-", "_").replace(".", "_")
            content = changes.get(last, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()


def test_package_of_a_paper_is_whole(world: World) -> None:
    paper = make_issued(world)

    package = archive.of_paper(paper, actor=world.acting("van-thu"), now=NOW)

    found = archive_form.verified(package, trusted=trust())
    assert found.wrong == ()
    assert found.good == (
        "5 tệp, mã băm SHA-256 của từng tệp đều đúng.",
        "001-di-01-BC-UBND: chữ ký số còn nguyên vẹn (Lanh Dao, phong-tho).",
        "001-di-01-BC-UBND: các dòng nhật ký đều khớp mã băm.",
    )
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        told = json.loads(opened.read("001-di-01-BC-UBND/du-lieu-dac-ta.json"))
        xml = opened.read("001-di-01-BC-UBND/du-lieu-dac-ta.xml").decode()
    assert (told["CodeNumber"], told["CodeNotation"], told["IssuedDate"], told["PageAmount"]) == (
        "01",
        "BC-UBND",
        "2023-11-05",
        "1",
    )
    assert "<FullName>Lanh Dao</FullName>" in xml
    assert "<DueDate/>" in xml


def test_what_was_changed_is_named(world: World) -> None:
    package = archive.of_paper(make_issued(world), actor=world.acting("van-thu"), now=NOW)

    assert archive_form.verified(rewritten(package, van_ban_pdf=b"%PDF-1.7")).wrong[0] == (
        "Tệp 001-di-01-BC-UBND/van-ban.pdf đã bị thay đổi: mã băm không khớp."
    )
    assert archive_form.verified(rewritten(package, nhat_ky_json=None)).wrong == (
        "Thiếu tệp 001-di-01-BC-UBND/nhat-ky.json.",
    )


def test_forger_who_mends_the_sums_is_seen_by_signature_and_log(world: World) -> None:
    """Whoever computes the sums anew still has neither the keys nor the chain."""
    package = archive.of_paper(make_issued(world), actor=world.acting("van-thu"), now=NOW)
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    folder = "001-di-01-BC-UBND"
    log = files[f"{folder}/nhat-ky.json"].replace(b"Lanh Dao", b"Ai Khac")
    told = files[f"{folder}/du-lieu-dac-ta.json"].replace(b'"01"', b'"07"')
    kept = {name: content for name, content in files.items() if "/" in name}

    forged = archive_form.packed(
        {**kept, f"{folder}/nhat-ky.json": log, f"{folder}/du-lieu-dac-ta.json": told}, about={"title": "x"}
    )

    assert [one.partition(": ")[2].partition(" ")[0] for one in archive_form.verified(forged).wrong] == [
        "số,",
        "dòng",
    ]


def test_package_of_a_file_of_work_holds_what_came_and_went(world: World) -> None:
    file = CaseFile.objects.create(
        unit=world.unit("phong-tho"),
        notation="01-TĐKT",
        title="Phong trào thi đua giảm nghèo",
        opened_on=date(2023, 1, 1),
    )
    OutgoingPaper.objects.filter(pk=make_issued(world).pk).update(case_file=file)
    IncomingPaper.objects.filter(pk=register(world).pk).update(case_file=file)

    package = archive.of_case_file(file, actor=world.acting("van-thu"), now=NOW)

    found = archive_form.verified(package, trusted=trust())
    assert found.wrong == ()
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        folders = sorted({name.partition("/")[0] for name in opened.namelist() if "/" in name})
    assert folders == ["001-di-01-BC-UBND", "002-den-01"]


def test_draft_and_foreign_paper_are_refused(world: World) -> None:
    with pytest.raises(RuleNotMet, match="chưa phát hành"):
        archive.of_paper(make_draft(world), actor=world.acting("van-thu"), now=NOW)
    with pytest.raises(NotAllowed):
        archive.of_paper(make_issued(world), actor=world.acting("dao-san"), now=NOW)


def test_commands_say_it_without_a_database(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = make_issued(world)
    package = archive.of_paper(paper, actor=world.acting("van-thu"), now=NOW)
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        pdf = opened.read("001-di-01-BC-UBND/van-ban.pdf")
    for name, content in {
        "goi.zip": package,
        "hong.zip": rewritten(package, van_ban_pdf=b"%PDF"),
        "a.pdf": pdf,
        "b.pdf": pdf[:5000] + b"x" + pdf[5001:],
        "c.txt": b"chu",
    }.items():
        (tmp_path / name).write_bytes(content)

    codes = [
        main([*command, str(tmp_path / name)])
        for command, name in (
            (["archive", "verify"], "goi.zip"),
            (["archive", "verify"], "hong.zip"),
            (["archive", "verify"], "c.txt"),
            (["verify-signature"], "a.pdf"),
            (["verify-signature"], "b.pdf"),
            (["verify-signature"], "c.txt"),
        )
    ]

    assert codes == [0, 1, 1, 0, 1, 1]
    printed = capsys.readouterr()
    assert "goi.zip: NGUYÊN VẸN. Báo cáo 01/BC-UBND" in printed.out
    assert "1. Lanh Dao, ký lúc 10:00:00 05/11/2023" in printed.out
    assert "không phải tệp PDF" in printed.err


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.dictionaries(
        st.text("abc", min_size=1, max_size=3), st.binary(max_size=30), min_size=1, max_size=4
    ),
    data=st.data(),
)
def test_any_exchanged_byte_of_any_file_is_seen(files: dict[str, bytes], data: st.DataObject) -> None:
    package = archive_form.packed(files, about={"title": "x"})
    assert archive_form.verified(package).is_whole
    name = data.draw(st.sampled_from(sorted(files)))

    forged = rewritten(package, **{name: files[name] + b"x"})

    assert not archive_form.verified(forged).is_whole
