"""The map of apps holds: for imports, for relations between models, and for names."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

ROOT: Path = settings.BASE_DIR
PACKAGE = ROOT / "thidua"

REFUSED_NAMES = {
    "services",
    "service",
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "common",
    "misc",
}


def layers() -> list[list[str]]:
    """The apps of each layer, from top to bottom, as the import contract has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = (one for one in contracts if one["id"] == "layers")
    return [[app.strip(" ()") for app in line.split("|")] for line in contract["layers"]]


def test_imports_keep_the_contracts() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr


def test_every_app_stands_on_the_map_and_is_installed() -> None:
    placed = {app for layer in layers() for app in layer}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    installed = {config.label for config in apps.get_app_configs() if config.name.startswith("thidua.")}

    assert packages <= placed
    assert placed - {"core", "cli"} == installed


def upward_relations(found: Iterable[type[models.Model]]) -> list[str]:
    """Relations that point to an app on the same layer or above."""
    level = {app: number for number, layer in enumerate(layers()) for app in layer}
    upward = []
    for model in found:
        own = model._meta.app_label
        for field in model._meta.get_fields(include_hidden=True):
            other = field.related_model
            if other is None or field.auto_created:
                continue
            label = other if isinstance(other, str) else other._meta.label
            target = label.split(".")[0] if "." in label else own
            if own in level and target in level and target != own and level[target] <= level[own]:
                upward.append(f"{model._meta.label}.{field.name} -> {label}")
    return upward


def test_model_relations_point_downwards() -> None:
    """A foreign key named by a string passes the import check, and must not pass this one."""
    assert upward_relations(apps.get_models(include_auto_created=True)) == []


@isolate_apps("thidua.accounts", "thidua.jobs")
def test_relation_that_points_upwards_by_a_string_is_found() -> None:
    class Bookmark(models.Model):  # noqa: DJ008 -- never shown
        job = models.ForeignKey("jobs.Job", on_delete=models.CASCADE)

        class Meta:
            app_label = "accounts"

    assert upward_relations([Bookmark]) == ["accounts.Bookmark.job -> jobs.Job"]


def test_every_app_says_what_it_knows_and_hides() -> None:
    silent = []
    for config in apps.get_app_configs():
        if config.name.startswith("thidua."):
            text = sys.modules[config.__class__.__module__].__doc__ or ""
            if not 2 <= len(text.strip().splitlines()) <= 7:
                silent.append(config.name)

    assert silent == []


@pytest.mark.parametrize("root", ["thidua", "config", "tests", "bench"])
def test_no_module_has_a_name_that_says_nothing(root: str) -> None:
    modules = [path.relative_to(ROOT) for path in (ROOT / root).rglob("*.py")]
    # The environment of the benchmarks' peers lies in a hidden folder.
    ours = [path for path in modules if not any(part.startswith(".") for part in path.parts)]

    assert [str(path) for path in ours if path.stem in REFUSED_NAMES] == []


def test_migrations_are_named_by_intent() -> None:
    names = [path.stem for path in PACKAGE.glob("*/migrations/0*.py")]

    assert names != []
    assert [name for name in names if "auto" in name or name.endswith("_initial")] == []
