"""The frame of every page of the portal: its menu, its title and what a shared link says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

#: Label, name of the page, beginning of the names of the pages below it. One that does not exist is left out.
MENU = (
    ("Phong trào", "portal:movements"),
    ("Chỉ tiêu", "portal:targets"),
    ("Văn bản", "portal:papers"),
    ("Khen thưởng", "portal:awards"),
    ("Gương sáng", "portal:stories"),
    ("Góp ý", "hearing:list"),
    ("Quỹ", "portal:funds"),
    ("Hỏi đáp", "portal:answers"),
    ("Dữ liệu mở", "portal:datasets"),
)


#: What a visitor may do, with a word on it.
SERVICES = (
    ("Góp ý danh sách đề nghị khen thưởng", "Xem và nói ý kiến trước khi hội đồng họp.", "hearing:list"),
    ("Xem ai được khen", "Theo năm, hình thức, cấp; không cần dấu.", "portal:awards"),
    ("Kiểm tra bằng khen, giấy khen", "Bằng số quyết định hoặc mã trên bằng.", "check_award:list"),
    ("Đề xuất một gương tốt", "Cơ quan xem và hỏi người được nêu trước khi đăng.", "portal:propose"),
    ("Xem quỹ nhận và dùng vào việc gì", "Người ủng hộ, việc đã dùng, số còn lại.", "portal:funds"),
    ("Tải dữ liệu mở", "CSV, JSON, có mô tả từng cột.", "portal:datasets"),
)


@dataclass(frozen=True, slots=True)
class Service:
    label: str
    note: str
    address: str


def services() -> list[Service]:
    return [Service(label, note, address) for label, note, name in SERVICES if (address := address_of(name))]


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    address: str
    current: str


def address_of(name: str, *arguments: object) -> str:
    """Empty as long as the page does not exist."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def menu(path: str) -> list[Entry]:
    """The entries, with the one that holds the page at this path."""
    entries = [(label, address) for label, name in MENU if (address := address_of(name))]
    return [
        Entry(label, address, "page" if path == address else "true" if path.startswith(address) else "")
        for label, address in entries
    ]


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    description: str = "",
    picture: str = "",
    status: int = 200,
) -> HttpResponse:
    """`description` and `picture` (an address) go with a link that is shared."""
    frame = {
        "portal_title": title,
        "portal_description": description[:300],
        "portal_picture": request.build_absolute_uri(picture) if picture else "",
        "portal_address": request.build_absolute_uri(request.path),
        "portal_path": request.path,
    }
    return render(request, template, {**frame, **context}, status=status)
