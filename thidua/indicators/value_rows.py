"""Many new figures written at once; a few go by the ORM, which looks at each cell by itself."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from django.db import connection

from thidua.indicators import rows_at_once
from thidua.indicators.models import Value

#: From so many on it is quicker to go round the ORM.
MANY = 200
_FIELDS = [field for field in Value._meta.concrete_fields if not field.primary_key]
_NAMES = [str(field.column) for field in _FIELDS]
_cells = attrgetter(*(field.attname for field in _FIELDS))
_TABLE = Value._meta.db_table


def create(values: Sequence[Value]) -> list[Value]:
    """As `bulk_create`: the rows exist and know their numbers. Raises IntegrityError as it does."""
    if len(values) < MANY:
        return Value.objects.bulk_create(values, batch_size=2_000)
    numbers = rows_at_once.free_numbers(_TABLE, len(values))
    columns = rows_at_once.columns_of(_NAMES, map(_cells, values))
    rows_at_once.insert(_TABLE, {"id": numbers, **columns})
    for number, value in zip(numbers, values, strict=True):
        value.pk, value._state.adding, value._state.db = number, False, connection.alias
    return list(values)
