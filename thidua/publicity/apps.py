"""What the public may see: progress of movements, candidates, decisions, good examples.

Knows what may be shown and from which day; hides how a certificate is verified.
Planned; it holds no code yet.
"""

from __future__ import annotations

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "thidua.publicity"
    label = "publicity"
    verbose_name = "Công khai"
