"""Copies: their forms, their own series of numbers, what they show."""

from __future__ import annotations

import pypdfium2
import pytest
from django.db import DatabaseError, transaction

from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.documents.file_store import bytes_of
from thidua.documents.models import CopyForm, PaperCopy
from thidua.documents.papers import copying
from thidua.documents.papers.tests.makers import NOW, give_keys, make_draft, make_issued, with_clerk
from thidua.documents.writing.paper import Heading, Level, Paragraph
from thidua.organisations.tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    found = with_clerk()
    give_keys(found)
    return found


def text_of(copy: PaperCopy) -> str:
    with pypdfium2.PdfDocument(bytes_of(copy.file)) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def test_copies_share_one_series(world: World) -> None:
    paper = make_issued(world)
    clerk = world.acting("van-thu")

    true_copy = copying.make(paper, CopyForm.TRUE_COPY, actor=clerk, now=NOW)
    again = copying.make(paper, CopyForm.COPY_OF_COPY, of_copy=true_copy, actor=clerk, now=NOW)

    assert (str(true_copy.given), str(again.given)) == ("01/SY-UBND", "02/SL-UBND")
    assert "SAO Y" in text_of(true_copy)
    assert "2023-11-05T10:00:00+07:00" in text_of(true_copy)
    assert "Số: 01/BC-UBND" in text_of(true_copy)


def test_extract_shows_its_part_only(world: World) -> None:
    body = (
        Heading(Level.CAPITAL, "KẾT QUẢ", number="I"),
        Paragraph("Phần thứ nhất."),
        Heading(Level.CAPITAL, "KIẾN NGHỊ", number="II"),
        Paragraph("Phần thứ hai", is_ending=True),
    )
    paper = make_issued(world, body=body)
    clerk = world.acting("van-thu")

    copy = copying.make(paper, CopyForm.EXTRACT, extract="Mục II", actor=clerk, now=NOW)

    assert "Phần thứ hai" in text_of(copy)
    assert "Phần thứ nhất" not in text_of(copy)
    with pytest.raises(RuleNotMet, match="không có mục «VII»"):
        copying.make(paper, CopyForm.EXTRACT, extract="VII", actor=clerk, now=NOW)


def test_wrong_forms_are_refused(world: World) -> None:
    paper, clerk = make_issued(world), world.acting("van-thu")

    with pytest.raises(RuleNotMet, match="chỉ làm từ bản sao y"):
        copying.make(paper, CopyForm.COPY_OF_COPY, actor=clerk, now=NOW)
    with pytest.raises(RuleNotMet, match="chưa nêu phần trích"):
        copying.make(paper, CopyForm.EXTRACT, actor=clerk, now=NOW)
    with pytest.raises(RuleNotMet, match="«Nháp»"):
        copying.make(make_draft(world), CopyForm.TRUE_COPY, actor=clerk, now=NOW)
    with pytest.raises(NotAllowed):
        copying.make(paper, CopyForm.TRUE_COPY, actor=world.acting("lanh-dao"), now=NOW)
    assert PaperCopy.objects.count() == 0


def test_database_keeps_a_copy(world: World) -> None:
    copy = copying.make(make_issued(world), CopyForm.TRUE_COPY, actor=world.acting("van-thu"), now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        PaperCopy.objects.filter(pk=copy.pk).update(recipients="Khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperCopy.objects.filter(pk=copy.pk)._raw_delete("default")
