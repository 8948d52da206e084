"""The browser that tests drive: which one, how it is started, and what is asked of each page."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

#: Nothing that reaches out by itself, and nothing that needs rights or a graphics card.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"


def find_browser() -> str | None:
    """Path of the browser: what THIDUA_TEST_BROWSER names, or the first one on the PATH."""
    named = os.environ.get("THIDUA_TEST_BROWSER")
    if named:
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def accessibility_violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands: one text per violated rule, naming the elements.

    Evaluated from outside the page, so that the page's content security policy stays as it is.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', "
        "'best-practice']})"
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(f"    {node['target']}  {node['html'][:200]}" for node in violation["nodes"])
        for violation in result["violations"]
    ]


if __name__ == "__main__":
    # ./test asks this way whether it has to install one.
    raise SystemExit(0 if find_browser() else 1)
