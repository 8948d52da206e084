"""Every address of the program, called by people whom it does not concern.

The map of addresses is walked; each one stands in `EXPECTED` by hand, so that a new address fails here until
somebody has said who may have it. Everything in the world of huyện Phong Thổ holds the word `SECRET`:
no answer to a stranger may hold it, nothing they send may change it, and nothing may break.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from thidua.audit.log import System, record
from thidua.awards import dossiers, suggesting
from thidua.awards.council.tests.makers import ready_session
from thidua.awards.decisions import certificates, designs
from thidua.awards.groups import publishing
from thidua.awards.groups import sheets as score_sheets
from thidua.awards.groups.tests.makers import open_scoring
from thidua.awards.models import (
    AwardDecision,
    CertificatePrint,
    Council,
    CouncilSession,
    GroupSeason,
    Hold,
    Opinion,
    Posting,
    ScoreTable,
)
from thidua.awards.register.tests.makers import make_import
from thidua.awards.register.tests.makers import register as register_award
from thidua.awards.tests.makers import consult, make_award_round, make_candidate, make_record, offer
from thidua.core import clock
from thidua.documents.file_store import store
from thidua.documents.models import PaperTemplate, Reading
from thidua.documents.papers import arrivals, drafting
from thidua.documents.papers.tests.makers import a_paper
from thidua.households.models import BulkFile
from thidua.households.tests.makers import make_assessment, make_household, make_review
from thidua.indicators import figure_files
from thidua.indicators.models import NewRuralLevel, Recognition
from thidua.indicators.tests.makers import define, give
from thidua.jobs import life
from thidua.jobs.queue import enqueue
from thidua.jobs.tests import kinds as kinds
from thidua.movements.models import (
    CalendarFeed,
    ExpectedUnit,
    Extension,
    PartyName,
    PlanVersionState,
    RegistrationSummary,
    SubjectType,
    Target,
    TaskNote,
)
from thidua.movements.plans.tests.makers import sample_document
from thidua.movements.tasks.evidence import Upload, attach
from thidua.movements.tests.makers import (
    at,
    make_item,
    make_movement,
    make_plan,
    make_registration,
    make_task,
    make_version,
)
from thidua.notices.telling import tell
from thidua.organisations import changes, unit_import
from thidua.organisations.models import LegalAct, Mandate, Role, Unit, UnitKind
from thidua.organisations.tests.test_spreadsheets import file_of
from thidua.organisations.tests.test_unit_import import row
from thidua.organisations.tests.world import DAY, make_person, make_unit, phong_tho
from thidua.oversight.tests.makers import (
    make_difficulty,
    make_inspection,
    make_minuted,
    make_remedy,
    make_training,
)
from thidua.oversight.trainings.classes import write_guidance
from thidua.publicity.tests.makers import make_proposal, make_story
from thidua.reports.tests.makers import (
    ask,
    ask_figure,
    make_figure,
    make_form,
    make_merged,
    make_report,
    make_round,
)
from thidua.resources.funds.keeping import Giver
from thidua.resources.models import ProofFile, SupportItem
from thidua.resources.tests import makers as resources_makers

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_is_enough]

SECRET = "Khongchonguoila"
NOW = at(DAY)
YEAR = 2023

# --- who may have which address, by hand ----------------------------------------------------------------

#: For all, also without signing in.
PUBLIC = "public"
#: For everybody who signed in; shows them what is theirs only.
OWN = "own"
#: For those who signed in and have a role, for what is their own; others are refused.
SOME = "some"
#: About one thing of Phong Thổ; who has nothing to do with it gets 403 or 404.
CLOSED = "closed"
#: As `CLOSED`, and without signing in too one is refused instead of sent to the sign-in.
SHUT = "shut"

EXPECTED = {
    "workspace": {
        **dict.fromkeys(("home", "appearance"), PUBLIC),
        **dict.fromkeys(("inbox", "search", "log", "log_chain"), OWN),
        # A reminder goes out for what the own units are owed, which here is nothing.
        **dict.fromkeys(("remind", "verify_log"), SOME),
        "log_entry": CLOSED,
    },
    "running": {
        "health": PUBLIC,
        # The monitor comes with its token.
        "measures": SOME,
        **dict.fromkeys(("jobs", "act"), SOME),
    },
    "accounts": {
        **dict.fromkeys(("sign_in", "sign_out", "forgotten_password"), PUBLIC),
        "demo_sign_in": SHUT,
        **dict.fromkeys(("profile", "change_password", "second_factor", "sessions"), OWN),
    },
    "": {
        **dict.fromkeys(
            (
                "account_login",
                "account_logout",
                "account_reset_password",
                "account_reset_password_done",
                "account_reset_password_from_key_done",
                "account_reset_password_from_key",
                "account_inactive",
                "mfa_authenticate",
            ),
            PUBLIC,
        ),
        **dict.fromkeys(
            (
                "account_reauthenticate",
                "account_change_password",
                "account_set_password",
                "mfa_index",
                "mfa_reauthenticate",
                "mfa_activate_totp",
                "mfa_generate_recovery_codes",
                "usersessions_list",
            ),
            OWN,
        ),
        # Only for who has a second factor.
        **dict.fromkeys(("mfa_deactivate_totp", "mfa_view_recovery_codes"), SOME),
    },
    "people": {
        **dict.fromkeys(("list", "create"), SOME),
        **dict.fromkeys(
            (
                *("person", "close", "reopen", "new_password", "reset_second_factor"),
                *("revoke", "change_end", "delegate", "take_back"),
            ),
            CLOSED,
        ),
    },
    # How the tree of units changed is no secret; changing it is for administrators.
    "unit_changes": {"list": OWN, "choose": SOME, "new": SOME, "change": OWN},
    "unit_import": {"hand_in": SOME, "template": OWN, "look": CLOSED, "errors": CLOSED},
    "organisations": dict.fromkeys(("tree", "list", "find", "unit", "branch"), OWN),
    "notices": {
        "list": OWN,
        "read_all": OWN,
        "choices": OWN,
        "sent": SOME,
        "send_again": SOME,
        "open": CLOSED,
    },
    "documents": {
        **dict.fromkeys(("list", "list_workbook"), PUBLIC),
        **dict.fromkeys(
            (
                *("reading", "dismiss_reading", "plan", "record_json", "record_yaml", "workbook"),
                *("original", "remove", "take_back"),
            ),
            SHUT,
        ),
    },
    "paper_templates": {
        **dict.fromkeys(("list", "ready_made", "ready_made_page"), OWN),
        **dict.fromkeys(("start", "write"), SOME),
        **dict.fromkeys(
            (
                *("template", "edit", "issue", "drop_draft", "retire", "make_usual", "version"),
                "version_page",
            ),
            CLOSED,
        ),
    },
    "plans": {
        "list": OWN,
        **dict.fromkeys(
            (
                *("start", "draft", "accept_clear", "drop_draft", "add", "item", "decide", "mend", "names"),
                *("confirm_names", "name", "preview", "adopt", "source", "plan", "amend", "write"),
                "paper",
            ),
            CLOSED,
        ),
    },
    "cascade": {
        "list": OWN,
        **dict.fromkeys(("movement", "tab", "coverage", "explain", "take_back", "parents"), CLOSED),
    },
    "tasks": {
        **dict.fromkeys(("list", "act_on_many", "late", "give", "activities", "new_activity"), OWN),
        **dict.fromkeys(
            (
                *("evidence", "task", "accept", "decline", "progress", "report_done", "activity"),
                *("ask_extension", "split", "confirm", "send_back", "give_again", "remind", "cancel"),
                *("grant", "refuse", "withdraw", "from_incoming"),
            ),
            CLOSED,
        ),
    },
    "registrations": {
        **dict.fromkeys(("board", "list"), OWN),
        "unmasked": SOME,
        **dict.fromkeys(
            (
                *("registration", "mend", "act", "summary", "summary_act", "own", "plan_board", "remind"),
                *("write", "send_drafts", "households", "import_households", "household_template"),
                *("deciding", "calling", "forget_exception", "places", "summaries", "build_summary"),
            ),
            CLOSED,
        ),
    },
    # Which places and figures there are is no secret; what stands in them is for the own province.
    "indicators": {
        **dict.fromkeys(("list", "indicator", "enter", "hand_in", "grid", "template"), OWN),
        **dict.fromkeys(("look", "cell_errors", "unit_form", "value", "choose", "evidence"), CLOSED),
    },
    # Which commune meets what is no secret; the province writes down decisions.
    "new_rural": {
        **dict.fromkeys(("board", "recognitions", "place", "status"), OWN),
        **dict.fromkeys(("recognise", "withdraw"), CLOSED),
    },
    "households": {
        **dict.fromkeys(("home", "files", "template"), OWN),
        **dict.fromkeys(
            (
                *("file", "apply_file", "commune", "unmasked", "new_household", "household"),
                *("household_act", "review", "review_act", "results", "survey", "earlier_review"),
            ),
            CLOSED,
        ),
    },
    "progress": {"list": OWN, "dashboard": OWN, "target": CLOSED, "binding": CLOSED},
    "papers": {
        **dict.fromkeys(("outgoing", "incoming", "books", "check"), OWN),
        "write": OWN,  # everybody who drafts may write for the own body
        "register": SOME,
        **dict.fromkeys(
            (
                *("paper", "mend", "act", "copy", "copy_pdf", "relate", "pdf", "docx", "package"),
                *("page_picture", "arrival", "forward", "finish", "original", "book", "office"),
            ),
            CLOSED,
        ),
    },
    # The law is no secret.
    "law": dict.fromkeys(("list", "changes", "cases", "entry"), PUBLIC),
    "awards": {
        **dict.fromkeys(("list", "candidates", "new_person"), OWN),
        **dict.fromkeys(("decisions", "designs", "new_design"), OWN),
        **dict.fromkeys(
            (
                *("new_decision", "decision", "decision_act", "change_decision", "decision_line"),
                *("decision_bonuses", "decision_hand_over", "print_certificates", "print", "print_file"),
                *("design", "design_picture", "design_calibration", "revoke_award", "correct_award"),
            ),
            CLOSED,
        ),
        **dict.fromkeys(
            (
                *("new_round", "round", "round_act", "suggestions", "nominate", "suggestion", "answer"),
                *("candidate", "change", "act", "appraise", "consult", "let_pass", "hold", "paper", "file"),
                *("consultation", "person", "end_hold", "export", "export_round", "fact"),
            ),
            CLOSED,
        ),
    },
    # Whether a certificate is real, anybody may ask.
    "check_award": dict.fromkeys(("list", "code"), PUBLIC),
    "council": {
        "list": OWN,
        "new": SOME,
        **dict.fromkeys(
            (
                *("council", "council_act", "add_member", "new_session", "session", "act", "item"),
                *("key", "vote", "paper_count", "close", "results", "package"),
            ),
            CLOSED,
        ),
    },
    "groups": {
        **dict.fromkeys(("list", "tables"), OWN),
        **dict.fromkeys(("new", "new_group", "new_table"), SOME),
        **dict.fromkeys(
            (
                *("group", "season", "change", "act", "ranking", "publication"),
                *("sheet", "sheet_act", "evidence"),
                *("table", "change_table", "table_act", "table_template", "table_from_excel"),
                *("new_item", "item"),
            ),
            CLOSED,
        ),
    },
    "award_register": {
        **dict.fromkeys(("list", "own", "statistics"), OWN),
        **dict.fromkeys(("new", "coverage", "imports", "template", "hand_in_decision"), SOME),
        **dict.fromkeys(("unit", "person", "award", "revoke", "restore", "correct", "tie"), CLOSED),
        **dict.fromkeys(("import", "import_act", "decision_import"), CLOSED),
    },
    "award_rules": {"list": CLOSED, "criterion": CLOSED},
    "opinions": {"list": OWN, **dict.fromkeys(("new", "posting", "act", "opinion"), CLOSED)},
    # What is posted asks everybody; the list here was taken down, and a code opens one answer only.
    "hearing": {
        **dict.fromkeys(("list", "find"), PUBLIC),
        **dict.fromkeys(("posting", "form", "answer"), SHUT),
    },
    "reports": {
        **dict.fromkeys(("board", "mine"), OWN),
        **dict.fromkeys(
            (
                *("report", "write", "attach", "file", "detach", "send", "recall", "change_unlocked"),
                *("accept", "send_back", "unlock", "lock_again", "let_off", "correct_all", "correct"),
                *("plan_board", "new_round", "round", "change_round", "round_act", "remind", "accept_all"),
                *("ask_also", "form", "preview", "new_item", "item", "item_act", "new_version"),
            ),
            CLOSED,
        ),
    },
    "inspections": {
        **dict.fromkeys(("list", "new", "remedies"), OWN),
        **dict.fromkeys(
            (
                *("inspection", "change", "choose", "act", "drop_member", "drop_item", "visit", "visit_act"),
                *("item", "figures", "recheck", "correct", "remedy", "remedy_act", "proof"),
            ),
            CLOSED,
        ),
    },
    "trainings": {
        **dict.fromkeys(("list", "new", "guidance_list", "new_guidance"), OWN),
        **dict.fromkeys(("training", "put_down", "roll", "cancel", "guidance", "proof"), CLOSED),
    },
    "difficulties": {
        **dict.fromkeys(("list", "new", "answers"), OWN),
        **dict.fromkeys(("difficulty", "act", "proof"), CLOSED),
    },
    "merging": dict.fromkeys(
        (*("merge", "build", "decide", "choose"), *("paper", "draft_paper", "paper_file", "paper_page")),
        CLOSED,
    ),
    "resources": {
        **dict.fromkeys(("funds", "receipts", "pledges", "allocations"), OWN),
        **dict.fromkeys(("new_fund", "new_sponsorship", "new_campaign"), OWN),
        **dict.fromkeys(("sponsorships", "credit", "campaigns", "loan_template"), OWN),
        **dict.fromkeys(
            (
                *("fund", "books", "statement", "receipt", "receipt_paper", "pledge", "allocation"),
                *("fund_receive", "fund_pledge", "fund_propose", "fund_close_books", "fund_mend"),
                *("fund_close", "fund_reopen", "pledge_receive", "pledge_drop", "receipt_reverse"),
                *("allocation_approve", "allocation_refuse", "allocation_prove", "allocation_give_back"),
                *("allocation_reverse", "allocation_reverse_proof", "proof_file"),
                *("sponsorship", "sponsorship_begin", "sponsorship_add_item", "sponsorship_note_done"),
                *("sponsorship_end", "sponsorship_drop", "item_file", "loans", "hand_in"),
                *("campaign", "campaign_list_visit", "campaign_approve", "campaign_visit"),
                *("campaign_drop_visit", "campaign_finish", "campaign_drop"),
            ),
            CLOSED,
        ),
    },
    # Only what a body has published; nothing of Phong Thổ is.
    "portal": dict.fromkeys(
        (
            *("home", "movements", "movement", "plan", "plan_file", "targets", "target", "papers"),
            *("awards", "paper_pdf", "search", "stories", "story", "picture", "propose", "proposed"),
            *("datasets", "dataset", "dataset_file", "catalogue", "news", "answers", "funds"),
        ),
        PUBLIC,
    ),
    "stories": {
        **dict.fromkeys(("list", "columns", "proposals"), OWN),
        "new": SOME,
        **dict.fromkeys(
            (
                *("proposal", "story", "change", "act", "consent", "take_back", "consent_file"),
                *("add_picture", "picture", "drop_picture", "add_copy", "forget_copy"),
            ),
            CLOSED,
        ),
    },
    "switching": {"plans": OWN, "papers": OWN, "plan": CLOSED, "paper": CLOSED},
    "timeline": {"timeline": OWN, "feeds": OWN, "revoke": CLOSED, "calendar": SHUT},
}
EXPECTATIONS = {
    f"{space}:{name}" if space else name: wanted
    for space, names in EXPECTED.items()
    for name, wanted in names.items()
}


def addresses() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and parameters of every address of the program."""

    def walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from walk(one, (*spaces, one.namespace) if one.namespace else spaces)
            elif isinstance(one, URLPattern):
                names = tuple(sorted(one.pattern.regex.groupindex))
                yield ":".join((*spaces, one.name or str(one.pattern))), names

    return walk(get_resolver(), ())


