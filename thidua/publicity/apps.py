"""What the public may see: progress of movements, candidates, decisions, good examples.

Knows what was published and from which day; hides that a page of the portal cannot know who asks for it, and
which small counts are kept back with what would give them away.
"""

from __future__ import annotations

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "thidua.publicity"
    label = "publicity"
    verbose_name = "Công khai"
