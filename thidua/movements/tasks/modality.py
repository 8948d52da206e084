"""How a task is put to a unit, from an order to an encouragement, and what that means for declining it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Modality:
    """`received` is said of the unit ("được giao"), `label` names the way, `declining` the button."""

    label: str
    received: str
    is_binding: bool

    @property
    def declining(self) -> str:
        return "Từ chối" if self.is_binding else "Chưa tham gia được"


MODALITIES: dict[str, Modality] = {
    "giao": Modality("Giao", "được giao", True),
    "chu_tri": Modality("Giao chủ trì", "được giao chủ trì", True),
    "yeu_cau": Modality("Yêu cầu", "được yêu cầu", True),
    "self_assigned": Modality("Tự nhận", "tự nhận trong kế hoạch", True),
    "de_nghi": Modality("Đề nghị", "được đề nghị", False),
    "khuyen_khich": Modality("Khuyến khích", "được khuyến khích", False),
    "van_dong": Modality("Vận động", "được vận động", False),
    "phat_dong": Modality("Phát động", "được mời hưởng ứng", False),
}
#: Declined, these stay owed until the giver answers.
BINDING = tuple(key for key, modality in MODALITIES.items() if modality.is_binding)
POLITE = tuple(key for key, modality in MODALITIES.items() if not modality.is_binding)


def modality_of(key: str) -> Modality:
    """An unknown way counts as an order: nothing owed is lost."""
    return MODALITIES.get(key, MODALITIES["giao"])
