"""The documentation keeps up with the code."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from config.settings import environment

ROOT: Path = settings.BASE_DIR

#: Modules whose public classes are words of ours: the shared shapes, and everything stored.
NAMING_MODULES = (
    "thidua/core/*.py",
    "thidua/documents/reading/model.py",
    "thidua/*/models.py",
    "thidua/*/models/*.py",
)


def glossary_words() -> set[str]:
    """The code words in backquotes, from the first column and from the explanations."""
    return set(re.findall(r"`(\w+)`", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")))


def public_classes() -> set[str]:
    names = {
        node.name
        for pattern in NAMING_MODULES
        for path in ROOT.glob(pattern)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    return names | {model.__name__ for model in apps.get_models() if model.__module__.startswith("thidua.")}


def test_names_of_classes_stand_in_the_glossary() -> None:
    assert public_classes() - glossary_words() == set()


def test_keys_of_a_record_stand_in_the_glossary() -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "golden-1.schema.json").read_text(encoding="utf-8"))

    assert set(schema["properties"]) - glossary_words() == set()


def test_every_setting_is_documented_as_it_is() -> None:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    table = text.split("## ")[0]
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \|.*\| ([^|]+) \|$", table, flags=re.MULTILINE))

    assert rows == {setting.name: setting.about for setting in environment.declared}


def markdown_files() -> list[Path]:
    return [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("lawbook/*.md"),
        *ROOT.glob("bench/*.md"),
    ]


@pytest.mark.parametrize("path", markdown_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]

    assert [link for link in local if not (path.parent / link).exists()] == []


def test_every_page_can_be_found_from_the_contents() -> None:
    contents = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").glob("*/*.md")]

    assert [
        page for page in pages if not page.startswith("decisions/0") and f"({page})" not in contents
    ] == []


def test_every_decision_stands_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    text = (folder / "README.md").read_text(encoding="utf-8")

    assert [path.name for path in sorted(folder.glob("0*.md")) if path.name not in text] == []


def test_every_vendored_part_names_version_and_licence() -> None:
    for folder in (ROOT / "thidua" / "workspace" / "static" / "vendor").iterdir():
        page = (folder / "VENDORED.md").read_text(encoding="utf-8")
        assert re.search(r"^# .*\d+\.\d+", page), folder
        licence = re.search(r"Licence: [^(]*\(`([^`]+)`\)", page)
        assert licence is not None, folder
        assert (folder / licence[1]).exists(), folder