def test_every_address_has_an_expectation() -> None:
    assert sorted({name for name, _ in addresses()}) == sorted(EXPECTATIONS)


# --- the world ------------------------------------------------------------------------------------------


class Place:
    """Phong Thổ with one of each thing, all of them holding the secret word, and strangers."""

    def __init__(self) -> None:
        world = self.world = phong_tho()
        district, standing = world.unit("phong-tho"), world.unit("phong-ldtbxh")
        commune = world.unit("huoi-luong")
        far = make_unit("lang-son", "tỉnh Lạng Sơn", UnitKind.PROVINCE, parent=world.unit("viet-nam"))
        world.people["tinh-khac"] = make_person("tinh-khac", *((far, role) for role in Role))
        movement = make_movement(f"Phong trào {SECRET}", owner=district)
        plan = self.plan = make_plan(
            district,
            movement=movement,
            standing_body=standing,
            title=f"Kế hoạch {SECRET}",
            number="12/KH-UBND",
            state=PlanVersionState.DRAFT,
        )
        version = self.version = plan.versions.get()
        document = version.document = self.document = sample_document(1)
        document.address, document.is_sample, document.kept_for = "van-ban-rieng", False, district
        document.owner, document.title = "trinh-duyet-khac", SECRET
        document.file, document.file_name = store(SECRET.encode()), f"{SECRET}.txt"
        document.record_json = json.dumps({**document.record, "doc": {"title": SECRET, "short": SECRET}})
        document.save()
        document.refresh_from_db()
        version.first_year, version.last_year = 2023, 2025
        item = make_item(version, "tasks", "K1", {"quote": f"Nộp báo cáo {SECRET}"})
        aim = make_item(version, "targets", "C1", {"quote": f"Giảm nghèo {SECRET}"})
        said = {"subject_type": "commune", "subject_label": "Cấp xã", "text": f"Xã {SECRET}"}
        make_item(version, "criteria", "S2.c1", said)
        version.state, version.adopted_at = PlanVersionState.ADOPTED, NOW
        version.save()
        target = Target.objects.create(
            plan=plan, item=aim, indicator="ti_le_ho_ngheo", label=f"Giảm nghèo {SECRET}", comparator="="
        )
        draft = make_version(plan, state=PlanVersionState.DRAFT, number=2)
        drafted = make_item(draft, "tasks", "K1", {"quote": f"Nộp báo cáo {SECRET}"})
        party = PartyName.objects.create(version=draft, name=f"Phòng {SECRET}")
        task = self.task = make_task(
            plan,
            commune,
            title=f"Việc {SECRET}",
            item=item,
            state="dang_lam",
            due_on=date(2023, 11, 9),
        )
        note = TaskNote.objects.create(task=task, text=f"Đã làm {SECRET}", unit=commune, written_at=NOW)
        (evidence,) = attach([Upload(f"{SECRET}.txt", SECRET.encode())], note=note, now=NOW)
        extension = Extension.objects.create(
            task=task, due_before=task.due_on, asked_until=date(2023, 11, 30), reason=SECRET, asked_at=NOW
        )
        registration = make_registration(
            plan,
            commune,
            kind="thoat_ngheo",
            subject_type=SubjectType.HOUSEHOLD,
            subject_name=f"Hộ {SECRET}",
            commitment=SECRET,
            state="cho_duyet",
        )
        summary = RegistrationSummary.objects.create(plan=plan, year=YEAR, unit=commune)
        expected = ExpectedUnit.objects.create(
            plan=plan, year=YEAR, kind="tham_gia", unit=commune, reason=SECRET, is_expected=True
        )
        notice = tell(
            kind="x", text=f"Tin {SECRET}", address="/", now=NOW, sender="Huyện", unit_id=commune.pk
        )
        officer = world.acting("thuong-truc")
        entry = record(
            "test.act", plan, label=f"Việc {SECRET}", actor=officer, now=NOW, object_unit_id=district.pk
        )
        feed = CalendarFeed.objects.create(user=world.people["thuong-truc"], token_hash="0" * 64)
        reading = Reading.objects.create(
            owner="trinh-duyet-khac",
            file=store(SECRET.encode()),
            file_name=f"{SECRET}.pdf",
            job=enqueue("tests.count", args={"to": 1}),
        )
        admin = world.acting("quan-tri")
        kept = unit_import.keep(
            file_of(row(f"bản {SECRET}", "xã Huổi Luông")), file_name=f"{SECRET}.xlsx", actor=admin, now=NOW
        )
        unit_import.check(kept, actor=admin, now=NOW)
        define()
        value = give("poor_hh", commune, YEAR - 1, 12, note=SECRET)
        figures = figure_files.keep(SECRET.encode(), file_name=f"{SECRET}.xlsx", actor=officer, now=NOW)
        decision = LegalAct.objects.create(number="728/QĐ-UBND")
        recognition = Recognition.objects.create(
            unit=world.unit("mu-sang"),
            level=NewRuralLevel.STANDARD,
            for_year=YEAR,
            decision=decision,
            decided_on=date(2023, 6, 1),
        )
        household = make_household(commune, SECRET, f"Hộ {SECRET}", village_name=SECRET)
        household_review = make_review(commune, YEAR)
        make_assessment(household, household_review, "ngheo")
        make_review(commune, YEAR, corrects=household_review, correction_reason=f"Vì {SECRET}")
        household_file = BulkFile.objects.create(
            unit=commune, year=YEAR, file=store(SECRET.encode()), file_name=f"{SECRET}.csv"
        )
        change = changes.carry_out(
            changes.plan_rename(world.unit("mu-sang").pk, on=date(2023, 6, 1), name="Mù Sang Mới"),
            actor=admin,
            now=NOW,
        )
        report_form = make_form(standing, name=f"Mẫu {SECRET}")
        question = ask(report_form, "ket-qua", title=f"Kết quả {SECRET}", is_required=False)
        counted = ask_figure(report_form, value.indicator, is_required=False)
        round_ = make_round(plan, report_form, title=f"Báo cáo {SECRET}")
        report = make_report(round_, commune, state="da_gui")
        merged = make_merged(round_)
        report.answers.create(item=question, text=SECRET)
        attached = report.attachments.create(file=store(SECRET.encode()), file_name=f"{SECRET}.txt")
        correction = make_figure(report, counted, 3).corrections.create(new_stage="chinh_thuc", reason=SECRET)
        awarding = make_award_round(district, standing, plan=plan, name=f"Đợt xét {SECRET}", note=SECRET)
        offer(awarding)
        (suggested,) = suggesting.suggest(awarding, actor=officer, now=NOW)
        proposed = make_candidate(
            awarding, commune, label=f"xã {SECRET}", achievement=SECRET, state="da_gui", submitted_on=DAY
        )
        dossier = dossiers.of(proposed, on=DAY)
        enclosed = dossier.papers.create(
            code="khac", name=SECRET, need="them", file=store(SECRET.encode()), file_name=f"{SECRET}.txt"
        )
        holding_row = Hold.objects.create(
            subject_key=proposed.subject_key, unit=commune, kind="complaint", reason=SECRET, since=DAY
        )
        looked_at = make_minuted(make_inspection(plan, title=f"Kiểm tra {SECRET}"), commune, summary=SECRET)
        make_remedy(looked_at, f"Khắc phục {SECRET}")
        looked_at.findings.get().proofs.create(file=store(SECRET.encode()), file_name=f"{SECRET}.txt")
        class_ = make_training(standing, commune, title=f"Tập huấn {SECRET}")
        guided = write_guidance(
            unit_id=standing.pk,
            title=f"Hướng dẫn {SECRET}",
            text=SECRET,
            files=[Upload(f"{SECRET}.txt", SECRET.encode())],
            actor=officer,
            now=NOW,
        )
        difficulty = make_difficulty(plan, commune, title=f"Vướng {SECRET}", text=SECRET)
        difficulty.proofs.create(file=store(SECRET.encode()), file_name=f"{SECRET}.txt")
        asking = consult(proposed, DAY, DAY, matters=SECRET)
        posting = Posting.objects.create(
            round=awarding, unit=standing, where=SECRET, posted_on=DAY, until=DAY, taken_down_on=DAY
        )
        opinion = Opinion.objects.create(
            candidate=proposed, posting=posting, kind="phan_doi", text=SECRET, sent_at=NOW, receipt=SECRET
        )
        template = PaperTemplate.objects.create(
            unit=standing, kind="bao_cao", name=f"Mẫu {SECRET}", made_at=NOW
        )
        template.versions.create(
            number=1, text=f"loai: bao_cao\ntrich_yeu: {SECRET}\n---\nx\n", changed_at=NOW
        )
        paper = drafting.draft(
            a_paper(title=f"Báo cáo {SECRET}"), unit_id=district.pk, actor=officer, now=NOW
        )
        arrival = arrivals.register(
            arrivals.Written(issuer=f"Cơ quan {SECRET}", title=SECRET),
            unit_id=district.pk,
            file=store(SECRET.encode()),
            file_name=f"{SECRET}.txt",
            actor=System(on=DAY),
            now=NOW,
        )
        (passed_on,) = arrivals.forward(
            arrival, unit_ids=[commune.pk], instruction=SECRET, actor=System(on=DAY), now=NOW
        )
        # Without a worker the page of health rightly says 503.
        life.beat("w", now=timezone.now())
        mandate = Mandate.objects.get(user=world.people["huoi-luong"])
        rewarded = register_award(make_record(commune, SECRET), district, achievement=SECRET)
        decided = AwardDecision.objects.create(
            kind="khen_thuong",
            unit=district,
            standing_body=standing,
            round=awarding,
            form="giay-khen",
            title=f"Về việc tặng Giấy khen {SECRET}",
            decider="Chủ tịch",
            signer_title="Chủ tịch",
            state="da_ghi",
            number="9/QĐ-UBND",
            dated=DAY,
        )
        decided.lines.create(position=1, candidate=proposed, award=rewarded, name=SECRET, achievement=SECRET)
        certificates.give(rewarded, actor=System(on=DAY), now=NOW)
        printing = CertificatePrint.objects.create(
            unit=district,
            decision=decided,
            design=designs.ensure(district, "giay-khen", actor=System(on=DAY), now=NOW),
            file=store(f"in {SECRET}".encode()),
        )
        told = make_story(self.world, title=SECRET, subject=SECRET, is_agreed=False)
        agreed = told.consents.create(
            giver=SECRET, given_on=DAY, file=store(SECRET.encode()), file_name=f"{SECRET}.txt"
        )
        shot = told.pictures.create(file=store(b"\xff\xd8\xff"), alternative=SECRET, width=1, height=1)
        copied = told.copies.create(unit=world.unit("mu-sang"), since=DAY, result=SECRET)
        offered = make_proposal(self.world, subject=SECRET, author=SECRET)
        meeting = ready_session(world, DAY)
        Council.objects.update(name=f"Hội đồng {SECRET}")
        CouncilSession.objects.update(title=f"Họp {SECRET}")
        scoring = open_scoring(world)
        line = scoring.line("huoi-luong", "1")
        proof = score_sheets.add_evidence(
            line, raw=SECRET.encode(), file_name=f"{SECRET}.txt", actor=System(on=DAY), now=NOW
        )
        scoring.verified("huoi-luong", n1=50, n2=30)
        ScoreTable.objects.update(name=f"Bảng {SECRET}")
        GroupSeason.objects.update(covenant=f"Giao ước {SECRET}")
        scoring.season.refresh_from_db()
        publishing.publish(scoring.season, actor=System(on=DAY), now=NOW)
        by_name: dict[str, dict[str, Any]] = {
            "groups:group": {"pk": scoring.season.grouping_id},
            **{
                f"groups:{name}": {"pk": line.sheet_id, "evidence_pk": proof.pk}
                for name in ("sheet", "sheet_act", "evidence")
            },
            **{
                f"groups:{name}": {"pk": scoring.season.table_id, "item_pk": line.item_id}
                for name in (
                    *("table", "change_table", "table_act", "table_template", "table_from_excel"),
                    *("new_item", "item"),
                )
            },
            "workspace:log_entry": {"number": entry.number},
            "workspace:remind": {"unit_pk": commune.pk},
            "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
            **{
                f"people:{name}": {"pk": mandate.pk}
                for name in ("revoke", "change_end", "delegate", "take_back")
            },
            "unit_changes:new": {"name": "thanh-lap"},
            "unit_changes:change": {"pk": change.pk},
            "documents:reading": {"pk": reading.pk},
            "documents:dismiss_reading": {"pk": reading.pk},
            "notices:open": {"pk": notice.pk},
            **{f"plans:{name}": {"pk": plan.pk} for name in ("plan", "amend", "write")},
            "plans:source": {"pk": version.pk},
            "plans:add": {"pk": draft.pk, "kind": "nhiem-vu"},
            "cascade:movement": {"pk": movement.pk},
            "cascade:tab": {"pk": movement.pk, "tab": "nhiem-vu"},
            "tasks:evidence": {"pk": evidence.pk},
            **{f"registrations:{name}": {"pk": summary.pk} for name in ("summary", "summary_act")},
            "registrations:forget_exception": {"pk": expected.pk},
            **self._resources(district, commune),
            **{f"households:{name}": {"pk": household_file.pk} for name in ("file", "apply_file")},
            "households:earlier_review": {"pk": household_review.pk},
            **{f"indicators:{name}": {"pk": value.pk} for name in ("value", "choose", "evidence")},
            **{
                f"reports:{name}": {"pk": round_.pk}
                for name in (*("round", "change_round", "round_act", "remind", "accept_all", "ask_also"),)
            },
            **{
                f"reports:{name}": {"pk": report_form.pk}
                for name in ("form", "preview", "new_item", "item", "item_act", "new_version")
            },
            **{
                f"awards:{name}": {"pk": awarding.pk}
                for name in ("round", "round_act", "suggestions", "nominate", "export_round")
            },
            **{
                f"awards:{name}": {"pk": suggested.suggestions.get(unit=commune).pk}
                for name in ("suggestion", "answer")
            },
            **{
                f"inspections:{name}": {
                    "pk": looked_at.inspection_id,
                    "member_pk": looked_at.inspection.team.get().pk,
                    "item_pk": looked_at.inspection.checklist.get().pk,
                    "key": "announce",
                }
                for name in ("inspection", "change", "choose", "act", "drop_member", "drop_item")
            },
            **{
                f"inspections:{name}": {"pk": looked_at.remedies.get().pk, "key": "report"}
                for name in ("remedy", "remedy_act")
            },
            "inspections:proof": {"pk": looked_at.findings.get().proofs.get().pk},
            "trainings:guidance": {"pk": guided.pk},
            "trainings:proof": {"pk": guided.proofs.get().pk},
            "difficulties:proof": {"pk": difficulty.proofs.get().pk},
            "awards:consultation": {"pk": asking.pk},
            **{
                f"awards:{name}": {"pk": decided.pk}
                for name in (
                    *("decision", "decision_act", "change_decision", "decision_line"),
                    *("decision_bonuses", "decision_hand_over", "print_certificates"),
                )
            },
            "awards:new_decision": {"round_pk": awarding.pk},
            "awards:print": {"pk": printing.pk},
            "awards:print_file": {"pk": printing.pk},
            **{
                f"awards:{name}": {"pk": printing.design_id}
                for name in ("design", "design_picture", "design_calibration")
            },
            **{f"awards:{name}": {"award_pk": rewarded.pk} for name in ("revoke_award", "correct_award")},
            "awards:person": {"pk": make_record(standing, SECRET).pk},
            "awards:end_hold": {"pk": holding_row.pk},
            **{
                f"council:{name}": {"pk": meeting.council_id}
                for name in ("council", "council_act", "add_member", "new_session")
            },
            "award_register:person": {"pk": rewarded.person_id},
            "award_register:unit": {"pk": commune.pk},
            **{
                f"award_register:{name}": {"pk": make_import(district, file_name=f"{SECRET}.xlsx").pk}
                for name in ("import", "import_act")
            },
            "opinions:new": {"pk": awarding.pk},
            "opinions:opinion": {"pk": opinion.pk},
            "timeline:revoke": {"pk": feed.pk},
            "portal:movement": {"pk": movement.pk},
            **{f"portal:{name}": {"pk": plan.pk} for name in ("plan", "plan_file")},
            "portal:target": {"pk": target.pk},
            "switching:paper": {"pk": paper.pk},
            "portal:paper_pdf": {"pk": paper.pk},
            "portal:story": {"pk": told.pk},
            "portal:picture": {"pk": shot.pk},
            "stories:proposal": {"pk": offered.pk},
            **{f"stories:{name}": {"row_pk": agreed.pk} for name in ("take_back", "consent_file")},
            **{f"stories:{name}": {"row_pk": shot.pk} for name in ("picture", "drop_picture")},
            "stories:forget_copy": {"row_pk": copied.pk},
            **{f"papers:{name}": {"pk": arrival.pk} for name in ("arrival", "forward", "finish", "original")},
            "papers:book": {"pk": arrival.given.book_id},
            "tasks:from_incoming": {"incoming_pk": arrival.pk},
        }
        by_space: dict[str, dict[str, Any]] = {
            "people": {"pk": world.people["huoi-luong"].pk},
            "unit_import": {"pk": kept.pk},
            "organisations": {"key": "huoi-luong"},
            "documents": {"address": self.document.address},
            "paper_templates": {"pk": template.pk, "kind": "bao_cao", "number": 1, "page": 1},
            "plans": {
                "pk": draft.pk,
                "item_pk": drafted.pk,
                "party_pk": party.pk,
                "address": self.document.address,
                "face": "docx",
            },
            "cascade": {"pk": version.pk, "item": item.pk},
            "tasks": {"pk": task.pk, "extension_pk": extension.pk},
            "registrations": {
                "pk": registration.pk,
                "plan_pk": plan.pk,
                "year": YEAR,
                "kind": "tham-gia",
            },
            "indicators": {
                "pk": figures.pk,
                "code": "poor_hh",
                "set_code": "ra_soat.commune",
                "period": str(YEAR),
                "key": "huoi-luong",
            },
            "new_rural": {"key": "huoi-luong", "year": YEAR, "pk": recognition.pk},
            "households": {"key": "huoi-luong", "year": YEAR, "pk": household.pk},
            "progress": {"pk": target.pk},
            "papers": {
                "pk": paper.pk,
                "copy_pk": 1,
                "page": 1,
                "forwarding_pk": passed_on.pk,
                "unit_pk": district.pk,
            },
            "awards": {
                "pk": proposed.pk,
                "row_pk": enclosed.pk,
                "plan_pk": plan.pk,
                "line_pk": decided.lines.get().pk,
            },
            "check_award": {"code": "KHONGCOTHAT2"},
            "award_register": {"pk": rewarded.pk},
            "award_rules": {"pk": awarding.pk, "criterion": "S2.c1"},
            "opinions": {"pk": posting.pk},
            "hearing": {"pk": posting.pk, "candidate_pk": proposed.pk, "receipt": "AAAA-BBBB-CCCC"},
            "council": {"pk": meeting.pk, "item_pk": meeting.items.get().pk},
            "groups": {"pk": scoring.season.pk, "number": 1},
            "law": {"key": "pay.base_salary"},
            "reports": {
                "pk": report.pk,
                "plan_pk": plan.pk,
                "file_pk": attached.pk,
                "correction_pk": correction.pk,
                "item_pk": question.pk,
            },
            "merging": {"pk": merged.pk, "form": "pdf", "number": 1},
            "inspections": {
                "pk": looked_at.pk,
                "item_pk": looked_at.inspection.checklist.get().pk,
                "value_pk": value.pk,
                "key": "begin",
            },
            "trainings": {"pk": class_.pk},
            "difficulties": {"pk": difficulty.pk, "key": "take"},
            "switching": {"pk": plan.pk},
            "portal": {"key": "chi-tieu", "ending": "csv"},
            "stories": {"pk": told.pk},
            "timeline": {"token": "khong-co-that"},
            "resources": {"pk": self.fund.pk, "key": "huoi-luong"},
        }
        self.paths = {
            name: reverse(
                name,
                kwargs={
                    key: {**by_space.get(name.split(":")[0], {}), **by_name.get(name, {})}[key]
                    for key in keys
                },
            )
            for name, keys in addresses()
        }

    def _resources(self, district: Unit, commune: Unit) -> dict[str, dict[str, Any]]:
        """A fund with one of each thing in it; gives the keys that its addresses need."""
        self.fund = resources_makers.make_fund(district, f"Quỹ {SECRET}")
        donor = Giver("doanh_nghiep", f"Hợp tác xã {SECRET}")
        pledge = resources_makers.promise(self.fund, 1_000, donor)
        receipt = resources_makers.give(self.fund, 1_000, donor)
        allocation = resources_makers.propose(self.fund, 600, commune, purpose=f"Sửa nhà {SECRET}")
        resources_makers.prove(resources_makers.approve(allocation), 500)
        proof_file = ProofFile.objects.get()
        one = resources_makers.make_sponsorship(district, commune, basis=f"Căn cứ {SECRET}")
        campaign = resources_makers.make_campaign(district, f"Thăm Tết {SECRET}")
        item = SupportItem.objects.create(
            sponsorship=one, title=SECRET, file=store(SECRET.encode()), file_name=f"{SECRET}.txt"
        )
        return {
            "resources:item_file": {"pk": item.pk},
            **{
                f"resources:sponsorship{word}": {"pk": one.pk}
                for word in ("", "_begin", "_add_item", "_note_done", "_end", "_drop")
            },
            **{
                f"resources:campaign{word}": {"pk": campaign.pk}
                for word in ("", "_list_visit", "_approve", "_visit", "_drop_visit", "_finish", "_drop")
            },
            "resources:proof_file": {"pk": proof_file.pk},
            **{f"resources:{one}": {"pk": pledge.pk} for one in ("pledge", "pledge_receive", "pledge_drop")},
            **{
                f"resources:{one}": {"pk": receipt.pk}
                for one in ("receipt", "receipt_reverse", "receipt_paper")
            },
            **{
                f"resources:allocation{one}": {"pk": allocation.pk}
                for one in ("", "_approve", "_refuse", "_prove", "_give_back", "_reverse", "_reverse_proof")
            },
        }

    def client(self, username: str) -> Client:
        client = Client(raise_request_exception=False)
        if username:
            client.force_login(self.world.people[username])
        return client


