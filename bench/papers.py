"""Official papers of two pages as PDF and as Word files: ours against LibreOffice headless and WeasyPrint.

    python bench/papers.py [--papers 1000] [--peer-papers 40] [--no-peers] [--peer-python PYTHON]

Every paper has words of its own in each paragraph, so that nothing laid out once helps the next. Everything
runs on one core. LibreOffice is given the Word files that we wrote and converts many in one start, which is
its best case; WeasyPrint gets pages of HTML with the same words and measures. A peer makes fewer papers and
its figure is multiplied; the table says so. The words in all PDF files are compared. docs/benchmarks.md
keeps the figures.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2

BENCH = Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH.parent))

from thidua.documents.writing.form import form  # noqa: E402
from thidua.documents.writing.paper import (  # noqa: E402
    Column,
    Heading,
    Item,
    Level,
    Paper,
    Paragraph,
    Signature,
    Table,
)
from thidua.documents.writing.printed import TableLine, TextLine, printed  # noqa: E402
from thidua.documents.writing.typesetting import pdf_bytes  # noqa: E402
from thidua.documents.writing.word import docx_bytes  # noqa: E402

FONTS = BENCH.parent / "thidua" / "documents" / "writing" / "fonts"
WARM_UP = 3
SENTENCE = (
    "Xã số {n} có {a} hộ nghèo, {b} hộ cận nghèo theo kết quả rà soát; đã hỗ trợ nhà ở cho {c} hộ, vay vốn "
    "cho {d} hộ, vận động các tổ chức, cá nhân giúp đỡ {e} hộ có hoàn cảnh đặc biệt khó khăn trên địa bàn"
)


def paper(number: int) -> Paper:
    """A report of two pages whose every paragraph has figures of its own."""

    def sentence(part: int) -> str:
        n = number * 100 + part
        return SENTENCE.format(n=n, a=n % 613, b=n % 421, c=n % 37, d=n % 211, e=n % 17)

    rows = tuple(
        (str(at), f"Xã số {number * 100 + at}", str(number * 7 + at), f"{(number + at) % 90},{at % 10}")
        for at in range(1, 11)
    )
    return Paper(
        kind="bao_cao",
        superior=("Ủy ban nhân dân tỉnh Lạng Sơn",),
        issuer=("Sở Nội vụ",),
        number=f"{number + 1:02}",
        symbol="BC-SNV",
        place="Lạng Sơn",
        dated=date(2023, 1, 1) + timedelta(days=number % 365),
        title=f"Kết quả thực hiện Phong trào thi đua “Vì người nghèo”, đợt {number + 1}",
        body=(
            Paragraph(f"{sentence(1)}."),
            Heading(Level.CAPITAL, f"Kết quả đợt {number + 1}"),
            *(Item(Level.POINT, f"{sentence(part)};") for part in range(2, 9)),
            Table(
                (Column("STT"), Column("Đơn vị", 4), Column("Số hộ", 2, True), Column("Tỷ lệ (%)", 2, True)),
                rows,
                caption="Hộ nghèo theo xã",
            ),
            Heading(Level.CAPITAL, "Phương hướng"),
            *(Item(Level.CLAUSE, f"{sentence(part)}.") for part in range(10, 13)),
            Paragraph(sentence(14), is_ending=True),
        ),
        signature=Signature(("KT. Giám đốc", "Phó Giám đốc"), "Nguyễn Văn An"),
        recipients=("UBND tỉnh (b/c)", "Các phòng, đơn vị thuộc Sở", "Lưu: VT, VP"),
    )


def main() -> None:
    options = arguments()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    found: dict[str, Any] = {"ours": {}, "peers": {}, "load": os.getloadavg()[0]}
    for name, write in (("PDF", pdf_bytes), ("DOCX", docx_bytes)):
        found["ours"][name] = made(write, options.papers)
    with tempfile.TemporaryDirectory() as name:
        if not options.no_peers:
            found["peers"] = peers(Path(name), options)
    report(found, options.papers)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def made(write: Callable[[Paper], bytes], count: int) -> dict[str, Any]:
    """Seconds, CPU seconds and memory for `count` papers, after a warm-up on others."""
    for number in range(WARM_UP):
        write(paper(100_000 + number))
    papers = [paper(number) for number in range(count)]
    size, memory = 0, {}
    began, worked = time.perf_counter(), time.process_time()
    for at, one in enumerate(papers, start=1):
        size += len(write(one))
        if at in (count // 10, count):
            memory[at] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "papers": count,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - worked,
        "bytes_each": size // count,
        "peak_resident_bytes": memory,
    }


# --- peers ----------------------------------------------------------------------------------------


def peers(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    papers = [paper(number) for number in range(options.peer_papers)]
    warm = [replace(paper(200_000 + at), number="00") for at in range(WARM_UP)]
    ours = [words_of(pdf_bytes(one)) for one in papers]
    for at, one in enumerate([*warm, *papers]):
        (folder / f"{at:05}.html").write_text(page_of(one), encoding="utf-8")
        (folder / f"{at:05}.docx").write_bytes(docx_bytes(one))
    python = options.peer_python or peer_python()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(python), str(BENCH / "papers_weasyprint.py"), str(folder), str(WARM_UP)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"WeasyPrint did not run:\n{done.stderr[-2000:]}")
    found["WeasyPrint"] = json.loads(done.stdout) | {"same_words": same(folder, ours, "pdf")}
    office = shutil.which("soffice")
    if office is None:
        print("LibreOffice is not on this machine: apt-get install libreoffice-writer fonts-liberation2")
        return found
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    alone = sorted(folder.glob("*.docx"))[WARM_UP : WARM_UP + 5]
    for ending, given in (("pdf", "docx"), ("docx", "html")):
        target = folder / f"office-{ending}"
        files = sorted(map(str, folder.glob(f"*.{given}")))
        command = [office, profile, "--headless", "--convert-to", ending, "--outdir", str(target)]
        subprocess.run([*command, *files[:WARM_UP]], check=True, capture_output=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        subprocess.run([*command, *files[WARM_UP:]], check=True, capture_output=True)
        seconds = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found[f"LibreOffice, {given} to {ending}"] = {
            "papers": len(papers),
            "seconds": seconds,
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            **({"same_words": same(target, ours, "pdf")} if ending == "pdf" else {}),
        }
    found["LibreOffice, docx to pdf, a start for each"] = one_by_one(
        [office, profile], alone, folder / "alone"
    )
    return found


def one_by_one(office: list[str], files: list[Path], target: Path) -> dict[str, Any]:
    """As a server does that converts one paper when somebody asks for it."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for file in files:
        command = [*office, "--headless", "--convert-to", "pdf", "--outdir", str(target), str(file)]
        subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "papers": len(files),
        "seconds": time.perf_counter() - began,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    }


