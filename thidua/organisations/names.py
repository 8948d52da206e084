"""The common noun and the proper name in the label of a place."""

from __future__ import annotations

from thidua.organisations.models import UnitKind

#: Common nouns a place's name begins with, longest first.
FORMS = (
    "tổ dân phố",
    "tiểu khu",
    "thành phố",
    "thị trấn",
    "khu phố",
    "đặc khu",
    "thị xã",
    "phường",
    "huyện",
    "buôn",
    "quận",
    "tỉnh",
    "làng",
    "thôn",
    "xóm",
    "bản",
    "bon",
    "khu",
    "xã",
    "ấp",
)
NAMED_BY_FORM = (UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.VILLAGE)


def split_label(label: str, kind: str) -> tuple[str, str]:
    """ "xã Phong Thổ" as ("xã", "Phong Thổ") for a place; a body's name is whole."""
    label = " ".join(label.split())
    if kind in NAMED_BY_FORM:
        for form in FORMS:
            if label.lower().startswith(f"{form} "):
                return form, label[len(form) + 1 :]
    return "", label
