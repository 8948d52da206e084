"""What can be asked and written on the pages of papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from thidua.accounts.models import User
from thidua.core.text import fold
from thidua.documents.models import (
    BookKind,
    CopyForm,
    GivenNumber,
    OutgoingPaper,
    PaperOffice,
    PaperRelation,
    PaperState,
)
from thidua.documents.papers import plain_text
from thidua.documents.papers.arrivals import Written
from thidua.documents.writing.form import kinds
from thidua.documents.writing.paper import Paper, Signature, Urgency
from thidua.organisations.models import UnitVersion
from thidua.tables.listing import FilterForm
from thidua.tables.words import holding

Choices = list[tuple[str, str]]
URGENCIES: Choices = [
    ("", "Thường"),
    ("khan", "Khẩn"),
    ("thuong_khan", "Thượng khẩn"),
    ("hoa_toc", "Hỏa tốc"),
]


def kind_choices(first: str = "") -> Choices:
    found = [(kind.code, kind.name) for kind in kinds().values()]
    return [("", first), *found] if first else found


class PlainForm(forms.Form):
    """Fields with the classes of the pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            if isinstance(field, (forms.BooleanField, forms.MultipleChoiceField)):
                continue
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")


class DayField(forms.DateField):
    """A day, picked on a phone or typed as 20/11/2023."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)


def _words(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return holding(rows, fold(text).split())


# --- filters --------------------------------------------------------------------------------------


class OutgoingFilters(FilterForm):
    tim = forms.CharField(label="Tìm", max_length=100)
    loai = forms.ChoiceField(label="Loại")
    trang_thai = forms.ChoiceField(label="Trạng thái", choices=[("", "Mọi trạng thái"), *PaperState.choices])
    nam = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loai"].choices = kind_choices("Mọi loại")  # type: ignore[attr-defined]
        self.fields["tim"].widget.attrs["placeholder"] = "Trích yếu, ký hiệu; không cần dấu"

    def narrow(self, rows: QuerySet[OutgoingPaper], asked: dict[str, Any]) -> QuerySet[OutgoingPaper]:
        rows = _words(rows, asked.get("tim", ""))
        for name, lookup in (("loai", "kind"), ("trang_thai", "state"), ("nam", "given__dated__year")):
            if name in asked:
                rows = rows.filter(**{lookup: asked[name]})
        return rows


class IncomingFilters(FilterForm):
    tim = forms.CharField(label="Tìm", max_length=100)
    nam = forms.IntegerField(label="Năm đến", min_value=2000, max_value=2100)
    xu_ly = forms.ChoiceField(
        label="Xử lý",
        choices=[("", "Tất cả"), ("chua_chuyen", "Chưa chuyển"), ("dang", "Đang giải quyết")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tim"].widget.attrs["placeholder"] = "Số, cơ quan, trích yếu; không cần dấu"

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = _words(rows, asked.get("tim", ""))
        if "nam" in asked:
            rows = rows.filter(arrived_on__year=asked["nam"])
        if asked.get("xu_ly") == "chua_chuyen":
            rows = rows.filter(passed_on=0)
        if asked.get("xu_ly") == "dang":
            rows = rows.filter(still_open__gt=0)
        return rows


class BookFilters(FilterForm):
    so = forms.ChoiceField(label="Sổ", choices=[("", "Mọi sổ"), *BookKind.choices])
    nam = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if "so" in asked:
            rows = rows.filter(kind=asked["so"])
        return rows.filter(year=asked["nam"]) if "nam" in asked else rows


class NumberFilters(FilterForm):
    tim = forms.CharField(label="Tìm trích yếu", max_length=100)
    huy = forms.ChoiceField(
        label="Tình trạng", choices=[("", "Mọi số"), ("huy", "Đã hủy"), ("phu", "Số phụ")]
    )

    def narrow(self, rows: QuerySet[GivenNumber], asked: dict[str, Any]) -> QuerySet[GivenNumber]:
        if "tim" in asked:
            rows = rows.filter(label__icontains=asked["tim"])
        if asked.get("huy") == "huy":
            rows = rows.filter(cancelled_at__isnull=False)
        return rows.exclude(suffix="") if asked.get("huy") == "phu" else rows


# --- writing a paper ------------------------------------------------------------------------------


class PaperForm(PlainForm):
    """A paper as a person types it; what stands in tables and pictures is left as it is."""

    don_vi = forms.ChoiceField(label="Cơ quan ban hành")
    loai = forms.ChoiceField(label="Loại văn bản")
    trich_yeu = forms.CharField(label="Trích yếu", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    kinh_gui = forms.CharField(
        label="Kính gửi",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi nơi một dòng. Công văn, tờ trình, giấy mời mới cần.",
    )
    can_cu = forms.CharField(
        label="Căn cứ",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi căn cứ một dòng, không cần dấu chấm phẩy.",
    )
    noi_dung = forms.CharField(
        label="Nội dung",
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Mỗi đoạn một dòng. Bắt đầu dòng bằng «I. », «Điều 1. », «1. », «a) » hoặc «- » "
        "để thành mục, điều, khoản, điểm, gạch đầu dòng.",
    )
    noi_nhan = forms.CharField(
        label="Nơi nhận",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi nơi một dòng, dòng cuối là «Lưu: VT, …».",
    )
    quyen_han = forms.CharField(
        label="Quyền hạn, chức vụ của người ký",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi dòng một hàng, ví dụ «TM. ỦY BAN NHÂN DÂN» rồi «CHỦ TỊCH».",
    )
    nguoi_ky = forms.CharField(
        label="Họ và tên người ký",
        max_length=150,
        required=False,
        help_text="Bỏ trống thì lấy tên người bấm ký.",
    )
    do_khan = forms.ChoiceField(label="Độ khẩn", required=False, choices=URGENCIES)
    han = DayField(label="Hạn ký", required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bodies: Iterable[UnitVersion], is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {str(body.unit_id): body for body in bodies}
        self.fields["don_vi"].choices = [(pk, body.label) for pk, body in self.bodies.items()]  # type: ignore[attr-defined]
        self.fields["loai"].choices = kind_choices()  # type: ignore[attr-defined]
        if not is_new:
            del self.fields["don_vi"], self.fields["han"]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if not answers.get("noi_dung", "").strip() and "noi_dung" in self.fields:
            self.add_error("noi_dung", "Hãy ghi nội dung.")
        return answers

    def onto(self, paper: Paper) -> Paper:
        """The description with what was typed."""
        answers = self.cleaned_data
        body = plain_text.blocks(answers["noi_dung"]) if "noi_dung" in answers else paper.body
        return replace(
            paper,
            kind=answers["loai"],
            symbol=paper.symbol if paper.kind == answers["loai"] else "",
            title=answers["trich_yeu"],
            addressees=_lines(answers["kinh_gui"]),
            bases=tuple(line.rstrip(";.") for line in _lines(answers["can_cu"])),
            body=body,
            recipients=tuple(line.lstrip("- ").rstrip(";.") for line in _lines(answers["noi_nhan"])),
            signature=Signature(
                _lines(answers["quyen_han"]), answers["nguoi_ky"].strip(), paper.signature.image
            ),
            urgency=Urgency(answers["do_khan"]),
        )


def typed(paper: Paper, *, edition: int) -> dict[str, Any]:
    """What the form shows of a description."""
    return {
        "loai": paper.kind,
        "trich_yeu": paper.title,
        "kinh_gui": "\n".join(paper.addressees),
        "can_cu": "\n".join(paper.bases),
        "noi_dung": plain_text.text(paper.body),
        "noi_nhan": "\n".join(paper.recipients),
        "quyen_han": "\n".join(paper.signature.authority),
        "nguoi_ky": paper.signature.name,
        "do_khan": paper.urgency.value,
        "seen": edition,
    }


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# --- acts -----------------------------------------------------------------------------------------


class NumberForm(PlainForm):
    """The date of a paper, or the number behind which it is put in late."""

    ngay = DayField(label="Ngày ban hành")
    sau_so = forms.ChoiceField(
        label="Chèn số phụ", required=False, help_text="Chỉ khi văn bản lẽ ra phải lấy số trước đó."
    )
    ly_do = forms.CharField(label="Lý do chèn số", max_length=500, required=False)

    def __init__(self, *args: Any, numbers: Iterable[GivenNumber] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(str(one.pk), f"sau số {one} ngày {one.dated:%d/%m/%Y}") for one in numbers]
        self.fields["sau_so"].choices = [("", "Không, lấy số tiếp theo"), *found]  # type: ignore[attr-defined]


class CopyMakingForm(PlainForm):
    hinh_thuc = forms.ChoiceField(label="Hình thức sao", choices=CopyForm.choices)
    phan_trich = forms.CharField(
        label="Phần trích", max_length=300, required=False, help_text="Chỉ với trích sao, ví dụ «Mục II»."
    )
    noi_nhan = forms.CharField(label="Nơi nhận bản sao", max_length=500, required=False)


class RelatedForm(PlainForm):
    quan_he = forms.ChoiceField(label="Văn bản mới để", choices=PaperRelation.choices)


class OfficeForm(PlainForm):
    viet_tat = forms.CharField(
        label="Chữ viết tắt tên cơ quan", max_length=30, help_text="Ví dụ UBND, STNMT; dùng trong ký hiệu."
    )
    dia_danh = forms.CharField(
        label="Địa danh", max_length=100, help_text="Tên nơi cơ quan đóng, ghi trước ngày, ví dụ Phong Thổ."
    )
    day_so = forms.ChoiceField(
        label="Dãy số",
        choices=[("chung", "Một dãy chung cho mọi loại văn bản"), ("rieng", "Mỗi loại văn bản một dãy")],
        help_text="Do người đứng đầu cơ quan quyết định (Điều 15 NĐ 30/2020/NĐ-CP).",
    )


def office_typed(office: PaperOffice | None) -> dict[str, Any]:
    if office is None:
        return {"day_so": "chung"}
    return {
        "viet_tat": office.abbreviation,
        "dia_danh": office.place,
        "day_so": "chung" if office.has_common_series else "rieng",
    }


# --- papers coming in -----------------------------------------------------------------------------


class ArrivalForm(PlainForm):
    """What the clerk confirms or writes of a paper that arrived."""

    don_vi = forms.ChoiceField(label="Cơ quan nhận")
    so = forms.CharField(label="Số", max_length=20, required=False)
    ky_hieu = forms.CharField(label="Ký hiệu", max_length=60, required=False)
    ngay = DayField(label="Ngày văn bản", required=False)
    loai = forms.CharField(label="Loại văn bản", max_length=80, required=False)
    co_quan = forms.CharField(label="Cơ quan ban hành", max_length=300)
    trich_yeu = forms.CharField(label="Trích yếu", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    do_khan = forms.ChoiceField(label="Độ khẩn", required=False, choices=URGENCIES)
    ngay_den = DayField(label="Ngày đến")
    han = DayField(label="Hạn giải quyết", required=False)
    ghi_chu = forms.CharField(label="Ghi chú", max_length=500, required=False)
    van_dang_ky = forms.BooleanField(
        label="Vẫn đăng ký dù trùng số, ký hiệu và cơ quan với văn bản đã có", required=False
    )
    tep = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bodies: Iterable[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["don_vi"].choices = [(str(body.unit_id), body.label) for body in bodies]  # type: ignore[attr-defined]

    def written(self) -> Written:
        answers = self.cleaned_data
        return Written(
            issuer=answers["co_quan"],
            title=answers["trich_yeu"],
            number=answers["so"],
            symbol=answers["ky_hieu"],
            kind=answers["loai"],
            dated=answers["ngay"],
            arrived_on=answers["ngay_den"],
            urgency=answers["do_khan"],
            note=answers["ghi_chu"],
            due_on=answers["han"],
        )


def arrival_typed(written: Written, *, on: date) -> dict[str, Any]:
    return {
        "so": written.number,
        "ky_hieu": written.symbol,
        "ngay": written.dated,
        "loai": written.kind,
        "co_quan": written.issuer,
        "trich_yeu": written.title,
        "ngay_den": on,
    }


class ForwardForm(PlainForm):
    """To whom, who leads, by when, with which words."""

    don_vi = forms.MultipleChoiceField(label="Đơn vị", required=False, widget=forms.CheckboxSelectMultiple)
    nguoi = forms.MultipleChoiceField(
        label="Người nhận đích danh", required=False, widget=forms.CheckboxSelectMultiple
    )
    chu_tri = forms.ChoiceField(label="Đơn vị chủ trì", required=False)
    y_kien = forms.CharField(
        label="Ý kiến chỉ đạo", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    han = DayField(label="Hạn giải quyết", required=False)

    def __init__(
        self, *args: Any, units: Iterable[UnitVersion] = (), people: Iterable[User] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.unit_id), one.label) for one in units]
        self.people = {str(one.pk): one for one in people}
        self.fields["don_vi"].choices = choices  # type: ignore[attr-defined]
        self.fields["chu_tri"].choices = [("", "Không nêu"), *choices]  # type: ignore[attr-defined]
        self.fields["nguoi"].choices = [  # type: ignore[attr-defined]
            (pk, str(one) + (f", {one.position}" if one.position else "")) for pk, one in self.people.items()
        ]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        lead = answers.get("chu_tri")
        if lead and lead not in answers.get("don_vi", ()):
            answers["don_vi"] = [*answers.get("don_vi", ()), lead]
        return answers


class DoneForm(PlainForm):
    ket_qua = forms.CharField(
        label="Kết quả giải quyết", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CheckForm(PlainForm):
    """A PDF to check, and by when it should have been signed."""

    tep = forms.FileField(label="Tệp PDF", widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}))
    han = DayField(label="Hạn phải ký", required=False, help_text="Nếu có, so giờ ký với hết ngày này.")
