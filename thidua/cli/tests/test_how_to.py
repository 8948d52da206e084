"""The how-to of the command line: every command that it shows is run as it stands there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from thidua.cli import main

ROOT = Path(__file__).resolve().parents[3]
HOW_TO = (ROOT / "docs" / "how-to" / "doc-ke-hoach-bang-dong-lenh.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", HOW_TO, flags=re.M | re.S)
    for line in block.splitlines()
]


@pytest.mark.parametrize("command", COMMANDS)
def test_command_of_the_how_to_works(command: str, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    thidua = f"{shlex.quote(sys.executable)} -m thidua.cli"
    result = subprocess.run(
        ["bash", "-c", "set -o pipefail; " + command.replace(".venv/bin/thidua", thidua)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, "Traceback" in result.stderr) == (0, False), result.stderr
    if "--out ket-qua" in command:
        suffix = ".yaml" if "yaml" in command else ".json"
        written = sorted(path.name for path in (tmp_path / "ket-qua").iterdir())
        assert written == sorted(path.stem + suffix for path in (ROOT / "data" / "plans").glob("*.txt"))
    else:
        assert result.stdout


def test_options_of_read_stand_in_the_how_to(capsys: pytest.CaptureFixture[str]) -> None:
    main(["read", "--help"])
    options = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
    assert options - set(re.findall(r"--[a-z]+", HOW_TO)) == set()


def test_exit_codes_stand_in_the_how_to() -> None:
    from thidua.cli import dispatch
    from thidua.documents.commands import read

    table = dict(re.findall(r"^\| (\d+) \| (.+?) \|$", HOW_TO, flags=re.M))
    assert table == {
        str(read.ALL_READ): "đọc được tất cả",
        str(read.SOME_NOT_READ): "có tệp không đọc được",
        str(read.MISUSE): "gọi lệnh sai cách",
        str(dispatch.INTERRUPTED): "người dùng dừng bằng Ctrl-C",
    }