def peer_python() -> Path:
    """The interpreter of bench/.env, with WeasyPrint in it."""
    from read_plans import peer_python

    return peer_python()


def same(folder: Path, ours: list[str], ending: str) -> int:
    """How many of the peer's PDF files hold the same words as ours."""
    files = sorted(folder.glob(f"*.{ending}"))[-len(ours) :]
    return sum(words_of(file.read_bytes()) == wanted for file, wanted in zip(files, ours, strict=True))


def words_of(pdf: bytes) -> str:
    """All letters and signs of a PDF in a fixed order: programs draw the columns of a head in their own."""
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return "".join(sorted("".join(text.split()).replace("\u200b", "")))


def page_of(one: Paper) -> str:
    """The same words and measures as a page of HTML."""
    said, looks = printed(one), form()
    body = "".join(_line(line) for line in said.lines)
    styles = f"""
    @font-face {{ font-family: Paper; src: url("{FONTS}/LiberationSerif-Regular.ttf") }}
    @font-face {{ font-family: Paper; font-weight: bold; src: url("{FONTS}/LiberationSerif-Bold.ttf") }}
    @font-face {{ font-family: Paper; font-style: italic; src: url("{FONTS}/LiberationSerif-Italic.ttf") }}
    @font-face {{ font-family: Paper; font-weight: bold; font-style: italic;
                  src: url("{FONTS}/LiberationSerif-BoldItalic.ttf") }}
    @page {{ size: A4; margin: {looks["margin_top"]}mm {looks["margin_right"]}mm {looks["margin_bottom"]}mm
             {looks["margin_left"]}mm; @top-center {{ content: counter(page); font: 14pt Paper }} }}
    @page :first {{ @top-center {{ content: "" }} }}
    body {{ font: 14pt/1.26 Paper; margin: 0 }}
    p {{ margin: 0 0 6pt; text-align: justify; text-indent: 12.7mm }}
    table {{ width: 100%; border-collapse: collapse }} td, th {{ vertical-align: top; padding: 2pt 4pt }}
    .khung td {{ text-align: center; width: 50%; padding: 0 }} .khung p {{ text-indent: 0; text-align:
    center }} .so td, .so th {{ border: .5pt solid; font-size: 12pt }} .trai p {{ text-align: left;
    font-size: 11pt }}
    """
    superior, issuer, authority = (
        "<br>".join(map(html.escape, lines))
        for lines in (said.superior, said.issuer, said.signature.authority)
    )
    recipients = "".join(f"<p>{html.escape(name)}</p>" for name in said.recipients)
    return f"""<!doctype html><html lang="vi"><meta charset="utf-8"><title>{html.escape(said.name)}</title>
    <style>{styles}</style>
    <body><table class="khung"><tr><td>{superior}<br><b>{issuer}</b></td>
    <td><b>{said.nation}<br>{said.motto}</b></td></tr>
    <tr><td>{said.number_label} {said.number}/{said.symbol}</td><td><i>{said.place}, {said.day}</i></td></tr>
    </table>
    <p style="text-align:center;text-indent:0"><b>{said.kind_name}<br>{html.escape(said.title)}</b></p>
    {body}
    <table class="khung"><tr><td class="trai"><p><b><i>{said.recipients_label}</i></b></p>{recipients}</td>
    <td><b>{authority}<br><br><br><br>{said.signature.name}</b></td></tr></table>"""


