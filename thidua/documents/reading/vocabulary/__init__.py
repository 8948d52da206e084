"""The words the reader knows, as data: one YAML file per kind, open to additions without touching code.

No entry names a particular plan, province's plan or person. `load(name)` reads a file once.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def load(name: str) -> Any:
    """The content of `name`.yaml beside this file. Callers must not change it."""
    text = resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader either way
