"""From candidates to the register of awards: rounds, suggestions, dossiers, council, decision.

Knows the ladder of award forms and the steps of a candidate; hides how facts become suggestions, which papers
the era asks for, and how one achievement is kept from being rewarded twice.
"""

from __future__ import annotations

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "thidua.awards"
    label = "awards"
    verbose_name = "Khen thưởng"

    def ready(self) -> None:
        from thidua.awards import certified, held_awards, kept_registrations, staff_facts
        from thidua.awards.groups import rank_fact
        from thidua.awards.register import keeping

        held_awards.keep(keeping.held, keeping.complete)
        certified.register()
        kept_registrations.register()
        staff_facts.register()
        rank_fact.register()
