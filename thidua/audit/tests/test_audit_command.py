"""`thidua audit verify` as a person calls it."""

from __future__ import annotations

import json

import pytest

from thidua.audit.tests.test_verifying import forged, write
from thidua.cli import main


@pytest.mark.django_db
def test_whole_chain_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    write(3)

    assert main(["audit", "verify"]) == 0
    assert capsys.readouterr().out.startswith("Chuỗi nhật ký nguyên vẹn: 3 dòng.\nMã băm của dòng cuối")


@pytest.mark.django_db
def test_broken_chain_ends_with_1_and_names_the_entry(capsys: pytest.CaptureFixture[str]) -> None:
    write(3)
    forged(2, actor="Người khác")

    assert main(["audit", "verify", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["is_whole"], answer["broken_at"], answer["entries"]) == (False, 2, 1)
