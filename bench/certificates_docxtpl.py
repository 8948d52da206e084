"""The peer of bench/certificates.py: Word files filled by docxtpl, in an environment of its own.

certificates_docxtpl.py WORDS.json FOLDER     writes a file for each certificate, prints the seconds as JSON
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt, RGBColor
    from docxtpl import DocxTemplate

    certificates = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(sys.argv[2])
    folder.mkdir()
    template = Document()
    section = template.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(15)
    for at, line in enumerate(certificates[0]):
        paragraph = template.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(f"{{{{ o{at} }}}}")
        run.font.name, run.font.size = "Liberation Serif", Pt(line["size"])
        run.bold, run.italic = line["bold"], line["italic"]
        run.font.color.rgb = RGBColor.from_string(line["colour"].upper())
    kept = folder.parent / "mau.docx"
    template.save(str(kept))
    began, worked = time.perf_counter(), time.process_time()
    for number, lines in enumerate(certificates):
        one = DocxTemplate(str(kept))
        one.render({f"o{at}": line["text"] for at, line in enumerate(lines)})
        one.save(str(folder / f"{number:05}.docx"))
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - worked}))


if __name__ == "__main__":
    main()
