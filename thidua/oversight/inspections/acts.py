"""What a person may do with an inspection, a visit, a remedy, as data: button, form, function, words."""

from __future__ import annotations

from typing import Any

from thidua.movements.tasks.acts import Act, with_files
from thidua.movements.tasks.forms import NothingForm, ReasonForm, SmallForm
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.oversight.inspections import concluding, papers, planning, visiting
from thidua.oversight.inspections.forms import (
    BeginForm,
    ConcludeForm,
    DescribeForm,
    MemberForm,
    NoteForm,
    QuestionForm,
    RemedyForm,
    RemedyReportForm,
)
from thidua.oversight.models import Inspection, InspectionState, RemedyState, VisitState

_I, _V, _R = InspectionState, VisitState, RemedyState


def _nothing(_acting: Acting, _one: Any, bound: dict[str, Any]) -> SmallForm:
    return NothingForm(**bound)


def _reason(_acting: Acting, _one: Any, bound: dict[str, Any]) -> SmallForm:
    return ReasonForm(**bound)


def _member(acting: Acting, inspection: Inspection, bound: dict[str, Any]) -> SmallForm:
    """Offices beside and below the body that inspects."""
    root = inspection.plan.owner_id or inspection.unit_id
    rows = [version for version in tree.children(root, on=acting.on) if not version.unit.is_place]
    return MemberForm(units=[(str(row.unit_id), row.label) for row in rows], **bound)


def _keyed(*acts: Act) -> dict[str, Act]:
    return {act.key: act for act in acts}


INSPECTION_ACTS = _keyed(
    Act(
        "draw",
        "Lập đề cương từ kế hoạch",
        "inspection.run",
        (_I.PLANNED,),
        _nothing,
        lambda one, _answers, actor, now: planning.draw_checklist(one, actor=actor, now=now),
        "Đã lập đề cương từ nhiệm vụ, chỉ tiêu, tiêu chí của kế hoạch. Bỏ mục không cần.",
        is_main=True,
    ),
    Act(
        "question",
        "Thêm câu hỏi vào đề cương",
        "inspection.run",
        (_I.PLANNED,),
        lambda _acting, _one, bound: QuestionForm(**bound),
        lambda one, answers, actor, now: planning.add_question(one, actor=actor, now=now, **answers),
        "Đã thêm câu hỏi.",
    ),
    Act(
        "member",
        "Thêm thành viên đoàn",
        "inspection.run",
        (_I.PLANNED, _I.ANNOUNCED),
        _member,
        lambda one, answers, actor, now: planning.add_member(one, actor=actor, now=now, **answers),
        "Đã thêm thành viên đoàn.",
    ),
    Act(
        "announce",
        "Thông báo cho các đơn vị",
        "inspection.run",
        (_I.PLANNED,),
        _nothing,
        lambda one, _answers, actor, now: concluding.announce(one, actor=actor, now=now),
        "Đã thông báo. Soạn thông báo hoặc quyết định để ký, phát hành.",
        is_main=True,
    ),
    Act(
        "paper-notice",
        "Soạn thông báo kiểm tra",
        "inspection.run",
        (_I.PLANNED, _I.ANNOUNCED),
        _nothing,
        lambda one, _answers, actor, now: papers.write_announcement(
            one, kind="thong_bao", actor=actor, now=now
        ),
        "Đã soạn thông báo kiểm tra. Mở văn bản để soát, ký, cấp số.",
    ),
    Act(
        "paper-decision",
        "Soạn quyết định thành lập đoàn",
        "inspection.run",
        (_I.PLANNED, _I.ANNOUNCED),
        _nothing,
        lambda one, _answers, actor, now: papers.write_announcement(
            one, kind="quyet_dinh", actor=actor, now=now
        ),
        "Đã soạn quyết định. Mở văn bản để soát, ký, cấp số.",
    ),
    Act(
        "conclude",
        "Kết luận",
        "inspection.run",
        (_I.ANNOUNCED,),
        lambda _acting, _one, bound: ConcludeForm(**bound),
        lambda one, answers, actor, now: concluding.conclude(one, actor=actor, now=now, **answers),
        "Đã kết luận. Các đơn vị đã được báo; theo dõi kiến nghị đến khi khắc phục xong.",
        is_main=True,
    ),
    Act(
        "paper-conclusion",
        "Soạn thông báo kết luận",
        "inspection.run",
        (_I.CONCLUDED, _I.CLOSED),
        _nothing,
        lambda one, _answers, actor, now: papers.write_conclusion(one, actor=actor, now=now),
        "Đã soạn thông báo kết luận. Mở văn bản để soát, ký, cấp số.",
        is_main=True,
    ),
    Act(
        "close",
        "Kết thúc theo dõi",
        "inspection.run",
        (_I.CONCLUDED,),
        _nothing,
        lambda one, _answers, actor, now: concluding.close(one, actor=actor, now=now),
        "Cuộc kiểm tra đã xong.",
    ),
    Act(
        "cancel",
        "Bỏ cuộc kiểm tra",
        "inspection.run",
        (_I.PLANNED, _I.ANNOUNCED),
        _reason,
        lambda one, answers, actor, now: concluding.cancel(
            one, reason=answers["reason"], actor=actor, now=now
        ),
        "Đã bỏ cuộc kiểm tra.",
    ),
)

