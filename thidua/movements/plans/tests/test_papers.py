"""A plan printed as Word and PDF, and what it says when it is read again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from thidua.core import clock
from thidua.documents.reading.files import intake
from thidua.documents.reading.record import record_of
from thidua.documents.writing.typesetting import pdf_bytes
from thidua.documents.writing.word import docx_bytes
from thidua.movements.models import ItemDecision, PlanVersion
from thidua.movements.plans import adoption, drafting, papers
from thidua.movements.plans.tests.makers import DAY, NOW, decide_all, issuer_of, started
from thidua.organisations.authority import acting
from thidua.organisations.tests.world import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def read_again(version: PlanVersion, face: str) -> dict[str, Any]:
    paper = papers.paper_of(version, on=DAY)
    made = docx_bytes(paper) if face == "docx" else pdf_bytes(paper)
    return record_of(intake.read(made, file_name=f"a.{face}"))


def quotes(record: dict[str, Any], kind: str) -> list[str]:
    return [entry["quote"] for entry in record[kind]]


def written_from_sample() -> PlanVersion:
    """A plan that the same body writes from its own sample plan: everything accepted."""
    issuer = issuer_of(1)
    higher = started(1, issuer)
    decide_all(higher, actor=issuer.acting())
    adoption.adopt(higher, actor=acting(issuer.leader, on=DAY), now=NOW)
    higher.refresh_from_db()
    version = drafting.write_from(
        higher,
        owner=issuer.standing_body,
        standing_body=issuer.standing_body,
        title="Thực hiện Phong trào thi đua năm 2023",
        actor=issuer.acting(),
        now=NOW,
    )
    version.items.update(decision=ItemDecision.ACCEPTED)
    return version


@pytest.mark.parametrize("face", ["docx", "pdf"])
def test_version_from_a_document_is_printed_in_the_words_of_the_document(face: str) -> None:
    version = started(1, issuer_of(1))
    assert version.document is not None
    before, after = version.document.record, read_again(version, face)

    for kind in ("targets", "tasks"):
        assert quotes(after, kind) == quotes(before, kind)
    assert after["doc"]["title"] == before["doc"]["title"]


@pytest.mark.parametrize("face", ["docx", "pdf"])
def test_plan_written_in_the_program_is_read_again_with_its_targets(face: str) -> None:
    version = written_from_sample()
    record = read_again(version, face)

    assert record["doc"]["type"] == "Kế hoạch"
    assert record["doc"]["title"] == "Thực hiện Phong trào thi đua năm 2023"
    assert [node["title"] for node in record["structure"] if node["kind"] == "muc"][:2] == [
        "MỤC ĐÍCH, YÊU CẦU",
        "CHỈ TIÊU, NỘI DUNG THI ĐUA",
    ]
    printed = {
        (target["indicator"], target["comparator"], target.get("value")) for target in record["targets"]
    }
    wanted = {
        (item.entry["indicator"], item.entry["comparator"], item.entry.get("value"))
        for item in version.items.filter(kind="targets")
    }
    assert wanted - printed == set()


def test_draft_says_that_it_is_one() -> None:
    assert papers.paper_of(written_from_sample(), on=DAY).is_draft


def test_file_has_a_name_that_every_system_bears() -> None:
    version = started(1, issuer_of(1))

    assert papers.file_name(version).isascii()
    assert papers.file_name(version).startswith("ke-hoach-")


def test_pages_hand_out_both_faces_to_who_may_see_the_plan(client: Client) -> None:
    issuer = issuer_of(1)
    version = started(1, issuer)
    client.force_login(issuer.officer)
    with clock.fixed_on(DAY):
        word = client.get(f"/ke-hoach/van-ban/{version.pk}/ke-hoach.docx")
        pdf = client.get(f"/ke-hoach/van-ban/{version.pk}/ke-hoach.pdf")
        draft = client.get(f"/ke-hoach/nhap/{version.pk}/").content.decode()
        other = client.get(f"/ke-hoach/van-ban/{version.pk}/ke-hoach.odt")

    assert (word.status_code, word.content[:2]) == (200, b"PK")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert word["Content-Disposition"].endswith('.docx"')
    assert f"/ke-hoach/van-ban/{version.pk}/ke-hoach.docx" in draft
    assert other.status_code == 404


def test_stranger_gets_no_paper_of_a_draft(client: Client) -> None:
    version = started(1, issuer_of(1))
    client.force_login(make_person("nguoi-la"))
    with clock.fixed_on(DAY):
        answer = client.get(f"/ke-hoach/van-ban/{version.pk}/ke-hoach.pdf")

    assert answer.status_code == 404
