"""Web pages as a portal shows a plan: menus, cookie bar, scripts and related links around the document."""

from __future__ import annotations

from html import escape

from .plan import Plan
from .word import AGENCY, NATIONAL_TITLE

_CHROME_BEFORE = """<div id="cookie-consent"><p>Trang này dùng cookie. <button>Đồng ý</button></p></div>
<header class="site-header"><a href="/">Cổng thông tin điện tử tỉnh Minh Họa</a></header>
<nav><ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/van-ban">Văn bản</a></li>
<li><a href="/lien-he">Liên hệ</a></li></ul></nav>
<div class="breadcrumb"><a href="/">Trang chủ</a> › <a href="/van-ban">Văn bản</a></div>"""
_CHROME_AFTER = """<div class="share"><a href="#">Facebook</a> <a href="#">Zalo</a></div>
<aside class="sidebar"><h3>Tin liên quan</h3>
<ul><li><a href="/1">Tin một</a></li><li><a href="/2">Tin hai</a></li>
</ul></aside><footer class="footer">
<p>Bản quyền thuộc Cổng thông tin điện tử. Điện thoại: 0200 000 000</p></footer>
<script>document.write("Quảng cáo");</script>"""


def portal_page(plan: Plan, *, national_title: bool = False, charset: str = "utf-8") -> bytes:
    """The plan as a saved page of an invented portal."""
    rows: list[tuple[list[str], list[str]]] = []
    if national_title:
        rows.append((list(AGENCY), list(NATIONAL_TITLE)))
    if plan.header:
        rows.append((plan.header[:1], plan.header[1:]))
    parts = [_table(rows)] if rows else []
    parts += [f'<p style="text-align: center"><strong>{escape(text)}</strong></p>' for text in plan.title]
    for block in plan.body:
        text = escape(block.printed)
        parts.append(f"<p><b>{text}</b></p>" if block.is_heading else f"<p>{text}</p>")
    if plan.recipients or plan.signature:
        parts.append(_table([(plan.recipients, plan.signature)]))
    if plan.notes:
        parts.append("<hr>")
        parts += [f"<p>{mark} {escape(text)}</p>" for mark, text in plan.notes.items()]
    content = "\n".join(parts)
    page = (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="{charset}"><title>Văn bản</title>'
        f"<style>p {{ margin: 0 }}</style></head><body>{_CHROME_BEFORE}"
        f'<div class="wrapper"><div class="row"><div class="content">{content}</div></div></div>'
        f"{_CHROME_AFTER}</body></html>"
    )
    return page.encode(charset, "xmlcharrefreplace")


def _table(rows: list[tuple[list[str], list[str]]]) -> str:
    cells = "".join(
        "<tr>" + "".join(f"<td>{'<br>'.join(map(escape, texts))}</td>" for texts in row) + "</tr>"
        for row in rows
    )
    return f"<table>{cells}</table>"
