"""What each kind of change asks for, and the preview that its answers give."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from thidua.organisations import changes, tree
from thidua.organisations.change_pages.slots import Slot
from thidua.organisations.changes import Basis, NewUnit, Part, Preview
from thidua.organisations.models import ChangeKind, UnitKind, UnitVersion
from thidua.organisations.names import split_label

MOST_PARTS = 20


class BasisForm(forms.Form):
    """The day and the legal act; every change has them."""

    on = forms.DateField(
        label="Ngày có hiệu lực", help_text="Ngày đầu tiên theo tình trạng mới, dạng 01/07/2025"
    )
    number = forms.CharField(
        label="Số, ký hiệu văn bản căn cứ", max_length=120, help_text="Ví dụ 1670/NQ-UBTVQH15"
    )
    dated = forms.DateField(label="Ngày ban hành văn bản", required=False)
    issuer = forms.CharField(label="Cơ quan ban hành văn bản", max_length=300, required=False)
    about = forms.CharField(label="Về việc", max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for form_field in self.fields.values():
            if isinstance(form_field, forms.BooleanField):
                form_field.widget.attrs["class"] = "form-check-input"
            elif isinstance(form_field, forms.ChoiceField):
                form_field.widget.attrs["class"] = "form-select"
            else:
                form_field.widget.attrs["class"] = "form-control"

    @property
    def basis(self) -> Basis:
        given = self.cleaned_data
        return Basis(given["number"], given["dated"], given["issuer"], given["about"])


class NameForm(BasisForm):
    name = forms.CharField(
        label="Tên mới",
        max_length=300,
        help_text="Ghi cả danh từ chung, ví dụ «xã Phong Thổ» hoặc «Sở Nội vụ»",
    )
    short_name = forms.CharField(label="Tên viết tắt", max_length=120, required=False)
    code = forms.CharField(label="Mã số", max_length=20, required=False)


class NewUnitForm(NameForm):
    kind = forms.ChoiceField(label="Loại đơn vị", choices=UnitKind.choices)


class MergeForm(NewUnitForm):
    name = forms.CharField(
        label="Tên đơn vị mới",
        max_length=300,
        required=False,
        help_text="Để trống khi nhập vào một đơn vị đang có. Ghi cả danh từ chung, ví dụ «xã Phong Thổ»",
    )
    kind = forms.ChoiceField(label="Loại đơn vị mới", choices=UnitKind.choices, required=False)


class SplitForm(BasisForm):
    parts = forms.CharField(
        label="Các đơn vị mới, mỗi dòng một tên",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ghi cả danh từ chung. Đơn vị mới cùng loại với đơn vị bị chia, tách",
    )
    remains = forms.BooleanField(label="Đơn vị cũ vẫn còn (tách ra một phần)", required=False)

    def clean_parts(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["parts"].splitlines() if line.strip()]
        if len(names) > MOST_PARTS:
            raise forms.ValidationError(f"Nhiều nhất {MOST_PARTS} đơn vị một lần.")
        if len(set(names)) < len(names):
            raise forms.ValidationError("Có hai dòng giống nhau.")
        if any(len(name) > 300 for name in names):
            raise forms.ValidationError("Tên dài quá 300 chữ.")
        return names


Chosen = Mapping[str, list[int]]
Planned = Callable[[Any, Chosen, Mapping[str, str]], Preview]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change as a page: what it is called, asks for, and how it is planned."""

    name: str
    kind: ChangeKind
    title: str
    about: str
    form: type[BasisForm]
    slots: tuple[Slot, ...]
    plan: Planned


def _new_unit(form: Any, *, parent_id: int | None) -> NewUnit:
    given = form.cleaned_data
    noun, name = split_label(given["name"], given["kind"])
    return NewUnit(
        UnitKind(given["kind"]), name, noun, given["short_name"], given["code"], parent_id=parent_id
    )


def _establish(form: Any, chosen: Chosen, _answers: Mapping[str, str]) -> Preview:
    new = _new_unit(form, parent_id=chosen["cap_tren"][0])
    return changes.plan_establish(new, on=form.cleaned_data["on"], basis=form.basis)


def _rename(form: Any, chosen: Chosen, _answers: Mapping[str, str]) -> Preview:
    given, unit_id = form.cleaned_data, chosen["don_vi"][0]
    version = tree.last_version(unit_id, on=given["on"])
    assert version is not None
    noun, name = split_label(given["name"], version.unit.kind)
    return changes.plan_rename(
        unit_id,
        on=given["on"],
        name=name,
        form=noun,
        short_name=given["short_name"] or None,
        code=given["code"] or None,
        basis=form.basis,
    )


