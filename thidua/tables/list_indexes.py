"""Indexes that give a list its order, and questions that leave the choice to them.

Hides how the databases differ: `listing` compares keys of `core.text.sort_key` byte by byte and puts what is
unknown last. PostgreSQL uses an index for an order only when the index was made with just that order.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import BigIntegerField, Func, Index, Model, Q
from django.db.models.lookups import In


class ListIndex(Index):
    """An index whose fields are ordered as a list orders them.

    Name `id` after the fields of the order, then every field that rights and filters ask: the keys of a page
    and the count of all rows are then read from the index alone, also far behind in a long list.
    """

    def create_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **kwargs: Any
    ) -> Statement:
        if schema_editor.connection.vendor != "postgresql":
            # SQLite compares bytes, and takes what is unknown for the smallest: last when falling.
            return super().create_sql(model, schema_editor, using, **kwargs)
        as_listed = copy(self)
        as_listed.fields_orders = [
            (name, _as_listed(model._meta.get_field(name), direction))
            for name, direction in self.fields_orders
        ]
        return super(ListIndex, as_listed).create_sql(model, schema_editor, using, **kwargs)


def _as_listed(field: Any, direction: str) -> str:
    collation = 'COLLATE "C"' if field.name.endswith("_order") else ""
    unknown = "NULLS LAST" if direction and field.null else ""
    return " ".join(part for part in (collation, direction, unknown) if part)


def any_of(name: str, keys: Collection[int]) -> Q:
    """As `Q(name__in=keys)`, but no index is looked up by it.

    For the first of several rights that are joined with OR. Otherwise SQLite gathers the rows of each right,
    up to all of the list, and sorts them; so it walks the index that gives the order and stops after a page.
    """
    return Q(In(Func(name, template="+%(expressions)s", output_field=BigIntegerField()), keys))
