"""A random sample that anybody can draw again: the same seed and the same units give the same sample.

Pure. Each unit has a place in the draw, the SHA-256 of seed and key of the unit; the first places are the
sample. So the order in which units are listed plays no part, and a larger sample holds the smaller one. No
library's generator is asked, whose numbers may change with its version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

SEED_LENGTH = 40


def place(seed: str, key: str) -> str:
    """The place of one unit in the draw, as a hexadecimal number."""
    return hashlib.sha256(f"{seed}\n{key}".encode()).hexdigest()


def draw(keys: Iterable[str], *, size: int, seed: str) -> list[str]:
    """`size` of the keys, or all when there are fewer, in the order of the draw. Doubles count once."""
    order = sorted(set(keys), key=lambda key: (place(seed, key), key))
    return order[: max(0, size)]
