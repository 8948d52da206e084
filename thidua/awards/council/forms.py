"""Forms of councils and meetings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from thidua.accounts.models import User
from thidua.awards.council.composition import LEVEL_NAMES, usual_level
from thidua.awards.council.forming import Seat
from thidua.awards.forms import DayField, PlainForm
from thidua.awards.models import Council, CouncilMember, CouncilPost, ShareBase
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitVersion


class CouncilForm(PlainForm):
    """A new council; the body is chosen among those that the person may keep councils for."""

    name = forms.CharField(label="Tên hội đồng", max_length=300)
    unit = forms.ChoiceField(label="Cơ quan có hội đồng")
    standing_body = forms.ChoiceField(label="Cơ quan thường trực")
    level = forms.ChoiceField(label="Cấp", choices=list(LEVEL_NAMES.items()))
    decision_number = forms.CharField(label="Số quyết định thành lập", max_length=120, required=False)
    decision_date = DayField(label="Ngày quyết định", required=False)
    since = DayField(label="Nhiệm kỳ từ ngày")
    vote_share = forms.CharField(
        label="Tỷ lệ phiếu thông qua", max_length=11, initial="1/2", help_text="Viết như 1/2, 2/3"
    )
    vote_is_strict = forms.BooleanField(label="Phải quá tỷ lệ này (quá bán)", required=False, initial=True)
    vote_base = forms.ChoiceField(label="Tỷ lệ tính trên", choices=ShareBase.choices)
    quorum = forms.CharField(
        label="Số người dự họp ít nhất", max_length=11, initial="2/3", help_text="Viết như 2/3 thành viên"
    )
    rules_source = forms.CharField(
        label="Quy chế hoạt động",
        max_length=300,
        required=False,
        help_text="Số, ngày quy chế nêu các tỷ lệ trên; chưa ghi thì các tỷ lệ chỉ cảnh báo",
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["standing_body"].choices = units  # type: ignore[attr-defined]

    def _share(self, name: str) -> tuple[int, int]:
        part, _, whole = self.cleaned_data[name].partition("/")
        if not (part.strip().isdigit() and whole.strip().isdigit() and 0 < int(part) <= int(whole) < 1000):
            raise forms.ValidationError("Viết tỷ lệ như 1/2 hay 2/3.")
        return int(part), int(whole)

    def clean_vote_share(self) -> tuple[int, int]:
        return self._share("vote_share")

    def clean_quorum(self) -> tuple[int, int]:
        return self._share("quorum")

    def council(self) -> Council:
        given = self.cleaned_data
        return Council(
            name=given["name"],
            unit_id=int(given["unit"]),
            standing_body_id=int(given["standing_body"]),
            level=given["level"],
            decision_number=given["decision_number"].strip(),
            decision_date=given["decision_date"],
            since=given["since"],
            vote_part=given["vote_share"][0],
            vote_whole=given["vote_share"][1],
            vote_is_strict=given["vote_is_strict"],
            vote_base=given["vote_base"],
            quorum_part=given["quorum"][0],
            quorum_whole=given["quorum"][1],
            rules_source=given["rules_source"].strip(),
        )


def usual_values(units: list[Unit], on: date) -> dict[str, object]:
    """What a new council of the first of these units would be."""
    if not units:
        return {}
    first = units[0]
    label = tree.labels_on([first.pk], on=on).get(first.pk, "")
    return {
        "name": f"Hội đồng Thi đua – Khen thưởng {label}",
        "unit": str(first.pk),
        "level": usual_level(first),
        "since": on,
    }


class MemberForm(PlainForm):
    """One member, or the substitute of one."""

    name = forms.CharField(label="Họ và tên", max_length=150)
    office = forms.CharField(label="Chức vụ, cơ quan", max_length=300, required=False)
    post = forms.ChoiceField(
        label="Chức danh", choices=CouncilPost.choices, initial=CouncilPost.MEMBER, required=False
    )
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        required=False,
        help_text="Để bỏ phiếu trên chương trình; không có thì bỏ phiếu giấy",
    )
    unit_name = forms.CharField(
        label="Đơn vị công tác",
        max_length=300,
        required=False,
        help_text="Tên đầy đủ; để biết khi đơn vị này được xét",
    )
    substitutes_for = forms.ChoiceField(label="Dự thay cho", required=False)

    def __init__(self, *args: Any, seats: list[CouncilMember], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        choices = [("", "không dự thay ai"), *((str(seat.pk), seat.name) for seat in seats)]
        self.fields["substitutes_for"].choices = choices  # type: ignore[attr-defined]

    def clean_username(self) -> User | None:
        name = self.cleaned_data["username"].strip()
        if not name:
            return None
        found = User.objects.filter(username=name, is_active=True).first()
        if found is None:
            raise forms.ValidationError("Không có tài khoản này. Kiểm tra tên đăng nhập ở trang Người dùng.")
        return found

    def clean_unit_name(self) -> Unit | None:
        name = self.cleaned_data["unit_name"].strip()
        if not name:
            return None
        rows = UnitVersion.objects.filter(tree.valid_on(self.on), label__iexact=name).select_related("unit")
        found = {row.unit_id: row.unit for row in rows[:2]}
        if len(found) != 1:
            raise forms.ValidationError("Không có, hoặc có nhiều đơn vị tên này. Ghi tên đầy đủ.")
        return next(iter(found.values()))

    def seat(self) -> Seat:
        given = self.cleaned_data
        return Seat(
            name=given["name"],
            post=given["post"] or CouncilPost.MEMBER,
            office=given["office"],
            unit=given["unit_name"],
            user=given["username"],
        )


class SessionForm(PlainForm):
    title = forms.CharField(label="Cuộc họp", max_length=300)
    meets_at = forms.DateTimeField(
        label="Thời gian",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
    )
    place = forms.CharField(label="Địa điểm", max_length=300, required=False)
    note = forms.CharField(
        label="Nội dung khác", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    is_on_paper = forms.BooleanField(label="Chỉ bỏ phiếu giấy, không bỏ trên chương trình", required=False)
