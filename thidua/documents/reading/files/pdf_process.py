"""PDF files are read in a child process, which can be ended when a file turns out to be a trap.

A PDF is a program: a page of a few hundred bytes can draw itself a billion times, and a call into pdfium
cannot be stopped. The child keeps no files, may not write any, and serves one file after the other; parent
and child talk in JSON over pipes, never pickles, so that nothing a file does to the child can run in the
parent.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from ..model import Cell, Origin
from .layout import LaidLine
from .refusals import Unreadable, refused

#: one page takes about 30 milliseconds; starting the child takes longest on a busy machine
_SECONDS_A_PAGE = 2.5
_SECONDS_TO_START = 30.0
_SECONDS_A_SCAN = 150.0
_SECONDS_IN_ALL = 25.0
_FILES_A_CHILD = 200
_CHILD_MEMORY_BYTES = 3 * 1024**3

_START = (
    "import sys; sys.path[:] = {path!r}; "
    "from thidua.documents.reading.files.pdf_process import serve; serve()"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The laid out paragraphs, the number of pages, and which pages (from 1) were pictures only."""

    lines: list[LaidLine]
    pages: int
    scanned: list[int]


def read_apart(
    raw: bytes, *, use_ocr: bool = False, progress: Callable[[int, int], None] | None = None
) -> Reading:
    """What `pdf_pages.read_pages` gives, from the child process; raises Unreadable, `too_slow` for a trap."""
    with _LOCK:
        return _child().ask(raw, use_ocr=use_ocr, progress=progress)


class _Child:
    """The running child and the thread that listens to it."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.files_read = 0
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START.format(path=[part or os.getcwd() for part in sys.path])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self._next(_SECONDS_TO_START)
        except Unreadable as error:
            self.end()
            raise RuntimeError("the process that reads PDF files did not start") from error

    @property
    def is_usable(self) -> bool:
        return self.owner == os.getpid() and self._process.poll() is None and self.files_read < _FILES_A_CHILD

    def ask(self, raw: bytes, *, use_ocr: bool, progress: Callable[[int, int], None] | None) -> Reading:
        """Reads one file; a child that did not come to its answer is ended: no late answer may follow."""
        self.files_read += 1
        has_answered = False
        try:
            self._send(raw, use_ocr=use_ocr)
            answer = self._answer(len(raw), progress=progress)
            has_answered = True
        finally:
            if not has_answered:
                self.end()
        if "refused" in answer:
            what, why, what_next, key = answer["refused"]
            raise Unreadable(what, why, what_next, key=key)
        lines = [_line_from(record) for record in answer["lines"]]
        return Reading(lines, answer["pages"], answer["scanned"])

    def _answer(self, size: int, *, progress: Callable[[int, int], None] | None) -> dict[str, Any]:
        """Waits for the answer as long as the child shows signs of life and the file its end."""
        until = time.monotonic() + _SECONDS_IN_ALL
        patience = _SECONDS_A_PAGE + size / 20_000_000
        while True:
            answer = self._next(patience)
            if "refused" in answer or "lines" in answer:
                return answer
            if "progress" in answer:
                patience = _SECONDS_A_SCAN
                until = time.monotonic() + _SECONDS_A_SCAN
                if progress:
                    progress(*answer["progress"])
            if time.monotonic() > until:
                raise refused("too_slow", seconds=int(_SECONDS_IN_ALL))

    def end(self) -> None:
        if self.owner == os.getpid():
            self._process.kill()
            self._process.wait()
            if self._process.stdin is not None:
                with suppress(OSError):
                    self._process.stdin.close()

    def _send(self, raw: bytes, *, use_ocr: bool) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        try:
            pipe.write(json.dumps({"bytes": len(raw), "use_ocr": use_ocr}).encode() + b"\n")
            pipe.write(raw)
            pipe.flush()
        except OSError as error:
            raise refused("corrupt_pdf") from error

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty as error:
            raise refused("too_slow", seconds=round(seconds)) from error
        if not answer:
            # the child crashed over the file
            raise refused("corrupt_pdf")
        decoded: dict[str, Any] = json.loads(answer)
        return decoded

    def _listen(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        while line := pipe.readline():
            self._answers.put(line)
        self._answers.put(b"")
        pipe.close()


_LOCK = threading.Lock()
_running: list[_Child] = []


def _child() -> _Child:
    """The child of this process; a used up or forked one is replaced."""
    if _running and not _running[0].is_usable:
        _running.pop().end()
    if not _running:
        _running.append(_Child())
    return _running[0]


@atexit.register
def end_child() -> None:
    """Ends the child of this process; the next PDF starts a new one."""
    if _running:
        _running.pop().end()


def _line_from(record: list[Any]) -> LaidLine:
    text, page, origin, cell, is_bold, is_centred = record
    return LaidLine(text, page, Origin(origin), Cell(*cell) if cell else None, is_bold, is_centred)


# --- the child -------------------------------------------------------------------------------------------


def serve() -> None:
    """Answers one file after the other until the parent is gone."""
    from .pdf_pages import read_pages

    _limit_itself()
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    _tell(answers, {"ready": True})
    while line := questions.readline():
        question = json.loads(line)
        raw = questions.read(question["bytes"])
        if len(raw) < question["bytes"]:
            return
        try:
            reading = read_pages(
                raw,
                use_ocr=question["use_ocr"],
                page_done=lambda: _tell(answers, {"page": True}),
                progress=lambda done, total: _tell(answers, {"progress": [done, total]}),
            )
        except Unreadable as refusal:
            _tell_refusal(answers, refusal)
        except MemoryError:
            _tell_refusal(answers, refused("too_complex"))
        else:
            lines = [
                [
                    line.text,
                    line.page,
                    line.origin.value,
                    [line.cell.table, line.cell.row, line.cell.column, line.cell.columns]
                    if line.cell
                    else None,
                    line.is_bold,
                    line.is_centred,
                ]
                for line in reading.lines
            ]
            _tell(answers, {"lines": lines, "pages": reading.pages, "scanned": reading.scanned})


def _tell(answers: IO[bytes], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def _tell_refusal(answers: IO[bytes], refusal: Unreadable) -> None:
    _tell(answers, {"refused": [refusal.what, refusal.why, refusal.next_step, refusal.key]})


def _limit_itself() -> None:
    """No filling of the memory, no writing of files; a system without limits goes without."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_CHILD_MEMORY_BYTES, _CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
