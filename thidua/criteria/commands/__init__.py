"""What criteria offer on the command line.

Imported at every start of `thidua`: names only, no engine, no Django.
"""

from __future__ import annotations

COMMANDS = {
    "verdict": ("thidua.criteria.commands.verdict", "tính lại hoặc giải thích các kết luận trong một gói"),
}
