"""What households offer on the command line.

Imported at every start of `thidua`: names only, no engine, no Django.
"""

from __future__ import annotations

COMMANDS = {
    "classify": ("thidua.households.commands.classify", "phân loại hộ trong một tệp nhiều hộ"),
}
