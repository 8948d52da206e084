"""A list page: columns, filters, order, pages, Excel.

An app declares a `Table` once and calls `listing()` in its view; the template includes `tables/table.html`.
Addresses: `?sap_xep=ten` or `-ten`, `?trang=2`, `?dang=xlsx`, and the fields of the filter form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate
from django.http import HttpRequest, HttpResponse

from thidua.tables.workbooks import Cell, Sheet, download, written

PAGE_ROWS = 50
MOST_COLUMNS_THAT_FIT = 8
ORDER, PAGE, FORM = "sap_xep", "trang", "dang"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell on the page.

    `tone` (good, warning, late, gold or empty) makes it a tag; `note` is small print. `choose` puts a box
    before the text whose value goes to the table's `acts_form`; `act` (label, address) is a button of it.
    Where `text` was cut short, `full` holds all of it.
    """

    text: str
    href: str = ""
    tone: str | None = None
    note: str = ""
    choose: str = ""
    act: tuple[str, str] | None = None
    full: str = ""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: what the page shows, what Excel holds, and what the database orders by.

    `order` names fields; a field that ends in `_order` holds a key of `core.text.sort_key`. Empty: no
    sorting.
    """

    key: str
    title: str
    show: Callable[[Row], Shown | str]
    value: Callable[[Row], Cell] | None = None
    order: tuple[str, ...] = ()
    width: int = 20
    is_number: bool = False

    def cell(self, row: Row) -> Shown:
        shown = self.show(row)
        return shown if isinstance(shown, Shown) else Shown(shown)

    def excel(self, row: Row) -> Cell:
        return self.value(row) if self.value else self.cell(row).text


class FilterForm(forms.Form):
    """Filters of a list, from the address. Subclasses add fields and say in `narrow` what each leaves.

    An unknown answer counts as none.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for form_field in self.fields.values():
            form_field.required = False
            is_choice = isinstance(form_field, forms.ChoiceField)
            form_field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")

    def asked(self) -> dict[str, Any]:
        """The valid answers that say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        """Those of `rows` that the answers leave."""
        return rows


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """A list as declared: its columns, filters, usual order (a column key, with `-` for falling)."""

    name: str
    title: str
    columns: tuple[Column[Row], ...]
    filters: type[FilterForm] = FilterForm
    usual_order: str = ""
    #: Sentences for the empty list, when nothing was asked: what belongs here and how it gets here.
    empty: str = "Chưa có gì ở đây."
    page_rows: int = PAGE_ROWS
    #: Rows to mark, by a tone: late rows, rows of one's own.
    tone: Callable[[Row], str] = field(default=lambda _row: "")
    #: Id of the form, elsewhere on the page, that boxes and buttons of the rows belong to.
    acts_form: str = ""
    #: For a list of very many rows: first the keys of a page, which a `ListIndex` may hold, then its rows,
    #: with what `select_related` names and without annotations.
    keys_first: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A column head; `href` sorts by it, `direction` is ascending, descending or none (for aria-sort)."""

    title: str
    href: str
    direction: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort, as a choice: on a phone there are no column heads to press."""

    value: str
    title: str
    is_current: bool


@dataclass
class Listing(Generic[Row]):
    """A list as one page shows it, for `tables/table.html`."""

    table: Table[Row]
    rows: QuerySet[Row]
    form: FilterForm
    asked: dict[str, Any]
    order: str
    path: str
    page: Page[Row]
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def is_wide(self) -> bool:
        """Whether the columns may not fit the page, so that the table needs a box to scroll in."""
        return len(self.table.columns) > MOST_COLUMNS_THAT_FIT

    @property
    def is_asked(self) -> bool:
        return bool(self.asked)

    @cached_property
    def headings(self) -> list[Heading]:
        found = []
        for column in self.table.columns:
            is_current = self.order.lstrip("-") == column.key
            is_falling = is_current and self.order.startswith("-")
            direction = ("descending" if is_falling else "ascending") if is_current else "none"
            wanted = f"-{column.key}" if is_current and not is_falling else column.key
            href = self.address(**{ORDER: wanted}) if column.order else ""
            found.append(Heading(column.title, href, direction, column.is_number))
        return found

    @property
    def orders(self) -> list[Order]:
        """The choices of order. Sent along with the filters, so that filtering keeps the order."""
        found = [] if self.order else [Order("", "Thứ tự thường dùng", is_current=True)]
        for column in self.table.columns:
            if column.order:
                for value, way in ((column.key, "tăng dần"), (f"-{column.key}", "giảm dần")):
                    found.append(Order(value, f"{column.title}, {way}", is_current=value == self.order))
        return found if len(found) > 1 else []

    @property
    def order_field(self) -> str:
        return ORDER

    @property
    def cells(self) -> Iterator[tuple[str, list[tuple[Column[Row], Shown]]]]:
        for row in self.page.object_list:
            yield self.table.tone(row), [(column, column.cell(row)) for column in self.table.columns]

    @property
    def workbook_address(self) -> str:
        return self.address(**{FORM: "xlsx", PAGE: ""})

    @property
    def cleared_address(self) -> str:
        """The same view of the same list in the same order, with no filter."""
        order = self.order if self.order != self.table.usual_order else ""
        answers = {**self.kept, ORDER: order}
        pairs = [(name, value) for name, value in answers.items() if value]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @property
    def previous_address(self) -> str:
        return self.address(**{PAGE: self.page.number - 1, ORDER: self.order})

    @property
    def next_address(self) -> str:
        return self.address(**{PAGE: self.page.number + 1, ORDER: self.order})

    def address(self, **changed: Any) -> str:
        """This page with other answers; empty ones fall away."""
        answers: dict[str, Any] = {**self.kept, **_plain(self.form), ORDER: self.order, **changed}
        pairs = [(name, value) for name, value in answers.items() if value not in (None, "", [])]
        return f"{self.path}?{urlencode(pairs, doseq=True)}" if pairs else self.path

    def workbook(self) -> HttpResponse:
        """All rows that were asked for, as Excel."""
        columns = tuple((column.title, column.width) for column in self.table.columns)
        rows: Iterable[list[Cell]] = (
            [column.excel(row) for column in self.table.columns]
            for row in self.rows.iterator(chunk_size=2000)
        )
        content = written([Sheet(self.table.title[:31], columns, rows)])
        return download(content, name=f"{self.table.name}.xlsx")


def listing(
    request: HttpRequest, table: Table[Row], rows: QuerySet[Row], **filter_arguments: Any
) -> Listing[Row]:
    """The list that this request asks for. `filter_arguments` go to the filter form."""
    form = table.filters(request.GET, **filter_arguments)
    asked = form.asked()
    order = _known_order(table, request.GET.get(ORDER, ""))
    found = _ordered(table, form.narrow(rows, asked), order)
    page = _page(table, found, request.GET.get(PAGE))
    return Listing(table, found, form, asked, order, request.path, page)


def _page(table: Table[Row], rows: QuerySet[Row], asked: str | None) -> Page[Row]:
    page = Paginator(rows, table.page_rows).get_page(asked)
    if table.keys_first:
        # Before page 2,000 stand 100,000 rows that nobody shows: they are not read whole.
        first = (page.number - 1) * table.page_rows
        keys = list(rows.values_list("pk", flat=True)[first : first + table.page_rows])
        whole = rows.model._default_manager.all()
        whole.query.select_related = rows.query.select_related
        found = whole.in_bulk(keys)
        page.object_list = [found[key] for key in keys if key in found]
    return page


def wants_workbook(request: HttpRequest) -> bool:
    """Whether the Excel file was asked for instead of the page."""
    return request.GET.get(FORM) == "xlsx"


def _plain(form: FilterForm) -> dict[str, Any]:
    return {
        name: (form.data.getlist(name) if hasattr(form.data, "getlist") else form.data.get(name))
        for name in form.fields
    }


def _known_order(table: Table[Row], asked: str) -> str:
    sortable = {column.key for column in table.columns if column.order}
    return asked if asked.lstrip("-") in sortable and not asked.startswith("--") else table.usual_order


def _ordered(table: Table[Row], rows: QuerySet[Row], order: str) -> QuerySet[Row]:
    column = next((column for column in table.columns if column.key == order.lstrip("-")), None)
    if column is None:
        return rows
    is_falling = order.startswith("-")
    return rows.order_by(
        *(_direction(rows.model, name, is_falling=is_falling) for name in column.order), "pk"
    )


def _direction(model: type[Model], name: str, *, is_falling: bool) -> OrderBy:
    # Order keys already are in dictionary order: the database must compare them as they are.
    plain = "C" if connection.vendor == "postgresql" else "BINARY"
    expression = Collate(name, plain) if name.endswith("_order") else F(name)
    # What is never empty is asked for plainly, so that an index gives the order.
    last = True if _may_be_empty(model, name) else None
    return expression.desc(nulls_last=last) if is_falling else expression.asc(nulls_last=last)


def _may_be_empty(model: type[Model], name: str) -> bool:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return True  # computed, or beyond a relation
    return bool(getattr(field, "null", True))
