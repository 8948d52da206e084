"""Published figures of both movements, from `data/indicators/*.csv`, as values with their sources.

Hides the words of the lists: which standard, stage and segment a row means, and which unit a place was on the
day of the figure. Targets are no values. Regions and groups are no units; a series nobody named is kept out;
both are counted. Sources that disagree stand side by side.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from thidua.audit.log import Actor
from thidua.core.formats import format_date, format_number, parse_date
from thidua.core.text import fold, skeleton
from thidua.indicators import checks
from thidua.indicators.definitions import BadDefinitions, Definitions
from thidua.indicators.models import Indicator, Source, Stage, Standard, Value
from thidua.indicators.values import Entry, choose, enter, year
from thidua.organisations.models import UnitKind, UnitVersion

POVERTY, NEW_RURAL = "poverty_figures.csv", "ntm_figures.csv"
#: Why checks that ask about jumps are passed over: the figures are quoted, not measured here.
_QUOTED = "Ghi đúng như nguồn đã công bố"

_STANDARDS = {
    "QĐ 59/2015 (2016-2020, kept for 2021)": "ngheo-2016-2020",
    "NĐ 07/2021 (2022-2025)": "ngheo-2022-2026",
}
_SEGMENTS = {
    "all": "",
    "urban": "urban",
    "rural": "rural",
    "ethnic minority households": "minority",
    "local (tại chỗ) minority households": "local_minority",
    "households without labour capacity": "no_labour",
}
_LEVELS = {
    "country": UnitKind.NATION,
    "province": UnitKind.PROVINCE,
    "district": UnitKind.DISTRICT,
    "commune": UnitKind.COMMUNE,
}
_REVIEW, _SURVEY = "review (rà soát)", "GSO survey"
#: Of households in general, and of minority households: there the base is another.
_COUNTS = {
    "total_households": "total_households",
    "poor_households": "poor_hh",
    "near_poor_households": "near_poor_hh",
    "md_poor_households": "poor_and_near_poor_hh",
}
_MINORITY_COUNTS = {
    "total_households": "minority_hh",
    "poor_households": "minority_poor_hh",
    "near_poor_households": "minority_near_poor_hh",
}
_RATES = {
    "poor_rate_pct": ("poor_hh_rate", "poor_households"),
    "near_poor_rate_pct": ("near_poor_hh_rate", "near_poor_households"),
    "md_poor_rate_pct": ("multidim_poverty_rate", "md_poor_households"),
}
#: Beginning of the measure → indicator, indicator of the base.
_MEASURES: tuple[tuple[str, str, str, str], ...] = (
    ("xã đạt chuẩn NTM", "communes_ntm", "communes_total", "communes_ntm_share"),
    ("xã NTM nâng cao", "communes_ntm_advanced", "", "communes_ntm_advanced_share_of_ntm"),
    ("xã NTM kiểu mẫu", "communes_ntm_model", "", "communes_ntm_model_share_of_ntm"),
    ("số tiêu chí bình quân/xã", "ntm_criteria_mean", "", ""),
    ("xã được công nhận cho năm", "communes_recognised_for_year", "", ""),
    ("đơn vị cấp huyện", "district_units_ntm", "district_units_total", "district_units_ntm_share"),
    ("sản phẩm OCOP 3 sao", "ocop_3_stars", "", ""),
    ("sản phẩm OCOP 4 sao", "ocop_4_stars", "", ""),
    ("sản phẩm OCOP 5 sao (tiềm năng)", "ocop_potential_5_stars", "", ""),
)
_STAGES = {"actual", "derived", "forecast"}
_DECISION = re.compile(r"((?:QĐ|TB) \d+(?:/[\w\-ĐĐ]+)+)(?: (\d{1,2}/\d{1,2}/\d{4}))?")


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure of a list, in our words; `line` is where it stands."""

    line: int
    place: str
    level: str
    as_of: date
    year: int
    indicator: str
    amount: Decimal
    stage: str
    standard: str
    segment: str
    source: tuple[str, str, str]
    decision: tuple[str, date | None]
    note: str


