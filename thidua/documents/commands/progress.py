"""A progress bar: one line that is drawn over on a terminal, and nothing at all elsewhere."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TextIO


class Progress:
    """Counts files done; draws at most ten times a second."""

    BAR = 24

    def __init__(self, out: TextIO, *, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.out = out
        self.total = total
        self.clock = clock
        self.done = 0
        self.started = self.drawn = clock()
        self.is_shown = total > 1 and out.isatty()
        self.is_drawn = False

    def advance(self, name: str) -> None:
        self.done += 1
        now = self.clock()
        if self.is_shown and (now - self.drawn >= 0.1 or self.done == 1):
            self.drawn = now
            self.is_drawn = True
            self.out.write("\r\033[K" + self.line(name, now=now)[: shutil.get_terminal_size().columns - 1])
            self.out.flush()

    def line(self, name: str, *, now: float) -> str:
        filled = self.BAR * self.done // self.total
        speed = self.done / max(now - self.started, 1e-6)
        bar = "█" * filled + "░" * (self.BAR - filled)
        return f"{bar} {self.done}/{self.total} tệp · {speed:.0f} tệp/giây · {name}"

    def clear(self) -> None:
        """Take the line away, so that something else can be printed there."""
        if self.is_drawn:
            self.is_drawn = False
            self.out.write("\r\033[K")
            self.out.flush()
