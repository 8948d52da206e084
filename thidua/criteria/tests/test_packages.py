"""A stranger makes every verdict again, byte for byte; whatever was changed is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.cli import main
from thidua.criteria.facts import BadFacts, Facts, canonical, read_facts
from thidua.criteria.packages import BadPackage, Candidate, digest, packed, read, recompute, verify
from thidua.criteria.rule_sets import RuleSet, from_record
from thidua.criteria.rules import BadRule
from thidua.criteria.tests.worked_cases import record

ON = date(2025, 11, 15)
HARD = "xã đặc biệt khó khăn vùng cao, biên giới"
REGIONS = "xã khu vực III, xã khu vực II, xã khu vực I vùng đồng bào dân tộc thiểu số và miền núi"
CANDIDATES = (
    Candidate("xa_a", "S2"),
    Candidate("xa_b", "S2"),
    Candidate("xa_c", "S2"),
    Candidate("ong_p", "S5"),
)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return from_record(record("002_a2257aa210d7d8d8"), code="S002")


@pytest.fixture(scope="module")
def facts() -> Facts:
    def commune(name: str, **rates: str) -> dict[str, Any]:
        return {
            "name": name,
            "classes": {HARD: {"value": True}, REGIONS: {"value": False}},
            "figures": {
                "multidim_poverty_rate": {
                    year.strip("y"): {"value": rate, "source": "s1", "stage": "chinh_thuc"}
                    for year, rate in rates.items()
                }
            },
        }

    return read_facts(
        {
            "sources": {
                "s1": {"title": "Quyết định phê duyệt", "number": "12/QĐ-UBND", "dated": "2025-01-10"}
            },
            "subjects": {
                "xa_a": commune("Xã A", y2021="50", y2022="46", y2023="42", y2024="38"),
                "xa_b": commune("Xã B", y2021="50", y2022="46", y2023="42.1", y2024="38"),
                "xa_c": commune("Xã C", y2021="50", y2022="46", y2024="38"),
                "ong_p": {
                    "name": "Ông P",
                    "links": {"communes supervised by the member": {"to": ["xa_a"]}},
                    "judged": {
                        "S5.c1": {"answer": True, "by": "Hội đồng", "on": "2025-11-01"},
                        "S5.c2": {"answer": True, "by": "Hội đồng", "on": "2025-11-01"},
                    },
                },
            },
        }
    )


@pytest.fixture(scope="module")
def raw(rules: RuleSet, facts: Facts) -> bytes:
    return packed(rules, facts, CANDIDATES, on=ON)


class Whole:
    """A package that hypothesis does not print."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw


@pytest.fixture(scope="module")
def whole(raw: bytes) -> Whole:
    return Whole(raw)


def changed(raw: bytes, change: Any) -> bytes:
    found = json.loads(raw)
    change(found)
    return canonical(found)


def test_package_is_made_again_byte_for_byte(raw: bytes) -> None:
    assert recompute(raw) == raw
    proof = verify(raw)
    assert proof.is_good
    assert proof.outcomes == {"met": 2, "not_met": 1, "unknown": 1}
    assert proof.sha256 == json.loads(raw)["sha256"]


def test_package_reads_back_what_was_put_in(raw: bytes, rules: RuleSet, facts: Facts) -> None:
    package = read(raw)

    assert (package.rules, package.facts, package.candidates, package.on) == (rules, facts, CANDIDATES, ON)


def test_changed_outcome_is_found(raw: bytes) -> None:
    def change(found: dict[str, Any]) -> None:
        found["verdicts"][1]["outcome"] = "met"
        found["sha256"] = digest(found)

    assert [(one.place, one.text) for one in verify(changed(raw, change)).differences] == [
        ("verdicts[1] xa_b", "gói ghi «met», tính lại là «not_met»")
    ]


def test_changed_figure_is_found(raw: bytes) -> None:
    def change(found: dict[str, Any]) -> None:
        found["facts"]["subjects"]["xa_b"]["figures"]["multidim_poverty_rate"]["2023"]["value"] = "42"

    places = [one.place for one in verify(changed(raw, change)).differences]
    assert places == ["verdicts[1] xa_b", "sha256"]


def test_changed_reason_is_found(raw: bytes) -> None:
    def change(found: dict[str, Any]) -> None:
        found["verdicts"][0]["reason"]["parts"][0]["parts"][0]["steps"][0]["reached"] = "9"
        found["sha256"] = digest(found)

    assert [one.text for one in verify(changed(raw, change)).differences] == [
        "kết quả như nhau nhưng lý do ghi trong gói khác lý do tính lại"
    ]


def test_dropped_verdict_is_found(raw: bytes) -> None:
    def change(found: dict[str, Any]) -> None:
        found["verdicts"].pop()
        found["sha256"] = digest(found)

    assert [one.text for one in verify(changed(raw, change)).differences] == ["phải có 4 kết luận"]


