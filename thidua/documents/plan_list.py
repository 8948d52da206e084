"""The list of read plans: what is searched, filtered, ordered."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import Case, F, QuerySet, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate

from thidua.core.text import fold
from thidua.documents.models import Document
from thidua.tables.words import holding

PAGE = 25


def asked_for(documents: QuerySet[Document], asked: Mapping[str, str]) -> QuerySet[Document]:
    """Those documents that the answers of the list form ask for, in its order, without their large texts."""
    if asked.get("nguon"):
        documents = documents.filter(is_sample=asked["nguon"] == "mau")
    if asked.get("chu_de"):
        documents = documents.filter(theme=asked["chu_de"])
    documents = holding(documents, fold(asked.get("tim", "")).split())
    return documents.order_by(*_order(asked.get("sap_xep", ""))).defer("record_json", "lines_json")


def _order(name: str) -> tuple[str | Combinable, ...]:
    # The keys already are in dictionary order; the database must compare them as they are.
    plain = "C" if connection.vendor == "postgresql" else "BINARY"
    orders: dict[str, tuple[str | Combinable, ...]] = {
        "ten": (Collate("title_order", plain), "id"),
        "co-quan": (Collate("issuer_order", plain), Collate("title_order", plain), "id"),
        "ngay": (F("dated").desc(), "id"),
        "chi-tieu": ("-targets", "id"),
        "nhiem-vu": ("-tasks", "id"),
        "xem-lai": ("-to_check", "id"),
    }
    # One's own first, the newest on top; then the samples by their address.
    own_moment = Case(When(is_sample=False, then="read_at"))
    return orders.get(name, (own_moment.desc(nulls_last=True), "address"))
