from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType

from thidua.tables.words import holding

pytestmark = pytest.mark.django_db


def test_all_words_must_be_there_in_any_order() -> None:
    for label, text in (("a", "lo thi vi du"), ("b", "lo van mau"), ("c", "giang a vi du")):
        ContentType.objects.create(app_label=f"thu-{label}", model=text)
    rows = ContentType.objects.filter(app_label__startswith="thu-").order_by("app_label")
    found = rows.values_list("app_label", flat=True)

    assert list(holding(found, ["du", "lo"], field="model")) == ["thu-a"]
    assert list(holding(found, [], field="model")) == ["thu-a", "thu-b", "thu-c"]
