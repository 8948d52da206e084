"""The sheet of a unit: scored by itself, checked by another, verified, each on the same page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.awards.groups import access, lists, overview, readiness, sheet_page, sheets
from thidua.awards.groups.forms import read_points
from thidua.awards.groups.sheet_page import CROSS, SELF, VERIFIED, Typed
from thidua.awards.groups.sheets import WrongPoints
from thidua.awards.models import ScoreEvidence, ScoreItem, ScoreLine, ScoreSheet, ScoreSheetState
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_number
from thidua.core.text import row_key
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who

SAVE = {SELF: sheets.self_score, CROSS: sheets.cross_score, VERIFIED: sheets.verify}
FINISH = {SELF: sheets.submit, CROSS: sheets.finish_cross, VERIFIED: sheets.finish_verifying}
FINISHED = {
    SELF: "Đã gửi điểm tự chấm.",
    CROSS: "Đã chấm chéo xong.",
    VERIFIED: "Đã thẩm định xong.",
}
#: Steps that the form of the points has a button for.
IN_THE_FORM = ("submit", "finish_cross", "finish_verifying")
Step = Callable[..., None]
WITH_REASON: dict[str, Step] = {
    "check_back": sheets.send_back,
    "send_back": sheets.send_back,
    "skip_cross": sheets.skip_cross,
    "unverify": sheets.unverify,
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.get_sheet(pk, acting=acting)
    face = sheet_page.face_of(found, acting)
    if request.method != "POST":
        return _page(request, found, acting, face)
    if not face:
        # it moved on while the page was open: the words of the right or of the state say why
        messages.error(request, _refusal(found, acting))
        return redirect("groups:sheet", pk=pk)
    return _saved(request, found, acting, face)


def _refusal(found: ScoreSheet, acting: Acting) -> str:
    return _why_not(found, acting) or (
        f"Chưa lưu: phiếu đang ở trạng thái «{found.get_state_display()}», bạn không chấm ở bước này. "
        "Xem lại phiếu; cần sửa thì đề nghị trả lại."
    )


# --- saving ---------------------------------------------------------------------------------------


def _saved(request: HttpRequest, found: ScoreSheet, acting: Acting, face: str) -> HttpResponse:
    """Keep all that is right of what was sent; what is wrong comes back as it was typed."""
    act, now = request.POST.get("viec", ""), clock.now()
    lines = {line.item_id: line for line in readiness.lines_of(found)}
    typed, points, notes = _read(request, found, lines, face, act)
    problems: list[str] = []
    notice = ""
    try:
        if face == SELF:
            # first, for a browser cannot show chosen files again when the points are refused
            _take_evidence(request, lines, typed, acting, now)
        _keep(found, face, points, notes, typed, acting, now, seen=request.POST.get("lan", "")[:64])
        if face == SELF:
            _remove_evidence(request, found, act, acting, now)
        if act == "dien":
            _fill(lines, face, typed)
            notice = "Đã điền vào ô trống; điểm vừa điền chưa lưu. Đọc lại từng tiêu chí rồi lưu."
        elif not typed.has_errors:
            if act == "xong":
                FINISH[face](found, actor=acting, now=now)
                messages.success(request, FINISHED[face])
                return redirect("groups:season", pk=found.season_id)
            messages.success(request, "Đã lưu.")
            return redirect(f"{request.path}{_place(act, lines)}")
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        problems.append(refusal.message)
    if typed.has_errors:
        count = len(typed.wrong | typed.wrong_evidence)
        problems.append(f"{count} tiêu chí chưa lưu được, xem chỗ đánh dấu.")
    found.refresh_from_db(fields=["state"])
    return _page(request, found, acting, face, typed=typed, problems=problems, notice=notice)


def _place(act: str, lines: dict[int, ScoreLine]) -> str:
    """Back to the card that was acted on."""
    name, _, key = act.partition("-")
    if name == "so":
        return f"#tc-{row_key(key) or 0}"
    return ""


def _read(
    request: HttpRequest, found: ScoreSheet, lines: dict[int, ScoreLine], face: str, act: str
) -> tuple[Typed, dict[int, Decimal | None], dict[int, str]]:
    sent, typed = request.POST, Typed()
    points: dict[int, Decimal | None] = {}
    notes: dict[int, str] = {}
    wanted = row_key(act.removeprefix("so-")) if act.startswith("so-") else None
    figures = sheets.suggestions_from_figures(found) if wanted in lines else {}
    for key in lines:
        if f"diem-{key}" not in sent:
            continue
        said = sent.get(f"diem-{key}", "")[:40]
        if key == wanted and key in figures:
            said = format_number(figures[key].points)
        typed.points[key], typed.notes[key] = said, sent.get(f"ly-{key}", "")
        typed.words[key] = sent.get(f"mc-{key}", "")[:500]
        notes[key] = typed.notes[key].replace("\r\n", "\n")
        try:
            points[key] = read_points(said) if said.strip() else None
        except ValueError as wrong:
            typed.wrong[key] = str(wrong)
    return typed, points, notes


def _keep(
    found: ScoreSheet,
    face: str,
    points: dict[int, Decimal | None],
    notes: dict[int, str],
    typed: Typed,
    acting: Acting,
    now: datetime,
    *,
    seen: str,
) -> None:
    """Save; criteria that the table refuses are told and left out, and the others saved."""
    # first what the table does not give is told, then what lacks a word; the rest is saved
    for _ in range(3):
        try:
            SAVE[face](found, points, notes, actor=acting, now=now, seen=seen)
            return
        except WrongPoints as wrong:
            for key, words in wrong.by_item.items():
                typed.wrong[key] = f"{words[:1].upper()}{words[1:]}."
                points.pop(key, None)
                notes.pop(key, None)


def _fill(lines: dict[int, ScoreLine], face: str, typed: Typed) -> None:
    """What is compared with goes into the empty fields, to be read through and saved."""
    for key, line in lines.items():
        own = sheet_page.reference(line, face)
        if own is not None and not typed.points.get(key, "").strip():
            typed.points[key] = format_number(own)


def _take_evidence(
    request: HttpRequest, lines: dict[int, ScoreLine], typed: Typed, acting: Acting, now: datetime
) -> None:
    for key, line in lines.items():
        try:
            for upload in request.FILES.getlist(f"tep-{key}"):
                sheets.add_evidence(
                    line, raw=upload.read(), file_name=upload.name or "tep", actor=acting, now=now
                )
            if typed.words.get(key, "").strip():
                sheets.add_evidence(line, words=typed.words[key], actor=acting, now=now)
                typed.words[key] = ""
        except RuleNotMet as refusal:
            typed.wrong_evidence[key] = refusal.message


def _remove_evidence(
    request: HttpRequest, found: ScoreSheet, act: str, acting: Acting, now: datetime
) -> None:
    if not act.startswith("bo-"):
        return
    row = _evidence(found, row_key(act.removeprefix("bo-")) or 0)
    if row is not None:
        sheets.remove_evidence(row, actor=acting, now=now)


def _evidence(found: ScoreSheet, pk: int) -> ScoreEvidence | None:
    row = ScoreEvidence.objects.filter(pk=pk, line__sheet=found).select_related("line", "file").first()
    if row is not None:
        row.line.sheet = found
    return row


# --- showing --------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    found: ScoreSheet,
    acting: Acting,
    face: str,
    *,
    typed: Typed | None = None,
    problems: list[str] | None = None,
    notice: str = "",
) -> HttpResponse:
    season = found.season
    items = list(ScoreItem.objects.filter(table=season.table_id).select_related("indicator"))
    items.sort(key=lambda one: one.position)
    lines = readiness.lines_of(found)
    evidence: dict[int, list[ScoreEvidence]] = {}
    for row in ScoreEvidence.objects.filter(line__sheet=found).order_by("pk"):
        evidence.setdefault(row.line_id, []).append(row)
    if typed is None:
        typed = sheet_page.kept(lines, face) if face else Typed()
    labels = tree.labels_on({found.unit_id, found.checker_id or found.unit_id}, on=acting.on)
    due = overview.due_of(found, season)
    cap = season.table.bonus_cap
    past = history(found)
    returned = next((line.entry.reason for line in past if line.entry.reason), "")
    context = {
        "sheet": found,
        "season": season,
        "unit": labels.get(found.unit_id, ""),
        "checker": labels.get(found.checker_id, "") if found.checker_id else "",
        "tone": lists.SHEET_TONES.get(ScoreSheetState(found.state), ""),
        "due": due,
        "is_late": due is not None and due < acting.on,
        "returned": returned if found.state == "tra_lai" else "",
        "editing": face,
        "why_not": "" if face else _why_not(found, acting),
        "cards": sheet_page.cards(
            found,
            items,
            {line.item_id: line for line in lines},
            face=face,
            typed=typed,
            figures=sheets.suggestions_from_figures(found),
            evidence=evidence,
        ),
        "totals": sheet_page.sums(found, lines, face=face),
        "cap_plain": "" if cap is None else format(cap, "f"),
        "points_label": sheet_page.POINTS_LABELS.get(face, ""),
        "note_label": sheet_page.NOTE_LABELS.get(face, ""),
        "finish_label": sheet_page.FINISH_LABELS.get(face, ""),
        "fill_label": sheet_page.FILL_LABELS.get(face, ""),
        "revision": sheets.revision_of(found),
        "problems": problems or [],
        "notice": notice,
        "has_errors": typed.has_errors,
        "steps": [step for step in workflow.possible(found, actor=acting) if step.name not in IN_THE_FORM],
        "history": past[:30],
    }
    return render(request, "awards/groups/sheet.html", context, status=422 if problems else 200)


def _why_not(found: ScoreSheet, acting: Acting) -> str:
    """Why somebody who holds a right over the sheet has nothing to fill in just now."""
    own = sheet_page.own_people(found, acting)
    for face in (CROSS, VERIFIED):
        if found.state in sheet_page.STATES[face] and acting.may(sheet_page.RIGHTS[face], found) and own:
            return own
    return ""


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Steps beside the form: recalled, sent back, gone on without the check, verified anew."""
    acting = who(request)
    found = access.get_sheet(pk, acting=acting)
    step, now = request.POST.get("viec", ""), clock.now()
    try:
        if step == "recall":
            sheets.recall(found, actor=acting, now=now)
            messages.success(request, "Đã rút lại. Sửa rồi gửi lại.")
        elif step in WITH_REASON:
            WITH_REASON[step](found, reason=request.POST.get("ly_do", ""), actor=acting, now=now)
            messages.success(request, f"Phiếu: {found.get_state_display().lower()}.")
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("groups:sheet", pk=pk)


@require_safe
@signed_in
def evidence(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """A file of the sheet, always as a download: whatever is inside must not run on this site."""
    found = access.get_sheet(pk, acting=who(request))
    row = _evidence(found, evidence_pk)
    if row is None or row.file is None:
        raise Http404("no such file")
    return FileResponse(
        default_storage.open(row.file.place),
        as_attachment=True,
        filename=row.words or "minh-chung",
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
