"""The form in which a person chooses what to get, how and when."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from thidua.notices.choosing import ALL_RULES, DIGEST, GROUPS, WAYS, Choice
from thidua.notices.moments import Quiet
from thidua.notices.rules import DEADLINE_RULES

HOURS = [(f"{hour:02}:00", f"{hour} giờ") for hour in range(24)]


class ChoicesForm(forms.Form):
    ban_tin = forms.ChoiceField(
        label="Bản tin gửi",
        choices=[("ngay", "Mỗi ngày làm việc, 7 giờ 30"), ("tuan", "Thứ Hai hằng tuần, 7 giờ 30")],
    )
    han = forms.MultipleChoiceField(
        label="Nhắc thời hạn",
        choices=[(rule.key, rule.label) for rule in DEADLINE_RULES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    yen_tu = forms.ChoiceField(label="Không gửi thư từ", choices=HOURS)
    yen_den = forms.ChoiceField(label="đến", choices=HOURS)
    ngay_nghi = forms.BooleanField(label="Gửi thư cả thứ Bảy, Chủ nhật, ngày lễ", required=False)

    def __init__(self, *args: Any, choice: Choice, **kwargs: Any) -> None:
        initial = {
            "ban_tin": "tuan" if choice.is_weekly else "ngay",
            "han": sorted(choice.rules),
            "yen_tu": f"{choice.quiet.since:%H}:00",
            "yen_den": f"{choice.quiet.until:%H}:00",
            "ngay_nghi": choice.quiet.also_days_off,
            **{f"thu_{group}": choice.way(group) for group, _ in GROUPS},
        }
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        for group, label in GROUPS:
            self.fields[f"thu_{group}"] = forms.ChoiceField(label=label, choices=WAYS)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"
            else:
                field.widget.attrs["class"] = "form-check-input"

    def ways(self) -> list[BoundField]:
        """One field for each group of kinds."""
        return [self[f"thu_{group}"] for group, _ in GROUPS]

    def chosen(self) -> Choice:
        answers = self.cleaned_data
        return Choice(
            ways={group: answers.get(f"thu_{group}", DIGEST) for group, _ in GROUPS},
            rules=frozenset(answers["han"]) & ALL_RULES,
            is_weekly=answers["ban_tin"] == "tuan",
            quiet=Quiet(
                time.fromisoformat(answers["yen_tu"]),
                time.fromisoformat(answers["yen_den"]),
                answers["ngay_nghi"],
            ),
        )
