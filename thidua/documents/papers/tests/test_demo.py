"""The demonstration's bodies sign and seal; running it again makes nothing twice."""

from __future__ import annotations

import pytest

from thidua.accounts.models import User
from thidua.documents.models import OutgoingPaper, PaperOffice, SigningKey
from thidua.documents.papers import demo, faces
from thidua.documents.papers.tests.makers import NOW
from thidua.documents.signing.trust_list import trusted
from thidua.documents.signing.verify import Verdict, check
from thidua.organisations.models import Role
from thidua.organisations.tests.world import DAY, make_person, phong_tho

pytestmark = pytest.mark.django_db


def test_demonstration_has_keys_that_say_what_they_are() -> None:
    world = phong_tho()
    make_person("van-thu", (world.unit("phong-tho"), Role.CLERK))
    make_person("giam-doc", (world.unit("so-ldtbxh"), Role.LEADER))
    make_person("van-thu-so", (world.unit("so-ldtbxh"), Role.CLERK))
    User.objects.update(is_demo=True)

    assert [demo.load(on=DAY, now=NOW) for _ in range(2)] == [2, 0]

    assert dict(PaperOffice.objects.values_list("abbreviation", "place")) == {
        "UBND": "Phong Thổ",
        "SLĐTBXH": "Lai Châu",
    }
    assert SigningKey.objects.filter(is_demo=True).count() == SigningKey.objects.count() == 4
    assert sorted(OutgoingPaper.objects.values_list("state", flat=True)) == [
        "da_phat_hanh",
        "da_phat_hanh",
        "da_soat",
        "da_soat",
    ]
    found = check(faces.pdf(OutgoingPaper.objects.filter(state="da_phat_hanh")[0]), trusted=trusted())
    assert (found.is_whole, found.verdict) == (True, Verdict.DOUBTFUL)
    assert [one.is_trusted for one in found.findings] == [True, True]
