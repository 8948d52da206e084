"""`thidua verdict verify FILE` judges, or counts, everything in a package anew; `explain` says why.

No database.
"""

# ruff: noqa: T201 - printing is what this command does
from __future__ import annotations

import argparse
import sys
from pathlib import Path

EPILOG = "Mã thoát: 0 mọi kết luận tính lại giống hệt, 1 có chỗ khác, 2 không đọc được gói."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("verify", "explain"), metavar="VIỆC", help="verify hoặc explain")
    parser.add_argument(
        "file", type=Path, metavar="TỆP", help="gói kết luận (verdicts/1) hoặc gói kiểm phiếu (votes/1)"
    )
    parser.add_argument("--subject", default="", help="chỉ giải thích đối tượng này")
    parser.add_argument("--code", default="", help="mã biên nhận: tìm phiếu của mình trong gói kiểm phiếu")


def run(options: argparse.Namespace) -> int:
    from thidua.criteria.bundles import is_bundle
    from thidua.criteria.facts import BadFacts
    from thidua.criteria.packages import BadPackage
    from thidua.criteria.rules import BadRule
    from thidua.criteria.vote_packages import is_package

    name = options.file.name
    try:
        raw = options.file.read_bytes()
        if is_bundle(raw):
            return (
                _verify_bundle(raw, name)
                if options.act == "verify"
                else _explain_bundle(raw, options.subject)
            )
        if is_package(raw):
            return _verify_votes(raw, name) if options.act == "verify" else _explain_votes(raw, options.code)
        return _verify(raw, name) if options.act == "verify" else _explain(raw, options.subject)
    except OSError as error:
        print(
            f"thidua verdict: không mở được {options.file}: {error.strerror}. Kiểm tra lại đường dẫn.",
            file=sys.stderr,
        )
    except (BadPackage, BadRule, BadFacts) as refusal:
        print(f"thidua verdict: {name}: {refusal}. Lấy lại tệp từ nơi xuất.", file=sys.stderr)
    return 2


def _verify(raw: bytes, name: str) -> int:
    from thidua.criteria.packages import verify
    from thidua.criteria.reasons import Outcome

    proof = verify(raw)
    for difference in proof.differences:
        print(f"{difference.place}: {difference.text}.", file=sys.stderr)
    counts = ", ".join(
        f"{proof.outcomes[outcome.code]} {outcome.label.lower()}"
        for outcome in (Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)
        if outcome.code in proof.outcomes
    )
    if proof.is_good:
        print(f"{name}: tính lại {proof.verdicts} kết luận, giống hệt từng byte ({counts}).")
        print(f"sha256 {proof.sha256}")
        return 0
    print(f"{name}: KHÔNG khớp, {len(proof.differences)} chỗ khác.", file=sys.stderr)
    return 1


def _verify_bundle(raw: bytes, name: str) -> int:
    """A ZIP of several packages: all hashes, all verdicts, all counts."""
    from thidua.criteria.bundles import verify

    proof = verify(raw)
    for difference in proof.differences:
        print(f"{difference.place}: {difference.text}.", file=sys.stderr)
    if not proof.is_good:
        print(f"{name}: KHÔNG khớp, {len(proof.differences)} chỗ khác.", file=sys.stderr)
        return 1
    print(
        f"{name}: {proof.parts} tệp đúng mã băm; tính lại {proof.verdicts} kết luận và {proof.counts} "
        "nội dung bỏ phiếu, giống hệt từng byte."
    )
    print(f"sha256 {proof.sha256}")
    return 0


def _verify_votes(raw: bytes, name: str) -> int:
    from thidua.criteria.vote_packages import Result, verify

    proof = verify(raw)
    for difference in proof.differences:
        print(f"{difference.place}: {difference.text}.", file=sys.stderr)
    if not proof.is_good:
        print(f"{name}: KHÔNG khớp, {len(proof.differences)} chỗ khác.", file=sys.stderr)
        return 1
    passed = sum(one.result is Result.PASSED for one in proof.results)
    print(
        f"{name}: kiểm lại {len(proof.results)} nội dung bỏ phiếu, giống hệt từng byte ({passed} thông qua)."
    )
    print(f"sha256 {proof.sha256}")
    return 0


def _explain_bundle(raw: bytes, subject: str) -> int:
    """Every package of verdicts in it; who is asked about stands in one of them."""
    from thidua.criteria.bundles import VERDICTS, parts_of
    from thidua.criteria.packages import BadPackage, read

    found = [
        part
        for part in parts_of(raw, VERDICTS)
        if not subject or any(one.subject == subject for one in read(part).candidates)
    ]
    if not found:
        raise BadPackage(f"gói không có kết luận nào{f' về «{subject}»' if subject else ''}")
    return max(_explain(part, subject) for part in found)


#: Results and choices of `votes/1` as people read them.
_RESULTS = {
    "passed": "thông qua",
    "failed": "không thông qua",
    "not-chosen": "đủ phiếu, hết số lượng",
    "tied": "bằng phiếu ở vị trí cuối",
}
_CHOICES = {"yes": "đồng ý", "no": "không đồng ý", "blank": "phiếu trắng"}


def _explain_votes(raw: bytes, code: str) -> int:
    from thidua.criteria.vote_packages import counted, mark, read

    session = read(raw)
    print(f"{session.about.get('council', '')}: {session.about.get('title', '')}")
    print(f"{session.members} thành viên, {session.present} dự họp, {session.written} gửi phiếu bằng văn bản")
    for one in counted(session):
        print(f"{one.question.label}: {one.outcome.sentence}; {_RESULTS[one.result.value]}")
        if code:
            own = dict(one.question.papers).get(mark(code, one.question.id))
            print(f"  phiếu của mã này: {_CHOICES[own.value] if own else 'không có trong gói'}")
    return 0


def _explain(raw: bytes, subject: str) -> int:
    from thidua.criteria.explaining import explain_criteria
    from thidua.criteria.packages import read

    package = read(raw)
    shown = 0
    for candidate, verdict in zip(package.candidates, package.verdicts(), strict=True):
        if subject and candidate.subject != subject:
            continue
        shown += 1
        rules = package.rules.of(candidate.rules)
        who = package.facts.of(candidate.subject).name or candidate.subject
        print(f"{who} ({candidate.subject}), {rules.label}: {verdict.outcome.label}")
        for criterion, reason, lines in explain_criteria(verdict, rules, package.facts, words=package.words):
            print(f"  {criterion.id} ({criterion.citation}): {reason.outcome.label}")
            for line in lines:
                print(f"    {'  ' * line.depth}{line.text}")
    if not shown:
        known = ", ".join(candidate.subject for candidate in package.candidates[:10])
        print(f"thidua verdict: gói không có đối tượng «{subject}», có: {known}.", file=sys.stderr)
        return 2
    return 0