@pytest.fixture
def place() -> Iterator[Place]:
    with clock.fixed_on(DAY):
        yield Place()


def everything() -> dict[str, set[Any]]:
    """All rows of the tables that hold the work of Phong Thổ."""
    kept = (
        "movements_",
        "households_",
        "indicators_",
        "documents_",
        "reports_",
        "oversight_",
        "resources_",
        "awards_",
        "publicity_",
        "organisations_",
        "accounts_user",
        "audit_entry",
        "notices_notice",
    )
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            # Left out: the tree derived from the units, and which notices somebody has seen.
            if table.startswith(kept) and "tree" not in table and table != "notices_noticeread":
                columns = [
                    connection.ops.quote_name(one.name)
                    for one in connection.introspection.get_table_description(cursor, table)
                    if one.name not in ("last_login",)
                ]
                cursor.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1")
                found[table] = set(cursor.fetchall())
    return found


#: What a form might send: enough for the acts that ask for a reason, a day or a choice.
SENT = {
    "ly_do": "Thử",
    "reason": "Thử",
    "text": "Thử",
    "noi_dung": "Thử",
    "viec": "duyet",
    "act": "approve",
    "decision": "accept",
    "next": "/",
}


def body_of(response: HttpResponseBase) -> str:
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return content.decode(errors="replace") + str(response.headers)


