"""The pages of this room, one beside the other."""

from __future__ import annotations

from django.urls import reverse

PAGES = (
    ("di", "Văn bản đi", "papers:outgoing"),
    ("den", "Văn bản đến", "papers:incoming"),
    ("mau", "Mẫu văn bản", "paper_templates:list"),
    ("so", "Sổ văn bản", "papers:books"),
    ("kiem-tra", "Kiểm tra chữ ký", "papers:check"),
)


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """Label, address, and whether it is the page itself."""
    return [(label, reverse(name), key == here) for key, label, name in PAGES]