VISIT_ACTS = _keyed(
    Act(
        "begin",
        "Bắt đầu kiểm tra",
        "inspection.record",
        (_V.WAITING,),
        lambda acting, _one, bound: BeginForm(today=acting.on, **bound),
        lambda one, answers, actor, now: visiting.begin(one, actor=actor, now=now, **answers),
        "Đã bắt đầu. Ghi từng mục của đề cương; mỗi mục được lưu riêng.",
        is_main=True,
        is_open=True,
    ),
    Act(
        "remedy",
        "Kiến nghị khắc phục",
        "inspection.record",
        (_V.RECORDING, _V.MINUTED),
        lambda acting, _one, bound: RemedyForm(today=acting.on, **bound),
        lambda one, answers, actor, now: concluding.ask_remedy(one, actor=actor, now=now, **answers),
        "Đã lập kiến nghị. Đơn vị đã được báo.",
    ),
    Act(
        "describe",
        "Người làm việc, nhận xét chung",
        "inspection.record",
        (_V.RECORDING,),
        lambda _acting, one, bound: DescribeForm(visit=one, **bound),
        lambda one, answers, actor, now: visiting.describe(one, actor=actor, now=now, **answers),
        "Đã lưu.",
    ),
    Act(
        "minute",
        "Chốt để lập biên bản",
        "inspection.record",
        (_V.RECORDING,),
        _nothing,
        lambda one, _answers, actor, now: visiting.minute(one, actor=actor, now=now),
        "Đã chốt kết quả. Soạn biên bản để hai bên ký.",
        is_main=True,
    ),
    Act(
        "paper-minutes",
        "Soạn biên bản",
        "inspection.record",
        (_V.MINUTED,),
        _nothing,
        lambda one, _answers, actor, now: papers.write_minutes(one, actor=actor, now=now),
        "Đã soạn biên bản. Mở văn bản để in, ký.",
        is_main=True,
    ),
    Act(
        "breach",
        "Ghi dấu hiệu vi phạm",
        "inspection.record",
        (_V.RECORDING, _V.MINUTED),
        lambda _acting, _one, bound: NoteForm(**bound),
        lambda one, answers, actor, now: visiting.note_breach(one, actor=actor, now=now, **answers),
        "Đã ghi. Khen thưởng cho đơn vị tạm dừng đến khi làm rõ.",
        help="Khi có dấu hiệu vi phạm đang được làm rõ, việc khen thưởng cho đơn vị tạm dừng.",
    ),
    Act(
        "breach-end",
        "Đã làm rõ dấu hiệu vi phạm",
        "inspection.run",
        (_V.RECORDING, _V.MINUTED),
        lambda _acting, _one, bound: NoteForm(**bound),
        lambda one, answers, actor, now: visiting.end_breach(one, actor=actor, now=now, **answers),
        "Đã ghi kết quả làm rõ.",
    ),
    Act(
        "reopen",
        "Mở lại để ghi tiếp",
        "inspection.run",
        (_V.MINUTED,),
        _reason,
        lambda one, answers, actor, now: visiting.reopen(one, reason=answers["reason"], actor=actor, now=now),
        "Đã mở lại.",
    ),
)

REMEDY_ACTS = _keyed(
    Act(
        "report",
        "Báo cáo khắc phục",
        "remedy.report",
        (_R.OWED,),
        lambda _acting, _one, bound: RemedyReportForm(**bound),
        lambda one, answers, actor, now: concluding.report_remedy(
            one, actor=actor, now=now, **with_files(answers)
        ),
        "Đã báo cáo. Đoàn kiểm tra sẽ xác nhận.",
        is_main=True,
        is_open=True,
    ),
    Act(
        "accept",
        "Xác nhận đã khắc phục",
        "inspection.run",
        (_R.REPORTED,),
        _nothing,
        lambda one, _answers, actor, now: concluding.accept_remedy(one, actor=actor, now=now),
        "Đã xác nhận khắc phục.",
        is_main=True,
    ),
    Act(
        "send_back",
        "Trả lại để khắc phục tiếp",
        "inspection.run",
        (_R.REPORTED,),
        _reason,
        lambda one, answers, actor, now: concluding.send_back_remedy(
            one, reason=answers["reason"], actor=actor, now=now
        ),
        "Đã trả lại.",
    ),
)
