"""What a person may do with a sponsorship: button, form, function, words afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms

from thidua.core.errors import RuleNotMet
from thidua.movements.tasks.acts import Act, Answers
from thidua.movements.tasks.forms import Choices, DayField, FilesField, NothingForm, ReasonForm, SmallForm
from thidua.organisations.authority import Acting
from thidua.resources.funds.forms import AmountField, MoneyForm
from thidua.resources.models import Sponsorship, SponsorshipKind, SponsorshipState, SupportItem
from thidua.resources.sponsorship import standing_by

OPEN = (SponsorshipState.PREPARED, SponsorshipState.ACTIVE)


class NewSponsorshipForm(SmallForm):
    agency = forms.ChoiceField(label="Cơ quan giúp")
    place = forms.CharField(
        label="Nơi được giúp", max_length=300, help_text="Tên xã hoặc thôn, bản; không cần dấu."
    )
    kind = forms.ChoiceField(label="Hình thức", choices=SponsorshipKind.choices)
    since = DayField(label="Từ ngày")
    until = DayField(label="Đến hết ngày", required=False)
    basis = forms.CharField(label="Căn cứ", max_length=300, required=False)
    contact = forms.CharField(label="Đầu mối", max_length=200, required=False)

    def __init__(self, *args: Any, agencies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["agency"]).choices = agencies


class ItemForm(MoneyForm):
    title = forms.CharField(label="Việc hỗ trợ", max_length=300)
    due_on = DayField(label="Hạn", required=False)
    planned = AmountField(label="Dự kiến (đồng)", required=False, help_text="Chưa rõ thì để trống.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["planned"] = self.dong_of("planned")
        return data


class DoneForm(MoneyForm):
    item = forms.ChoiceField(label="Việc nào")
    done_on = DayField(label="Ngày làm xong")
    dong = AmountField(label="Giá trị thực hiện (đồng)", required=False, help_text="Chưa rõ thì để trống.")
    note = forms.CharField(label="Kết quả", max_length=500, required=False)
    uploads = FilesField()

    def __init__(self, *args: Any, items: Choices, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["item"]).choices = items
        self.fields["done_on"].initial = on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["dong"] = self.dong_of("dong")
        return data


class ResultForm(SmallForm):
    result = forms.CharField(label="Kết quả", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


def _open_items(one: Sponsorship) -> list[tuple[str, str]]:
    rows = one.items.filter(done_on__isnull=True).order_by("due_on", "pk")
    return [(str(item.pk), item.title[:120]) for item in rows]


def _note_done(one: Sponsorship, data: Answers, actor: Acting, now: datetime) -> None:
    item = SupportItem.objects.select_related("sponsorship").filter(pk=data["item"], sponsorship=one).first()
    if item is None:
        raise RuleNotMet("Chưa ghi được kết quả", why="không có việc này", next_step="Mở lại trang để xem")
    standing_by.note_done(
        item,
        done_on=data["done_on"],
        done_dong=data["dong"],
        note=data["note"],
        files=data["uploads"],
        actor=actor,
        now=now,
    )


SPONSORSHIP_ACTS = {
    act.key: act
    for act in (
        Act(
            "begin",
            "Bắt đầu thực hiện",
            "sponsorship.keep",
            (SponsorshipState.PREPARED,),
            lambda _acting, _one, bound: NothingForm(**bound),
            lambda one, _data, actor, now: standing_by.begin(one, actor=actor, now=now),
            "Đã bắt đầu. Nơi được giúp đã nhận thông báo.",
            is_main=True,
        ),
        Act(
            "add_item",
            "Thêm việc hỗ trợ",
            "sponsorship.keep",
            OPEN,
            lambda _acting, _one, bound: ItemForm(**bound),
            lambda one, data, actor, now: standing_by.add_item(
                one,
                title=data["title"],
                due_on=data["due_on"],
                planned_dong=data["planned"],
                actor=actor,
                now=now,
            ),
            "Đã thêm việc hỗ trợ.",
        ),
        Act(
            "note_done",
            "Ghi việc đã làm xong",
            "sponsorship.keep",
            (SponsorshipState.ACTIVE,),
            lambda acting, one, bound: DoneForm(items=_open_items(one), on=acting.on, **bound),
            _note_done,
            "Đã ghi kết quả.",
        ),
        Act(
            "end",
            "Kết thúc",
            "sponsorship.keep",
            (SponsorshipState.ACTIVE,),
            lambda _acting, _one, bound: ResultForm(**bound),
            lambda one, data, actor, now: standing_by.end(one, result=data["result"], actor=actor, now=now),
            "Đã kết thúc.",
        ),
        Act(
            "drop",
            "Ghi không thực hiện",
            "sponsorship.keep",
            OPEN,
            lambda _acting, _one, bound: ReasonForm(**bound),
            lambda one, data, actor, now: standing_by.drop(one, reason=data["reason"], actor=actor, now=now),
            "Đã ghi không thực hiện.",
        ),
    )
}