def test_other_layout_is_told(raw: bytes) -> None:
    pretty = json.dumps(json.loads(raw), indent=1, ensure_ascii=False).encode()

    assert [one.place for one in verify(pretty).differences] == ["tệp"]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"\xff", "tệp không phải UTF-8"),
        (b"{", "tệp không phải JSON, dòng 1: "),
        (b"[]", "tệp không phải gói verdicts/1"),
        (b'{"format":"verdicts/1"}', "gói thiếu on, setting, "),
        (b'{"format":"verdicts/1","format":"verdicts/1"}', "một khóa ghi hai lần"),
        (b'{"format":NaN}', "tệp có giá trị NaN"),
        (b'{"format":' + b"9" * 5000 + b"}", "tệp có số quá dài"),
        (b"[" * 100_000, "tệp có số quá dài hoặc lồng quá sâu"),
    ],
)
def test_what_is_no_package_is_refused(raw: bytes, sentence: str) -> None:
    with pytest.raises(BadPackage, match=f"^{sentence}"):
        read(raw)


def test_monstrous_values_are_refused(raw: bytes) -> None:
    def large(found: dict[str, Any]) -> None:
        found["facts"]["subjects"]["xa_a"]["figures"] = {"a": {"2024": {"value": "1e999999999"}}}

    def unclear(found: dict[str, Any]) -> None:
        found["facts"]["subjects"]["ong_p"]["judged"]["S5.c1"]["answer"] = "có"

    def deep(found: dict[str, Any]) -> None:
        rule: dict[str, Any] = {"judged": "a", "key": "b"}
        for _ in range(25):
            rule = {"all_of": [rule]}
        found["rules"]["subjects"][0]["criteria"][0]["rule"] = rule

    with pytest.raises(BadFacts):
        read(changed(raw, large))
    with pytest.raises(BadFacts, match="answer phải là true hoặc false"):
        read(changed(raw, unclear))
    with pytest.raises(BadRule, match="lồng quá 20 lớp"):
        read(changed(raw, deep))


def places(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value but the whole."""
    if isinstance(found, dict):
        below: Any = found.items()
    elif isinstance(found, list):
        below = enumerate(found)
    else:
        return
    for key, value in below:
        yield (*path, key)
        yield from places(value, (*path, key))


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(("met", "all_of", "2024", "xa_a", "S2", 1.5, "1/3", "9.9")),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=4,
)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_change_anywhere_is_found_or_refused(whole: Whole, data: st.DataObject) -> None:
    raw = whole.raw
    found = json.loads(raw)
    *above, last = data.draw(st.sampled_from(list(places(found))))
    holder = found
    for key in above:
        holder = holder[key]
    if data.draw(st.booleans()):
        holder[last] = data.draw(ANYTHING)
    else:
        del holder[last]
    if canonical(found) == raw:
        return
    try:
        proof = verify(canonical(found))
    except (BadPackage, BadRule, BadFacts):
        return
    assert not proof.is_good
    assert "sha256" in {difference.place for difference in proof.differences}


# --- the command ----------------------------------------------------------------------------------


def test_command_proves_a_package(raw: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "goi.json"
    path.write_bytes(raw)

    assert main(["verdict", "verify", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        "goi.json: tính lại 4 kết luận, giống hệt từng byte (2 đạt, 1 không đạt, 1 chưa xác định được)."
    )


def test_command_tells_what_differs(raw: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "goi.json"
    path.write_bytes(changed(raw, lambda found: found.update(on="2024-11-15")))

    assert main(["verdict", "verify", str(path)]) == 1
    said = capsys.readouterr().err
    assert "verdicts[0] xa_a: gói ghi «met», tính lại là «unknown»." in said
    assert "sha256: gói đã bị sửa" in said


def test_command_explains(raw: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "goi.json"
    path.write_bytes(raw)

    assert main(["verdict", "explain", str(path), "--subject", "xa_b"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Xã B (xa_b), Cấp xã: Không đạt\n  S2.c1 (mục IV.1.b, dòng 73): Không đạt\n")
    assert "thiếu 0,1 điểm phần trăm" in said
    assert "[Quyết định phê duyệt 12/QĐ-UBND]" in said
    assert main(["verdict", "explain", str(path), "--subject", "xa_z"]) == 2


def test_command_refuses_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "goi.json"
    path.write_text("{}")

    assert main(["verdict", "verify", str(path)]) == 2
    assert capsys.readouterr().err == (
        "thidua verdict: goi.json: tệp không phải gói verdicts/1. Lấy lại tệp từ nơi xuất.\n"
    )
    assert main(["verdict", "verify", str(tmp_path / "khong.json")]) == 2
