"""The console script: finds commands, speaks Vietnamese, starts quickly."""

from __future__ import annotations

import subprocess
import sys

import pytest

from thidua.cli import main
from thidua.cli.dispatch import discover


def test_commands_of_the_apps_are_found() -> None:
    assert {"read", "score"} <= set(discover())


def test_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    commands = [
        line.split()[0] for line in printed.partition("lệnh:\n")[2].splitlines() if line.startswith("  ")
    ]
    assert commands == [
        "verdict",
        "read",
        "verify-signature",
        "archive",
        "score",
        "classify",
        "serve",
        "work",
        "migrate",
        "load-units",
        "load-samples",
        "load-demo",
        "create-admin",
        "load-national-plans",
        "erase-households",
        "audit",
        "manage",
    ]
    assert main([]) == 0
    assert capsys.readouterr().out == printed


def test_unknown_command_is_refused_with_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["raed"]) == 2
    assert capsys.readouterr().err == "thidua: không có lệnh «raed». Có phải thidua read?\n"
    assert main(["xyz"]) == 2
    assert capsys.readouterr().err == "thidua: không có lệnh «xyz». Xem thidua --help.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["read"], "thidua read: thiếu TỆP. Xem thidua read --help."),
        (["read", "--format", "xml", "a"], "thidua read: --format không nhận «xml», chỉ nhận"),
        (["read", "--jobs", "x", "a"], "thidua read: --jobs không nhận «x»."),
        (["read", "--out"], "thidua read: --out cần một giá trị."),
        (["read", "--colour", "a"], "thidua read: không hiểu --colour."),
    ],
)
def test_misuse_is_explained_in_vietnamese(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    usage, *_, last = capsys.readouterr().err.strip().split("\n")
    assert usage.startswith("Cách dùng: thidua read ")
    assert last.startswith(sentence)


def test_help_of_a_command_is_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--help"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Cách dùng: thidua read ")
    for english in ("usage:", "options:", "positional", "show this help"):
        assert english not in printed


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("thidua ")


def loaded_after(statement: str) -> set[str]:
    """Modules that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*sys.modules, file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(result.stderr.split())


def test_overview_loads_neither_django_nor_the_reader() -> None:
    loaded = loaded_after("from thidua.cli import main; main(['--help'])")
    assert "thidua.documents.commands" in loaded
    assert not {"django", "yaml", "thidua.documents.reading", "concurrent.futures.process"} & loaded


def test_reading_loads_no_django() -> None:
    assert "django" not in loaded_after("import thidua.documents.commands.read, thidua.documents.reading")


def test_django_commands_are_handed_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["work", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Cách dùng: thidua work\n")
    assert main(["serve", "now"]) == 2
    assert main(["manage", "no_such_command"]) == 1
    assert main(["migrate", "--help"]) == 0
    assert "usage: thidua migrate" in capsys.readouterr().out
