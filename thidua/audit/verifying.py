"""Whether the chain is whole: every number there, every link tied to the one before, every hash true.

The database writes the canonical JSON of many rows at a time, exactly as `log.canonical` would (a test says
so), and hands over one block; Python hashes it. While the database works, Python's lock is free: long logs
are read in several threads, each with a connection of its own. Where the fast answer is "broken", the slow
way over `log.hash_of` has the last word and finds out what is wrong.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max, Min

from thidua.audit import protection
from thidua.audit.log import FIRST_HASH, HASHED, hash_of
from thidua.audit.models import ChainCheck, ChainHead, Entry
from thidua.core.formats import format_number

#: Rows of one block.
BLOCK = 2_000
#: From so many entries on it is worth opening further connections.
MANY = 50_000
#: Between two entries of a block: JSON never holds it.
SEPARATOR = b"\x1e"

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first entry that is wrong, and what is wrong with it, in Vietnamese."""

    number: int
    finding: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: `entries` links from the first on are whole."""

    entries: int
    last_hash: str
    broken: BrokenLink | None
    is_protected: bool

    @property
    def is_whole(self) -> bool:
        return self.broken is None and self.is_protected

    @property
    def finding(self) -> str:
        if self.broken is not None:
            return f"Chuỗi nhật ký bị đứt ở dòng {format_number(self.broken.number)}: {self.broken.finding}."
        if not self.is_protected:
            return (
                f"Chuỗi nhật ký nguyên vẹn ({format_number(self.entries)} dòng), "
                "nhưng cơ sở dữ liệu không còn từ chối việc sửa, xóa nhật ký: thiếu trigger bảo vệ."
            )
        return f"Chuỗi nhật ký nguyên vẹn: {format_number(self.entries)} dòng."


def check_and_remember(*, now: datetime, report: Report = lambda _done, _total: None) -> ChainCheck:
    """Verify the whole chain and keep what was found."""
    found = verify(report=report)
    return ChainCheck.objects.create(
        checked_at=now,
        entries=found.entries,
        last_hash=found.last_hash,
        broken_at=found.broken.number if found.broken else None,
        finding=found.finding[:500],
        is_protected=found.is_protected,
    )


def verify(*, report: Report = lambda _done, _total: None, threads: int | None = None) -> Verification:
    """Go through the chain from the first entry to the head as it stands now.

    Entries that are added meanwhile are left to the next time. `report` hears of entries done and in all.
    """
    last = Entry.objects.aggregate(first=Min("number"), last=Max("number"))
    # Read after the entries: a head that is behind them was never moved, an entry was smuggled in.
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(number=0, hash="")
    broken = _broken_ends(head, first=last["first"], last=last["last"])
    whole_until = min(head.number, last["last"] or 0)
    inner = _first_broken(whole_until, report=report, threads=threads)
    if inner is not None and (broken is None or inner.number <= broken.number):
        broken = inner
    entries = broken.number - 1 if broken else head.number
    last_hash = Entry.objects.filter(number=entries).values_list("hash", flat=True).first() or FIRST_HASH
    if broken is None and head.number and last_hash != head.hash:
        broken = BrokenLink(head.number, "mã băm ở đầu chuỗi khác mã băm của dòng cuối")
    return Verification(max(entries, 0), last_hash, broken, protection.is_protected())


def _broken_ends(head: ChainHead, *, first: int | None, last: int | None) -> BrokenLink | None:
    if first is not None and first < 1:
        return BrokenLink(first, "số thứ tự nhỏ hơn 1, dòng này không do chương trình ghi")
    if (last or 0) < head.number:
        lost = f"đầu chuỗi ghi {format_number(head.number)} dòng"
        return BrokenLink((last or 0) + 1, f"{lost}, nhật ký chỉ còn đến dòng {format_number(last or 0)}")
    if last is not None and last > head.number:
        return BrokenLink(head.number + 1, "dòng này nằm sau đầu chuỗi, không do chương trình ghi")
    return None


# --- the fast way ---------------------------------------------------------------------------------


def _first_broken(last: int, *, report: Report, threads: int | None) -> BrokenLink | None:
    """The first wrong entry among 1 … `last`."""
    if last < 1:
        return None
    wanted = threads or (min(os.cpu_count() or 1, 4) if last >= MANY else 1)
    if wanted == 1 or connection.in_atomic_block:
        # Another connection would not see what this transaction has written.
        return _broken_within(1, last, report=report)
    share = -(-last // wanted)
    ranges = [(first, min(first + share - 1, last)) for first in range(1, last + 1, share)]
    done = [0] * len(ranges)

    def in_thread(place: int, first: int, until: int) -> BrokenLink | None:
        def of_all(count: int, _total: int) -> None:
            done[place] = count

        try:
            return _broken_within(first, until, report=of_all)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(ranges)) as pool:
        waiting = [pool.submit(in_thread, place, *one) for place, one in enumerate(ranges)]
        for future in waiting:
            while not future.done():
                # The caller's thread reports: a job writes its heartbeat with its own connection.
                try:
                    future.result(timeout=1)
                except TimeoutError:
                    report(sum(done), last)
        found = [future.result() for future in waiting]
    report(last, last)
    return next((broken for broken in found if broken is not None), None)


def _broken_within(first: int, last: int, *, report: Report) -> BrokenLink | None:
    """The first wrong entry of a range; the entry before the range is taken at its word."""
    previous = FIRST_HASH
    if first > 1:
        previous = Entry.objects.filter(number=first - 1).values_list("hash", flat=True).first() or ""
    with connection.cursor() as cursor:
        for number in range(first, last + 1, BLOCK):
            until = min(number + BLOCK - 1, last)
            cursor.execute(BLOCKS[connection.vendor], [number, until])
            contents, hashes, ties, count = cursor.fetchone()
            found = _hashes_of(bytes(contents or b""))
            tied = [previous, *found[:-1]]
            # Numbers are unique, so the count alone says that none is missing.
            if count == until - number + 1 and hashes == ",".join(found) and ties == ",".join(tied):
                previous = found[-1]
            else:
                broken = _broken_among(number, until, previous=previous)
                if broken is not None:
                    return broken
                # The database wrote a row in another way than Python; by Python's all are right.
                previous = Entry.objects.values_list("hash", flat=True).get(number=until)
            report(until - first + 1, last - first + 1)
    return None


def _hashes_of(contents: bytes) -> list[str]:
    """Of each text of a block; the loop in which a million entries spend their time."""
    sha256 = hashlib.sha256
    return [sha256(content).hexdigest() for content in contents.split(SEPARATOR)]


def _broken_among(first: int, last: int, *, previous: str) -> BrokenLink | None:
    """The slow way: each entry of a range by itself."""
    for number in range(first, last + 1):
        broken = _diagnosis(number, previous=previous)
        if broken is not None:
            return broken
        previous = Entry.objects.values_list("hash", flat=True).get(number=number)
    return None


def _diagnosis(number: int, *, previous: str) -> BrokenLink | None:
    """What is wrong with the entry that should come here; None when nothing is."""
    entry = Entry.objects.filter(number=number).first()
    if entry is None:
        return BrokenLink(number, "thiếu dòng này, nó đã bị xóa")
    if entry.previous_hash != previous:
        return BrokenLink(number, "dòng này không nối với dòng đứng trước nó")
    if hash_of(entry) != entry.hash:
        return BrokenLink(number, "nội dung đã bị sửa, mã băm tính lại không khớp")
    return None


# --- canonical JSON by the database ---------------------------------------------------------------

_MOMENTS = ("at", "written_at")
_NUMBERS = ("number", "user_id", "unit_id", "object_unit_id")


def _sqlite_json() -> str:
    """Moments are stored without microseconds when there are none; `json_array` escapes as Python does."""
    values = [
        f"replace({name}, ' ', 'T') || CASE length({name}) WHEN 19 THEN '.000000' ELSE '' END"
        if name in _MOMENTS
        else name
        for name in HASHED
    ]
    return f"json_array({', '.join(values)})"


def _postgresql_json() -> str:
    """`json_build_array` would put spaces after commas, so the pieces are put together one by one."""
    values = []
    for name in HASHED:
        if name in _MOMENTS:
            moment = f"""to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
            values.append(f"""'"' || {moment} || '"'""")
        elif name in _NUMBERS:
            values.append(f"coalesce({name}::text, 'null')")
        else:
            values.append(f"to_json({name})::text")
    return "'[' || " + " || ',' || ".join(values) + " || ']'"


#: For the entries of a range: their JSON, their hashes, the hashes they are tied to, how many they are.
BLOCKS = {
    "sqlite": f"""
        SELECT CAST(group_concat(content, char(30)) AS BLOB), group_concat(hash), group_concat(previous_hash),
            count(*)
        FROM (
            SELECT {_sqlite_json()} AS content, hash, previous_hash FROM audit_entry
            WHERE number BETWEEN %s AND %s ORDER BY number
        )""",  # noqa: S608 - our own names
    "postgresql": f"""
        SELECT convert_to(string_agg(content, chr(30) ORDER BY number), 'UTF8'),
            string_agg(hash, ',' ORDER BY number), string_agg(previous_hash, ',' ORDER BY number), count(*)
        FROM (
            SELECT {_postgresql_json()} AS content, number, hash, previous_hash FROM audit_entry
            WHERE number BETWEEN %s AND %s
        ) AS entries""",  # noqa: S608 - our own names
}