def asked_for_sign_in(response: HttpResponseBase) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith("/tai-khoan/dang-nhap/")


def leads_to_a_closed_page(response: HttpResponseBase, place: Place) -> bool:
    """An act opened by its address leads to the page of its task, which is in the map itself."""
    return response.status_code == 302 and response.headers["Location"] == place.paths["tasks:task"]


#: Leave the session: before and after them one signs in.
LEAVING = {"accounts:sign_out", "account_logout"}


#: The portal, and the pages beside it that are the same for everybody.
FOR_EVERYBODY = ("portal:", "check_award:", "hearing:")
#: Those of them with a form or the answer to one person.
OF_THE_MOMENT = {"portal:propose", "hearing:form", "hearing:find", "hearing:answer"}


def kept_wrongly(name: str, response: HttpResponseBase) -> str:
    """Who may keep a copy of an answer: everybody of a portal page, nobody of any other."""
    says = response.headers.get("Cache-Control", "nothing")
    if name.startswith(FOR_EVERYBODY) and name not in OF_THE_MOMENT:
        if response.cookies or "cookie" in response.headers.get("Vary", "").lower():
            return "has to do with cookies"
        if "csrf" in body_of(response).lower():
            return "holds a token"
        if response.status_code == 200:
            is_right = says.startswith("public, max-age=") and "ETag" in response.headers
            return "" if is_right else f"may not be kept: {says}"
    return "" if says == "private, no-store" else f"may be kept: {says}"


