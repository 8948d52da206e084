"""The documented interface for other systems.

Knows how records of the apps below are offered to programs; hides the framework that does it.
Planned; it holds no code yet.
"""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "thidua.api"
    label = "api"
    verbose_name = "Giao diện lập trình"
