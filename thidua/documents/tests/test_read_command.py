"""`thidua read`: what it prints, writes and returns, and that one bad file does not stop the rest."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from thidua.cli import main
from thidua.documents import wording
from thidua.documents.commands.progress import Progress
from thidua.documents.commands.read import Style, expand, outcomes
from thidua.documents.commands.summary import summarise
from thidua.documents.reading import read_path, schema
from thidua.documents.reading.score_folder import DATA

PLANS = sorted((DATA / "plans").glob("*.txt"))
PLAN = PLANS[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two plans, one of them in a folder below, and files that are no documents."""
    plans = tmp_path / "plans"
    (plans / "sub").mkdir(parents=True)
    shutil.copy(PLANS[1], plans / "b.txt")
    shutil.copy(PLANS[4], plans / "sub" / "a.txt")
    (plans / "picture.png").write_bytes(b"\x89PNG")
    (plans / "~$b.docx").write_bytes(b"lock of Word")
    (plans / ".hidden.txt").write_text("KẾ HOẠCH", encoding="utf-8")
    return plans


def test_json_of_one_file_is_exactly_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--format", "json", str(PLAN)]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == read_path(PLAN)
    assert printed.err == ""


def test_yaml_of_one_file_is_exactly_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--format", "yaml", str(PLAN)]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == read_path(PLAN)


def test_several_files_are_one_array_or_several_yaml_documents(capsys: pytest.CaptureFixture[str]) -> None:
    records = [read_path(path) for path in PLANS[:3]]
    files = list(map(str, PLANS[:3]))
    assert main(["read", "--format", "json", *files]) == 0
    assert json.loads(capsys.readouterr().out) == records
    assert main(["read", "--format", "yaml", *files]) == 0
    assert list(yaml.safe_load_all(capsys.readouterr().out)) == records


