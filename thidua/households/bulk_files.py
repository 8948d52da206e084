"""Files of many households, from handing in to figures: the row, the job, the values.

Hides that DuckDB needs files on disk while the file store keeps bytes under their hash.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.documents import file_store
from thidua.households import bulk
from thidua.households.models import BulkFile
from thidua.households.recognising import entries_of
from thidua.households.reviewing import province_key
from thidua.households.standards import day_of, standard_of
from thidua.indicators import values
from thidua.indicators.models import Source, Stage
from thidua.indicators.values import Entered
from thidua.jobs.queue import enqueue
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind

CLASSIFY_FILE = "households.classify_file"
ENDINGS = {".csv", ".xlsx", ".parquet"}


def hand_in(
    unit: Unit, file: BinaryIO, *, file_name: str, year: int, covers_all: bool, actor: Actor, now: datetime
) -> BulkFile:
    """Keep a file and ask for its classification. The same bytes again give the row that is there.

    The file is never in memory as a whole.
    """
    actor.require("household.hand_in", unit)
    name = file_store.clean_file_name(file_name)
    standard_of(year)
    size = file.seek(0, os.SEEK_END)
    if Path(name).suffix.lower() not in ENDINGS or not size:
        raise RuleNotMet(
            f"Chưa nhận được tệp «{name}»",
            why="tệp rỗng" if not size else "chỉ nhận .csv, .xlsx, .parquet",
            next_step="Chọn lại tệp rồi gửi lại",
        )
    if size > settings.HOUSEHOLD_FILE_MAX_BYTES:
        raise RuleNotMet(
            f"Chưa nhận được tệp «{name}»",
            why=f"tệp lớn hơn {settings.HOUSEHOLD_FILE_MAX_BYTES // 1024 // 1024} MB",
            next_step="Lưu dạng Parquet cho gọn, hoặc chia theo huyện, xã",
        )
    with transaction.atomic():
        stored = file_store.store_file(file)
        bulk_file, is_new = BulkFile.objects.get_or_create(
            unit=unit,
            year=year,
            file=stored,
            covers_all=covers_all,
            defaults={"file_name": name, "user": actor.user, "handed_in_at": now},
        )
        if is_new:
            record(
                "households.bulkfile.hand_in",
                bulk_file,
                label="Nộp tệp nhiều hộ",
                actor=actor,
                now=now,
                object_unit_id=unit.pk,
                details={"year": year, "bytes": size},
            )
        enqueue(
            CLASSIFY_FILE,
            args={"bulk_file_id": bulk_file.pk},
            key=f"{CLASSIFY_FILE}.{bulk_file.pk}",
            requested_by=actor.user if isinstance(actor.user, User) else None,
        )
    return bulk_file


def classify(bulk_file: BulkFile, *, progress: bulk.Progress = lambda *_: None) -> None:
    """Check, classify and count; keep the result beside the file. Run again it gives the same."""
    on = day_of(bulk_file.year)
    communes = keys_of_communes(bulk_file.unit, year=bulk_file.year)
    with TemporaryDirectory(prefix="thidua-tep-") as folder:
        path = Path(folder) / f"ho{Path(bulk_file.file_name).suffix.lower()}"
        with default_storage.open(bulk_file.file.place) as source, path.open("wb") as target:
            for chunk in source.chunks():
                target.write(chunk)
        out = Path(folder) / "ket-qua.parquet"
        try:
            found = bulk.classify_file(
                path,
                out=out,
                year=bulk_file.year,
                place=province_key(bulk_file.unit_id, on=on),
                communes=communes,
                progress=progress,
            )
        except RuleNotMet as refusal:
            BulkFile.objects.filter(pk=bulk_file.pk).update(refusal=refusal.message[:500])
            raise
        with out.open("rb") as file:
            result = file_store.store_file(file)
    BulkFile.objects.filter(pk=bulk_file.pk).update(
        rows_good=found.rows_good,
        rows_bad=found.rows_bad,
        report=json.dumps([asdict(bad) for bad in found.report], ensure_ascii=False),
        counts=[asdict(row) for row in found.communes],
        result=result,
        standard_name=found.standard,
        refusal="",
    )
    bulk_file.refresh_from_db()


def keys_of_communes(unit: Unit, *, year: int) -> list[str]:
    """The communes at or below a unit at the end of the year, or now when it ended before."""
    ids = tree.ids_at_or_below([unit.pk], on=day_of(year))
    found = Unit.objects.filter(pk__in=ids, kind=UnitKind.COMMUNE).values_list("key", flat=True)
    return sorted(found) or ([unit.key] if unit.kind == UnitKind.COMMUNE else [])


def apply(bulk_file: BulkFile, *, actor: Actor, now: datetime) -> tuple[Entered, list[str]]:
    """Write the counts as preliminary values; returns what was entered and the communes left out.

    A commune with households that could not be classified is left out: its count is not known. Doing it again
    writes nothing twice.
    """
    actor.require("household.hand_in", bulk_file)
    if bulk_file.rows_good is None:
        raise RuleNotMet(
            "Chưa đưa được tệp vào số liệu",
            why="tệp chưa phân loại xong",
            next_step="Chờ một lát rồi mở lại trang",
        )
    if bulk_file.rows_bad:
        raise RuleNotMet(
            "Chưa đưa được tệp vào số liệu",
            why=f"còn {bulk_file.rows_bad} dòng lỗi, tổng sẽ thiếu",
            next_step="Sửa các dòng lỗi trong tệp rồi nộp lại",
        )
    units = dict(
        Unit.objects.filter(key__in=[row["commune"] for row in bulk_file.counts]).values_list("key", "pk")
    )
    counts: dict[int, dict[str, int | None]] = {}
    left_out = []
    for row in bulk_file.counts:
        if row["unclassified"]:
            left_out.append(row["commune"])
        else:
            counts[units[row["commune"]]] = _codes(row, covers_all=bulk_file.covers_all)
    with transaction.atomic():
        source, _ = Source.objects.get_or_create(
            code=f"tep-ho-{bulk_file.pk}",
            title=f"Tệp hộ «{bulk_file.file_name}»",
            defaults={"dated": now.date()},
        )
        entered = values.enter(
            entries_of(counts, year=bulk_file.year, stage=Stage.PRELIMINARY, source_id=source.pk),
            actor=actor,
            now=now,
        )
        BulkFile.objects.filter(pk=bulk_file.pk).update(applied_at=now)
    bulk_file.applied_at = now
    return entered, left_out


def _codes(row: dict[str, int], *, covers_all: bool) -> dict[str, int | None]:
    is_known = not row["minority_unknown"]
    return {
        "total_households": row["households"] if covers_all else None,
        "minority_hh": row["minority"] if covers_all and is_known else None,
        "poor_hh": row["poor"],
        "near_poor_hh": row["near_poor"],
        "poor_and_near_poor_hh": row["poor"] + row["near_poor"],
        "minority_poor_hh": row["minority_poor"] if is_known else None,
        "minority_near_poor_hh": row["minority_near_poor"] if is_known else None,
    }
