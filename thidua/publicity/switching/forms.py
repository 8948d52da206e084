"""The words and the choice that go with the switch."""

from __future__ import annotations

from django import forms


class PublicationForm(forms.Form):
    summary = forms.CharField(
        label="Lời giới thiệu cho người dân",
        required=False,
        max_length=1000,
        help_text="Một hai câu dễ hiểu: kế hoạch làm gì, ai được lợi. Không ghi tên cá nhân, hộ gia đình.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
    shows_file = forms.BooleanField(
        label="Cho tải văn bản gốc",
        required=False,
        help_text="Chỉ chọn khi đã xem lại: văn bản và phụ lục không nêu tên cá nhân, hộ gia đình.",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
