"""Codes of items as people see them, in sentences and on cards."""

from __future__ import annotations

import pytest

from thidua.movements.plans.items import Piece, code_of, with_codes


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("T1", "CT1"),
        ("K19", "NV19"),
        ("K19b", "NV19b"),
        ("S5", "ĐT5"),
        ("S5.c3", "TC5.3"),
        ("F2", "KT2"),
        ("M7", "MT7"),
        ("P1", "MĐ1"),
        ("R1", "YC1"),
        ("N4", "ND4"),
        ("G3", "GP3"),
        ("TX1", "CT+1"),
        ("KX2", "NV+2"),
        ("SX1", "TC+1"),
        ("", ""),
    ],
)
def test_a_key_becomes_the_code_of_the_read_document(key: str, code: str) -> None:
    assert code_of(key) == code


def test_a_sentence_names_codes_and_links_the_items_that_there_are() -> None:
    pieces = with_codes("T1, K2, S5.c3: đoạn văn không nêu chủ thể.", {"T1", "S5.c3"})
    assert pieces == (
        Piece("CT1", "T1"),
        Piece(", "),
        Piece("NV2"),
        Piece(", "),
        Piece("TC5.3", "S5.c3"),
        Piece(": đoạn văn không nêu chủ thể."),
    )
