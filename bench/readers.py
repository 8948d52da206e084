"""One reader at work, in a process of its own: reads a folder of Word files and tells its times.

Runs under the interpreter of whichever tool is measured, so it imports nothing of the product before it is
asked to. Every reader gets the bytes of a file and answers with what it read; times are per file, in seconds.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any

_STARTED = time.perf_counter()

Read = Callable[[bytes], Any]
#: what stands on the page, paragraph by paragraph, from what a reader answered
Printed = Callable[[Any], list[str]]


def whole_record() -> tuple[Read, Printed]:
    """The product: the whole record, all facts included."""
    from thidua.documents.reading import read_bytes

    return lambda raw: read_bytes(raw, file_name="plan.docx"), lambda record: []


def lines_only() -> tuple[Read, Printed]:
    """The first stage of the product: the file as lines, no facts."""
    from thidua.documents.reading.files import read

    return lambda raw: read(raw, file_name="plan.docx"), lambda source: [line.text for line in source.lines]


def python_docx() -> tuple[Read, Printed]:
    """The floor: the texts of all paragraphs and cells, in reading order."""
    from docx import Document
    from docx.table import Table

    def texts(container: Any) -> Iterator[str]:
        for block in container.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    for cell in row.cells:
                        yield from texts(cell)
            else:
                yield block.text

    return lambda raw: list(texts(Document(BytesIO(raw)))), list


def docling() -> tuple[Read, Printed]:
    """docling's reader of Word files into its own document.

    Called directly: `DocumentConverter` of the slim package wants PyTorch even where no model is asked. Left
    out is only work around the same conversion, so the figure flatters docling if anything.
    """
    from docling.backend.msword_backend import MsWordDocumentBackend
    from docling.datamodel.base_models import InputFormat
    from docling.datamodel.document import InputDocument

    def read(raw: bytes) -> Any:
        source = InputDocument(
            path_or_stream=BytesIO(raw),
            format=InputFormat.DOCX,
            backend=MsWordDocumentBackend,
            filename="plan.docx",
        )
        return source._backend.convert()

    def printed(document: Any) -> list[str]:
        found = [f"{getattr(item, 'marker', '') or ''} {item.text}".strip() for item in document.texts]
        for table in document.tables:
            found += [line for cell in table.data.table_cells for line in cell.text.split("\n")]
        return found

    return read, printed


#: name -> (how to make the reader, the package whose version is told)
READERS: dict[str, tuple[Callable[[], tuple[Read, Printed]], str]] = {
    "record": (whole_record, "thidua"),
    "lines": (lines_only, "thidua"),
    "python-docx": (python_docx, "python-docx"),
    "docling": (docling, "docling-slim"),
}


def measure(name: str, folder: Path, *, cpu: int | None, warm_up: int) -> dict[str, Any]:
    """Times of reading every file of the folder once, in the order of their names.

    The first `warm_up` files are read before and not counted; no file is read twice, so nothing remembered
    from one document helps with the next more than it would in a folder of different documents.
    """
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    make, package = READERS[name]
    read, _ = make()
    imported = time.perf_counter()
    raws = [path.read_bytes() for path in sorted(folder.glob("*.docx"))]
    begun = time.perf_counter()
    read(raws[0])
    first = time.perf_counter() - begun
    for raw in raws[1:warm_up]:
        read(raw)
    gc.collect()
    wall, busy = [], []
    for raw in raws[warm_up:]:
        wall_begun, busy_begun = time.perf_counter(), time.process_time()
        read(raw)
        busy.append(time.process_time() - busy_begun)
        wall.append(time.perf_counter() - wall_begun)
    return {
        "version": metadata.version(package),
        "import_seconds": imported - _STARTED,
        "first_seconds": first,
        "wall_seconds": wall,
        "cpu_seconds": busy,
        "peak_bytes": peak_bytes(),
    }


def printed_texts(name: str, folder: Path) -> dict[str, list[str]]:
    """File name -> the paragraphs that the reader finds, as it would print them."""
    make, _ = READERS[name]
    read, printed = make()
    return {path.name: printed(read(path.read_bytes())) for path in sorted(folder.glob("*.docx"))}


def memory(name: str, folder: Path, *, marks: list[int]) -> dict[str, Any]:
    """Resident memory in bytes after so many files, each read once, and the seconds it took."""
    make, _ = READERS[name]
    read, _ = make()
    resident: dict[str, int] = {}
    begun = time.perf_counter()
    for count, file_name in enumerate(sorted(os.listdir(folder)), 1):
        read((folder / file_name).read_bytes())  # a path kept would grow with what it remembers
        if count in marks:
            resident[str(count)] = resident_bytes(os.getpid())
    return {"resident_bytes": resident, "seconds": time.perf_counter() - begun}


def resident_bytes(process: int) -> int:
    """Memory that a process holds now; 0 where the system does not tell or the process has gone."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak_bytes() -> int:
    """The most memory that this process has held."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=READERS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--task", choices=("measure", "texts", "memory"), default="measure")
    parser.add_argument("--cpu", type=int)
    parser.add_argument("--warm-up", type=int, default=1)
    parser.add_argument("--marks", type=int, nargs="*", default=[])
    options = parser.parse_args()
    answer: dict[str, Any]
    if options.task == "texts":
        answer = printed_texts(options.name, options.folder)
    elif options.task == "memory":
        answer = memory(options.name, options.folder, marks=options.marks)
    else:
        answer = measure(options.name, options.folder, cpu=options.cpu, warm_up=options.warm_up)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