def test_folder_gives_an_array_of_its_documents(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--format", "json", str(folder)]) == 0
    printed = capsys.readouterr()
    assert [record["seed"]["file"] for record in json.loads(printed.out)] == ["b.txt", "a.txt"]
    assert printed.err == "Đã đọc 2/2 tệp.\n"
    # Also with one document: scripts can rely on the shape.
    assert main(["read", "--format", "json", str(folder / "sub")]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_standard_input_is_read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLAN.read_bytes())))
    assert main(["read", "--format", "json", "-"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["doc"] == read_path(PLAN)["doc"]
    assert main(["read", "-", "-"]) == 2


def test_bad_file_is_explained_and_does_not_stop_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, absent = tmp_path / "rong.txt", tmp_path / "khong-co.txt"
    empty.touch()
    assert main(["read", "--format", "json", str(empty), str(PLAN), str(absent)]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out) == [read_path(PLAN)]
    first, second, last = printed.err.splitlines()
    # The name, then what, why and what to do next.
    assert first.startswith(f"{empty}: ")
    assert re.fullmatch(r".+: .+\. .+\.", first.removeprefix(f"{empty}: "))
    assert second.startswith(f"{absent}: ")
    assert last == "Đã đọc 1/3 tệp; 2 tệp không đọc được, lý do ở trên."


def test_nothing_readable_prints_an_empty_array(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.txt").touch()
    assert main(["read", "--format", "json", str(tmp_path)]) == 1
    assert json.loads(capsys.readouterr().out) == []


def test_folder_without_documents_is_a_misuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "thidua read: không có văn bản nào trong thư mục đã cho.\n"


def test_fault_of_ours_in_one_file_does_not_lose_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Style, "render", lambda self, record, *, name: 1 / 0 if "b.txt" in name else "đọc được"
    )
    for name in ("a.txt", "b.txt", "c.txt"):
        shutil.copy(PLAN, tmp_path / name)
    assert main(["read", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == "đọc được\n\nđọc được\n"
    assert (
        "b.txt: Chưa đọc được tệp: chương trình gặp lỗi (ZeroDivisionError: division by zero)." in printed.err
    )


# --- files written -------------------------------------------------------------------------------


def test_out_writes_one_file_per_document(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "out"
    assert main(["read", "--format", "json", "--out", str(out), str(folder)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["a.json", "b.json"]
    assert json.loads((out / "b.json").read_text(encoding="utf-8")) == read_path(folder / "b.txt")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"Đã đọc 2/2 tệp, ghi vào {out}.\n")


def test_documents_of_one_name_get_files_of_their_own(tmp_path: Path) -> None:
    for n, below in enumerate(("x", "y", "z")):
        (tmp_path / below).mkdir()
        shutil.copy(PLANS[n], tmp_path / below / ("Plan.txt" if n else "plan.txt"))
    out = tmp_path / "out"
    arguments = ["read", "--format", "yaml", "--out", str(out), *(str(tmp_path / below) for below in "xyz")]
    assert main(arguments) == 0
    assert sorted(path.name for path in out.iterdir()) == ["Plan-2.yaml", "Plan-3.yaml", "plan.yaml"]
    # A second run writes the same names again.
    assert main(arguments) == 0
    assert len(list(out.iterdir())) == 3


def test_out_never_writes_over_a_source(folder: Path) -> None:
    before = (folder / "b.txt").read_bytes()
    assert main(["read", "--out", str(folder), str(folder / "b.txt")]) == 0
    assert (folder / "b.txt").read_bytes() == before
    assert (folder / "b-2.txt").read_text(encoding="utf-8").startswith(str(folder / "b.txt"))


def test_out_that_cannot_be_made_is_a_misuse(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--out", str(folder / "b.txt"), str(PLAN)]) == 2
    assert capsys.readouterr().err.startswith("thidua read: không tạo được thư mục")


# --- many files ----------------------------------------------------------------------------------


def test_several_processes_give_the_same_in_the_same_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(12):
        shutil.copy(PLANS[n % 5], tmp_path / f"{n:02}.txt")
    (tmp_path / "05.txt").write_bytes(b"")
    assert main(["read", "--format", "json", str(tmp_path)]) == 1
    alone = capsys.readouterr()
    assert main(["read", "--format", "json", "--jobs", "2", str(tmp_path)]) == 1
    assert capsys.readouterr() == alone


def test_files_are_read_one_by_one_and_not_ahead(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{n}.txt") for n in range(3)]
    style = Style(output_format="json", width=100, is_bold=False)
    results = outcomes(paths, style=style, jobs=1)
    shutil.copy(PLAN, paths[0])
    assert next(results).refusal == ""
    # Written only after the first was taken: the second is read when it is asked for.
    shutil.copy(PLAN, paths[1])
    assert next(results).refusal == ""
    assert "không có" in next(results).refusal


def test_folder_is_walked_lazily_and_in_order(folder: Path) -> None:
    names = [Path(path).name for path in expand([str(folder), "-", "elsewhere.docx"])]
    assert names == ["b.txt", "a.txt", "-", "elsewhere.docx"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_on_a_terminal_only() -> None:
    moments = iter([0.0, 0.5, 0.55, 2.0])
    out = Terminal()
    progress = Progress(out, total=3, clock=lambda: next(moments))
    for name in ("a", "b", "c"):
        progress.advance(name)
    progress.clear()
    drawn = [part for part in out.getvalue().split("\r\033[K") if part]
    assert drawn == [
        "████████░░░░░░░░░░░░░░░░ 1/3 tệp · 2 tệp/giây · a",
        "████████████████████████ 3/3 tệp · 2 tệp/giây · c",
    ]
    silent = io.StringIO()
    Progress(silent, total=3).advance("a")
    assert silent.getvalue() == ""


def test_reader_that_goes_away_ends_the_command_quietly(tmp_path: Path) -> None:
    for n in range(40):
        shutil.copy(PLANS[2], tmp_path / f"{n}.txt")
    command = f"{sys.executable} -m thidua.cli read --format json {tmp_path} | head -c 100"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert len(result.stdout) == 100
    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr


# --- the summary ---------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 72, 120])
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem[:3])
def test_summary_fits_the_width_and_has_no_colour(path: Path, width: int) -> None:
    text = summarise(read_path(path), name=path.name, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "\033" not in text


def test_summary_tells_the_parts_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(PLANS[2])]) == 0
    printed = capsys.readouterr().out
    headings = re.findall(r"^([^\s!?:(][^:(\n]*) \(\d+\)$", printed, flags=re.M)
    assert headings == [
        "Cần xem lại",
        "Chỉ tiêu",
        "Nhiệm vụ",
        "Đối tượng và tiêu chí",
        "Hình thức khen thưởng",
        "Mốc thời gian",
        "Nơi nhận",
    ]
    assert "TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH, PHÓ CHỦ TỊCH · Mai Thị Hồng Sim" in printed
    assert "  T2 " in printed
    assert "trên 5 điểm % mỗi năm" in printed


def test_summary_of_a_nearly_empty_record_is_possible() -> None:
    record: dict[str, Any] = {
        "schema": schema.VERSION,
        "doc": {},
        "movement": None,
        "award": None,
        "signature": None,
    }
    assert "không có mục nào của kế hoạch" in summarise(record, name="a.txt", width=60)


def test_headings_are_bold_on_a_terminal_that_wants_it() -> None:
    text = summarise(read_path(PLAN), name="a.txt", width=80, is_bold=True)
    assert text.startswith("\033[1ma.txt\033[0m\n")


def test_every_fixed_code_has_its_words() -> None:
    assert set(wording.COMPARATORS) == set(schema.COMPARATORS)
    assert set(wording.MILESTONES) == set(schema.MILESTONE_KINDS)
    assert set(wording.SEVERITIES) == set(schema.SEVERITIES)
    assert set(wording.CRITERION_KINDS) == set(schema.CRITERION_KINDS)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"comparator": "gte", "value": 87, "unit": "pct"}, "từ 87 % trở lên"),
        (
            {"comparator": "between", "value_min": 1, "value_max": 2, "unit": "district_unit"},
            "1 – 2 đơn vị cấp huyện",
        ),
        ({"comparator": "approx", "value": 2989.5, "unit": "million_vnd"}, "khoảng 2.989,5 triệu đồng"),
        ({"op": "gt", "value": 60, "unit": "pct_change"}, "trên 60 % so với gốc"),
        ({"op": "is", "value": True, "unit": "bool"}, "có"),
        (
            {"comparator": "stated", "value": 3, "unit": "apple_tree", "per": "school"},
            "3 apple tree mỗi school",
        ),
    ],
)
def test_measure_in_words(entry: dict[str, Any], words: str) -> None:
    assert wording.measure_in_words(entry) == words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"year": 2025, "raw": "đến năm 2025"}, "đến năm 2025"),
        ({"so_ket": 2023, "tong_ket": 2025}, "sơ kết 2023, tổng kết 2025"),
        ({"year": 2022, "quarter": 3, "bound": "from"}, "từ quý III/2022"),
        ({"month": 11, "day": 10, "bound": "before", "recurrence": "annual"}, "trước 10/11, hằng năm"),
        ({"from": 2022, "to": 2025}, "từ 2022 đến 2025"),
        (None, ""),
    ],
)
def test_time_in_words(when: dict[str, Any] | None, words: str) -> None:
    assert wording.time_in_words(when) == words
