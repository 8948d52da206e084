"""The top of every page: rooms and their pages, who is signed in, what waits unread, the demonstration.

Hides that it is looked up only when a whole page is rendered: a part that htmx asks for costs nothing. An
entry shows once its page exists.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from thidua.accounts.models import User
from thidua.core import clock
from thidua.notices.telling import unread_count
from thidua.organisations.authority import Acting
from thidua.organisations.models import Role
from thidua.organisations.signed_in import who
from thidua.workspace import log_scope
from thidua.workspace.rights import installation

Pages = tuple[tuple[str, str], ...]

#: Label and name of the page: what stands on top for who is not signed in.
FOR_EVERYBODY: Pages = (
    ("Cổng công khai", "portal:home"),
    ("Đọc kế hoạch", "documents:list"),
    ("Sổ luật", "law:list"),
)
#: The rooms of the house, in the order of the work, each with its pages; the first one is behind the door.
ROOMS: tuple[tuple[str, Pages], ...] = (
    (
        "Việc của tôi",
        (
            ("Việc của tôi", "workspace:inbox"),
            ("Bảng điều hành", "progress:dashboard"),
            ("Lịch", "timeline:timeline"),
            ("Thông báo", "notices:list"),
        ),
    ),
    (
        "Phong trào",
        (
            ("Phong trào", "cascade:list"),
            ("Kế hoạch", "plans:list"),
            ("Nhiệm vụ", "tasks:list"),
            ("Đăng ký", "registrations:board"),
            ("Kiểm tra", "inspections:list"),
            ("Vướng mắc", "difficulties:list"),
            ("Tập huấn", "trainings:list"),
            ("Nguồn lực", "resources:funds"),
            ("Đọc kế hoạch", "documents:list"),
        ),
    ),
    (
        "Chỉ tiêu",
        (
            ("Chỉ tiêu", "progress:list"),
            ("Số liệu", "indicators:list"),
            ("Nông thôn mới", "new_rural:board"),
            ("Hộ gia đình", "households:home"),
        ),
    ),
    ("Báo cáo", (("Báo cáo", "reports:board"), ("Báo cáo của tôi", "reports:mine"))),
    (
        "Khen thưởng",
        (
            ("Khen thưởng", "awards:list"),
            ("Đề nghị", "awards:candidates"),
            ("Hội đồng", "council:list"),
            ("Cụm, khối", "groups:list"),
            ("Sổ khen thưởng", "award_register:list"),
            ("Thành tích của tôi", "award_register:own"),
            ("Lấy ý kiến", "opinions:list"),
            ("Quyết định", "awards:decisions"),
            ("Sổ luật", "law:list"),
        ),
    ),
    ("Văn bản", (("Văn bản", "papers:outgoing"),)),
    ("Công khai", (("Công khai", "switching:plans"), ("Gương sáng", "stories:list"))),
    (
        "Đơn vị",
        (
            ("Đơn vị", "organisations:tree"),
            ("Người dùng", "people:list"),
            ("Nhật ký", "workspace:log"),
            ("Việc chạy nền", "running:jobs"),
        ),
    ),
)
#: The bell shows no number above this one, and the database counts no further.
MOST_UNREAD = 99


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    address: str
    #: Value of `aria-current`: "page" on the page itself, "true" on pages below it, empty elsewhere.
    current: str

    @property
    def is_current(self) -> bool:
        return bool(self.current)


def address_of(name: str) -> str:
    """The address of a page without arguments; empty as long as it does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the row on top, and the pages in it."""

    entry: Entry
    pages: list[Entry]

    @property
    def has_more(self) -> bool:
        """Whether there is anything to choose from inside."""
        return len(self.pages) > 1


def entries(*, path: str, pages: Pages = FOR_EVERYBODY) -> list[Entry]:
    """The entries as seen from the page at `path`; the nearest one above it is the current one."""
    known = [(label, address) for label, name in pages if (address := address_of(name))]
    nearest = max((address for _, address in known if path.startswith(address)), key=len, default="")
    current = "page" if path == nearest else "true"
    return [Entry(label, address, current if address == nearest else "") for label, address in known]


def rooms(*, path: str, without: Collection[str] = ()) -> list[Room]:
    """The rooms as seen from the page at `path`, without some pages; a room without any is left out."""
    wanted = [
        (label, tuple(page for page in inside if page[1] not in without and address_of(page[1])))
        for label, inside in ROOMS
    ]
    seen = iter(entries(path=path, pages=tuple(page for _, inside in wanted for page in inside)))
    found = []
    for label, inside in wanted:
        own = [next(seen) for _ in inside]
        if own:
            is_here = any(entry.is_current for entry in own)
            current = own[0].current or ("true" if is_here else "")
            found.append(Room(Entry(label, own[0].address, current), own))
    return found


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, in words."""

    name: str
    initials: str
    #: "Chuyên viên thường trực", and the unit; more than one mandate are counted.
    role: str
    unit: str
    others: int