@dataclass
class Published:
    """What loading did, for the command and its reader."""

    figures: int = 0
    new: int = 0
    #: Figures that do not add up or jump, kept as printed.
    odd: int = 0
    chosen: int = 0
    targets: int = 0
    outside: Counter[str] = field(default_factory=Counter)
    unnamed_series: int = 0
    unmatched: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return bool(self.new or self.chosen)

    def sentence(self) -> str:
        """In Vietnamese, for who runs the command."""
        parts = [f"Số liệu đã công bố: {self.figures} số, {self.new} số mới"]
        if self.odd:
            parts.append(f"{self.odd} điểm không cộng khớp hoặc biến động lớn, giữ như nguồn in")
        if self.targets:
            parts.append(f"{self.targets} dòng chỉ tiêu kế hoạch không phải số liệu")
        if self.outside:
            parts.append(f"{sum(self.outside.values())} dòng của vùng, nhóm không phải đơn vị")
        if self.unnamed_series:
            parts.append(f"{self.unnamed_series} dòng không nêu tên chuỗi số liệu")
        if self.unmatched:
            parts.append(f"chưa khớp đơn vị: {', '.join(sorted(set(self.unmatched)))}")
        if self.unclear:
            parts.append(f"chưa rõ: {'; '.join(self.unclear)}")
        return "; ".join(parts) + "."


# ---- reading


def read(folder: Path, *, report: Published) -> list[Figure]:
    """Every figure of both lists. Raises BadDefinitions with file and line."""
    found: list[Figure] = []
    for name, reading in ((POVERTY, _poverty), (NEW_RURAL, _new_rural)):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                if row["kind"] == "target":
                    report.targets += 1
                elif row["level"] not in _LEVELS:
                    report.outside[row["level"]] += 1
                else:
                    try:
                        found += reading(row, line, report)
                    except (KeyError, ArithmeticError, ValueError) as error:
                        raise BadDefinitions(
                            f"{name}, dòng {line}: không hiểu {error}. Sửa dòng này theo các dòng khác."
                        ) from error
    report.figures = len(found)
    return found


