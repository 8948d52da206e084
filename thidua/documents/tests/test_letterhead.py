"""The head of papers of units."""

from __future__ import annotations

import pytest

from thidua.documents.letterhead import Letterhead, letterhead_of
from thidua.documents.models import PaperOffice
from thidua.organisations.models import UnitKind
from thidua.organisations.tests.world import DAY, make_unit

pytestmark = pytest.mark.django_db


def test_place_issues_as_its_committee() -> None:
    nation = make_unit("viet-nam", "Việt Nam", UnitKind.NATION)
    province = make_unit("lang-son", "tỉnh Lạng Sơn", UnitKind.PROVINCE, parent=nation)

    assert letterhead_of(province.pk, on=DAY) == Letterhead(
        superior=(),
        issuer=("Ủy ban nhân dân", "tỉnh Lạng Sơn"),
        name="Ủy ban nhân dân tỉnh Lạng Sơn",
        place="Lạng Sơn",
        abbreviation="UBND",
        authority=("TM. Ủy ban nhân dân", "Chủ tịch"),
    )


def test_body_of_a_place_prints_the_committee_above_itself() -> None:
    province = make_unit("lang-son", "tỉnh Lạng Sơn", UnitKind.PROVINCE)
    body = make_unit("so-noi-vu", "Sở Nội vụ tỉnh Lạng Sơn", UnitKind.AGENCY, parent=province)
    PaperOffice.objects.create(unit=body, abbreviation="SNV", place="thành phố Lạng Sơn")

    head = letterhead_of(body.pk, on=DAY)

    assert (head.superior, head.issuer) == (("Ủy ban nhân dân tỉnh Lạng Sơn",), ("Sở Nội vụ",))
    assert (head.name, head.place) == ("Sở Nội vụ tỉnh Lạng Sơn", "thành phố Lạng Sơn")
    assert head.symbol("bao_cao") == "BC-SNV"


def test_long_superior_is_abbreviated_so_that_it_stays_on_one_line() -> None:
    district = make_unit("phong-tho", "huyện Phong Thổ", UnitKind.DISTRICT)
    body = make_unit("phong-noi-vu", "Phòng Nội vụ huyện Phong Thổ", UnitKind.AGENCY, parent=district)

    assert letterhead_of(body.pk, on=DAY).superior == ("UBND huyện Phong Thổ",)


def test_unknown_unit_has_an_empty_head() -> None:
    assert letterhead_of(999_999, on=DAY) == Letterhead()
