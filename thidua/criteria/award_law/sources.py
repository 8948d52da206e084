"""Where an answer of the law comes from: article, days, and whether somebody has read the original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from thidua.criteria import lawbook
from thidua.criteria.lawbook import FOREVER, NotInLawbook, Parameter


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the lawbook that was used. `until` is None while no end is known."""

    key: str
    name: str
    citation: str
    confirmed: bool
    since: date
    until: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lawful:
    """An answer of the law; every kind of answer carries its source."""

    source: Source

    @property
    def citation(self) -> str:
        return self.source.citation

    @property
    def confirmed(self) -> bool:
        return self.source.confirmed


def source_of(parameter: Parameter) -> Source:
    until = None if parameter.until == FOREVER else parameter.until
    return Source(
        key=parameter.key,
        name=parameter.name,
        citation=parameter.citation,
        confirmed=parameter.confirmed,
        since=parameter.since,
        until=until,
        note=parameter.note,
    )


def code_of(parameter: Parameter) -> str:
    """The last part of the key: "giay-khen" of "award.form.giay-khen"."""
    return parameter.key.rsplit(".", 1)[1]


def entry(prefix: str, code: str, *, on: date, what: str, place: str = "") -> Parameter:
    """What holds of `prefix.code`. Raises NotInLawbook that names it by `what` ("hình thức khen thưởng")."""
    book = lawbook.book()
    key = f"{prefix}.{code}"
    found = book.find(key, on=on, place=place)
    if found is not None:
        return found
    history = book.history(key) or book.history(key, place=place)
    if history:
        raise NotInLawbook(f"Sổ luật chưa có {what} «{history[0].name}» cho ngày {on:%d/%m/%Y}")
    known = [key[len(prefix) + 1 :] for key, _ in book.histories if key.startswith(f"{prefix}.")]
    close = get_close_matches(code, known, n=1)
    hint = f"; có phải «{close[0]}» không?" if close else ""
    raise NotInLawbook(f"Sổ luật không có {what} «{code}»{hint}")


def first_of(keys: Iterable[str], *, on: date, place: str = "") -> Parameter | None:
    """The first of `keys` of which something holds on the day."""
    book = lawbook.book()
    return next((found for key in keys if (found := book.find(key, on=on, place=place))), None)
