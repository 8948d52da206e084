"""`thidua read`: read documents one after the other and print or write what was read.

Hides which files a folder stands for, where results go, and that one bad file does not stop the rest. Results
are written as they come; only names are kept, so memory does not grow with the number of files.
"""

# ruff: noqa: T201 - printing is what this command does

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from thidua.documents.commands.progress import Progress

FORMATS = ("table", "yaml", "json")
SUFFIX = {"table": ".txt", "yaml": ".yaml", "json": ".json"}
STANDARD_INPUT = "-"
# Files of a folder that are tried; the last ones only to be told how to convert them.
DOCUMENT_SUFFIXES = {".docx", ".pdf", ".txt", ".md", ".html", ".htm", ".doc", ".rtf", ".odt"}

ALL_READ, SOME_NOT_READ, MISUSE = 0, 1, 2

EPILOG = """ví dụ:
  thidua read ke-hoach.docx                       in bản tóm tắt
  thidua read --format json ke-hoach.docx         in bản ghi đầy đủ
  thidua read --format yaml --out ket-qua thu-muc ghi mỗi văn bản một tệp
  cat ke-hoach.txt | thidua read -                đọc từ đầu vào chuẩn

mã kết thúc: 0 đọc được hết; 1 có tệp không đọc được; 2 gọi sai cách"""


@dataclass(frozen=True)
class Outcome:
    """What became of one file: the text to print or write, or the sentence that says why there is none."""

    name: str
    text: str = ""
    refusal: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="TỆP", help="tệp, thư mục, hoặc - để đọc từ đầu vào chuẩn"
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="table",
        help="table: bản tóm tắt (mặc định); yaml, json: bản ghi đầy đủ",
    )
    parser.add_argument("--out", type=Path, metavar="THƯ_MỤC", help="ghi mỗi văn bản một tệp vào thư mục này")
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="số tiến trình đọc cùng lúc (mặc định 1)"
    )


def run(options: argparse.Namespace) -> int:
    """Read all; returns 0 when everything was read, 1 when something was not, 2 on misuse."""
    if options.jobs < 1:
        return _misuse("--jobs phải từ 1 trở lên")
    if options.files.count(STANDARD_INPUT) > 1:
        return _misuse("đầu vào chuẩn (-) chỉ đọc được một lần")
    if options.out is not None:
        try:
            options.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return _misuse(f"không tạo được thư mục {options.out}: {error.strerror}")
    paths = list(expand(options.files))
    if not paths:
        return _misuse("không có văn bản nào trong thư mục đã cho")
    style = Style.of(sys.stdout, output_format=options.format, to_file=options.out is not None)
    out = OutputFolder(options.out, SUFFIX[options.format], inputs=paths) if options.out else None
    # A folder gives a list even when it holds one file: scripts can rely on the shape.
    is_single = len(options.files) == 1 and paths == options.files
    printer = _printer(options.format, sys.stdout, is_single=is_single)
    progress = Progress(sys.stderr, total=len(paths))
    read, refused = 0, 0
    for outcome in outcomes(paths, style=style, jobs=options.jobs):
        if outcome.refusal:
            progress.clear()
            print(f"{outcome.name}: {outcome.refusal}", file=sys.stderr)
            refused += 1
        elif out:
            out.write(outcome)
            read += 1
        else:
            progress.clear()
            printer(outcome.text)
            read += 1
        progress.advance(outcome.name)
    progress.clear()
    if not out:
        printer(None)
    if out or len(paths) > 1:
        print(_closing_sentence(read, refused, options.out), file=sys.stderr)
    return SOME_NOT_READ if refused else ALL_READ


def _misuse(sentence: str) -> int:
    print(f"thidua read: {sentence}.", file=sys.stderr)
    return MISUSE


def _closing_sentence(read: int, refused: int, folder: Path | None) -> str:
    counts = f"Đã đọc {read}/{read + refused} tệp" + (f", ghi vào {folder}" if folder else "")
    return f"{counts}; {refused} tệp không đọc được, lý do ở trên." if refused else f"{counts}."


# --- what is read ---------------------------------------------------------------------------------


def expand(names: Iterable[str]) -> Iterator[str]:
    """The files that the arguments stand for; a folder stands for the documents below it, by name."""
    for name in names:
        if name != STANDARD_INPUT and os.path.isdir(name):
            yield from _documents_below(name)
        else:
            yield name


def _documents_below(folder: str) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            # ~$… is the lock file that Word leaves beside an open document.
            if os.path.splitext(name)[1].lower() in DOCUMENT_SUFFIXES and not name.startswith((".", "~$")):
                yield os.path.join(parent, name)


