"""Everybody tries everything: each person × each object in each state × each step of its table.

What should happen is written down here by hand, from the rules of the movement, not asked from the tables
under test: which step leads from where to where (`STEPS`), which roles may take it on whose behalf (`MAY`),
and for whom each person acts on which day (`PEOPLE`). Allowed steps change the state and write one row of the
log; all others are refused by the right kind of error, and change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import models, transaction

from thidua.audit.log import System
from thidua.audit.models import Entry
from thidua.audit.workflow import advance, table_of, tables
from thidua.awards.council.tests import makers as council_makers
from thidua.awards.groups.tests import makers as groups_makers
from thidua.awards.models import AwardDecision
from thidua.awards.register.tests import makers as register_makers
from thidua.awards.tests import makers as awards_makers
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.documents.file_store import store
from thidua.documents.models import BookKind, GivenNumber, OutgoingPaper
from thidua.documents.papers import numbering
from thidua.documents.papers.tests.makers import make_draft
from thidua.households.tests.makers import COMPLETE, make_review
from thidua.indicators.tests.figure_world import make_indicator
from thidua.movements.models import (
    Extension,
    Plan,
    PlanVersion,
    PlanVersionState,
    RegistrationSummary,
    TaskNote,
)
from thidua.movements.tests.makers import (
    make_item,
    make_plan,
    make_registration,
    make_task,
    phong_tho_plan,
)
from thidua.organisations.authority import Acting, acting
from thidua.organisations.models import FOREVER, Mandate, Role
from thidua.organisations.tests.world import DAY, World, make_person, phong_tho
from thidua.oversight.tests.makers import (
    make_difficulty,
    make_inspection,
    make_minuted,
    make_remedy,
    make_training,
)
from thidua.publicity.models import Publication, Story
from thidua.publicity.tests.makers import make_proposal, make_story
from thidua.reports.models import Correction
from thidua.reports.tests.makers import ask, ask_figure, make_figure, make_report, make_round
from thidua.resources.tests import makers as resources_makers

pytestmark = pytest.mark.sqlite_is_enough

AFTER = date(2025, 8, 1)
NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)

# --- the rules, by hand ---------------------------------------------------------------------------------

#: model → step → (states from which, state to which, whether a reason is due).
STEPS: dict[str, dict[str, tuple[tuple[str, ...], str, bool]]] = {
    "movements.PlanVersion": {
        "adopt": (("nhap",), "da_duyet", False),
        "drop": (("nhap",), "da_bo", False),
        "supersede": (("da_duyet",), "da_thay", False),
    },
    "movements.Task": {
        "accept": (("da_giao",), "dang_lam", False),
        "decline": (("da_giao",), "tu_choi", True),
        "give_again": (("tu_choi",), "da_giao", True),
        "report_done": (("dang_lam",), "cho_xac_nhan", False),
        "confirm": (("cho_xac_nhan",), "hoan_thanh", False),
        "send_back": (("cho_xac_nhan",), "dang_lam", True),
        "cancel": (("da_giao", "dang_lam", "tu_choi", "cho_xac_nhan"), "da_rut", True),
    },
    "movements.Extension": {
        "grant": (("cho_duyet",), "dong_y", False),
        "refuse": (("cho_duyet",), "khong_dong_y", True),
        "withdraw": (("cho_duyet",), "rut_lai", False),
    },
    "movements.Registration": {
        "send": (("nhap", "tra_lai"), "cho_duyet", False),
        "recall": (("cho_duyet",), "nhap", False),
        "approve": (("cho_duyet",), "da_duyet", False),
        "send_back": (("cho_duyet",), "tra_lai", True),
        "withdraw": (("nhap", "tra_lai", "da_duyet"), "da_rut", True),
    },
    "movements.RegistrationSummary": {
        "send": (("nhap", "tra_lai"), "da_gui", False),
        "recall": (("da_gui",), "nhap", False),
        "accept": (("da_gui",), "da_nhan", False),
        "send_back": (("da_gui",), "tra_lai", True),
    },
    "reports.Round": {
        "open": (("du_kien",), "dang_mo", False),
        "close": (("dang_mo",), "da_dong", False),
        "reopen": (("da_dong",), "dang_mo", True),
        "cancel": (("du_kien", "dang_mo"), "da_bo", True),
    },
    "reports.Report": {
        "begin": (("chua_gui",), "nhap", False),
        "send": (("nhap", "tra_lai"), "da_gui", False),
        "recall": (("da_gui",), "nhap", False),
        "accept": (("da_gui",), "da_nhan", False),
        "send_back": (("da_gui",), "tra_lai", True),
        "merge": (("da_nhan",), "da_tong_hop", False),
        "take_out": (("da_tong_hop",), "da_nhan", True),
    },
    "reports.Correction": {
        "accept": (("de_nghi",), "da_sua", False),
        "decline": (("de_nghi",), "giu_nguyen", True),
    },
    "documents.OutgoingPaper": {
        "offer": (("nhap",), "cho_soat", False),
        "review": (("nhap", "cho_soat"), "da_soat", False),
        "send_back": (("cho_soat", "da_soat"), "nhap", True),
        "sign": (("da_soat",), "da_ky", False),
        "unsign": (("da_ky",), "nhap", True),
        "number": (("da_ky",), "da_cap_so", False),
        "cancel_number": (("da_cap_so",), "nhap", True),
        "issue": (("da_cap_so",), "da_phat_hanh", False),
        "recall": (("da_phat_hanh",), "thu_hoi", True),
        "drop": (("nhap", "cho_soat"), "da_bo", True),
    },
    "awards.Council": {
        "found": (("dang_lap",), "hoat_dong", False),
        "end": (("hoat_dong",), "het_nhiem_ky", True),
    },
    "awards.CouncilSession": {
        "summon": (("chuan_bi",), "da_moi", False),
        "begin": (("chuan_bi", "da_moi"), "dang_hop", False),
        "open_voting": (("dang_hop",), "bo_phieu", False),
        "void_voting": (("bo_phieu",), "dang_hop", True),
        "count": (("bo_phieu",), "kiem_phieu", False),
        "conclude": (("kiem_phieu",), "ket_luan", False),
        "cancel": (("chuan_bi", "da_moi", "dang_hop"), "da_huy", True),
    },
    "awards.AwardRound": {
        "open": (("du_kien",), "dang_nhan", False),
        "close": (("dang_nhan",), "da_khoa", False),
        "reopen": (("da_khoa",), "dang_nhan", True),
        "finish": (("da_khoa",), "da_xong", False),
        "cancel": (("du_kien", "dang_nhan"), "da_bo", True),
    },
    "awards.Candidate": {
        "send": (("nhap", "tra_lai"), "da_gui", False),
        "recall": (("da_gui",), "nhap", False),
        "withdraw": (("nhap", "tra_lai", "da_gui", "tham_dinh", "cong_khai"), "da_rut", True),
        "send_back": (("da_gui", "tham_dinh", "hoi_y_kien", "cong_khai"), "tra_lai", True),
        "appraise": (("da_gui",), "tham_dinh", False),
        "consult": (("tham_dinh",), "hoi_y_kien", False),
        "end_consulting": (("hoi_y_kien",), "tham_dinh", False),
        "post": (("tham_dinh",), "cong_khai", False),
        "to_council": (("tham_dinh", "cong_khai"), "hoi_dong", False),
        "take_from_council": (("hoi_dong",), "tham_dinh", True),
        "pass_council": (("hoi_dong",), "hd_dong_y", False),
        "fail_council": (("hoi_dong",), "hd_khong", False),
        "reconsider": (("hd_dong_y", "hd_khong"), "hoi_dong", True),
        "forward": (("tham_dinh", "hd_dong_y"), "trinh_tren", False),
        "decide": (("tham_dinh", "hd_dong_y"), "duoc_khen", False),
        "note_award": (("trinh_tren",), "duoc_khen", False),
        "take_back": (("trinh_tren",), "tham_dinh", True),
        "refuse": (("da_gui", "tham_dinh", "hd_dong_y", "hd_khong", "trinh_tren"), "khong_khen", True),
    },
    "awards.RegisterImport": {
        "enter": (("cho_xac_nhan",), "da_vao_so", False),
        "drop": (("cho_xac_nhan",), "da_bo", False),
    },
    "awards.AwardDecision": {
        "carry_out": (("dang_soan",), "da_ghi", False),
        "drop": (("dang_soan",), "da_bo", True),
    },
    "awards.RegisteredAward": {
        "revoke": (("hieu_luc",), "thu_hoi", True),
        "restore": (("thu_hoi",), "hieu_luc", True),
        "correct": (("hieu_luc",), "dinh_chinh", True),
    },
    "awards.ScoreTable": {
        "put_in_force": (("du_thao",), "ap_dung", False),
        "end": (("ap_dung",), "thoi_ap_dung", False),
    },
    "awards.GroupSeason": {
        "start": (("chuan_bi",), "thi_dua", False),
        "open_scoring": (("thi_dua",), "cham_diem", False),
        "publish": (("cham_diem",), "cong_bo", False),
        "reopen": (("cong_bo",), "cham_diem", True),
        "cancel": (("chuan_bi", "thi_dua", "cham_diem"), "bo", True),
    },
    "awards.ScoreSheet": {
        "submit": (("chua_cham", "tra_lai"), "tu_cham", False),
        "recall": (("tu_cham",), "chua_cham", False),
        "check_back": (("tu_cham",), "tra_lai", True),
        "finish_cross": (("tu_cham",), "cham_cheo", False),
        "skip_cross": (("tu_cham",), "cham_cheo", True),
        "send_back": (("tu_cham", "cham_cheo"), "tra_lai", True),
        "finish_verifying": (("cham_cheo",), "tham_dinh", False),
        "unverify": (("tham_dinh",), "cham_cheo", True),
    },
    "publicity.Story": {
        "offer": (("nhap", "tra_lai"), "cho_duyet", False),
        "recall": (("cho_duyet",), "nhap", False),
        "send_back": (("cho_duyet",), "tra_lai", True),
        "publish": (("cho_duyet",), "da_dang", False),
        "withdraw": (("da_dang",), "da_go", True),
        "reopen": (("da_go",), "nhap", False),
        "drop": (("nhap", "tra_lai"), "da_bo", False),
    },
    "publicity.Proposal": {
        "take": (("moi",), "da_nhan", False),
        "decline": (("moi",), "khong_nhan", True),
    },
    "publicity.Publication": {
        "publish": (("chua", "da_rut"), "cong_khai", False),
        "withdraw": (("cong_khai",), "da_rut", True),
    },
    "households.Review": {
        "report": (("thuong_xuyen",), "so_bo", False),
        "recognise": (("thuong_xuyen", "so_bo"), "chinh_thuc", False),
    },
    "oversight.Inspection": {
        "announce": (("du_kien",), "da_thong_bao", False),
        "conclude": (("da_thong_bao",), "da_ket_luan", False),
        "close": (("da_ket_luan",), "da_xong", False),
        "cancel": (("du_kien", "da_thong_bao"), "da_bo", True),
    },
    "oversight.Visit": {
        "begin": (("cho_kiem_tra",), "dang_ghi", False),
        "minute": (("dang_ghi",), "da_lap_bien_ban", False),
        "reopen": (("da_lap_bien_ban",), "dang_ghi", True),
    },
    "oversight.Remedy": {
        "report": (("phai_lam",), "da_bao_cao", False),
        "accept": (("da_bao_cao",), "da_xong", False),
        "send_back": (("da_bao_cao",), "phai_lam", True),
    },
    "oversight.Training": {
        "hold": (("du_kien",), "da_to_chuc", False),
        "cancel": (("du_kien",), "da_huy", True),
    },
    "oversight.Difficulty": {
        "take": (("cho_nhan",), "dang_xu_ly", False),
        "forward": (("cho_nhan", "dang_xu_ly"), "cho_nhan", True),
        "amend": (("dang_xu_ly",), "sua_ke_hoach", False),
        "answer": (("cho_nhan", "dang_xu_ly", "sua_ke_hoach"), "da_tra_loi", False),
        "raise_again": (("da_tra_loi",), "cho_nhan", True),
        "withdraw": (("cho_nhan", "dang_xu_ly"), "da_rut", True),
    },
    "resources.Fund": {
        "close": (("dang_mo",), "da_dong", True),
        "reopen": (("da_dong",), "dang_mo", True),
    },
    "resources.Pledge": {
        "fulfil": (("da_hua",), "da_nhan_du", False),
        "drop": (("da_hua",), "da_bo", True),
        "reopen": (("da_nhan_du", "da_bo"), "da_hua", True),
    },
    "resources.Receipt": {"reverse": (("da_lap",), "da_huy", True)},
    "resources.Allocation": {
        "approve": (("de_nghi",), "da_phan_bo", False),
        "refuse": (("de_nghi",), "khong_duyet", True),
        "settle": (("da_phan_bo",), "da_quyet_toan", False),
        "reverse": (("da_phan_bo",), "da_thu_hoi", True),
        "reopen": (("da_quyet_toan",), "da_phan_bo", True),
    },
    "resources.Sponsorship": {
        "begin": (("du_kien",), "dang_giup", False),
        "end": (("dang_giup",), "da_ket_thuc", False),
        "drop": (("du_kien", "dang_giup"), "da_bo", True),
    },
    "resources.Campaign": {
        "approve": (("chuan_bi",), "dang_chay", False),
        "finish": (("dang_chay",), "da_xong", False),
        "drop": (("chuan_bi",), "da_bo", True),
    },
    "resources.GiftVisit": {
        "do": (("du_kien",), "da_tham", False),
        "drop": (("du_kien",), "da_bo", True),
    },
}

DOING = {Role.UNIT_OFFICER, Role.STANDING, Role.LEADER}
DECIDING = {Role.STANDING, Role.LEADER}
DRAFTING = {Role.UNIT_OFFICER, Role.STANDING, Role.LEADER, Role.CLERK}

#: (model, step) → (roles, on whose behalf: the unit that does, the bodies that issue the plan and run it, or
#: only the body in whose name a paper goes out).
MAY: dict[tuple[str, str], tuple[set[Role], str]] = {
    ("movements.PlanVersion", "adopt"): (DECIDING, "issuing"),
    ("movements.PlanVersion", "drop"): ({Role.STANDING}, "issuing"),
    ("movements.PlanVersion", "supersede"): (DECIDING, "issuing"),
    ("movements.Task", "accept"): (DOING, "doing"),
    ("movements.Task", "decline"): (DOING, "doing"),
    ("movements.Task", "report_done"): (DOING, "doing"),
    ("movements.Task", "give_again"): (DECIDING, "issuing"),
    ("movements.Task", "confirm"): (DECIDING, "issuing"),
    ("movements.Task", "send_back"): (DECIDING, "issuing"),
    ("movements.Task", "cancel"): (DECIDING, "issuing"),
    ("movements.Extension", "grant"): (DECIDING, "issuing"),
    ("movements.Extension", "refuse"): (DECIDING, "issuing"),
    ("movements.Extension", "withdraw"): (DOING, "doing"),
    ("movements.Registration", "send"): (DOING, "doing"),
    ("movements.Registration", "recall"): (DOING, "doing"),
    ("movements.Registration", "withdraw"): (DOING, "doing"),
    ("movements.Registration", "approve"): (DECIDING, "issuing"),
    ("movements.Registration", "send_back"): (DECIDING, "issuing"),
    ("movements.RegistrationSummary", "send"): (DOING, "doing"),
    ("movements.RegistrationSummary", "recall"): (DOING, "doing"),
    ("movements.RegistrationSummary", "accept"): (DECIDING, "issuing"),
    ("movements.RegistrationSummary", "send_back"): (DECIDING, "issuing"),
    ("reports.Round", "open"): (DECIDING, "issuing"),
    ("reports.Round", "close"): (DECIDING, "issuing"),
    ("reports.Round", "reopen"): (DECIDING, "issuing"),
    ("reports.Round", "cancel"): (DECIDING, "issuing"),
    ("reports.Report", "begin"): (DOING, "doing"),
    ("reports.Report", "send"): (DOING, "doing"),
    ("reports.Report", "recall"): (DOING, "doing"),
    ("reports.Report", "accept"): (DECIDING, "issuing"),
    ("reports.Report", "send_back"): (DECIDING, "issuing"),
    ("reports.Report", "merge"): (DECIDING, "issuing"),
    ("reports.Report", "take_out"): (DECIDING, "issuing"),
    ("reports.Correction", "accept"): (DOING, "doing"),
    ("reports.Correction", "decline"): (DOING, "doing"),
    ("documents.OutgoingPaper", "offer"): (DRAFTING, "issuing"),
    ("documents.OutgoingPaper", "review"): (DECIDING, "issuing"),
    ("documents.OutgoingPaper", "send_back"): (DECIDING, "issuing"),
    ("documents.OutgoingPaper", "drop"): (DRAFTING, "issuing"),
    ("documents.OutgoingPaper", "sign"): ({Role.LEADER}, "body"),
    ("documents.OutgoingPaper", "unsign"): ({Role.LEADER}, "body"),
    ("documents.OutgoingPaper", "recall"): ({Role.LEADER}, "body"),
    ("documents.OutgoingPaper", "number"): ({Role.CLERK}, "body"),
    ("documents.OutgoingPaper", "cancel_number"): ({Role.CLERK}, "body"),
    ("documents.OutgoingPaper", "issue"): ({Role.CLERK}, "body"),
    **{
        ("awards.AwardRound", step): (DECIDING, "issuing")
        for step in ("open", "close", "reopen", "finish", "cancel")
    },
    **{("awards.Candidate", step): (DOING, "doing") for step in ("send", "recall", "withdraw")},
    **{
        ("awards.Candidate", step): (DECIDING, "issuing")
        for step in (
            "send_back",
            "appraise",
            "consult",
            "end_consulting",
            "post",
            "to_council",
            "take_from_council",
            "pass_council",
            "fail_council",
            "reconsider",
            "note_award",
            "take_back",
            "refuse",
        )
    },
    **{("awards.Council", step): (DECIDING, "issuing") for step in ("found", "end")},
    **{
        ("awards.CouncilSession", step): (DECIDING, "issuing")
        for step in ("summon", "begin", "open_voting", "void_voting", "count", "conclude", "cancel")
    },
    **{("awards.ScoreTable", step): (DECIDING, "issuing") for step in ("put_in_force", "end")},
    **{
        ("awards.GroupSeason", step): (DECIDING, "issuing")
        for step in ("start", "open_scoring", "publish", "reopen", "cancel")
    },
    # The unit that checks is the district here, the head its office.
    **{("awards.ScoreSheet", step): (DOING, "doing") for step in ("submit", "recall")},
    **{("awards.ScoreSheet", step): (DOING, "body") for step in ("check_back", "finish_cross")},
    **{
        ("awards.ScoreSheet", step): (DECIDING, "issuing")
        for step in ("skip_cross", "send_back", "finish_verifying", "unverify")
    },
    ("awards.Candidate", "forward"): ({Role.LEADER}, "body"),
    ("awards.Candidate", "decide"): ({Role.LEADER}, "body"),
    **{("awards.AwardDecision", step): (DECIDING, "issuing") for step in ("carry_out", "drop")},
    **{("awards.RegisteredAward", step): (DECIDING, "issuing") for step in ("revoke", "restore", "correct")},
    **{
        ("oversight.Difficulty", step): (DECIDING, "issuing")
        for step in ("take", "forward", "amend", "answer")
    },
    **{
        ("oversight.Inspection", step): (DECIDING, "issuing")
        for step in ("announce", "conclude", "close", "cancel")
    },
    **{("oversight.Visit", step): (DOING, "issuing") for step in ("begin", "minute")},
    ("oversight.Visit", "reopen"): (DECIDING, "issuing"),
    **{("oversight.Training", step): (DECIDING, "body") for step in ("hold", "cancel")},
    ("oversight.Remedy", "report"): (DOING, "doing"),
    **{("oversight.Remedy", step): (DECIDING, "issuing") for step in ("accept", "send_back")},
    **{("oversight.Difficulty", step): (DOING, "doing") for step in ("raise_again", "withdraw")},
    **{("awards.RegisterImport", step): (DECIDING, "issuing") for step in ("enter", "drop")},
    **{("publicity.Story", step): (DOING, "doing") for step in ("offer", "recall", "reopen", "drop")},
    **{("publicity.Story", step): (DECIDING, "body") for step in ("send_back", "publish", "withdraw")},
    **{("publicity.Proposal", step): (DECIDING, "body") for step in ("take", "decline")},
    ("publicity.Publication", "publish"): (DECIDING, "issuing"),
    ("publicity.Publication", "withdraw"): (DECIDING, "issuing"),
    ("households.Review", "report"): (DOING, "doing"),
    ("households.Review", "recognise"): (DECIDING, "doing"),
    **{("resources.Fund", step): (DECIDING, "body") for step in ("close", "reopen")},
    **{("resources.Pledge", step): (DOING, "body") for step in ("fulfil", "drop", "reopen")},
    ("resources.Receipt", "reverse"): (DECIDING, "body"),
    **{
        ("resources.Allocation", step): (DECIDING, "body")
        for step in ("approve", "refuse", "reverse", "reopen")
    },
    ("resources.Allocation", "settle"): (DOING, "body"),
    **{("resources.Sponsorship", step): (DOING, "doing") for step in ("begin", "end", "drop")},
    **{("resources.Campaign", step): (DECIDING, "body") for step in ("approve", "finish", "drop")},
    **{("resources.GiftVisit", step): (DOING, "body") for step in ("do", "drop")},
}

#: Where somebody may stand to the objects of the world: the unit of the mandate, and on which days that unit
#: acts for the unit that does ("doing": xã Huổi Luông), the bodies of the plan ("issuing": huyện Phong Thổ
#: and its Phòng LĐTBXH) or the body of a paper ("body": the district alone). After the reform the new xã
#: Phong Thổ took over from Huổi Luông, and the district, which ended without an heir, left its matters and
#: those of its offices to the province.
RELATIONS: dict[str, tuple[str, set[tuple[date, str]]]] = {
    "own": ("huoi-luong", {(DAY, "doing")}),
    "successor": ("xa-phong-tho", {(AFTER, "doing")}),
    "issuer": ("phong-tho", {(DAY, "issuing"), (DAY, "body")}),
    "standing_body": ("phong-ldtbxh", {(DAY, "issuing")}),
    "above": ("lai-chau", {(AFTER, "issuing"), (AFTER, "body")}),
    "foreign": ("dao-san", set()),
    "other_successor": ("xa-dao-san", set()),
}


@dataclass(frozen=True)
class Person:
    """One who tries: a role at a unit on a day, and for whom that counts (nothing: for nobody)."""

    name: str
    username: str
    on: date
    role: Role | None
    acts_for: frozenset[str]


def people() -> Iterator[Person]:
    for relation, (_, days) in RELATIONS.items():
        for role in Role:
            for on in (DAY, AFTER):
                acts_for = frozenset(side for day, side in days if day == on)
                yield Person(f"{relation}-{role}-{on}", f"{relation}-{role}", on, role, acts_for)
    doing = frozenset({"doing"})
    yield Person("no mandate", "no-mandate", DAY, None, frozenset())
    yield Person("expired mandate", "expired", DAY, None, frozenset())
    yield Person("mandate to come", "to-come", DAY, None, frozenset())
    yield Person("revoked mandate", "revoked", DAY, None, frozenset())
    yield Person("deactivated", "deactivated", DAY, None, frozenset())
    yield Person("delegate", "delegate", DAY, Role.LEADER, doing)
    yield Person("delegate of an ended mandate", "delegate-ended", DAY, None, frozenset())
    yield Person("delegate of one who left", "delegate-left", DAY, None, frozenset())


# --- the world ------------------------------------------------------------------------------------------


def make_people(world: World) -> None:
    for relation, (key, _) in RELATIONS.items():
        for role in Role:
            username = f"{relation}-{role}"
            world.people[username] = make_person(username, (world.unit(key), role))
    commune = world.unit("huoi-luong")
    before, later = date(2023, 1, 1), date(2024, 1, 1)

    def mandated(username: str, since: date = before, until: date = FOREVER, **fields: Any) -> Mandate:
        world.people[username] = make_person(username)
        return Mandate.objects.create(
            user=world.people[username], unit=commune, role=Role.LEADER, since=since, until=until, **fields
        )

    world.people["no-mandate"] = make_person("no-mandate")
    mandated("expired", until=DAY)
    mandated("to-come", since=later)
    mandated("revoked", revoked_at=NOW)
    mandated("deactivated")
    source = mandated("giver")
    ended = mandated("giver-ended", until=DAY)
    left = mandated("giver-left")
    mandated("delegate", delegated_from=source)
    mandated("delegate-ended", delegated_from=ended)
    mandated("delegate-left", delegated_from=left)
    for username in ("deactivated", "giver-left"):
        world.people[username].is_active = False
        world.people[username].save()


def make_objects(world: World) -> dict[str, models.Model]:
    """One object for each table, so that every guard is content."""
    plan: Plan = phong_tho_plan(world)
    drafted = make_plan(
        world.unit("phong-tho"),
        standing_body=world.unit("phong-ldtbxh"),
        movement=plan.movement,
        state=PlanVersionState.DRAFT,
    )
    version = drafted.versions.get()
    version.first_year, version.last_year = 2023, 2025
    version.save()
    make_item(version, "tasks", "K1", {"text": "Nộp báo cáo"})
    task = make_task(plan, world.unit("huoi-luong"))
    TaskNote.objects.create(task=task, text="Đã làm", unit=task.unit, written_at=NOW)
    asking = make_task(plan, world.unit("huoi-luong"), state="dang_lam", due_on=date(2023, 11, 9))
    extension = Extension.objects.create(
        task=asking, due_before=asking.due_on, asked_until=date(2023, 11, 30), reason="Mưa lũ", asked_at=NOW
    )
    summary = RegistrationSummary.objects.create(plan=plan, year=2023, unit=world.unit("huoi-luong"))
    round_ = make_round(plan)
    assert round_.form is not None
    ask(round_.form, "y-kien", is_required=False)
    planned = make_round(plan, round_.form, year=2024)
    # Sent before, whatever the state: a constraint asks for the moment.
    report = make_report(round_, world.unit("huoi-luong"), sent_at=NOW, first_sent_on=DAY)
    item = ask_figure(round_.form, make_indicator("y-kien-so", "Số ý kiến"), is_required=False)
    figure = make_figure(report, item)
    correction = Correction.objects.create(figure=figure, new_stage="chinh_thuc", new_amount=5)
    # A sudden feat: the one stream in which each step may follow the appraisal at once.
    awarding = awards_makers.make_award_round(
        world.unit("phong-tho"),
        world.unit("phong-ldtbxh"),
        stream="one-off",
        commendation_type="one-off",
        due_on=date(2026, 1, 1),
    )
    awards_makers.offer(awarding)
    candidate = awards_makers.make_candidate(awarding, world.unit("huoi-luong"), submitted_on=DAY)
    awards_makers.appraise(candidate)
    awards_makers.consult(candidate, date(2023, 10, 1), date(2023, 10, 20))
    empty = awards_makers.make_award_round(world.unit("phong-tho"), world.unit("phong-ldtbxh"))
    awards_makers.offer(empty)
    looked_at = make_minuted(make_inspection(plan), world.unit("huoi-luong"))
    looked_into = make_minuted(make_inspection(plan), world.unit("huoi-luong"))
    return {
        "awards.AwardRound": empty,
        "awards.Council": council_makers.formed_council(world),
        "awards.CouncilSession": council_makers.ready_session(world, DAY),
        "awards.Candidate": candidate,
        "awards.RegisterImport": register_makers.make_import(world.unit("phong-tho")),
        "awards.AwardDecision": an_issued_decision(world),
        # Revoked before, whatever the state: a constraint asks for the day.
        "awards.RegisteredAward": register_makers.register(
            world.unit("huoi-luong"), world.unit("phong-tho"), revoked_on=DAY
        ),
        "awards.ScoreTable": groups_makers.ready_table(world),
        "awards.GroupSeason": groups_makers.ready_season(world, head="phong-ldtbxh"),
        "awards.ScoreSheet": groups_makers.ready_sheet(world, checker="phong-tho", head="phong-ldtbxh"),
        "publicity.Story": make_story(world),
        "publicity.Proposal": make_proposal(world),
        "publicity.Publication": Publication.objects.create(plan=plan, published_at=NOW, changed_at=NOW),
        "movements.PlanVersion": version,
        "movements.Task": task,
        "movements.Extension": extension,
        "movements.Registration": make_registration(plan, world.unit("huoi-luong")),
        "movements.RegistrationSummary": summary,
        "reports.Round": planned,
        "reports.Report": report,
        "reports.Correction": correction,
        "oversight.Inspection": looked_at.inspection,
        "oversight.Visit": make_minuted(
            make_inspection(plan, state="da_thong_bao"), world.unit("huoi-luong")
        ),
        "oversight.Remedy": make_remedy(looked_into),
        "oversight.Training": make_training(world.unit("phong-tho"), world.unit("huoi-luong")),
        "oversight.Difficulty": make_difficulty(plan, world.unit("huoi-luong")),
        "documents.OutgoingPaper": make_draft(world, symbol="BC-UBND"),
        "households.Review": make_review(
            world.unit("huoi-luong"),
            2023,
            **COMPLETE,
            recognised_on=date(2023, 11, 3),
            decision_number="45/QĐ-UBND",
        ),
        **resources(world),
    }


def resources(world: World) -> dict[str, models.Model]:
    """A fund that holds nothing; one with a pledge, a receipt and an allocation to the district itself."""
    district = world.unit("phong-tho")
    fund = resources_makers.make_fund(district)
    receipt = resources_makers.give(fund, 1_000)
    allocation = resources_makers.propose(fund, 1_000, district)
    visit = resources_makers.list_visit(resources_makers.make_campaign(district), district)
    allocation.used = 1_000
    allocation.save()
    return {
        "resources.Fund": resources_makers.make_fund(district, "Quỹ trống"),
        "resources.Pledge": resources_makers.promise(fund, 1_000),
        "resources.Receipt": receipt,
        "resources.Allocation": allocation,
        "resources.Sponsorship": resources_makers.make_sponsorship(
            world.unit("huoi-luong"), world.unit("dao-san")
        ),
        "resources.Campaign": visit.campaign,
        "resources.GiftVisit": visit,
    }


def an_issued_decision(world: World) -> AwardDecision:
    """On awards, its paper issued, not yet carried out."""
    paper = make_draft(world, kind="quyet_dinh", symbol="QĐ-UBND")
    OutgoingPaper.objects.filter(pk=paper.pk).update(
        state="da_phat_hanh",
        signed_at=NOW,
        given=a_number(paper),
        issued_at=NOW,
        issued_file=store(b"%PDF-1.4"),
    )
    paper.refresh_from_db()
    return AwardDecision.objects.create(
        kind="khen_thuong",
        unit=world.unit("phong-tho"),
        standing_body=world.unit("phong-ldtbxh"),
        title="Về việc tặng Giấy khen",
        decider="Chủ tịch",
        signer_title="Chủ tịch",
        paper=paper,
        number="01/QĐ-UBND",
        dated=DAY,
    )


# --- trying ---------------------------------------------------------------------------------------------


class _TakeBack(Exception):
    """Ends a try that succeeded, so that the next one starts from the same world."""


def tried(on_object: models.Model, step: str, person: Person, actor: Acting, *, state: str) -> str:
    """What became of one try: the new state, or the name of the error. Leaves the world as it was."""
    rows = Entry.objects.count()
    changes = changes_of(on_object, step)
    outcome = ""
    field = table_of(on_object).field
    try:
        with transaction.atomic():
            advance(on_object, step, actor=actor, now=NOW, reason="Có lý do", changes=changes)
            stored = type(on_object)._default_manager.values_list(field, flat=True).get(pk=on_object.pk)
            entry = Entry.objects.order_by("-number")[0]
            assert Entry.objects.count() == rows + 1
            assert (entry.state_before, entry.state_after) == (state, stored)
            assert entry.user == actor.user
            outcome = stored
            raise _TakeBack
    except _TakeBack:
        pass
    except (NotAllowed, RuleNotMet) as refusal:
        outcome = type(refusal).__name__
        assert type(on_object)._default_manager.values_list(field, flat=True).get(pk=on_object.pk) == state, (
            f"{person.name}: {step} was refused and changed the state"
        )
        assert Entry.objects.count() == rows
    setattr(on_object, field, state)  # `advance` has set what was taken back
    return outcome


def changes_of(on_object: models.Model, step: str) -> dict[str, Any]:
    """What comes along with a step, where a guard or a constraint asks for it."""
    if step == "adopt":
        return {"adopted_at": NOW}
    if not isinstance(on_object, OutgoingPaper):
        return {}
    if step == "number":
        return {"given": a_number(on_object)}
    if step == "recall":
        return {"recalled_at": NOW, "recalled_by": notice_against(on_object)}
    changes: dict[str, dict[str, Any]] = {
        "sign": {"signed_how": "tay", "signed_at": NOW},
        "cancel_number": {"given": None},
        "issue": {"issued_at": NOW, "issued_file": store(b"%PDF")},
    }
    return changes.get(step, {})


def a_number(paper: OutgoingPaper) -> GivenNumber:
    """The number that the tests give: always the same one of the book."""
    unused = GivenNumber.objects.filter(book__unit=paper.unit_id, paper__isnull=True)
    return unused.first() or numbering.give(
        paper.unit_id, BookKind.OUTGOING, dated=DAY, label="Báo cáo", actor=System(on=DAY), now=NOW
    )


def notice_against(paper: OutgoingPaper) -> OutgoingPaper:
    """An issued notice that recalls a paper."""
    found = OutgoingPaper.objects.filter(names=paper).first()
    if found is None:
        found = OutgoingPaper.objects.get(pk=paper.pk)
        found.pk = found.given = None
        found.names_id, found.relation, found.state = paper.pk, "thu_hoi", "nhap"
        found.signed_at = found.issued_at = found.issued_file = None
        found.save(force_insert=True)
        number = numbering.give(
            paper.unit_id, BookKind.OUTGOING, dated=DAY, label="Thu hồi", actor=System(on=DAY), now=NOW
        )
        values = {"given": number, "signed_at": NOW, "issued_at": NOW, "issued_file": store(b"%PDF")}
        OutgoingPaper.objects.filter(pk=found.pk).update(state="da_phat_hanh", **values)
        found.refresh_from_db()
    return found


def expected(model: str, step: str, person: Person, *, state: str) -> str:
    roles, side = MAY[model, step]
    if person.role not in roles or side not in person.acts_for:
        return "NotAllowed"
    sources, target, _ = STEPS[model][step]
    return target if state in sources else "RuleNotMet"


def test_rules_by_hand_know_every_step_of_every_table() -> None:
    """A new table or step must be written down here, or this fails."""
    assert {
        table.model: {
            step.name: (tuple(map(str, step.sources)), str(step.target), step.needs_reason)
            for step in table.transitions
        }
        for table in tables()
    } == STEPS
    assert set(MAY) == {(model, step) for model, steps in STEPS.items() for step in steps}


@pytest.mark.django_db
@pytest.mark.parametrize("model", STEPS)
def test_everybody_tries_everything(model: str) -> None:
    world = phong_tho()
    make_people(world)
    on_object = make_objects(world)[model]
    table = next(table for table in tables() if table.model == model)
    actors = {person: acting(world.people[person.username], on=person.on) for person in people()}
    wrong, count = [], 0
    for state in map(str, table.states.values):
        # From the first state anew each time: what was adopted never changes, also for a test.
        before = transaction.savepoint()
        set_state(on_object, state)
        for person, actor in actors.items():
            for step in STEPS[model]:
                count += 1
                outcome = tried(on_object, step, person, actor, state=state)
                wanted = expected(model, step, person, state=state)
                if outcome != wanted:
                    wrong.append(f"{person.name}: {step} from {state} gave {outcome}, not {wanted}")
        transaction.savepoint_rollback(before)

    assert wrong == []
    assert count == len(table.states.values) * 106 * len(STEPS[model])


def set_state(on_object: models.Model, state: str) -> None:
    """Put an object into a state, past all rules; moments that a constraint asks for come along."""
    values: dict[str, Any] = {table_of(on_object).field: state}
    if isinstance(on_object, PlanVersion):
        values["adopted_at"] = None if state in ("nhap", "da_bo") else NOW
    if isinstance(on_object, Story):
        values["published_at"] = NOW
    if isinstance(on_object, OutgoingPaper):
        values["signed_at"] = NOW
    if isinstance(on_object, OutgoingPaper) and state in ("da_cap_so", "da_phat_hanh", "thu_hoi"):
        values["given"] = a_number(on_object)
        values |= {"issued_at": NOW, "issued_file": store(b"%PDF")}
        if state == "thu_hoi":
            values |= {"recalled_at": NOW, "recalled_by": notice_against(on_object)}
    type(on_object)._default_manager.filter(pk=on_object.pk).update(**values)
    on_object.refresh_from_db()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "step"),
    [(model, step) for model, steps in STEPS.items() for step, (_, _, due) in steps.items() if due],
)
def test_step_that_needs_a_reason_is_refused_without(model: str, step: str) -> None:
    world = phong_tho()
    on_object = make_objects(world)[model]
    set_state(on_object, STEPS[model][step][0][0])
    actor = world.acting("huoi-luong" if MAY[model, step][1] == "doing" else "thuong-truc")
    if MAY[model, step][1] == "body":
        role = next(iter(MAY[model, step][0]))
        world.people["one"] = make_person("one", (world.unit("phong-tho"), role))
        actor = world.acting("one")

    rows = Entry.objects.count()

    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        advance(on_object, step, actor=actor, now=NOW, reason=" ")
    assert Entry.objects.count() == rows
