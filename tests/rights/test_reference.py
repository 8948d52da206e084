"""The reference pages are what the tables say."""

from __future__ import annotations

import pytest
from django.conf import settings

from thidua.organisations.reference import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_reference_page_is_up_to_date(name: str) -> None:
    written = (settings.BASE_DIR / "docs" / "reference" / name).read_text(encoding="utf-8")

    assert written == PAGES[name](), "run: thidua manage draw_reference"