def wrong_answers(place: Place, username: str) -> list[str]:
    """Calls every address by GET and POST; gives the answers that are not as expected."""
    wrong = []
    client = place.client(username)
    for name, path in place.paths.items():
        for method in ("get", "post"):
            if name in LEAVING:
                client = place.client(username)
            response = getattr(client, method)(path, SENT if method == "post" else {})
            status, wanted = response.status_code, EXPECTATIONS[name]
            said = f"{method.upper()} {name} ({path}): {status}"
            if SECRET in body_of(response):
                wrong.append(f"{said} tells the secret")
            if status >= 500:
                wrong.append(f"{said} breaks")
            elif kept := kept_wrongly(name, response):
                wrong.append(f"{said} {kept}")
            if status == 405 or (method == "get" and leads_to_a_closed_page(response, place)):
                continue
            if not username and wanted in (OWN, SOME, CLOSED) and not asked_for_sign_in(response):
                wrong.append(f"{said} without signing in")
            if (wanted == SHUT or (username and wanted == CLOSED)) and status not in (403, 404):
                wrong.append(f"{said} is not refused")
            if username and wanted == OWN and (status == 404 or asked_for_sign_in(response)):
                wrong.append(f"{said} is refused")
            if name in LEAVING:
                client = place.client(username)
    return wrong


