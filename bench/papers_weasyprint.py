"""The peer of bench/papers.py: pages of HTML made into PDF by WeasyPrint, in an environment of its own.

papers_weasyprint.py FOLDER WARM_UP     reads *.html there, writes *.pdf beside, prints the seconds as JSON
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path


def main() -> None:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    folder, warm_up = Path(sys.argv[1]), int(sys.argv[2])
    pages = sorted(folder.glob("*.html"))
    fonts = FontConfiguration()
    for page in pages[:warm_up]:
        HTML(filename=page).write_pdf(font_config=fonts)
    began, worked = time.perf_counter(), time.process_time()
    for page in pages[warm_up:]:
        page.with_suffix(".pdf").write_bytes(
            HTML(filename=page).write_pdf(font_config=fonts, pdf_variant="pdf/a-2u")
        )
    print(
        json.dumps(
            {
                "papers": len(pages) - warm_up,
                "seconds": time.perf_counter() - began,
                "cpu": time.process_time() - worked,
            }
        )
    )


if __name__ == "__main__":
    main()
