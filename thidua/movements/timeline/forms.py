"""What can be asked of the timeline; an unknown answer counts as none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from thidua.core.text import shortened
from thidua.movements.models import Movement, Plan
from thidua.movements.timeline.layout import EventKind


class TimelineFilters(forms.Form):
    phong_trao = forms.ChoiceField(label="Phong trào")
    ke_hoach = forms.ChoiceField(label="Kế hoạch")
    loai = forms.ChoiceField(
        label="Loại", choices=[("", "Mọi loại"), *((kind.value, kind.label) for kind in EventKind)]
    )
    cua = forms.ChoiceField(
        label="Nhiệm vụ của", choices=[("", "Mọi đơn vị được xem"), ("toi", "Đơn vị của tôi")]
    )

    def __init__(
        self, *args: Any, movements: Iterable[Movement], plans: Iterable[Plan], **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["phong_trao"].choices = [  # type: ignore[attr-defined]
            ("", "Mọi phong trào"),
            *((str(movement.pk), shortened(movement.name, 90)) for movement in movements),
        ]
        self.fields["ke_hoach"].choices = [  # type: ignore[attr-defined]
            ("", "Mọi kế hoạch"),
            *((str(plan.pk), shortened(f"{plan.number} {plan.title}", 90)) for plan in plans),
        ]
        for field in self.fields.values():
            field.required = False
            field.widget.attrs["class"] = "form-select"

    def asked(self) -> dict[str, str]:
        """The valid answers that say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
