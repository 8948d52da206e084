"""QR codes of many short texts at once: one layout for all, the bits of each by tables.

Same version and mask for all texts of a call, so that the fixed patterns are drawn once and Reed–Solomon runs
over all texts together. The result is what the library `qrcode` draws for the same version and mask; a test
compares them. Level M: a seventh of the code may be damaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import BIT_LIMIT_TABLE

MASK = 3
#: The largest version whose length field has eight bits.
MOST_VERSION = 9
Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Layout:
    """The fixed patterns of a version, and where its bits go, in order."""

    fixed: Bits
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    mask: Bits


def matrices(texts: Sequence[str]) -> list[Bits]:
    """A square of 0 and 1 for each text, without margin. Raises ValueError for a text of over 180 bytes."""
    if not texts:
        return []
    raw = [text.encode() for text in texts]
    version = _version(max(len(one) for one in raw))
    layout = _layout(version)
    bits = np.unpackbits(_code_words(raw, version), axis=1)
    padded = np.zeros((len(raw), len(layout.rows)), dtype=np.uint8)
    padded[:, : bits.shape[1]] = bits
    found = np.repeat(layout.fixed[None], len(raw), axis=0)
    found[:, layout.rows, layout.columns] = padded ^ layout.mask
    return list(found)


def svg(matrix: Bits) -> str:
    """The code as a drawing of one path, one unit for each square, white around it left to who places it."""
    size = len(matrix)
    strokes = []
    edges = np.diff(np.pad(matrix, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    for y in range(size):
        begins, ends = np.nonzero(edges[y] == 1)[0], np.nonzero(edges[y] == -1)[0]
        strokes += [f"M{x} {y}h{end - x}v1h-{end - x}z" for x, end in zip(begins, ends, strict=True)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 {size} {size}"><path d="{"".join(strokes)}"/></svg>'
    )


def _version(length: int) -> int:
    for version in range(1, MOST_VERSION + 1):
        if 4 + 8 + 8 * length <= BIT_LIMIT_TABLE[ERROR_CORRECT_M][version]:
            return version
    raise ValueError(f"{length} bytes do not fit into a code")


@lru_cache(maxsize=MOST_VERSION)
def _layout(version: int) -> _Layout:
    drawn: Any = QRCode(version=version, error_correction=ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    size = version * 4 + 17
    drawn.modules_count = size
    drawn.modules = [[None] * size for _ in range(size)]
    drawn.setup_position_probe_pattern(0, 0)
    drawn.setup_position_probe_pattern(size - 7, 0)
    drawn.setup_position_probe_pattern(0, size - 7)
    drawn.setup_position_adjust_pattern()
    drawn.setup_timing_pattern()
    drawn.setup_type_info(False, MASK)
    if version >= 7:
        drawn.setup_type_number(False)
    places = []
    upwards = True
    for right in [column if column > 6 else column - 1 for column in range(size - 1, 0, -2)]:
        for row in range(size - 1, -1, -1) if upwards else range(size):
            places += [(row, column) for column in (right, right - 1) if drawn.modules[row][column] is None]
        upwards = not upwards
    rows, columns = np.array(places).T
    fixed = np.array([[bool(cell) for cell in row] for row in drawn.modules], dtype=np.uint8)
    return _Layout(fixed, rows, columns, ((rows + columns) % 3 == 0).astype(np.uint8))


def _code_words(raw: Sequence[bytes], version: int) -> Bits:
    """Data and correction words of each text, interleaved as the standard wants."""
    blocks = rs_blocks(version, ERROR_CORRECT_M)
    capacity = sum(block.data_count for block in blocks)
    words = np.zeros((len(raw), capacity), dtype=np.uint8)
    for at, one in enumerate(raw):
        # mode «bytes» (4 bits), length (8 bits), the bytes, four closing bits: all shifted by half a byte
        body = bytes([len(one), *one])
        number = int.from_bytes(body, "big") << 4 | 4 << (8 * len(body) + 4)
        head = number.to_bytes(len(body) + 1, "big")
        words[at, : len(head)] = np.frombuffer(head, dtype=np.uint8)
        words[at, len(head) :] = np.resize(np.array([0xEC, 0x11], np.uint8), capacity - len(head))
    data, correction, start = [], [], 0
    for block in blocks:
        part = words[:, start : start + block.data_count]
        data.append(part)
        correction.append(_remainders(part, block.total_count - block.data_count))
        start += block.data_count
    return np.concatenate([_interleaved(data), _interleaved(correction)], axis=1)


def _interleaved(parts: Sequence[Bits]) -> Bits:
    longest = max(part.shape[1] for part in parts)
    columns = [part[:, at] for at in range(longest) for part in parts if at < part.shape[1]]
    return np.stack(columns, axis=1)


@lru_cache(maxsize=1)
def _field() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Powers and logarithms in the field of 256 elements."""
    powers = np.zeros(512, dtype=np.int64)
    logarithms = np.zeros(256, dtype=np.int64)
    value = 1
    for at in range(255):
        powers[at] = powers[at + 255] = value
        logarithms[value] = at
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return powers, logarithms


@lru_cache(maxsize=32)
def _generator(count: int) -> npt.NDArray[np.int64]:
    """Logarithms of the coefficients after the first of (x − 1)(x − a)(x − a²) …"""
    powers, logarithms = _field()
    found = [1]
    for at in range(count):
        longer = [*found, 0]
        for place, value in enumerate(found):
            if value:
                longer[place + 1] ^= int(powers[(logarithms[value] + at) % 255])
        found = longer
    chosen: npt.NDArray[np.int64] = logarithms[np.array(found[1:])]
    return chosen


def _remainders(data: Bits, count: int) -> Bits:
    powers, logarithms = _field()
    generator = _generator(count)
    rest = np.zeros((len(data), count), dtype=np.int64)
    for at in range(data.shape[1]):
        factor = data[:, at].astype(np.int64) ^ rest[:, 0]
        rest = np.concatenate([rest[:, 1:], np.zeros((len(data), 1), dtype=np.int64)], axis=1)
        products = powers[(logarithms[factor][:, None] + generator[None]) % 255]
        rest ^= np.where(factor[:, None] == 0, 0, products)
    return rest.astype(np.uint8)
