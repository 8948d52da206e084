"""The entries at the top of every page. An entry shows once its page exists."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

#: Label and name of the page, in the order of the work.
PAGES = (("Đọc kế hoạch", "documents:list"),)


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    address: str
    #: Value of `aria-current`: "page" on the page itself, "true" on pages below it, empty elsewhere.
    current: str

    @property
    def is_current(self) -> bool:
        return bool(self.current)


def entries(*, path: str) -> list[Entry]:
    """The entries as seen from the page at `path`."""
    found = []
    for label, name in PAGES:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        current = "page" if path == address else "true" if path.startswith(address) else ""
        found.append(Entry(label=label, address=address, current=current))
    return found


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor."""
    return {"navigation": entries(path=request.path)}
