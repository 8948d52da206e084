"""Score the records of a folder of documents against their golden records, and hold them to floors.

Hides how documents and golden records find each other, and where floors and maps of codes stand.
"""

# ruff: noqa: T201 - printing is what this command does

from __future__ import annotations

import argparse
import fnmatch
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import yaml

from thidua.core.errors import UserError
from thidua.documents.reading import read_path
from thidua.documents.reading.score import GROUPS, Record, Score, add_up, score_record

DOCUMENT_SUFFIXES = (".txt", ".md", ".docx", ".pdf", ".html", ".htm")
DATA = Path(__file__).resolve().parents[3] / "data"


@dataclass(frozen=True)
class Pair:
    """A document and the golden record of it."""

    document: Path
    golden: Path


def find_pairs(folders: Sequence[Path], *, pattern: str = "*") -> list[Pair]:
    """Documents and golden records of the same stem in the folders; `pattern` chooses among the stems."""
    files = sorted(path for folder in folders for path in folder.iterdir() if path.is_file())
    documents: dict[str, Path] = {}
    for path in sorted(
        files, key=lambda path: DOCUMENT_SUFFIXES.index(path.suffix) if _is_document(path) else 0
    ):
        if _is_document(path):
            documents.setdefault(path.stem, path)
    return [
        Pair(documents[path.stem], path)
        for path in files
        if path.suffix in (".yaml", ".yml") and path.stem in documents and fnmatch.fnmatch(path.stem, pattern)
    ]


def _is_document(path: Path) -> bool:
    return path.suffix in DOCUMENT_SUFFIXES


def load_record(path: Path) -> dict[str, Any]:
    """A record from YAML or JSON."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (a safe loader, in C where there is one)
    if not isinstance(loaded, dict):
        raise ValueError(f"{path.name}: not a record")
    return loaded


def floors_missed(total: Score, floors: Mapping[str, Any]) -> list[str]:
    """One sentence for each group whose figure fell below its floor.

    A floor is the least F1 (0 to 1) of a group, or a mapping of `precision`, `recall`, `f1` to least values.
    """
    missed = []
    for group, floor in floors.items():
        if group not in GROUPS:
            raise ValueError(f"floors: no such group: {group}")
        wanted = floor if isinstance(floor, Mapping) else {"f1": floor}
        for measure, least in wanted.items():
            if group in total and getattr(total[group], measure) < float(least):
                missed.append(f"{group}: {measure} {getattr(total[group], measure):.4f} < {float(least):.4f}")
    return missed


def print_table(total: Score, out: TextIO) -> None:
    """Counts and shares per group, one line each."""
    print(f"{'nhóm':<24}{'đúng':>6}{'thiếu':>7}{'thừa':>6}{'chính xác':>11}{'đầy đủ':>9}{'F1':>9}", file=out)
    for group, tally in total.items():
        # Nothing was read: no share of it can be right or wrong.
        precision = f"{tally.precision:.2%}" if tally.hits + tally.extras else "–"
        shares = f"{precision:>11}{tally.recall:>9.2%}{tally.f1:>9.2%}"
        print(f"{group:<24}{tally.hits:>6}{tally.misses:>7}{tally.extras:>6}{shares}", file=out)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dir", action="append", type=Path, metavar="DIR", help="thư mục có văn bản và bản mẫu cùng tên"
    )
    parser.add_argument(
        "--records", type=Path, metavar="DIR", help="so các bản ghi có sẵn (YAML, JSON) thay vì đọc lại"
    )
    parser.add_argument(
        "--files", default="*", metavar="MẪU", help="chỉ các tệp có tên theo mẫu, ví dụ 00[12]*"
    )
    parser.add_argument("--only", metavar="NHÓM,…", help="chỉ các nhóm này: " + ", ".join(GROUPS))
    parser.add_argument(
        "--floors", type=Path, metavar="TỆP", help="mức tối thiểu (mặc định: floors.yaml trong thư mục)"
    )
    parser.add_argument(
        "--incomplete", metavar="NHÓM,…", help="nhóm mà bản mẫu không ghi hết: đọc thừa không tính là sai"
    )
    parser.add_argument("--verbose", "-v", action="store_true", help="in từng chỗ khác nhau")


def run(options: argparse.Namespace) -> int:
    """Print the score.

    Returns 0 when every floor is reached, 1 when one is not or a file cannot be read, 2 on misuse.
    """
    folders = options.dir or [DATA / "plans", DATA / "golden"]
    try:
        only = _groups(options.only) or set(GROUPS)
        incomplete = _groups(options.incomplete)
        pairs = _pairs_to_score(folders, pattern=options.files)
    except ValueError as error:
        print(f"thidua score: {error}", file=sys.stderr)
        return 2
    codes = _load_beside(folders, "codes.yaml")
    scores, unread = [], 0
    for pair in pairs:
        try:
            got: Record = _record_of(pair, records=options.records)
        except (UserError, OSError) as error:
            print(f"{pair.document.name}: {error}", file=sys.stderr)
            unread, got = unread + 1, {}
        except Exception:  # a fault of the reader costs this document, and the others are still scored
            print(f"{pair.document.name}:\n{traceback.format_exc()}", file=sys.stderr)
            unread, got = unread + 1, {}
        score = score_record(load_record(pair.golden), got, codes=codes, incomplete=incomplete)
        scores.append({group: tally for group, tally in score.items() if group in only})
        _print_document(pair.document.name, scores[-1], verbose=options.verbose)
    total = add_up(scores)
    print()
    print_table(total, sys.stdout)
    floors = load_record(options.floors) if options.floors else _load_beside(folders, "floors.yaml")
    # A floor holds for all documents together.
    missed = floors_missed(total, floors) if options.files == "*" else []
    for sentence in missed:
        print(f"dưới mức: {sentence}", file=sys.stderr)
    return 1 if missed or unread else 0


def _groups(names: str | None) -> set[str]:
    groups = set(names.split(",")) if names else set()
    if not groups <= set(GROUPS):
        raise ValueError(f"không có nhóm {', '.join(sorted(groups - set(GROUPS)))}")
    return groups


def _pairs_to_score(folders: Sequence[Path], *, pattern: str) -> list[Pair]:
    absent = [str(folder) for folder in folders if not folder.is_dir()]
    if absent:
        raise ValueError(f"không có thư mục {', '.join(absent)}")
    pairs = find_pairs(folders, pattern=pattern)
    if not pairs:
        raise ValueError("không có cặp văn bản và bản mẫu (.yaml) nào cùng tên")
    return pairs


def _print_document(name: str, score: Score, *, verbose: bool) -> None:
    wrong = ", ".join(f"{group} {tally.f1:.0%}" for group, tally in score.items() if not tally.is_exact)
    print(f"{name}: {wrong or 'đúng hết'}")
    if verbose:
        for tally in score.values():
            for difference in tally.differences:
                print(f"    {difference}")


def _load_beside(folders: Sequence[Path], name: str) -> dict[str, Any]:
    return next((load_record(folder / name) for folder in folders if (folder / name).is_file()), {})


def _record_of(pair: Pair, *, records: Path | None) -> Record:
    if records is None:
        return read_path(pair.document)
    for suffix in (".yaml", ".json"):
        if (records / (pair.golden.stem + suffix)).is_file():
            return load_record(records / (pair.golden.stem + suffix))
    raise FileNotFoundError(f"không có bản ghi {pair.golden.stem} trong {records}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m thidua.documents.reading.score", description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args(arguments))
