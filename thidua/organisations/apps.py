"""Who exists on which day, what became of whom, and who may act for whom.

Knows units, their versions and successions, groupings and mandates; hides how a question about a tree of
110,000 units on any day is one range test, and how the right passes to a successor.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OrganisationsConfig(AppConfig):
    name = "thidua.organisations"
    label = "organisations"
    verbose_name = "Đơn vị"

    def ready(self) -> None:
        from thidua.accounts import profile
        from thidua.organisations.people.own import own_mandates

        autodiscover_modules("rights", "matters")
        profile.add(own_mandates)