class Header:
    """The top of one page; each part is worked out when the template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def acting(self) -> Acting | None:
        user = getattr(self._request, "user", None)
        return who(self._request) if isinstance(user, User) else None

    @cached_property
    def entries(self) -> list[Entry]:
        """What stands on top for who is not signed in."""
        return entries(path=self._request.path)

    @cached_property
    def rooms(self) -> list[Room]:
        """What stands on top for who is signed in: rooms, without the pages this person has no use for."""
        acting = self.acting
        if acting is None:
            return []
        without = set()
        if not acting.has_role(Role.LEADER):
            without.add("progress:dashboard")
        if not acting.has_role(Role.ADMINISTRATOR):
            without.add("people:list")
        if not acting.may("jobs.keep", installation(acting)):
            without.add("running:jobs")
        if not log_scope.may_read(acting):
            without.add("workspace:log")
        return rooms(path=self._request.path, without=without)

    @property
    def room(self) -> Room | None:
        """The room that this page is in."""
        return next((room for room in self.rooms if room.entry.is_current), None)

    @cached_property
    def person(self) -> Person | None:
        acting = self.acting
        if acting is None:
            return None
        # Invented people carry a remark after their name; the banner above says it for all.
        name, mandate = re.sub(r"\s*\(.*\)$", "", str(acting.user)), acting.mandate
        words = name.split()
        return Person(
            name=name,
            initials="".join(word[0] for word in (words[:1] + words[1:][-1:])).upper(),
            role=str(mandate.get_role_display()) if mandate else "Chưa được ủy nhiệm cho đơn vị nào",
            unit=acting.unit_labels.get(mandate.unit_id, "") if mandate else "",
            others=max(0, len(acting.mandates) - 1),
        )

    @cached_property
    def unread(self) -> int:
        """How many notices this person has not seen; one more than `MOST_UNREAD` stands for all above."""
        acting = self.acting
        if acting is None:
            return 0
        return unread_count(acting, at_most=MOST_UNREAD + 1)

    @cached_property
    def unread_in_figures(self) -> str:
        return f"{MOST_UNREAD}+" if self.unread > MOST_UNREAD else str(self.unread)

    @property
    def home(self) -> str:
        return (address_of("workspace:inbox") if self.acting else "") or "/"

    @property
    def notices_address(self) -> str:
        return address_of("notices:list") if self.acting else ""

    @property
    def search_address(self) -> str:
        return address_of("workspace:search") if self.acting else ""

    @property
    def sign_in_address(self) -> str:
        return address_of("accounts:sign_in")

    @property
    def sign_out_address(self) -> str:
        return address_of("accounts:sign_out")

    @property
    def profile_address(self) -> str:
        return address_of("accounts:profile")

    @property
    def is_demo(self) -> bool:
        return bool(settings.DEMO)

    @property
    def lived_day(self) -> date | None:
        """The day that was fixed for a demonstration."""
        return clock.fixed_day()


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor."""
    return {"header": Header(request)}
