"""What a person may do with a campaign: button, form, function, words afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms

from thidua.core.errors import RuleNotMet
from thidua.movements.tasks.acts import Act, Answers
from thidua.movements.tasks.forms import Choices, DayField, FilesField, ReasonForm, SmallForm
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.resources.campaigns import running
from thidua.resources.finding import household_coded, unit_named
from thidua.resources.funds.amounts import in_words
from thidua.resources.funds.forms import AmountField, ApproveForm, MoneyForm
from thidua.resources.models import (
    Campaign,
    CampaignKind,
    CampaignState,
    GiftVisit,
    GiftVisitState,
    Holding,
    HoldingKind,
)


class NewCampaignForm(SmallForm):
    unit = forms.ChoiceField(label="Cơ quan tổ chức")
    kind = forms.ChoiceField(label="Loại", choices=CampaignKind.choices)
    name = forms.CharField(label="Tên đợt", max_length=200)
    since = DayField(label="Từ ngày")
    until = DayField(label="Đến hết ngày")
    target = forms.IntegerField(
        label="Chỉ tiêu (số lượt thăm)", min_value=1, max_value=1_000_000, required=False
    )
    holding = forms.ChoiceField(label="Quà lấy từ", required=False)

    def __init__(self, *args: Any, units: Choices, holdings: list[Holding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holdings = {str(one.pk): one for one in holdings}
        cast(forms.ChoiceField, self.fields["unit"]).choices = units
        cast(forms.ChoiceField, self.fields["holding"]).choices = [
            ("", "Không lấy từ quỹ"),
            *((key, f"{one.fund.name}: {one.name}") for key, one in self.holdings.items()),
        ]


class VisitForm(MoneyForm):
    place = forms.CharField(
        label="Nơi (với hộ: xã của hộ)", max_length=300, help_text="Tên xã, thôn, cơ quan; không cần dấu."
    )
    code = forms.CharField(
        label="Mã hộ", max_length=40, required=False, help_text="Để trống nếu thăm cả thôn, đơn vị."
    )
    gift = AmountField(label="Quà", required=False)
    by = forms.CharField(label="Ai đi thăm", max_length=200, required=False)
    planned_on = DayField(label="Ngày dự kiến", required=False)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = campaign.holding.kind if campaign.holding else HoldingKind.MONEY
        if campaign.holding is None:
            del self.fields["gift"]
        else:
            self.fields["gift"].label = f"Quà ({campaign.holding.measure})"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["gift"] = self.amount_of("gift", self.kind) if "gift" in self.fields else None
        return data


class _OneVisitForm(SmallForm):
    visit = forms.ChoiceField(label="Lượt nào")

    def __init__(self, *args: Any, visits: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["visit"]).choices = visits


class VisitedForm(_OneVisitForm):
    done_on = DayField(label="Ngày thăm")
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)
    uploads = FilesField(
        label="Ký nhận, ảnh", help_text="Có quà thì cần một tệp: danh sách ký nhận hoặc ảnh trao quà."
    )

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = on


class DropVisitForm(_OneVisitForm):
    reason = forms.CharField(label="Lý do", max_length=500)


class FinishForm(SmallForm):
    result = forms.CharField(label="Kết quả", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


def planned(campaign: Campaign) -> list[tuple[str, str]]:
    """Visits that are still to be made, by place and code; never by a name."""
    rows = list(
        campaign.visits.filter(state=GiftVisitState.PLANNED).select_related("household").order_by("pk")
    )
    labels = tree.labels_on({row.unit_id for row in rows}, on=campaign.since)
    found = []
    for row in rows:
        place = labels.get(row.unit_id, "")
        who = f"Hộ {row.household.code}, {place}" if row.household else place
        gift = f" – {in_words(row.gift, campaign.holding)}" if row.gift and campaign.holding else ""
        found.append((str(row.pk), f"{who}{gift}"))
    return found


def _one(campaign: Campaign, data: Answers) -> GiftVisit:
    found = GiftVisit.objects.filter(pk=data["visit"], campaign=campaign).first()
    if found is None:
        raise RuleNotMet("Chưa ghi được lượt thăm", why="không có lượt này", next_step="Mở lại trang để xem")
    found.campaign = campaign
    return found


def _list_visit(campaign: Campaign, data: Answers, actor: Acting, now: datetime) -> None:
    if data["code"]:
        household = household_coded(data["place"], data["code"], near=campaign.unit, on=actor.on)
        unit = household.commune
    else:
        household, unit = None, unit_named(data["place"], near=campaign.unit, on=actor.on)
    running.list_visit(
        campaign,
        unit=unit,
        household=household,
        gift=data["gift"] or 0,
        by=data["by"],
        planned_on=data["planned_on"],
        actor=actor,
        now=now,
    )


CAMPAIGN_ACTS = {
    act.key: act
    for act in (
        Act(
            "list_visit",
            "Thêm vào danh sách",
            "campaign.keep",
            (CampaignState.PREPARED,),
            lambda _acting, one, bound: VisitForm(campaign=one, **bound),
            _list_visit,
            "Đã thêm vào danh sách.",
            is_main=True,
        ),
        Act(
            "approve",
            "Duyệt danh sách",
            "campaign.decide",
            (CampaignState.PREPARED,),
            lambda acting, _one, bound: ApproveForm(on=acting.on, **bound),
            lambda one, data, actor, now: running.approve(one, on=data["day"], actor=actor, now=now),
            "Đã duyệt danh sách; quà đã trích từ quỹ.",
            help="Duyệt xong thì danh sách không đổi. Tổng số quà trích từ quỹ một lần.",
        ),
        Act(
            "visit",
            "Ghi đã thăm",
            "campaign.keep",
            (CampaignState.RUNNING,),
            lambda acting, one, bound: VisitedForm(visits=planned(one), on=acting.on, **bound),
            lambda one, data, actor, now: running.visit(
                _one(one, data),
                done_on=data["done_on"],
                note=data["note"],
                files=data["uploads"],
                actor=actor,
                now=now,
            ),
            "Đã ghi lượt thăm.",
            is_main=True,
            is_open=True,
        ),
        Act(
            "drop_visit",
            "Ghi không thăm",
            "campaign.keep",
            (CampaignState.RUNNING,),
            lambda _acting, one, bound: DropVisitForm(visits=planned(one), **bound),
            lambda one, data, actor, now: running.drop_visit(
                _one(one, data), reason=data["reason"], actor=actor, now=now
            ),
            "Đã ghi không thăm.",
        ),
        Act(
            "finish",
            "Kết thúc đợt",
            "campaign.decide",
            (CampaignState.RUNNING,),
            lambda _acting, _one, bound: FinishForm(**bound),
            lambda one, data, actor, now: running.finish(
                one, result=data["result"], on=actor.on, actor=actor, now=now
            ),
            "Đã kết thúc đợt; quà chưa trao đã nộp lại quỹ.",
        ),
        Act(
            "drop",
            "Ghi không thực hiện",
            "campaign.decide",
            (CampaignState.PREPARED,),
            lambda _acting, _one, bound: ReasonForm(**bound),
            lambda one, data, actor, now: running.drop(one, reason=data["reason"], actor=actor, now=now),
            "Đã ghi không thực hiện.",
        ),
    )
}