@pytest.mark.parametrize("username", ["", "nguoi-la", "tinh-khac"])
def test_strangers_get_nothing_of_phong_tho(place: Place, username: str) -> None:
    before = everything()

    wrong = wrong_answers(place, username)
    assert not wrong, "\n".join(wrong)

    after = everything()
    assert {table for table, rows in before.items() if not rows <= after[table]} == set()
    # What they made is theirs: a calendar address of their own, and the log says so.
    made = {table for table, rows in after.items() if rows - before[table]}
    assert made <= {"audit_entry", "movements_calendarfeed"}


def test_the_secret_is_there_for_those_whom_it_concerns(place: Place) -> None:
    """Otherwise the tests above would find nothing because there is nothing."""
    clients = [place.client("thuong-truc"), place.client("lanh-dao")]
    shown = {
        name
        for client in clients
        for name, path in place.paths.items()
        if name not in LEAVING and SECRET in body_of(client.get(path))
    }

    assert shown >= {
        *("resources:funds", "resources:fund", "resources:receipt", "resources:pledges"),
        *("resources:allocation", "resources:statement", "resources:sponsorship", "resources:campaign"),
        "plans:plan",
        "plans:draft",
        "cascade:movement",
        "tasks:task",
        "tasks:evidence",
        "registrations:registration",
        "award_register:list",
        "council:list",
        "council:council",
        "council:session",
        "groups:season",
        "groups:ranking",
        "groups:publication",
        "groups:sheet",
        "groups:evidence",
        "groups:tables",
        "groups:table",
        "award_register:award",
        "awards:list",
        "awards:round",
        "awards:suggestion",
        "awards:candidate",
        "awards:file",
        "awards:consultation",
        "inspections:list",
        "inspections:visit",
        "inspections:proof",
        "inspections:remedy",
        "awards:decisions",
        "awards:decision",
        "awards:decision_hand_over",
        "awards:print_file",
        "trainings:training",
        "trainings:guidance",
        "difficulties:list",
        "difficulties:difficulty",
        "difficulties:proof",
        "opinions:opinion",
        "reports:plan_board",
        "reports:round",
        "reports:report",
        "reports:form",
        "workspace:log",
        "documents:plan",
        "documents:original",
    }