def _when(text: str) -> tuple[date, bool]:
    """The day of a figure, and whether it is that of a whole year."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return day, (day.month, day.day) == (12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], 28), False
    return date(parts[0], 12, 31), False


def _stage(row: Mapping[str, str], *, is_year_end: bool) -> str:
    if row["kind"] not in _STAGES:
        raise ValueError(f"kind «{row['kind']}»")
    if row["kind"] == "forecast":
        return Stage.FORECAST
    if not is_year_end:
        return Stage.REGULAR
    return Stage.OFFICIAL if row["kind"] == "actual" else Stage.PRELIMINARY


def _figure(row: Mapping[str, str], line: int, indicator: str, amount: Decimal, **more: str) -> Figure:
    day, is_year_end = _when(row["as_of"])
    notes = [more.pop("note", "")]
    if row["kind"] == "derived":
        notes.append("Suy ra từ các số nguồn đã công bố, nguồn không in số này")
    if not is_year_end and row["kind"] != "forecast":
        exact = len(row["as_of"]) == 10
        notes.append(f"Tính đến {format_date(day)}" if exact else f"Số trong năm {day.year}")
    decision = _DECISION.search(row["note"])
    signed = parse_date(decision[2]) if decision and decision[2] else None
    return Figure(
        line=line,
        place=row["place"],
        level=row["level"],
        as_of=day,
        year=day.year,
        indicator=indicator,
        amount=amount,
        stage=_stage(row, is_year_end=is_year_end),
        standard=more.get("standard", ""),
        segment=more.get("segment", ""),
        source=(row["source_id"], row["source"], row["source_url"]),
        decision=(decision[1] if decision else "", signed),
        note=". ".join(note for note in notes if note),
    )


def _poverty(row: Mapping[str, str], line: int, report: Published) -> Iterator[Figure]:
    if row["system"] == _SURVEY:
        yield _figure(row, line, "survey_multidim_poverty_rate", Decimal(row["poor_rate_pct"]))
        return
    if row["system"] != _REVIEW or row["standard"] not in _STANDARDS:
        report.unnamed_series += 1
        return
    standard, segment = _STANDARDS[row["standard"]], _SEGMENTS[row["segment"]]
    is_minority = segment == "minority"
    counts = {name: Decimal(row[name]) for name in _COUNTS if row[name]}
    poor, near = counts.get("poor_households"), counts.get("near_poor_households")
    summed = ""
    if "md_poor_households" not in counts and poor is not None and near is not None and not is_minority:
        counts["md_poor_households"], summed = poor + near, "Cộng số hộ nghèo và số hộ cận nghèo cùng nguồn"
    for name, amount in counts.items():
        indicator = (_MINORITY_COUNTS if is_minority else _COUNTS).get(name)
        if indicator is None:
            report.unclear.append(f"dòng {line}: {name} của hộ dân tộc thiểu số")
            continue
        note = summed if name == "md_poor_households" else ""
        own = "" if is_minority else segment
        yield _figure(row, line, indicator, amount, standard=standard, segment=own, note=note)
    rates = {name: Decimal(row[name]) for name in _RATES if row[name]}
    summed = ""
    if "md_poor_rate_pct" not in rates and {"poor_rate_pct", "near_poor_rate_pct"} <= rates.keys():
        rates["md_poor_rate_pct"] = rates["poor_rate_pct"] + rates["near_poor_rate_pct"]
        summed = "Cộng tỷ lệ hộ nghèo và tỷ lệ hộ cận nghèo cùng nguồn"
    for name, printed in rates.items():
        indicator, count = _RATES[name]
        total = counts.get("total_households")
        if total and count in counts and not checks.rate_agrees(printed, counts[count], total):
            report.unclear.append(
                f"dòng {line}: in {format_number(printed)} %, tính từ số hộ được "
                f"{format_number(counts[count] * 100 / total, places=2)} %"
            )
        if segment in ("minority", "local_minority"):
            if name != "poor_rate_pct":
                report.unclear.append(f"dòng {line}: {name} của hộ dân tộc thiểu số")
                continue
            indicator = "ethnic_poor_hh_rate"
        own = "" if is_minority else segment
        yield _figure(
            row,
            line,
            indicator,
            printed,
            standard=standard,
            segment=own,
            note=summed if name == "md_poor_rate_pct" else "",
        )


def _new_rural(row: Mapping[str, str], line: int, report: Published) -> Iterator[Figure]:
    measure = next((found for found in _MEASURES if row["measure_vi"].startswith(found[0])), None)
    if measure is None:
        report.unclear.append(f"dòng {line}: «{row['measure_vi']}»")
        return
    _, indicator, base, share = measure
    amount = Decimal(row["value"])
    if indicator == "communes_recognised_for_year":
        # "được công nhận cho năm 2021", decided in March 2022: it counts for the year in its name.
        counted_for = int(row["measure_vi"].split()[-1])
        yield _for_year(_figure(row, line, indicator, amount), counted_for)
        return
    yield _figure(row, line, indicator, amount)
    if row["denominator"] and base:
        whole = Decimal(row["denominator"])
        yield _figure(row, line, base, whole)
        printed = row["pct_published"]
        if printed and not checks.rate_agrees(Decimal(printed), amount, whole):
            report.unclear.append(
                f"dòng {line}: in {format_number(Decimal(printed))} %, tính ra "
                f"{format_number(amount * 100 / whole, places=2)} %"
            )
    elif row["pct_published"] and share:
        yield _figure(row, line, share, Decimal(row["pct_published"]))


def _for_year(figure: Figure, number: int) -> Figure:
    return replace(figure, year=number, stage=Stage.OFFICIAL, note="")


# ---- loading


def load(folder: Path, definitions: Definitions, *, actor: Actor, now: datetime) -> Published:
    """Enter what is published and not yet known; choose between sources as the file says."""
    report = Published()
    figures = _read_as(read(folder, report=report), definitions)
    with transaction.atomic():
        units = _units(figures, report)
        sources = _sources(figures, definitions)
        indicators = {row.code: row.pk for row in Indicator.objects.all()}
        standards = {row.code: row.pk for row in Standard.objects.all()}
        entries: dict[tuple[object, ...], Entry] = {}
        for figure in figures:
            unit_id = units.get((figure.place, figure.level, figure.as_of))
            if unit_id is None:
                continue
            since, until = year(figure.year)
            entry = Entry(
                indicators[figure.indicator],
                unit_id,
                since,
                until,
                figure.amount,
                stage=figure.stage,
                standard_id=standards[figure.standard] if figure.standard else None,
                segment=figure.segment,
                source_id=sources[_source_key(figure, definitions)].pk,
                note=figure.note,
                override_reason=_QUOTED,
            )
            entries.setdefault((entry.key, entry.source_id, entry.stage), entry)
        entered = enter(_unknown(list(entries.values())), actor=actor, now=now)
        report.new, report.odd = len(entered.values), len(entered.overridden)
        report.chosen = _choose(definitions, units, sources, actor=actor, now=now)
    return report


def _read_as(figures: Iterable[Figure], definitions: Definitions) -> list[Figure]:
    """43.8 % of Phong Thổ is called both poor and multidimensional; the file says which it is."""
    readings = {(row.source, row.printed): row for row in definitions.readings}
    found = []
    for figure in figures:
        reading = readings.get((figure.source[0], figure.indicator))
        if reading is not None:
            note = ". ".join(text for text in (figure.note, reading.note) if text)
            figure = replace(figure, indicator=reading.indicator, note=note)
        found.append(figure)
    return found


def _unknown(entries: list[Entry]) -> list[Entry]:
    """Those that were never entered: a figure that somebody has corrected since is not put back."""
    columns = ("indicator_id", "unit_id", "since", "until", "standard_id", "segment", "source_id", "stage")
    source_ids = {entry.source_id for entry in entries if entry.source_id is not None}
    known = set(Value.objects.filter(source_id__in=source_ids).values_list(*columns))
    return [entry for entry in entries if tuple(getattr(entry, name) for name in columns) not in known]


def _units(figures: Iterable[Figure], report: Published) -> dict[tuple[str, str, date], int]:
    """Each place to the unit of that name and level on the day of its figure."""
    found: dict[tuple[str, str, date], int] = {}
    by_day: dict[date, set[tuple[str, str]]] = {}
    for figure in figures:
        by_day.setdefault(figure.as_of, set()).add((figure.place, figure.level))
    kinds = [_LEVELS[level] for level in {figure.level for figure in figures}]
    rows = list(
        UnitVersion.objects.filter(unit__kind__in=kinds, annulled_by__isnull=True).values_list(
            "unit_id", "unit__kind", "name", "since", "until"
        )
    )
    for day, places in by_day.items():
        for place, level in places:
            alive = {
                unit_id: name
                for unit_id, kind, name, since, until in rows
                if kind == _LEVELS[level] and since <= day < until
            }
            # "Đắk Glong" is "Đăk Glong" in the catalogue: without accents, where that is one place only.
            for key in (skeleton, fold):
                fitting = [unit_id for unit_id, name in alive.items() if key(name) == key(place)]
                if len(fitting) == 1:
                    found[(place, level, day)] = fitting[0]
                    break
            else:
                report.unmatched.append(place)
    return found


def _source_key(figure: Figure, definitions: Definitions) -> tuple[str, str]:
    code, title, _ = figure.source
    return code, definitions.sources.get(code, title)


def _sources(figures: Iterable[Figure], definitions: Definitions) -> dict[tuple[str, str], Source]:
    known = {(row.code, row.title): row for row in Source.objects.all()}
    for figure in figures:
        key = _source_key(figure, definitions)
        number, dated = figure.decision
        if key not in known:
            known[key] = Source.objects.create(
                code=key[0], title=key[1], url=figure.source[2], number=number, dated=dated
            )
        elif number and not known[key].number:
            known[key].number, known[key].dated = number, dated
            known[key].save(update_fields=["number", "dated"])
    return known


def _choose(
    definitions: Definitions,
    units: Mapping[tuple[str, str, date], int],
    sources: Mapping[tuple[str, str], Source],
    *,
    actor: Actor,
    now: datetime,
) -> int:
    count = 0
    for choice in definitions.choices:
        unit_ids = {
            pk for (place, _, day), pk in units.items() if place == choice.place and day.year == choice.year
        }
        own = [row.pk for (code, _), row in sources.items() if code == choice.source]
        since, until = year(choice.year)
        rows = Value.objects.filter(
            unit_id__in=unit_ids, since=since, until=until, source_id__in=own, replaced_by__isnull=True
        )
        for value in rows.filter(choice_reason=""):
            rivals = Value.objects.filter(
                indicator=value.indicator_id,
                unit=value.unit_id,
                since=since,
                until=until,
                standard=value.standard_id,
                segment=value.segment,
                replaced_by__isnull=True,
            ).exclude(amount=value.amount)
            # Somebody's own choice stays.
            if rivals.exists() and not rivals.exclude(choice_reason="").exists():
                choose(value, reason=choice.reason, actor=actor, now=now)
                count += 1
    return count
