"""What must not stand in a file: addresses in locks, scripts and styles in pages, other hosts in assets."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "thidua").glob("*/templates/**/*.html"))
STYLES = [path for path in sorted((ROOT / "thidua").glob("*/static/**/*.css")) if "vendor" not in path.parts]


def committed_files() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.lock")), ids=lambda path: path.name)
def test_lock_has_hashes_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "://" not in text
    assert text.count("==") > 0
    assert "--hash=sha256:" in text


def test_locks_stand_for_what_was_asked() -> None:
    """Each package of a *.in file is in its lock; run ./lock after changing one."""
    for name in ("tools", "requirements", "requirements-test"):
        locked = (ROOT / f"{name}.lock").read_text(encoding="utf-8").lower().replace("_", "-")
        for line in (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines():
            package = re.match(r"[A-Za-z][\w.-]*", line)
            if package:
                assert f"{package[0].lower().replace('_', '-')}==" in re.sub(r"\[.*?\]", "", locked), line


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_has_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"<style\b|\sstyle=|<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|javascript:", text) == []
    assert re.findall(r"(?:src|href|action|data|poster)=[\"']?(?:https?:)?//", text) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_sheet_loads_nothing_from_elsewhere(path: Path) -> None:
    assert re.findall(r"@import|url\([\"']?(?:https?:)?//", path.read_text(encoding="utf-8")) == []


def test_texts_of_the_program_are_composed_unicode() -> None:
    """Vietnamese in code, templates and documentation is NFC, or searching for it fails."""
    ours = [
        path
        for path in committed_files()
        if path.suffix in {".py", ".html", ".md", ".yaml", ".css", ".js", ".sh"}
        and not {"data", "vendor"} & set(path.relative_to(ROOT).parts)
    ]
    texts = {path: path.read_text(encoding="utf-8") for path in ours if "tests/plans" not in str(path)}

    assert [str(path) for path, text in texts.items() if not unicodedata.is_normalized("NFC", text)] == []


def test_no_file_reads_outside_the_repository() -> None:
    """Paths of one particular machine have no place in a program."""
    suspect = re.compile(r"(?<![\w.])(?:/work/|/root/|/home/\w+|\.\./shared)")
    ours = [
        path for path in committed_files() if path.suffix in {".py", ".sh", ".toml", ".html", ".yaml", ""}
    ]
    found = [
        str(path.relative_to(ROOT))
        for path in ours
        if path != Path(__file__) and suspect.search(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []


def test_no_package_is_under_a_licence_we_may_not_ship() -> None:
    """The GPL and the AGPL would bind the whole product; the LGPL does not bind who only imports."""
    found = {}
    for name in re.findall(
        r"^([\w.-]+)==", (ROOT / "requirements-test.lock").read_text(encoding="utf-8"), re.MULTILINE
    ):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or another version of Python
        licences = [
            *about.get_all("License-Expression", []),
            # Some packages put the whole text here; its first line names the licence.
            *(text.partition("\n")[0] for text in about.get_all("License", [])),
            *(text for text in about.get_all("Classifier", []) if text.startswith("License ::")),
        ]
        bound = [text for text in licences if re.search(r"\bA?GPL|Affero|GNU General Public", text)]
        if bound:
            found[name] = bound

    assert found == {}


#: Who may look at the clock of the machine: the clock itself, the queue and who watches it, the log's second
#: stamp, and the keeping of files, which a demonstration on another day must not throw away.
MACHINE_TIME = ("core/clock.py", "jobs/", "audit/log.py", "documents/", "workspace/running/")


def test_the_day_comes_from_one_clock() -> None:
    asks = re.compile(r"\b(?:timezone\.now|date\.today|datetime\.now|datetime\.utcnow|localdate)\(")
    found = [
        path.relative_to(ROOT / "thidua").as_posix()
        for path in sorted((ROOT / "thidua").rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts) and asks.search(path.read_text(encoding="utf-8"))
    ]

    assert [name for name in found if not name.startswith(MACHINE_TIME)] == []
