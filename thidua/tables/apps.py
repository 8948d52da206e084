"""Lists: how any list of the program is filtered, sorted, paged and written to Excel.

Knows columns and filters, and no word of the domain; hides addresses with their queries, page numbers, order
in Vietnamese, and the Excel format.
"""

from __future__ import annotations

from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "thidua.tables"
    label = "tables"
    verbose_name = "Danh sách"
