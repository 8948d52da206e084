"""Pages that belong to no single app: home, navigation, theme, error pages.

Knows the look of every page (base template, tokens, vendored assets); hides how the theme switch and
the vendored kit work without inline scripts.
"""

from __future__ import annotations

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "thidua.workspace"
    label = "workspace"
    verbose_name = "Bàn làm việc"
