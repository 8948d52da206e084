"""Writing templates: begin one, change its draft, put it to use, take it out of use.

An issued version never changes, the database refuses it; a change is a draft that becomes the next version.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import fold, nfc, sort_key
from thidua.documents.models import PaperTemplate, PaperTemplateVersion
from thidua.documents.paper_templates.templates import preview, usual
from thidua.documents.writing.characters import printable
from thidua.documents.writing.form import kind as kind_named
from thidua.documents.writing.template_text import BadTemplate, kind_of
from thidua.organisations.models import Unit

#: More than any template holds, in letters.
LONGEST = 200_000


def start(*, unit: Unit, kind: str, name: str, text: str, actor: Actor, now: datetime) -> PaperTemplate:
    """A new template with its first draft. The first of its type becomes the usual one.

    Raises NotAllowed, UnknownKind, RuleNotMet.
    """
    kind_named(kind)
    name = printable(name)
    template = PaperTemplate(
        unit=unit,
        kind=kind,
        name=name,
        name_order=sort_key(name)[:500],
        search_text=fold(f"{kind_named(kind).name} {name}"),
        made_at=now,
    )
    actor.require("template.edit", template)
    if not name:
        raise RuleNotMet("Chưa lập được mẫu", why="mẫu chưa có tên", next_step="Ghi tên mẫu rồi gửi lại")
    if PaperTemplate.objects.filter(unit=unit, name=name, retired_at__isnull=True).exists():
        raise RuleNotMet(
            "Chưa lập được mẫu", why=f"đã có mẫu «{name}»", next_step="Đặt tên khác, hoặc sửa mẫu đã có"
        )
    with transaction.atomic():
        template.is_usual = not usual(kind, unit_id=unit.pk).filter(retired_at__isnull=True).exists()
        template.save()
        PaperTemplateVersion.objects.create(
            template=template, number=1, text=_clean(text), changed_at=now, changed_by=actor.user
        )
        _log(template, "start", "Lập mẫu văn bản", actor=actor, now=now)
    return template


def draft_of(template: PaperTemplate) -> PaperTemplateVersion | None:
    return template.versions.filter(issued_at__isnull=True).first()


def latest(template: PaperTemplate, *, on: date) -> PaperTemplateVersion | None:
    """The version in use on a day."""
    return template.versions.filter(issued_on__lte=on).order_by("-number").first()


def save(
    template: PaperTemplate, text: str, *, seen: int, note: str = "", actor: Actor, now: datetime
) -> PaperTemplateVersion:
    """Other words for the draft; with none, a draft behind the last version. Faults in it may stay for now.

    `seen` is the edition that was written over, 0 for no draft. Raises ChangedMeanwhile, NotAllowed,
    RuleNotMet.
    """
    actor.require("template.edit", template)
    _refuse_retired(template)
    text = _clean(text)
    with transaction.atomic():
        if seen == 0:
            if draft_of(template) is not None:
                raise _changed()
            last = template.versions.order_by("-number").values_list("number", flat=True).first() or 0
            version = PaperTemplateVersion.objects.create(
                template=template,
                number=last + 1,
                text=text,
                note=note[:300],
                changed_at=now,
                changed_by=actor.user,
            )
        else:
            changed = template.versions.filter(issued_at__isnull=True, edition=seen).update(
                text=text, note=note[:300], edition=seen + 1, changed_at=now, changed_by=actor.user
            )
            if not changed:
                raise _changed()
            version = template.versions.get(issued_at__isnull=True)
        _log(template, "save", "Sửa mẫu văn bản", actor=actor, now=now, number=version.number)
    return version


def issue(template: PaperTemplate, *, seen: int, actor: Actor, now: datetime) -> PaperTemplateVersion:
    """Put the draft to use from today. Raises RuleNotMet for faults, ChangedMeanwhile, NotAllowed."""
    actor.require("template.edit", template)
    _refuse_retired(template)
    version = draft_of(template)
    if version is None or version.edition != seen:
        raise _changed()
    _refuse_faults(template, version.text, on=actor.on)
    with transaction.atomic():
        changed = template.versions.filter(pk=version.pk, edition=seen, issued_at__isnull=True).update(
            issued_at=now, issued_on=actor.on
        )
        if not changed:
            raise _changed()
        _log(template, "issue", "Đưa mẫu văn bản vào dùng", actor=actor, now=now, number=version.number)
    version.refresh_from_db()
    return version


def drop_draft(template: PaperTemplate, *, actor: Actor, now: datetime) -> None:
    """Let go of a draft; the version in use stays."""
    actor.require("template.edit", template)
    with transaction.atomic():
        template.versions.filter(issued_at__isnull=True).delete()
        _log(template, "drop_draft", "Bỏ bản nháp của mẫu", actor=actor, now=now)


def retire(template: PaperTemplate, *, actor: Actor, now: datetime) -> None:
    """Take a template out of use; papers made of it keep its name, its versions stay."""
    actor.require("template.edit", template)
    with transaction.atomic():
        changed = PaperTemplate.objects.filter(pk=template.pk, retired_at__isnull=True).update(
            retired_at=now, is_usual=False
        )
        if changed:
            _log(template, "retire", "Thôi dùng mẫu văn bản", actor=actor, now=now)


def make_usual(template: PaperTemplate, *, actor: Actor, now: datetime) -> None:
    """Take this template for its type when nobody chooses another."""
    actor.require("template.edit", template)
    _refuse_retired(template)
    with transaction.atomic():
        usual(template.kind, unit_id=template.unit_id).update(is_usual=False)
        PaperTemplate.objects.filter(pk=template.pk).update(is_usual=True)
        _log(template, "make_usual", "Chọn mẫu dùng thường xuyên", actor=actor, now=now)


def _refuse_faults(template: PaperTemplate, text: str, *, on: date) -> None:
    if kind_of(text) != template.kind:
        raise RuleNotMet(
            "Chưa đưa mẫu vào dùng",
            why=f"dòng «loai» ghi «{kind_of(text)}», mẫu này lập cho «{template.kind}»",
            next_step="Sửa dòng «loai», hoặc lập mẫu khác cho loại đó",
        )
    try:
        preview(text, unit_id=template.unit_id, on=on)
    except BadTemplate as error:
        raise RuleNotMet(
            "Chưa đưa mẫu vào dùng", why=error.why, next_step="Sửa các dòng đã nêu rồi lưu lại"
        ) from error


def _refuse_retired(template: PaperTemplate) -> None:
    if template.retired_at is not None:
        raise RuleNotMet(
            "Không sửa được mẫu này", why="mẫu đã thôi dùng", next_step="Lập mẫu mới từ nội dung của mẫu này"
        )


def _changed() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        "Chưa lưu được mẫu",
        why="người khác vừa sửa hoặc vừa đưa mẫu này vào dùng",
        next_step="Mở lại trang, xem bản mới rồi sửa tiếp",
    )


def _clean(text: str) -> str:
    text = nfc(text).replace("\r\n", "\n").strip("\n") + "\n"
    if len(text) > LONGEST:
        raise RuleNotMet("Chưa lưu được mẫu", why="mẫu dài quá 200.000 chữ", next_step="Rút gọn nội dung mẫu")
    return text


def _log(
    template: PaperTemplate, act: str, label: str, *, actor: Actor, now: datetime, number: int | None = None
) -> None:
    record(
        f"documents.papertemplate.{act}",
        template,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=template.unit_id,
        details={"lần": number} if number is not None else {},
    )
