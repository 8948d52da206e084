"""Calls into pyHanko, which starts an event loop of its own: where one runs already, in a thread. Pure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


def apart(call: Callable[[], Answer]) -> Answer:
    """What the call gives; it must not ask the database, which knows its thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(call).result()
