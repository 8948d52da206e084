"""The key, the ballot, paper ballots, the count, and looking for the own paper."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.awards.council import access, counting, sealing, tellers, voting
from thidua.awards.duplicates import form_name
from thidua.awards.models import BallotBox, CouncilSession, SessionState
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.criteria.ballots import Tally
from thidua.criteria.vote_packages import Choice
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who

CHOICES = ((Choice.YES, "Đồng ý"), (Choice.NO, "Không đồng ý"), (Choice.BLANK, "Phiếu trắng"))
WORDS = {choice.value: words for choice, words in CHOICES}
#: A receipt code is signed for one voter of one meeting, so that nobody brings the code of another.
_SALT = "thidua.council.receipt"
COUNTS = (("yes", "Đồng ý"), ("no", "Không đồng ý"), ("blank", "Trắng"), ("spoilt", "Không hợp lệ"))


@require_POST
@never_cache
@signed_in
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the code of a key, this once."""
    acting = who(request)
    found = access.session_at(pk, acting=acting)
    try:
        code = voting.take_key(found, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
        return redirect("council:session", pk=pk)
    return render(request, "awards/council/key.html", {"session": found, "code": code})


def _bound(session: CouncilSession, acting: Acting) -> str:
    return f"{_SALT}.{session.pk}.{acting.user.pk}"


def _signed_code(session: CouncilSession, acting: Acting) -> str:
    return signing.dumps(sealing.new_receipt_code(), salt=_bound(session, acting))


def _code_of(signed: str, session: CouncilSession, acting: Acting) -> str:
    try:
        return str(signing.loads(signed, salt=_bound(session, acting)))
    except signing.BadSignature:
        raise RuleNotMet(
            "Chưa gửi được phiếu", why="trang phiếu đã cũ hoặc bị sửa", next_step="Mở lại trang, bỏ phiếu lại"
        ) from None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@signed_in
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions on one page; what is answered to the form is the receipt, which is shown nowhere else."""
    acting = who(request)
    found = access.session_at(pk, acting=acting)
    ballot = voting.ballot_of(found, actor=acting)
    if found.state != SessionState.VOTING or ballot.has_voted or found.is_on_paper:
        words = "Bạn đã bỏ phiếu." if ballot.has_voted else "Cuộc họp không ở bước bỏ phiếu."
        messages.info(request, words)
        return redirect("council:session", pk=pk)
    said: dict[int, str] = {}
    refused, signed = "", request.POST.get("bien_nhan", "")
    if request.method == "POST":
        said = {item.pk: request.POST.get(f"phieu_{item.pk}", "") for item in ballot.items}
        try:
            code = _code_of(signed, found, acting)
            votes = {pk: Choice(word) for pk, word in said.items() if word in WORDS}
            receipt = voting.cast(found, votes, actor=acting, now=clock.now(), code=code)
            marks = [(item, receipt.marks[item.pk]) for item in ballot.items]
            context = {"session": found, "code": receipt.code, "marks": marks}
            return render(request, "awards/council/receipt.html", context)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            refused = refusal.message
    if not refused or not signed:
        signed = _signed_code(found, acting)
    try:
        code = _code_of(signed, found, acting)
    except RuleNotMet:
        signed = _signed_code(found, acting)
        code = _code_of(signed, found, acting)
    context = {
        "session": found,
        "ballot": ballot,
        "items": [
            (
                item,
                form_name(item.form, item.candidate.since),
                [(choice.value, words, said.get(item.pk) == choice.value) for choice, words in CHOICES],
                bool(refused) and said.get(item.pk, "") not in WORDS,
            )
            for item in ballot.items
        ],
        "code": code,
        "signed": signed,
        "refused": refused,
    }
    return render(request, "awards/council/vote.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def paper_count(request: HttpRequest, pk: int) -> HttpResponse:
    """One teller's count of the paper ballots; the other's is not shown before both are in."""
    acting = who(request)
    found = access.session_at(pk, acting=acting)
    wanted = tellers.expected(found)
    own = tellers.by_teller(found).get(acting.user.pk, {})
    items = list(found.items.select_related("candidate").order_by("position", "pk"))
    typed = {item.pk: _typed(request, item.pk, own.get(item.pk)) for item in items}
    refused = ""
    if request.method == "POST":
        try:
            counts = {pk: Tally(**row) for pk, row in typed.items()}
            tellers.type_in(found, counts, actor=acting, now=clock.now())
            messages.success(request, "Đã ghi kết quả kiểm phiếu giấy của bạn.")
            return redirect("council:paper_count", pk=pk)
        except (RuleNotMet, ValueError) as refusal:
            refused = refusal.message if isinstance(refusal, RuleNotMet) else str(refusal)
    context = {
        "session": found,
        "items": [
            (
                item,
                form_name(item.form, item.candidate.since),
                wanted[item.pk],
                [(name, label, typed[item.pk][name]) for name, label in COUNTS],
            )
            for item in items
        ],
        "counted": len(tellers.by_teller(found)),
        "has_own": bool(own),
        "differences": tellers.differences(found),
        "refused": refused,
    }
    return render(request, "awards/council/paper_count.html", context, status=422 if refused else 200)


def _typed(request: HttpRequest, item_pk: int, own: Tally | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, _ in COUNTS:
        said = request.POST.get(f"{name}_{item_pk}", "").strip()
        kept = getattr(own, name) if own is not None else 0
        found[name] = int(said) if said.isdigit() and len(said) < 5 else (kept if not said else 0)
    return found


@require_POST
@never_cache
@sensitive_post_parameters()
@signed_in
def close(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.session_at(pk, acting=acting)
    codes = (request.POST.get("ma_1", ""), request.POST.get("ma_2", ""))
    try:
        counting.close_voting(found, codes=codes, actor=acting, now=clock.now())
        messages.success(request, "Đã kiểm phiếu. Chủ trì và thư ký hủy mã khóa.")
        return redirect("council:results", pk=pk)
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("council:session", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@signed_in
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """The count, all papers by their marks, and which of them are of a receipt code."""
    acting = who(request)
    found = access.session_at(pk, acting=acting)
    if found.state not in CouncilSession.KNOWN:
        messages.info(request, "Chưa kiểm phiếu.")
        return redirect("council:session", pk=pk)
    own: list[tuple[Any, str]] = []
    code = request.POST.get("ma", "").strip()
    if code:
        own = [
            (item, WORDS[choice.value] if choice else "") for item, choice in counting.own_papers(found, code)
        ]
    boxes = BallotBox.objects.filter(item__session=found).select_related("item__candidate")
    package = json.loads(found.package)
    sentences = {row["id"]: row["sentence"] for row in package["results"]}
    context = {
        "session": found,
        "boxes": [
            (
                box.item,
                form_name(box.item.form, box.item.candidate.since),
                sentences.get(box.item_id, ""),
                [(mark, WORDS[word]) for mark, word in json.loads(box.papers)],
            )
            for box in boxes.order_by("item__position", "item_id")
        ],
        "own": own,
        "found_any": any(words for _, words in own),
        "asked": bool(code),
        "sha256": package["sha256"],
    }
    return render(request, "awards/council/results.html", context)


@require_safe
@signed_in
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """The count as a file that a stranger recomputes with `thidua verdict verify`."""
    acting = who(request)
    found = access.session_at(pk, acting=acting)
    if not found.package:
        messages.info(request, "Chưa kiểm phiếu nên chưa có gói kiểm phiếu.")
        return redirect("council:session", pk=pk)
    answer = HttpResponse(found.package.encode(), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="kiem-phieu-{found.pk}.json"'
    return answer
