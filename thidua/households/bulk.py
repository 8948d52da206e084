"""A file of many households: check each row, classify, count by commune. Knows no database of the program.

DuckDB reads, checks and writes in streams with a bounded memory; the class is the one expression of
`classifying`. Bad rows are left out and told: row, column, what, cure. Names of persons are never read.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from thidua.core.errors import RuleNotMet
from thidua.core.text import fold
from thidua.households.classes import Area, PovertyClass
from thidua.households.classifying import DEPRIVATION_COLUMNS, classify
from thidua.households.standards import PovertyStandard, has_own_standard, standard_of

MEMORY = "512MB"
#: So many bad cells are told one by one; all bad rows are counted.
MOST_TOLD = 500
#: Column → the names it may have in a file, folded.
COLUMNS: dict[str, tuple[str, ...]] = {
    "commune": ("ma xa", "ma_xa", "xa"),
    "code": ("ma ho", "ma_ho"),
    "area": ("khu vuc", "khu_vuc"),
    "minority": ("dan toc thieu so", "dtts", "dan_toc_thieu_so"),
    "score_b1": ("diem b1", "diem_b1", "b1"),
    "income_dong": ("thu nhap", "thu_nhap", "thu nhap binh quan"),
    **{f"d{number}": (f"th{number}", f"thieu hut {number}") for number in range(1, 13)},
}
TITLES = {
    "commune": "mã xã",
    "code": "mã hộ",
    "area": "khu vực",
    "minority": "dân tộc thiểu số",
    "score_b1": "điểm B1",
    "income_dong": "thu nhập",
    **{f"d{number}": f"TH{number}" for number in range(1, 13)},
}
NEEDED = ("code", "area")
YES, NO = ("1", "co", "x", "true"), ("0", "khong", "false")

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong with one cell, and what to do. `row` as a person counts in the file; 1 is the heading."""

    row: int
    column: str
    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class CommuneCount:
    """Households of one commune by class; `unclassified` are those of which too little is known."""

    commune: str
    households: int
    poor: int
    near_poor: int
    unclassified: int
    minority: int
    minority_poor: int
    minority_near_poor: int
    minority_unknown: int


@dataclass(frozen=True, slots=True)
class Classified:
    """What became of a file."""

    standard: str
    rows_good: int
    rows_bad: int
    report: tuple[BadCell, ...]
    communes: tuple[CommuneCount, ...]
    ignored_columns: tuple[str, ...]


def classify_file(
    path: Path,
    *,
    out: Path,
    year: int,
    place: str = "",
    communes: Collection[str] | None = None,
    progress: Progress = lambda _done, _total, _message: None,
) -> Classified:
    """Write the good rows with their classes to `out` (Parquet) and count them by commune.

    `communes` are the keys that may occur; of a file of one commune the column may be left out. The same file
    gives the same result. Raises RuleNotMet when the file cannot be read, NotInLawbook for an unknown year.
    """
    national = standard_of(year)
    local = standard_of(year, place=place) if has_own_standard(place, year=year) else None
    with TemporaryDirectory(prefix="thidua-ho-") as folder:
        progress(0, 4, "đang mở tệp")
        work = _Work(Path(folder), national, local, communes)
        ignored = work.read(path)
        progress(1, 4, "đang kiểm tra từng dòng")
        report, rows_bad = work.check()
        progress(2, 4, "đang phân loại")
        rows_good = work.write(out)
        progress(3, 4, "đang cộng theo xã")
        counts = work.count(out)
        work.close()
    progress(4, 4, "xong")
    return Classified(national.name, rows_good, rows_bad, report, counts, ignored)


