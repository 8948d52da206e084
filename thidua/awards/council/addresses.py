"""Where the pages of a meeting stand, for notices and papers."""

from __future__ import annotations


def session_page(pk: int) -> str:
    return f"/khen-thuong/hoi-dong/hop/{pk}/"


def vote_page(pk: int) -> str:
    return f"/khen-thuong/hoi-dong/hop/{pk}/bo-phieu/"
