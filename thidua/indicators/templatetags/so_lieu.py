"""Figures in templates: how an amount, a change and a period read."""

from __future__ import annotations

from decimal import Decimal

from django import template

from thidua.core.formats import format_number
from thidua.indicators import figures
from thidua.indicators.indicator_list import period_label
from thidua.indicators.models import Indicator, IndicatorKind, Value

register = template.Library()


@register.filter
def amount(value: Decimal | None, indicator: Indicator) -> str:
    """ "1.234", or «chưa có số liệu»."""
    return figures.shown(indicator, value)


@register.filter
def given(value: Value, indicator: Indicator) -> str:
    """One row as somebody gave it: the figure, or «không phát sinh»."""
    return "không phát sinh" if value.nothing_arose else figures.shown(indicator, value.amount)


@register.filter
def change(value: Decimal | None, indicator: Indicator) -> str:
    """ "+12", "−3,50 điểm %"; a dash where there is nothing to compare with."""
    if value is None:
        return "–"
    places = 2 if indicator.kind == IndicatorKind.SHARE else None
    sign = "+" if value > 0 else "−" if value < 0 else ""
    unit = " điểm %" if indicator.kind == IndicatorKind.SHARE else ""
    return f"{sign}{format_number(abs(value), places=places)}{unit}"


@register.filter
def period(value: Value | figures.Figure) -> str:
    return period_label(value.since, value.until)
