"""From candidates to the register of awards: dossiers, council, decision.

Knows the ladder of award forms and the steps of a dossier; hides how ballots stay secret.
Planned; it holds no code yet.
"""

from __future__ import annotations

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "thidua.awards"
    label = "awards"
    verbose_name = "Khen thưởng"
