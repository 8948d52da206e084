"""The benchmarks run, and their page keeps up with them. Speed itself is not tested: machines differ."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests import kept_database

ROOT: Path = settings.BASE_DIR
SCRIPTS = sorted((ROOT / "bench").glob("*.py"))
READERS = {"record", "lines"}


def test_reading_of_two_files_is_measured_without_peers(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, ROOT / "bench" / "read_plans.py", "--no-peers", "--json", figures]

    done = subprocess.run(
        [*map(str, command), "--files", "2", "--passes", "1", "--memory-files", "2"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert {row["reader"] for rows in found["speed"].values() for row in rows} == READERS
    assert {row["documents"] for rows in found["speed"].values() for row in rows} == {2}
    assert all(row["documents_per_second"] > 0 for rows in found["speed"].values() for row in rows)
    assert found["same"] == {
        "lines": {"as_printed": found["same"]["lines"]["as_printed"], "words_only": 0, "missing": 0}
    }
    assert found["same"]["lines"]["as_printed"] > 0
    command_run = found["memory"]["thidua read --format json --jobs 1"]
    assert (command_run["exit_code"], command_run["written"]) == (0, 2)
    assert [set(way["resident_bytes"]) for way in found["memory"].values()] == [{"2"}, {"2"}]
    assert "| Thi Đua, whole record |" in done.stdout


def with_kept_database(folder: Path) -> dict[str, str]:
    """The environment of a measuring script whose database need not be migrated again."""
    path = folder / "bench.sqlite3"
    kept_database.copy_to(path)
    return {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}


@pytest.mark.usefixtures("django_db_setup")
def test_verifying_a_short_log_is_measured(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, ROOT / "bench" / "verify_log.py", "--entries", "300", "--json", figures]

    done = subprocess.run(
        [*map(str, command), "--passes", "1"],
        capture_output=True,
        text=True,
        check=False,
        env=with_kept_database(tmp_path),
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert found["found"] == {"ours": 150, "one thread": 150, "orm": 150}
    assert {name: len(passes) for name, passes in found["seconds"].items()} == {
        "ours": 1,
        "one thread": 1,
        "orm": 1,
    }
    assert "| Thi Đua, `audit.verifying.verify` |" in done.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_page_of_figures_names_every_script(script: Path) -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")

    assert f"`bench/{script.name}`" in page


def test_peers_are_pinned_and_carry_no_address() -> None:
    lines = (ROOT / "bench" / "peers.txt").read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]

    assert packages != []
    assert [line for line in packages if "==" not in line] == []
    assert [line for line in lines if "://" in line] == []


@pytest.mark.usefixtures("django_db_setup")
def test_judging_a_few_subjects_is_measured_without_peers(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, ROOT / "bench" / "verdicts.py", "--subjects", "40", "--passes", "1"]

    done = subprocess.run(
        [*map(str, command), "--no-peers", "--json", str(figures)],
        capture_output=True,
        text=True,
        check=False,
        env=with_kept_database(tmp_path),
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert (found["subjects"], found["criteria"], found["store"]["vendor"]) == (40, 10, "sqlite")
    assert [row["verdicts"] for row in found["rates"].values()] == [400, 400, 400]
    assert "40 explanations read from the database: the same." in done.stdout