def _line(line: object) -> str:
    if isinstance(line, TableLine):
        head = "".join(f"<th>{html.escape(title)}</th>" for title in line.columns)
        rows = "".join(
            f"<tr>{''.join(f'<td>{html.escape(_said(cell))}</td>' for cell in row)}</tr>" for row in line.rows
        )
        return (
            f'<p style="text-align:center"><b>{html.escape(line.caption)}</b></p>'
            f'<table class="so"><thead><tr>{head}</tr></thead>{rows}</table>'
        )
    assert isinstance(line, TextLine)
    marker = f"{line.marker.text} " if line.marker else ""
    words = html.escape(marker + _said(line.runs))
    return f"<p><b>{words}</b></p>" if line.depth else f"<p>{words}</p>"


def _said(runs: Iterable[Any]) -> str:
    return "".join(run.text for run in runs)


# --- what is printed ------------------------------------------------------------------------------


def report(found: dict[str, Any], count: int) -> None:
    print(f"papers of two pages, one core, load {found['load']:.1f}")
    print("| way | papers | seconds | CPU s | for 1,000: seconds | CPU s | × |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    ours = {name: row["cpu"] / row["papers"] for name, row in found["ours"].items()}
    rows = [(f"Thi Đua, {name}", row, ours[name]) for name, row in found["ours"].items()]
    rows += [
        (name, row, ours["DOCX" if name.endswith("docx") else "PDF"]) for name, row in found["peers"].items()
    ]
    for name, row, base in rows:
        each, cpu = row["seconds"] / row["papers"], row["cpu"] / row["papers"]
        print(
            f"| {name} | {row['papers']:,} | {row['seconds']:.1f} | {row['cpu']:.1f} | {each * 1000:.1f} |"
            f" {cpu * 1000:.1f} | {cpu / base:.1f} |"
        )
    for name, row in found["ours"].items():
        sizes = row["peak_resident_bytes"].items()
        memory = ", ".join(f"{size / 2**20:.0f} MiB after {at:,}" for at, size in sizes)
        print(f"{name}: {row['bytes_each'] / 1024:.0f} KiB each; peak resident {memory}")
    for name, row in found["peers"].items():
        if "same_words" in row:
            print(f"{name}: the same words in {row['same_words']} of {row['papers']} papers")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--peer-papers", type=int, default=40)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--peer-python", type=Path)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