class _Work:
    """The tables of one run: `raw` as text with row numbers, `typed`, `bad`."""

    def __init__(
        self,
        folder: Path,
        national: PovertyStandard,
        local: PovertyStandard | None,
        communes: Collection[str] | None,
    ) -> None:
        import ibis

        self.folder, self.national, self.local, self.communes = folder, national, local, communes
        self.backend = ibis.duckdb.connect(folder / "work.duckdb", memory_limit=MEMORY, threads=2)
        self.sql = self.backend.con
        self.sql.execute(f"SET temp_directory = '{folder / 'spill'}'")

    def close(self) -> None:
        self.backend.disconnect()

    # --- reading

    def read(self, path: Path) -> tuple[str, ...]:
        """Fill `raw`; returns the columns that nobody asked for."""
        import duckdb

        source = self._source(path)
        try:
            found = [row[0] for row in self.sql.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
            names = _recognised(found, needs_commune=self.communes is None or len(self.communes) != 1)
            only = next(iter(self.communes)) if self.communes and len(self.communes) == 1 else ""
            chosen = []
            for column in COLUMNS:
                if column in names:
                    text = f"nullif(trim(CAST({_quoted(names[column])} AS VARCHAR)), '')"
                else:
                    text = _literal(only) if column == "commune" and only else "CAST(NULL AS VARCHAR)"
                chosen.append(f"{text} AS {column}")
            columns = ", ".join(["row_number() OVER () + 1 AS row", *chosen])
            self.sql.execute(f"CREATE TABLE raw AS SELECT {columns} FROM {source}")
        except duckdb.Error as error:
            raise _unreadable(path, str(error).splitlines()[0][:200]) from error
        return tuple(name for name in found if name not in names.values())

    def _source(self, path: Path) -> str:
        """The FROM clause for a file. Excel is unpacked to text first, row by row."""
        ending = path.suffix.lower()
        if not path.is_file():
            raise _unreadable(path, "không có tệp này")
        if ending == ".parquet":
            return f"read_parquet({_literal(str(path))})"
        if ending == ".xlsx":
            path = self._unpacked(path)
        elif ending not in {".csv", ".txt"}:
            raise _unreadable(path, "chỉ nhận .csv, .xlsx, .parquet")
        return f"read_csv({_literal(str(path))}, all_varchar = true, header = true, null_padding = true)"

    def _unpacked(self, path: Path) -> Path:
        from python_calamine import CalamineError, CalamineWorkbook

        plain = self.folder / "sheet.csv"
        try:
            sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        except (CalamineError, OSError, IndexError) as error:
            raise _unreadable(path, "tệp Excel hỏng hoặc không có trang nào") from error
        with plain.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            for cells in sheet.iter_rows():
                writer.writerow([_plain(cell) for cell in cells])
        return plain

    # --- checking

    def check(self) -> tuple[tuple[BadCell, ...], int]:
        """Fill `typed` and `bad`; returns what to tell and the number of bad rows."""
        folded = "lower(strip_accents(replace(replace({0}, 'đ', 'd'), 'Đ', 'D')))"
        words = ", ".join(map(_literal, YES)), ", ".join(map(_literal, NO))
        columns = [
            "row",
            "commune",
            "code",
            f"""CASE WHEN {folded.format("area")} IN ('nong thon', 'nong_thon', 'nt')
                THEN '{Area.RURAL.value}'
                WHEN {folded.format("area")} IN ('thanh thi', 'thanh_thi', 'tt', 'do thi')
                THEN '{Area.URBAN.value}' END AS area""",
            f"TRY_CAST({_number('score_b1')} AS SMALLINT) AS score_b1",
            f"TRY_CAST({_number('income_dong')} AS BIGINT) AS income_dong",
        ]
        columns += [
            f"CAST(CASE WHEN {folded.format(column)} IN ({words[0]}) THEN 1 "
            f"WHEN {folded.format(column)} IN ({words[1]}) THEN 0 END AS TINYINT) AS {column}"
            for column in ("minority", *DEPRIVATION_COLUMNS)
        ]
        self.sql.execute(f"CREATE TABLE typed AS SELECT {', '.join(columns)} FROM raw ORDER BY row")
        self.sql.execute('CREATE TABLE bad ("row" BIGINT, "column" VARCHAR, what VARCHAR, cure VARCHAR)')
        self._find_bad()
        told = self.sql.execute(
            'SELECT "row", "column", what, cure FROM bad ORDER BY "row", "column" LIMIT ?', [MOST_TOLD]
        ).fetchall()
        count = self.sql.execute('SELECT count(DISTINCT "row") FROM bad').fetchall()[0][0]
        return tuple(BadCell(*row) for row in told), int(count)

    def _find_bad(self) -> None:
        self._tell("code", "raw.code IS NULL", "'thiếu mã hộ'", "Ghi mã hộ")
        self._tell("commune", "raw.commune IS NULL", "'thiếu mã xã'", "Ghi mã xã")
        if self.communes is not None:
            known = ", ".join(map(_literal, sorted(self.communes))) or "''"
            self._tell(
                "commune",
                f"raw.commune NOT IN ({known})",
                "'không có xã «' || raw.commune || '» trong địa bàn'",
                "Ghi đúng mã xã như ở trang Đơn vị",
            )
        wrong = "'không hiểu «' || raw.{0}[:40] || '»'"
        self._tell("area", "raw.area IS NULL", "'thiếu khu vực'", "Ghi nông thôn hoặc thành thị")
        self._tell(
            "area",
            "raw.area IS NOT NULL AND typed.area IS NULL",
            wrong.format("area"),
            "Ghi nông thôn hoặc thành thị",
        )
        for column, most, cure in (
            ("score_b1", 1_000, "Ghi số nguyên từ 0 đến 1.000, hoặc để trống"),
            ("income_dong", 1_000_000_000, "Ghi số đồng một người một tháng, không ghi triệu, hoặc để trống"),
        ):
            self._tell(
                column,
                f"raw.{column} IS NOT NULL AND coalesce(typed.{column} NOT BETWEEN 0 AND {most}, true)",
                wrong.format(column),
                cure,
            )
        for column in ("minority", *DEPRIVATION_COLUMNS):
            self._tell(
                column,
                f"raw.{column} IS NOT NULL AND typed.{column} IS NULL",
                wrong.format(column),
                "Ghi 1 (có), 0 (không) hoặc để trống (chưa rõ)",
            )
        self.sql.execute(
            f"""INSERT INTO bad SELECT row, {_literal(TITLES["code"])},
            'mã hộ «' || code || '» đã có ở dòng ' || first_row, 'Bỏ dòng trùng hoặc ghi mã khác' FROM (
                SELECT row, code, min(row) OVER (PARTITION BY commune, code) AS first_row FROM raw
                WHERE code IS NOT NULL
            ) WHERE row > first_row"""
        )

    def _tell(self, column: str, condition: str, what: str, cure: str) -> None:
        self.sql.execute(
            f"""INSERT INTO bad SELECT raw.row, {_literal(TITLES[column])}, {what}, {_literal(cure)}
            FROM raw JOIN typed USING (row) WHERE {condition}"""
        )

    # --- results

    def write(self, out: Path) -> int:
        rows = self.backend.table("typed")
        bad = self.backend.table("bad")
        good = rows.anti_join(bad, rows["row"] == bad["row"])
        judged = classify(good, self.national, self.local).order_by("row")
        self.backend.to_parquet(judged, out, compression="zstd")
        return int(
            self.sql.execute(f"SELECT count(*) FROM read_parquet({_literal(str(out))})").fetchall()[0][0]
        )

    def count(self, out: Path) -> tuple[CommuneCount, ...]:
        poor, near = _literal(PovertyClass.POOR.value), _literal(PovertyClass.NEAR_POOR.value)
        rows = self.sql.execute(
            f"""SELECT commune, count(*),
                count(*) FILTER (national_class = {poor}), count(*) FILTER (national_class = {near}),
                count(*) FILTER (national_class IS NULL), count(*) FILTER (minority = 1),
                count(*) FILTER (minority = 1 AND national_class = {poor}),
                count(*) FILTER (minority = 1 AND national_class = {near}),
                count(*) FILTER (minority IS NULL)
            FROM read_parquet({_literal(str(out))}) GROUP BY commune ORDER BY commune"""
        ).fetchall()
        return tuple(CommuneCount(*row) for row in rows)


def _recognised(found: list[str], *, needs_commune: bool) -> dict[str, str]:
    """Our column → the name it has in the file. Raises RuleNotMet when one that is needed is missing."""
    folded = {fold(str(name)): name for name in found}
    names = {}
    for column, accepted in COLUMNS.items():
        match = next((folded[name] for name in (*accepted, column) if name in folded), None)
        if match is not None:
            names[column] = match
    missing = [TITLES[one] for one in (*NEEDED, *(["commune"] if needs_commune else [])) if one not in names]
    if "score_b1" not in names and "income_dong" not in names:
        missing.append("điểm B1 hoặc thu nhập")
    if missing:
        raise RuleNotMet(
            "Chưa đọc được tệp hộ",
            why=f"dòng tiêu đề thiếu cột {', '.join(missing)}",
            next_step="Tải tệp mẫu, chép số liệu vào rồi gửi lại",
        )
    return names


def _unreadable(path: Path, why: str) -> RuleNotMet:
    return RuleNotMet(
        f"Chưa đọc được tệp «{path.name}»",
        why=why,
        next_step="Lưu tệp dạng CSV (UTF-8), Excel hoặc Parquet rồi gửi lại",
    )


def _plain(cell: Any) -> str:
    """A cell of Excel as text; whole numbers without the point that Excel keeps them with."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _number(column: str) -> str:
    """Whole numbers, also with dots between thousands or a zero fraction; anything else stays as it is."""
    return (
        rf"CASE WHEN regexp_full_match({column}, '\d{{1,3}}(\.\d{{3}})+') THEN replace({column}, '.', '') "
        rf"WHEN regexp_full_match({column}, '\d+(\.0+)?') THEN regexp_replace({column}, '\.0+$', '') END"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
