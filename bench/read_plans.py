"""How fast plans are read from Word files: ours against docling and against python-docx reading alone.

    .venv/bin/python bench/read_plans.py            everything, about ten minutes
    .venv/bin/python bench/read_plans.py --no-peers --memory-files 0    ours only, half a minute

All tools read the same files, made anew in a temporary folder, one process per tool, pinned to one core, in
turns, several passes. Prints tables (Markdown) and writes figures as JSON; docs/benchmarks.md explains them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import plan_files
from readers import resident_bytes

from thidua.documents.reading.files.tests.makers.plan import Plan

BENCH = Path(__file__).parent
ROOT = BENCH.parent
PEER_ENVIRONMENT = BENCH / ".env"
OURS = ("record", "lines")
PEERS = ("docling", "python-docx")
TITLES = {
    "record": "Thi Đua, whole record",
    "lines": "Thi Đua, lines only",
    "docling": "docling-slim, its document",
    "python-docx": "python-docx, texts only",
}
_MARKS = (1_000, 5_000, 10_000)
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Speed:
    """How fast one tool read one set; times in milliseconds a document, memory in bytes."""

    reader: str
    version: str
    documents: int
    documents_per_second: float
    documents_per_cpu_second: float
    median_ms: float
    p95_ms: float
    cpu_median_ms: float
    cpu_p95_ms: float
    import_ms: float
    first_ms: float
    peak_bytes: int

    @classmethod
    def of(cls, reader: str, passes: Sequence[dict[str, Any]]) -> Speed:
        """Rates are the median of the passes; the median and the 95th percentile are over all their reads."""
        wall = [seconds * 1000 for one in passes for seconds in one["wall_seconds"]]
        busy = [seconds * 1000 for one in passes for seconds in one["cpu_seconds"]]
        return cls(
            reader=reader,
            version=passes[0]["version"],
            documents=len(passes[0]["wall_seconds"]),
            documents_per_second=statistics.median(
                len(one["wall_seconds"]) / sum(one["wall_seconds"]) for one in passes
            ),
            documents_per_cpu_second=statistics.median(
                len(one["cpu_seconds"]) / sum(one["cpu_seconds"]) for one in passes
            ),
            median_ms=statistics.median(wall),
            p95_ms=percentile(wall, 95),
            cpu_median_ms=statistics.median(busy),
            cpu_p95_ms=percentile(busy, 95),
            import_ms=statistics.median(one["import_seconds"] for one in passes) * 1000,
            first_ms=statistics.median(one["first_seconds"] for one in passes) * 1000,
            peak_bytes=max(one["peak_bytes"] for one in passes),
        )


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


# --- the environment of the peers -----------------------------------------------------------------


def peer_python() -> Path:
    """The interpreter of the throw-away environment, which is made when it is missing or out of date."""
    python = PEER_ENVIRONMENT / "bin" / "python"
    wanted = (BENCH / "peers.txt").read_text(encoding="utf-8")
    stamp = PEER_ENVIRONMENT / "installed"
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        shutil.rmtree(PEER_ENVIRONMENT, ignore_errors=True)
        uv = ROOT / ".tools" / "bin" / "uv"
        commands: list[list[str | Path]] = (
            [
                [uv, "venv", "--quiet", "--python", sys.executable, PEER_ENVIRONMENT],
                [uv, "pip", "install", "--quiet", "--python", python, "-r", BENCH / "peers.txt"],
            ]
            if uv.exists()
            else [
                [sys.executable, "-m", "venv", PEER_ENVIRONMENT],
                [python, "-m", "pip", "install", "--quiet", "-r", BENCH / "peers.txt"],
            ]
        )
        for command in commands:
            subprocess.run(command, check=True, env=os.environ | {"UV_SYSTEM_CERTS": "1"})
        stamp.write_text(wanted, encoding="utf-8")
    return python


def word_styles(python: Path) -> bytes:
    """The style part of a file that Word itself saved: the template that python-docx ships."""
    code = "import docx, pathlib; print(pathlib.Path(docx.__file__).parent / 'templates' / 'default.docx')"
    path = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    return plan_files.styles_of(Path(path).read_bytes())


def ask(reader: str, folder: Path, *arguments: str, peers: Path | None) -> dict[str, Any]:
    """What `readers.py` answers, run under the interpreter that has the tool."""
    python = sys.executable if reader in OURS else peers
    assert python is not None
    command = [str(python), str(BENCH / "readers.py"), reader, str(folder), *arguments]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(answer)
    return found


# --- speed ----------------------------------------------------------------------------------------


def speeds(
    folder: Path, *, warm_up: int, passes: int, readers: Sequence[str], peers: Path | None
) -> list[Speed]:
    """Every tool over the same folder, in turns, so that a busy moment of the machine hits all alike."""
    cpu = max(os.sched_getaffinity(0))
    arguments = ("--warm-up", str(warm_up), "--cpu", str(cpu))
    answers: dict[str, list[dict[str, Any]]] = {reader: [] for reader in readers}
    for _ in range(passes):
        for reader in readers:
            answers[reader].append(ask(reader, folder, *arguments, peers=peers))
    return [Speed.of(reader, found) for reader, found in answers.items()]


def speed_table(rows: Sequence[Speed]) -> str:
    ours = next(row for row in rows if row.reader == "record")
    lines = [
        "| tool | documents/s | ours is × as fast | ms median | ms p95 "
        "| documents/CPU s | × by CPU | CPU ms median | CPU ms p95 |",
        "|---|" + "---:|" * 8,
    ]
    lines += [
        f"| {TITLES[row.reader]} | {row.documents_per_second:.1f} "
        f"| {ours.documents_per_second / row.documents_per_second:.2f} "
        f"| {row.median_ms:.1f} | {row.p95_ms:.1f} | {row.documents_per_cpu_second:.1f} "
        f"| {ours.documents_per_cpu_second / row.documents_per_cpu_second:.2f} "
        f"| {row.cpu_median_ms:.1f} | {row.cpu_p95_ms:.1f} |"
        for row in rows
    ]
    return "\n".join(lines)


def start_table(rows: Sequence[Speed]) -> str:
    """What comes before the first answer, kept out of the speed, and the most memory held while measuring."""
    lines = ["| tool | version | import ms | first document ms | peak MiB |", "|---|---|---:|---:|---:|"]
    lines += [
        f"| {TITLES[row.reader]} | {row.version} | {row.import_ms:.0f} | {row.first_ms:.0f} "
        f"| {row.peak_bytes / _MIB:.0f} |"
        for row in rows
    ]
    return "\n".join(lines)


# --- equal results --------------------------------------------------------------------------------

_NOTE_MARKS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]")
#: a number or bullet in front of the words, whatever a tool makes of it
_LONGEST_NUMBER = 9


def compared(plan: Plan, found: Sequence[str]) -> Counter[str]:
    """How many printed lines of the plan a tool gave back: as printed, with its words only, or not at all.

    "As printed" includes numbers that Word holds as list formatting, and the marks of footnotes.
    """
    texts = Counter(spaced(line) for text in found for line in text.split("\n") if line.strip())
    bodies = {block.printed: block.text for block in plan.body} | {
        f"{mark} {text}": text for mark, text in plan.notes.items()
    }
    counts: Counter[str] = Counter()
    left = []
    for line in plan.lines():
        if texts[spaced(line)] > 0:
            texts[spaced(line)] -= 1
            counts["as_printed"] += 1
        else:
            left.append(bare(bodies.get(line, line)))
    rest = Counter(bare(text) for text in texts.elements())
    for words in left:
        match = next(
            (text for text in rest if text.endswith(words) and len(text) - len(words) <= _LONGEST_NUMBER),
            None,
        )
        counts["words_only" if match is not None else "missing"] += 1
        if match is not None:
            rest[match] -= 1
            rest += Counter()
    return counts


def spaced(text: str) -> str:
    return " ".join(text.split())


def bare(text: str) -> str:
    return spaced(_NOTE_MARKS.sub("", text))


def comparison(folder: Path, texts: Sequence[Path], *, peers: Path | None) -> dict[str, dict[str, int]]:
    """Per tool, the printed lines of all files of the folder, counted as `compared` does."""
    plans = dict(plan_files.copies(texts, len(list(folder.iterdir()))))
    table: dict[str, dict[str, int]] = {}
    for reader in ("lines", *(PEERS if peers else ())):
        answers = ask(reader, folder, "--task", "texts", peers=peers)
        counts: Counter[str] = Counter()
        for name, plan in plans.items():
            counts += compared(plan, answers[name])
        table[reader] = {key: counts[key] for key in ("as_printed", "words_only", "missing")}
    return table


def comparison_table(table: dict[str, dict[str, int]]) -> str:
    lines = [
        "| tool | lines as printed | words right, number or mark not | missing |",
        "|---|---:|---:|---:|",
    ]
    for reader, counts in table.items():
        total = sum(counts.values())
        shares = " | ".join(f"{count} ({count / total:.1%})" for count in counts.values())
        lines.append(f"| {TITLES[reader]} | {shares} |")
    return "\n".join(lines)


# --- memory ---------------------------------------------------------------------------------------


def memory_of_command(folder: Path, out: Path, *, marks: Sequence[int]) -> dict[str, Any]:
    """Resident memory of `thidua read` when it has written so many records, and its seconds in all."""
    command = [str(Path(sys.executable).with_name("thidua")), "read", str(folder), "--out", str(out)]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--format", "json", "--jobs", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    resident: dict[str, int] = {}
    waiting = list(marks)
    last = 0
    while process.poll() is None:
        last = resident_bytes(process.pid) or last
        written = len(os.listdir(out)) if out.is_dir() else 0
        while waiting and written >= waiting[0]:
            resident[str(waiting.pop(0))] = last
        time.sleep(0.1)
    written = len(os.listdir(out)) if out.is_dir() else 0
    resident |= {str(mark): last for mark in waiting if written >= mark}
    return {
        "resident_bytes": resident,
        "seconds": time.perf_counter() - begun,
        "written": written,
        "exit_code": process.returncode,
    }


def memory_table(table: dict[str, dict[str, Any]], marks: Sequence[int]) -> str:
    heads = " | ".join(f"MiB after {mark:,}" for mark in marks)
    lines = [f"| way | {heads} | documents/s |", "|---|" + "---:|" * (len(marks) + 1)]
    for way, found in table.items():
        cells = [f"{found['resident_bytes'].get(str(mark), 0) / _MIB:.1f}" for mark in marks]
        lines.append(f"| {way} | {' | '.join(cells)} | {marks[-1] / found['seconds']:.0f} |")
    return "\n".join(lines)


# --- all together ---------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """The class of the machine, and how busy it was when the run began; nothing that names it."""
    release = platform.freedesktop_os_release() if Path("/etc/os-release").exists() else {}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 1024**3),
        "system": f"{release.get('NAME', platform.system())} {release.get('VERSION_ID', '')}".strip(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    options = parsed(arguments)
    peers = None if options.no_peers else peer_python()
    readers = [*OURS, *(PEERS if peers else ())]
    results: dict[str, Any] = {"machine": machine(), "speed": {}}
    print(", ".join(f"{key} {value}" for key, value in results["machine"].items()))
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as name:
        folder = Path(name)
        mix = (*plan_files.FIVE, *plan_files.INVENTED)
        sets: dict[str, tuple[Sequence[Path], bytes | None]] = {"five plans": (plan_files.FIVE, None)}
        if peers:
            sets["five plans, styles as Word saves them"] = (plan_files.FIVE, word_styles(peers))
        sets[f"mix of {len(mix)}"] = (mix, None)
        for number, (title, (texts, styles)) in enumerate(sets.items()):
            warm_up = min(len(texts), options.files)
            where = folder / str(number)
            plan_files.write(where, texts, count=warm_up + options.files, styles=styles)
            rows = speeds(where, warm_up=warm_up, passes=options.passes, readers=readers, peers=peers)
            results["speed"][title] = [asdict(row) for row in rows]
            print(
                f"\n## Speed: {title}, {options.files} files, {options.passes} passes\n\n{speed_table(rows)}"
            )
            shutil.rmtree(where)
        print(f"\n## Start\n\n{start_table(rows)}")

        same = plan_files.write(folder / "same", mix, count=min(len(mix), options.files))
        results["same"] = comparison(same, mix, peers=peers)
        print(f"\n## Equal results\n\n{comparison_table(results['same'])}")

        if options.memory_files:
            marks = [mark for mark in _MARKS if mark < options.memory_files] + [options.memory_files]
            many = plan_files.write(folder / "many", mix, count=options.memory_files)
            flags = ("--task", "memory", "--marks", *map(str, marks))
            results["memory"] = {
                "read_bytes in one process": ask("record", many, *flags, peers=peers),
                "thidua read --format json --jobs 1": memory_of_command(many, folder / "out", marks=marks),
            }
            print(f"\n## Memory\n\n{memory_table(results['memory'], marks)}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=112, help="files read in each pass over a set")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--memory-files", type=int, default=10_000, help="0 leaves memory out")
    parser.add_argument("--no-peers", action="store_true", help="measure ours only; nothing is installed")
    parser.add_argument(
        "--json", type=Path, default=ROOT / "var" / "bench" / "read_plans.json", help="where the figures go"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
