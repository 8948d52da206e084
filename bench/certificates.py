"""Certificates of a page, each with its own words and QR code: ours, WeasyPrint, docxtpl + LibreOffice.

    python bench/certificates.py [--certificates 1000] [--peer-certificates 40] [--no-peers]
                                 [--peer-python PYTHON]

Ours draws all of them as one PDF/A, in one process, on one core, the QR codes included; three passes, the
median counts. WeasyPrint gets one HTML document with the same pages and the same drawings, also in one run,
which is its best case. docxtpl fills a Word file of the same words for each certificate and LibreOffice turns
all of them into PDF in one start; it draws no ornament, which flatters it. A peer makes fewer and its figure
is multiplied; the table says so. The words of all PDF files are compared. docs/benchmarks.md has the figures.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pypdfium2

BENCH = Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH.parent))

from thidua.awards.decisions import drawing, ornaments, quick_codes  # noqa: E402
from thidua.awards.decisions.layout import (  # noqa: E402
    CertificateText,
    DesignKind,
    Layout,
    filled,
    usual,
)

FONTS = BENCH.parent / "thidua" / "documents" / "writing" / "fonts"
PASSES = 3
FULL = usual(DesignKind.FULL, form_name="Giấy khen")


def certificate(number: int) -> CertificateText:
    """Every certificate has its own name, place, achievement, number and code."""
    return CertificateText(
        {
            "ten": f"Ông Lò Văn Mẫu {number}",
            "chi_tiet": f"Trưởng bản số {number % 300}, xã thứ {number % 97}, huyện Phong Thổ",
            "thanh_tich": "Đã có thành tích xuất sắc trong thực hiện Phong trào thi đua “Vì người nghèo - "
            f"Không để ai bị bỏ lại phía sau” giai đoạn 2021 - 2025, vận động {number} hộ đăng ký",
            "co_quan": "CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN PHONG THỔ",
            "so_quyet_dinh": "125/QĐ-UBND",
            "ngay": "05",
            "thang": "11",
            "nam": "2023",
            "so_vang": str(number),
            "dia_danh": "Phong Thổ",
            "chuc_vu_ky": "CHỦ TỊCH",
            "nguoi_ky": "Nguyễn Văn Ví Dụ",
        },
        f"https://thi-dua.example.vn/kiem-tra-khen-thuong/ABCDEF{number:06}/",
    )


def main() -> None:
    options = arguments()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    found: dict[str, Any] = {"load": os.getloadavg()[0], "ours": ours(options.certificates), "peers": {}}
    if not options.no_peers:
        with tempfile.TemporaryDirectory() as name:
            found["peers"] = peers(Path(name), options)
    report(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def ours(count: int) -> dict[str, Any]:
    drawing.pdf(FULL, [certificate(900_000)])
    texts = [certificate(number) for number in range(count)]
    seconds, cpu, size = [], [], 0
    for _ in range(PASSES):
        began, worked = time.perf_counter(), time.process_time()
        size = len(drawing.pdf(FULL, texts))
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "count": count,
        "seconds": statistics.median(seconds),
        "cpu": statistics.median(cpu),
        "bytes_each": size // count,
        "peak_resident_bytes": memory,
    }


# --- peers ----------------------------------------------------------------------------------------


def peers(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    texts = [certificate(number) for number in range(options.peer_certificates)]
    wanted = words_of(drawing.pdf(FULL, texts))
    found: dict[str, Any] = {}
    python = options.peer_python or peer_python()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    weasy = folder / "weasy"
    weasy.mkdir()
    (weasy / "00000.html").write_text(pages_of(FULL, texts[:2]), encoding="utf-8")
    (weasy / "00001.html").write_text(pages_of(FULL, texts), encoding="utf-8")
    done = subprocess.run(
        [str(python), str(BENCH / "papers_weasyprint.py"), str(weasy), "1"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        print(f"WeasyPrint did not run:\n{done.stderr[-1500:]}")
    else:
        figures = json.loads(done.stdout)
        made = words_of((weasy / "00001.pdf").read_bytes())
        found["WeasyPrint"] = {
            "count": len(texts),
            "seconds": figures["seconds"],
            "cpu": figures["cpu"],
            "same": sum(one == other for one, other in zip(made, wanted, strict=True)),
        }
    office = shutil.which("soffice")
    if office is None:
        print("LibreOffice is not on this machine: apt-get install libreoffice-writer fonts-liberation2")
        return found
    words = folder / "words.json"
    words.write_text(json.dumps([lines_of(FULL, one) for one in texts], ensure_ascii=False), encoding="utf-8")
    filled_ = subprocess.run(
        [str(python), str(BENCH / "certificates_docxtpl.py"), str(words), str(folder / "word")],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if filled_.returncode:
        print(f"docxtpl did not run:\n{filled_.stderr[-1500:]}")
        return found
    filling = json.loads(filled_.stdout)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    files = sorted(map(str, (folder / "word").glob("*.docx")))
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "pdf")]
    subprocess.run([*command, files[0]], check=True, capture_output=True)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*command, *files], check=True, capture_output=True)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    made = [words_of(one.read_bytes())[0] for one in sorted((folder / "pdf").glob("*.pdf"))]
    found["docxtpl + LibreOffice"] = {
        "count": len(texts),
        "seconds": seconds + filling["seconds"],
        "cpu": cpu + filling["cpu"],
        "same": sum(one == other for one, other in zip(made, wanted, strict=True)),
    }
    return found


def peer_python() -> Path:
    from read_plans import peer_python as made

    return made()


def lines_of(layout: Layout, text: CertificateText) -> list[dict[str, Any]]:
    """The words of a certificate, line by line, with their looks."""
    return [
        {
            "text": filled(one.text, text.values),
            "size": one.size,
            "bold": one.is_bold,
            "italic": one.is_italic,
            "colour": one.colour.lstrip("#"),
        }
        for one in layout.fields
        if not one.is_code
    ]


def pages_of(layout: Layout, texts: list[CertificateText]) -> str:
    """The same pages as HTML: boxes in millimetres, the ornament behind, the code as a drawing."""
    ornament = ornaments.drawing(layout)
    codes = [quick_codes.svg(one) for one in quick_codes.matrices([text.address for text in texts])]
    sheets = []
    for text, code in zip(texts, codes, strict=True):
        boxes = []
        for one in layout.fields:
            place = f"left:{one.x}mm;top:{one.y}mm;width:{one.width}mm"
            if one.is_code:
                square = code.replace("<svg ", f'<svg style="width:{one.width}mm;height:{one.width}mm" ')
                boxes.append(f'<div class="o" style="{place}">{square}</div>')
                continue
            looks = (
                f"font-size:{one.size}pt;text-align:{one.align.value};color:{one.colour};"
                f"font-weight:{'bold' if one.is_bold else 'normal'};"
                f"font-style:{'italic' if one.is_italic else 'normal'}"
            )
            words = html.escape(filled(one.text, text.values))
            boxes.append(f'<div class="o" style="{place};{looks}">{words}</div>')
        sheets.append(f"<section>{''.join(boxes)}</section>")
    image = f"url('data:image/svg+xml;base64,{base64.b64encode(ornament.encode()).decode()}')"
    faces = "".join(
        f'@font-face {{ font-family: Paper; {style} src: url("file://{FONTS}/LiberationSerif-{name}.ttf") }}'
        for name, style in (
            ("Regular", ""),
            ("Bold", "font-weight: bold;"),
            ("Italic", "font-style: italic;"),
            ("BoldItalic", "font-weight: bold; font-style: italic;"),
        )
    )
    return f"""<!doctype html><html lang="vi"><meta charset="utf-8"><title>Giấy khen</title><style>{faces}
    @page {{ size: {layout.width}mm {layout.height}mm; margin: 0;
             background: {image} no-repeat center / 100% }}
    body {{ margin: 0; font: 16pt/1.26 Paper }} section {{ position: relative; page-break-after: always;
    width: {layout.width}mm; height: {layout.height - 0.5}mm }} .o {{ position: absolute }}
    </style><body>{"".join(sheets)}"""


def words_of(pdf: bytes) -> list[str]:
    """All letters of each page in a fixed order."""
    document = pypdfium2.PdfDocument(pdf)
    found = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    return ["".join(sorted(text.replace("\u200b", ""))) for text in found if text]


def report(found: dict[str, Any]) -> None:
    mine = found["ours"]
    print(f"certificates, one core, load {found['load']:.1f}")
    print("| way | certificates | seconds | CPU s | for 1,000: seconds | CPU s | × by CPU | same words |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    base = mine["cpu"] / mine["count"]
    for name, row in {"Thi Đua": mine, **found["peers"]}.items():
        each, cpu = row["seconds"] / row["count"], row["cpu"] / row["count"]
        same = row.get("same", row["count"])
        print(
            f"| {name} | {row['count']:,} | {row['seconds']:.1f} | {row['cpu']:.1f} | {each * 1000:.1f} | "
            f"{cpu * 1000:.1f} | {cpu / base:.1f} | {same} of {row['count']} |"
        )
    peak = mine["peak_resident_bytes"] / 2**20
    print(f"{mine['bytes_each'] / 1024:.0f} KiB each; peak resident {peak:.0f} MiB")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--certificates", type=int, default=1000)
    parser.add_argument("--peer-certificates", type=int, default=40)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--peer-python", type=Path)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
