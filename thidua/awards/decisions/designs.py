"""How a body prints its certificates: versions of a design for each form and way of printing.

A saved version never changes; a change is a new one, seen first, then put into use. Without any the layout
that comes with the program serves.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from thidua.audit.log import Actor, System, record
from thidua.awards.decisions import drawing, layout
from thidua.awards.decisions.decision_papers import short_form
from thidua.awards.decisions.drawing import Pictures
from thidua.awards.decisions.layout import CertificateText, DesignKind, Layout
from thidua.awards.models import CertificateDesign
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.documents.file_store import bytes_of
from thidua.documents.models import StoredFile
from thidua.organisations.models import Unit

#: First bytes of pictures that typst reads.
PICTURE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
MOST_PICTURE_BYTES = 6 * 1024 * 1024


def usual(kind: DesignKind | str, form: str, *, on: date, size: tuple[float, float] = layout.A4) -> Layout:
    return layout.usual(DesignKind(kind), form_name=short_form(form, on), size=size)


def law_size(form: str, on: date) -> tuple[float, float] | None:
    """Paper of the old specimen, in mm; none where none was read. Not confirmed: a proposal."""
    try:
        found = award_law.certificate_size(form, on)
    except NotInLawbook:
        return None
    return float(found.width), float(found.height)


def in_use(unit_id: int, form: str, kind: DesignKind | str) -> CertificateDesign | None:
    return CertificateDesign.objects.filter(
        unit_id=unit_id, form=form, kind=str(kind), is_in_use=True
    ).first()


def ensure(
    unit: Unit, form: str, kind: DesignKind | str = DesignKind.FULL, *, actor: Actor, now: datetime
) -> CertificateDesign:
    """The design in use, made from the usual layout when the body has none yet."""
    found = in_use(unit.pk, form, kind)
    if found is not None:
        return found
    made = save(unit, form, usual(kind, form, on=actor.on), actor=actor, now=now)
    put_into_use(made, actor=actor, now=now)
    return made


def ensure_for_printing(
    unit: Unit, form: str, kind: DesignKind | str, *, actor: Actor, now: datetime
) -> CertificateDesign:
    """The design in use; where there is none, the usual layout becomes the first version, by the program.

    Who may print need not be who may design.
    """
    by_program = System(on=actor.on, name="Mẫu in sẵn có")
    return in_use(unit.pk, form, kind) or ensure(unit, form, kind, actor=by_program, now=now)


def save(
    unit: Unit,
    form: str,
    wanted: Layout,
    *,
    background: StoredFile | None = None,
    emblem: StoredFile | None = None,
    actor: Actor,
    now: datetime,
) -> CertificateDesign:
    """A new version; the newest one is given back when nothing is different. Not in use yet.

    Raises NotAllowed, RuleNotMet for a layout that cannot be printed.
    """
    kind = wanted.kind.value
    design = CertificateDesign(
        unit=unit,
        form=form,
        kind=kind,
        number=1,
        layout_json=layout.written(wanted),
        background=background,
        emblem=emblem,
        made_by=actor.user,
        made_at=now,
    )
    actor.require("certificate.design", design)
    layout.check(wanted)
    earlier = CertificateDesign.objects.filter(unit=unit, form=form, kind=kind)
    newest = earlier.order_by("-number").first()
    same = ("layout_json", "background_id", "emblem_id")
    if newest is not None and all(getattr(newest, name) == getattr(design, name) for name in same):
        return newest
    design.number = (earlier.aggregate(most=Max("number"))["most"] or 0) + 1
    try:
        with transaction.atomic():
            design.save(force_insert=True)
            record(
                "awards.certificatedesign.save",
                design,
                label="Lưu mẫu in bằng, giấy khen",
                actor=actor,
                now=now,
                object_unit_id=unit.pk,
                details={"phiên bản": design.number, "form": form, "kind": kind},
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(
            "Chưa lưu được mẫu in", why="người khác vừa lưu mẫu này", next_step="Mở lại trang rồi sửa tiếp"
        ) from error
    return design


def put_into_use(design: CertificateDesign, *, actor: Actor, now: datetime) -> None:
    """From now on printing takes this version."""
    actor.require("certificate.design", design)
    with transaction.atomic():
        CertificateDesign.objects.filter(
            unit=design.unit, form=design.form, kind=design.kind, is_in_use=True
        ).update(is_in_use=False)
        CertificateDesign.objects.filter(pk=design.pk).update(is_in_use=True)
        record(
            "awards.certificatedesign.put_into_use",
            design,
            label="Dùng mẫu in bằng, giấy khen",
            actor=actor,
            now=now,
            object_unit_id=design.unit_id,
            details={"phiên bản": design.number},
        )
    design.is_in_use = True


def picture(raw: bytes, name: str) -> bytes:
    """Bytes of a picture that a design may hold. Raises RuleNotMet for another kind of file."""
    if len(raw) > MOST_PICTURE_BYTES or not raw.startswith(PICTURE_STARTS):
        raise RuleNotMet(
            f"Chưa nhận được tệp «{name}»",
            why="chỉ nhận ảnh PNG, JPEG không quá 6 MB",
            next_step="Lưu ảnh dạng PNG (300 chấm/inch theo khổ giấy) rồi gửi lại",
        )
    return raw


def layout_of(design: CertificateDesign) -> Layout:
    return layout.read(design.layout_json)


def pictures_of(design: CertificateDesign) -> Pictures:
    return Pictures(
        background=bytes_of(design.background) if design.background else None,
        emblem=bytes_of(design.emblem) if design.emblem else None,
    )


def sample(form: str, *, unit: Unit, on: date) -> CertificateText:
    """Invented words for a preview, long enough to show where space is short."""
    from thidua.awards.decisions.wording import decider_of

    decider = decider_of(unit.pk, on=on)
    return CertificateText(
        {
            "ten": "Bà Nguyễn Thị Ví Dụ",
            "chi_tiet": "Công chức Văn hóa - Xã hội, Ủy ban nhân dân xã Thí Dụ",
            "thanh_tich": "Đã có thành tích xuất sắc trong thực hiện Phong trào thi đua “Vì người nghèo - "
            f"Không để ai bị bỏ lại phía sau” năm {on.year}",
            "hinh_thuc": short_form(form, on),
            "co_quan": decider.title.upper(),
            "so_quyet_dinh": "000/QĐ-MẪU",
            "ngay": f"{on:%d}",
            "thang": f"{on:%m}" if on.month < 3 else str(on.month),
            "nam": str(on.year),
            "so_vang": "000",
            "dia_danh": decider.place,
            "chuc_vu_ky": decider.signer_title.upper(),
            "nguoi_ky": "Trần Văn Mẫu",
            "ma": "MAUXEMTRUOC2",
        },
        address="https://vi-du.vn/kiem-tra-khen-thuong/MAUXEMTRUOC2/",
    )


def preview(design: CertificateDesign, *, on: date, has_frames: bool, dots_per_inch: int = 80) -> bytes:
    return drawing.preview(
        layout_of(design),
        sample(design.form, unit=design.unit, on=on),
        pictures=pictures_of(design),
        has_frames=has_frames,
        dots_per_inch=dots_per_inch,
    )
