"""Which command is which: discovered from the apps, imported when called.

An app offers commands by a package `commands` whose `COMMANDS` maps a name to (module, one line of help). The
module has `add_arguments(parser)` and `run(options) -> int`. Commands that need Django stand in `server.py`.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Sequence
from difflib import get_close_matches

import thidua
from thidua.cli.parser import VietnameseParser
from thidua.cli.server import SERVER_COMMANDS, run_server_command

# Exit codes, besides 0 and what a command itself returns.
MISUSE = 2
INTERRUPTED = 130  # what shells use for Ctrl-C


def discover() -> dict[str, tuple[str, str]]:
    """Name, module and help of every command of the apps; imports the small `commands` packages only."""
    found: dict[str, tuple[str, str]] = {}
    for app in sorted(module.name for module in pkgutil.iter_modules(thidua.__path__)):
        if app != "cli" and importlib.util.find_spec(f"thidua.{app}.commands"):
            found.update(importlib.import_module(f"thidua.{app}.commands").COMMANDS)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. 0 done, 1 not all done, 2 misuse, 130 interrupted."""
    name, *rest = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    commands = discover()
    try:
        if name in SERVER_COMMANDS:
            return run_server_command(name, rest)
        if name in commands:
            return _run(name, *commands[name], rest)
        return _overview(name, commands)
    except KeyboardInterrupt:
        print("\nĐã dừng theo yêu cầu.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone: say nothing, also not when Python flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(name: str, module_name: str, about: str, arguments: Sequence[str]) -> int:
    module = importlib.import_module(module_name)
    parser = VietnameseParser(
        prog=f"thidua {name}",
        description=about[:1].upper() + about[1:] + ".",
        epilog=getattr(module, "EPILOG", ""),
    )
    module.add_arguments(parser)
    try:
        options = parser.parse_args(arguments)
    except SystemExit as end:  # --help, or a misuse that was already explained
        return int(end.code or 0)
    code: int = module.run(options)
    sys.stdout.flush()
    return code


def _overview(name: str, commands: dict[str, tuple[str, str]]) -> int:
    about = {command: line for command, (_, line) in commands.items()} | SERVER_COMMANDS
    if name in ("-h", "--help", "help"):
        width = max(map(len, about))
        print("Cách dùng: thidua LỆNH …\n\nPhần mềm quản lý phong trào thi đua.\n\nlệnh:")
        for command, line in about.items():
            print(f"  {command:<{width}}  {line}")
        print("\nXem từng lệnh: thidua LỆNH --help")
        return 0
    if name == "--version":
        from importlib.metadata import version

        print(f"thidua {version('thidua')}")
        return 0
    near = get_close_matches(name, about, n=1)
    hint = f"Có phải thidua {near[0]}?" if near else "Xem thidua --help."
    print(f"thidua: không có lệnh «{name}». {hint}", file=sys.stderr)
    return MISUSE