def _move(form: Any, chosen: Chosen, _answers: Mapping[str, str]) -> Preview:
    return changes.plan_move(
        chosen["don_vi"][0], chosen["cap_tren"][0], on=form.cleaned_data["on"], basis=form.basis
    )


def _merge(form: Any, chosen: Chosen, _answers: Mapping[str, str]) -> Preview:
    if chosen["vao"]:
        into: int | NewUnit = chosen["vao"][0]
    else:
        parent = chosen["cap_tren"]
        into = _new_unit(form, parent_id=parent[0] if parent else None)
    return changes.plan_merge(chosen["don_vi"], into=into, on=form.cleaned_data["on"], basis=form.basis)


def _split(form: Any, chosen: Chosen, answers: Mapping[str, str]) -> Preview:
    """`answers` say for each unit below (`con-12`) to which part it goes, counted from 0."""
    given, unit_id = form.cleaned_data, chosen["don_vi"][0]
    version = tree.last_version(unit_id, on=given["on"])
    assert version is not None
    kind = UnitKind(version.unit.kind)
    children: dict[int, list[int]] = {}
    for child in units_below(unit_id, on=given["on"]):
        part = answers.get(f"con-{child.unit_id}", "")
        if part.isdecimal() and int(part) < len(given["parts"]):
            children.setdefault(int(part), []).append(child.unit_id)
    parts = []
    for place, label in enumerate(given["parts"]):
        noun, name = split_label(label, kind)
        parts.append(Part(NewUnit(kind, name, noun), children=tuple(children.get(place, ()))))
    return changes.plan_split(unit_id, parts, on=given["on"], remains=given["remains"], basis=form.basis)


def _dissolve(form: Any, chosen: Chosen, _answers: Mapping[str, str]) -> Preview:
    return changes.plan_dissolve(
        chosen["don_vi"][0], on=form.cleaned_data["on"], heirs=chosen["ke_thua"], basis=form.basis
    )


def units_below(unit_id: int, *, on: date) -> list[UnitVersion]:
    return list(tree.children(unit_id, on=on))


def fingerprint(preview: Preview) -> str:
    """Tells whether what is carried out is what was shown."""
    shown = (preview.summary, preview.takes_effect_on, preview.sentences, preview.counts, preview.steps)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


ONE = Slot("don_vi", "Đơn vị")
_ALL = (
    Kind(
        "thanh-lap",
        ChangeKind.ESTABLISH,
        "Thành lập",
        "Lập một đơn vị mới dưới một cấp trên.",
        NewUnitForm,
        (Slot("cap_tren", "Trực thuộc"),),
        _establish,
    ),
    Kind(
        "doi-ten",
        ChangeKind.RENAME,
        "Đổi tên, đổi loại",
        "Đơn vị vẫn là nó, chỉ mang tên khác.",
        NameForm,
        (ONE,),
        _rename,
    ),
    Kind(
        "chuyen",
        ChangeKind.MOVE,
        "Chuyển trực thuộc",
        "Đơn vị cùng mọi đơn vị bên dưới về cấp trên khác.",
        BasisForm,
        (ONE, Slot("cap_tren", "Chuyển về")),
        _move,
    ),
    Kind(
        "nhap",
        ChangeKind.MERGE,
        "Nhập, sáp nhập",
        "Nhiều đơn vị kết thúc, một đơn vị kế thừa toàn bộ.",
        MergeForm,
        (
            Slot("don_vi", "Các đơn vị được nhập", is_many=True),
            Slot("vao", "Nhập vào đơn vị đang có", "Để trống khi lập đơn vị mới", is_required=False),
            Slot("cap_tren", "Cấp trên của đơn vị mới", "Để trống: như đơn vị cũ", is_required=False),
        ),
        _merge,
    ),
    Kind(
        "chia-tach",
        ChangeKind.SPLIT,
        "Chia, tách",
        "Một đơn vị thành nhiều đơn vị, hoặc tách ra một phần.",
        SplitForm,
        (ONE,),
        _split,
    ),
    Kind(
        "giai-the",
        ChangeKind.DISSOLVE,
        "Giải thể, chấm dứt",
        "Đơn vị kết thúc; đơn vị kế thừa, hoặc cấp trên, xử lý việc còn lại.",
        BasisForm,
        (ONE, Slot("ke_thua", "Đơn vị kế thừa", "Có thể để trống", is_many=True, is_required=False)),
        _dissolve,
    ),
)
KINDS = {kind.name: kind for kind in _ALL}
