"""The console script `thidua`: finds the commands of the apps and calls one.

Knows names and exit codes only; each command's work lies in its app. Nothing heavy is imported before a
command is chosen, so that `thidua read` starts quickly and never loads Django.
"""

from __future__ import annotations

from thidua.cli.dispatch import main

__all__ = ["main"]
