"""A lawbook that cannot be read stops the start: Django's checks tell file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error, register

from thidua.core.holiday_files import BadHolidayFile, read_holidays
from thidua.criteria import lawbook
from thidua.criteria.lawbook import BadLawbook


@register()
def lawbook_can_be_read(**_: Any) -> list[CheckMessage]:
    return problems_of(lawbook.FOLDER)


def problems_of(folder: Path) -> list[CheckMessage]:
    """What is wrong with the lawbook in a folder."""
    try:
        lawbook.read(folder)
        read_holidays(folder / "public_holidays.yaml")
    except (BadLawbook, BadHolidayFile) as wrong:
        return [
            Error(
                f"Sổ luật sai: {wrong}", hint="Sửa tệp trong lawbook/ rồi khởi động lại.", id="criteria.E001"
            )
        ]
    return []