def outcomes(paths: Sequence[str], *, style: Style, jobs: int) -> Iterator[Outcome]:
    """One outcome per path, in their order."""
    read = partial(read_one, style=style)
    if jobs == 1 or len(paths) < 2:
        yield from map(read, paths)
        return
    # Standard input cannot be read in another process.
    here = [path for path in paths if path == STANDARD_INPUT]
    yield from map(read, here)
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        waiting: deque[Future[Outcome]] = deque()
        rest = iter(path for path in paths if path != STANDARD_INPUT)
        # A few ahead of each process and no more: ten thousand results would not fit.
        waiting.extend(pool.submit(read, path) for path in islice(rest, 4 * jobs))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(read, path) for path in islice(rest, 1))


def read_one(path: str, *, style: Style) -> Outcome:
    """Read one file and render it; a file that cannot be read gives its reason instead."""
    from thidua.core.errors import UserError
    from thidua.documents.reading import read_bytes, read_path
    from thidua.documents.reading.files import MAX_BYTES

    name = "đầu vào chuẩn" if path == STANDARD_INPUT else path
    try:
        if path == STANDARD_INPUT:
            record = read_bytes(sys.stdin.buffer.read(MAX_BYTES + 1))
        else:
            record = read_path(path)
        return Outcome(name, text=style.render(record, name=name))
    except UserError as refusal:
        return Outcome(name, refusal=str(refusal))
    except OSError as error:
        return Outcome(name, refusal=f"Không mở được tệp: {_vietnamese(error)}. Hãy kiểm tra lại đường dẫn.")
    except Exception as fault:  # a fault of ours in one file must not lose the others
        about = f"{type(fault).__name__}: {fault}"
        return Outcome(
            name, refusal=f"Chưa đọc được tệp: chương trình gặp lỗi ({about}). Hãy báo lỗi kèm tệp này."
        )


def _vietnamese(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "không có tệp này"
        case PermissionError():
            return "không có quyền đọc"
        case IsADirectoryError():
            return "đây là thư mục"
    return f"hệ thống báo lỗi ({error.strerror or error})"


# --- what is written ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """How a record is rendered; travels to other processes."""

    output_format: str
    width: int
    is_bold: bool

    @classmethod
    def of(cls, out: TextIO, *, output_format: str, to_file: bool) -> Style:
        is_terminal = out.isatty() and not to_file
        width = min(max(os.get_terminal_size(out.fileno()).columns, 40), 120) if is_terminal else 100
        return cls(
            output_format=output_format, width=width, is_bold=is_terminal and "NO_COLOR" not in os.environ
        )

    def render(self, record: dict[str, Any], *, name: str) -> str:
        if self.output_format == "json":
            return json.dumps(record, ensure_ascii=False, indent=2)
        if self.output_format == "yaml":
            return record_as_yaml(record)
        from thidua.documents.commands.summary import summarise

        return summarise(record, name=name, width=self.width, is_bold=self.is_bold)


def record_as_yaml(record: dict[str, Any]) -> str:
    """The record as YAML, keys in the order of the record."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(record, Dumper=dumper, allow_unicode=True, sort_keys=False, width=110))


def _printer(output_format: str, out: TextIO, *, is_single: bool) -> Callable[[str | None], None]:
    """Prints rendered records one by one; called with None at the end.

    Several JSON records make one array, several YAML records several documents.
    """
    printed = 0

    def put(text: str | None) -> None:
        nonlocal printed
        if output_format == "json" and not is_single:
            if text is None:
                out.write("\n]\n" if printed else "[]\n")
            else:
                out.write((",\n" if printed else "[\n") + text)
        elif text is not None:
            between = {"yaml": "---\n", "table": "\n"}.get(output_format, "")
            out.write((between if printed else "") + text.rstrip("\n") + "\n")
        printed += text is not None

    return put


class OutputFolder:
    """One file per record, named after its source; never over a source or another result of this run."""

    def __init__(self, folder: Path, suffix: str, *, inputs: Iterable[str]) -> None:
        self.folder = folder
        self.suffix = suffix
        # Names are compared without case, as some file systems do.
        self.taken = {
            name.casefold()
            for parent, name in map(os.path.split, inputs)
            if os.path.realpath(parent or ".") == os.path.realpath(folder)
        }

    def write(self, outcome: Outcome) -> Path:
        path = self.folder / self._free_name(Path(outcome.name).stem)
        # Under another name first: a stop in the middle leaves no half record.
        unfinished = path.with_name(path.name + ".part")
        unfinished.write_text(outcome.text.rstrip("\n") + "\n", encoding="utf-8")
        unfinished.replace(path)
        return path

    def _free_name(self, stem: str) -> str:
        name, copy = stem + self.suffix, 1
        while name.casefold() in self.taken:
            copy += 1
            name = f"{stem}-{copy}{self.suffix}"
        self.taken.add(name.casefold())
        return name
