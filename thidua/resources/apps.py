"""What a movement mobilises: funds, sponsored places, policy credit, campaigns.

Knows what was promised, given and used; hides how a ledger is kept that always closes.
"""

from __future__ import annotations

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "thidua.resources"
    label = "resources"
    verbose_name = "Nguồn lực"
