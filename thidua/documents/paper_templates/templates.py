"""Which template serves a paper, and the paper that it makes. What other apps call.

A body's own template goes before the one that comes with the program. Hides versions: asked for a day, the
text that was in use on that day answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from thidua.core.errors import RuleNotMet
from thidua.documents.letterhead import Letterhead, letterhead_of
from thidua.documents.models import PaperTemplate, PaperTemplateVersion
from thidua.documents.writing import form as paper_form
from thidua.documents.writing import template_text
from thidua.documents.writing.paper import Paper, Signature
from thidua.organisations.models import Unit

FOLDER = Path(template_text.__file__).parent / "ready_made"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A text that serves, and its name for the papers made of it: "7@3", or "san-co/bao_cao"."""

    ref: str
    text: str


@lru_cache(maxsize=1)
def ready_made() -> Mapping[str, str]:
    """The texts that come with the program, by the code of their type, in the order of the decree."""
    order = list(paper_form.kinds())
    paths = sorted(FOLDER.glob("*.txt"), key=lambda path: order.index(path.stem))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def render(
    kind: str, *, unit: Unit, facts: Mapping[str, Any], on: date, template: PaperTemplate | None = None
) -> Paper:
    """The paper of a type that a body's template makes of `facts`; without number and date.

    `facts` are the values that the template names: texts, numbers, dates, lists of mappings, or ready blocks
    (`documents.writing.paper.Table`, `Figure`). Raises BadTemplate, RuleNotMet where there is no template.
    """
    return rendered(kind, unit=unit, facts=facts, on=on, template=template)[0]


def rendered(
    kind: str, *, unit: Unit, facts: Mapping[str, Any], on: date, template: PaperTemplate | None = None
) -> tuple[Paper, str]:
    """As `render`, with the name of the template, for `papers.drafting.draft(template=…)`."""
    chosen = chosen_for(kind, unit_id=unit.pk, on=on, template=template)
    head = letterhead_of(unit.pk, on=on)
    return paper_of(chosen.text, facts, head=head, kind=kind, on=on), chosen.ref


def chosen_for(kind: str, *, unit_id: int, on: date, template: PaperTemplate | None = None) -> Chosen:
    """The text for a type at a body on a day. Raises RuleNotMet."""
    versions = PaperTemplateVersion.objects.filter(issued_on__lte=on).order_by("-number")
    if template is not None:
        version = versions.filter(template=template).first()
    else:
        version = versions.filter(
            template__in=usual(kind, unit_id=unit_id), template__retired_at__isnull=True
        ).first()
    if version is not None:
        return Chosen(f"{version.template_id}@{version.number}", version.text)
    if template is None and kind in ready_made():
        return Chosen(f"san-co/{kind}", ready_made()[kind])
    raise RuleNotMet(
        f"Chưa có mẫu cho loại văn bản «{paper_form.kind(kind).name}»",
        why="cơ quan chưa lập mẫu và chương trình không có mẫu sẵn cho loại này",
        next_step="Lập mẫu ở Văn bản › Mẫu văn bản",
    )


def usual(kind: str, *, unit_id: int) -> QuerySet[PaperTemplate]:
    return PaperTemplate.objects.filter(unit_id=unit_id, kind=kind, is_usual=True)


def paper_of(
    text: str, facts: Mapping[str, Any], *, head: Letterhead, kind: str, on: date, is_preview: bool = False
) -> Paper:
    """The paper that a text makes. Raises BadTemplate."""
    values = {
        "co_quan": {
            "ten": head.name or "[cơ quan]",
            "chu_quan": " ".join(head.superior),
            "dia_danh": head.place,
        },
        "ngay": on,
        "nam": on.year,
        **facts,
    }
    return template_text.paper_of_template(text, values, head=blank(head, kind), is_preview=is_preview)


def blank(head: Letterhead, kind: str) -> Paper:
    """The head of a paper with nothing in it yet."""
    return Paper(
        kind=kind,
        issuer=head.issuer,
        issuer_name=head.name,
        superior=head.superior,
        place=head.place,
        symbol=head.symbol(kind),
        title="",
        body=(),
        signature=Signature(head.authority),
    )


def preview(text: str, *, unit_id: int | None, on: date) -> Paper:
    """What a text looks like with the names of its values in their places. Raises BadTemplate."""
    head = letterhead_of(unit_id, on=on) if unit_id is not None else SOMEBODY
    return paper_of(text, {}, head=head, kind=template_text.kind_of(text), on=on, is_preview=True)


#: Whose paper a ready-made template shows.
SOMEBODY = Letterhead(
    superior=("Cơ quan chủ quản",),
    issuer=("Cơ quan ban hành",),
    name="Cơ quan ban hành",
    place="Địa danh",
    abbreviation="CQBH",
    authority=("Thủ trưởng cơ quan",),
)
