"""Every list page asks the database the same number of questions for 1, 3 and 3,000 rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thidua.accounts.models import User
from thidua.audit.log import System
from thidua.audit.models import Entry
from thidua.awards import quota_checks
from thidua.awards.decisions import certificates
from thidua.awards.models import (
    AwardDecision,
    Bonus,
    Candidate,
    CertificateDesign,
    Council,
    CouncilSession,
    GroupSeason,
    Opinion,
    Posting,
    RegisteredAward,
    ScoreItem,
    ScoreLine,
    ScoreSheet,
    ScoreTable,
    Suggestion,
    SuggestionSet,
)
from thidua.awards.tests.makers import make_award_round, offer
from thidua.core import clock
from thidua.core.text import fold, sort_key
from thidua.criteria.models import StoredVerdict, VerdictSet
from thidua.documents.file_store import store
from thidua.documents.models import (
    Forwarding,
    GivenNumber,
    IncomingPaper,
    NumberBook,
    OutgoingPaper,
    PaperTemplate,
)
from thidua.jobs.models import Job, JobState
from thidua.movements.models import (
    Movement,
    Plan,
    PlanVersion,
    PlanVersionState,
    Registration,
    SubjectType,
    Task,
)
from thidua.movements.tests.makers import at, make_item, make_plan, make_registration, make_task
from thidua.notices.models import Delivery, Notice
from thidua.organisations import tree
from thidua.organisations.models import (
    BEGINNING,
    Change,
    ChangeKind,
    Grouping,
    Mandate,
    Role,
    Unit,
    UnitKind,
    UnitVersion,
)
from thidua.organisations.tests.world import DAY, REFORM, World, phong_tho
from thidua.oversight.models import Difficulty, Guidance, Remedy, Visit
from thidua.oversight.tests.makers import make_inspection, make_training
from thidua.reports.models import Report
from thidua.reports.tests.makers import make_round
from thidua.resources.models import (
    Allocation,
    Campaign,
    Donor,
    Fund,
    GiftVisit,
    LedgerEntry,
    Pledge,
    Receipt,
    Sponsorship,
)
from thidua.resources.tests.makers import make_campaign, make_fund

pytestmark = pytest.mark.django_db

NOW = at(DAY)
#: Page → who looks.
PAGES = {
    "/ke-hoach/": "thuong-truc",
    "/phong-trao/": "thuong-truc",
    "/nhiem-vu/": "thuong-truc",
    "/nhiem-vu/?xem=cua-toi": "huoi-luong",
    "/nhiem-vu/cham/": "thuong-truc",
    "/nhiem-vu/hoat-dong/": "thuong-truc",
    "/dang-ky/danh-sach/": "thuong-truc",
    "/dang-ky/{plan}/2023/bang/tham-gia/": "thuong-truc",
    "/dang-ky/{plan}/2023/duyet/": "thuong-truc",
    "/dang-ky/{plan}/2023/tong-hop/": "thuong-truc",
    "/don-vi/danh-sach/": "thuong-truc",
    "/don-vi/thay-doi/": "quan-tri",
    "/don-vi/nguoi-dung/": "quan-tri",
    "/nhat-ky/": "lanh-dao",
    "/thong-bao/": "huoi-luong",
    "/thong-bao/da-gui/": "quan-tri",
    "/viec-chay-nen/": "quan-tri",
    "/tim-kiem/?tim=viec": "thuong-truc",
    "/viec-cua-toi/": "huoi-luong",
    "/viec-cua-toi/?": "thuong-truc",
    "/phong-trao/doi-chieu/{version}/": "thuong-truc",
    "/phong-trao/{movement}/": "thuong-truc",
    "/khen-thuong/": "thuong-truc",
    "/khen-thuong/de-nghi/": "thuong-truc",
    "/khen-thuong/so/": "lanh-dao",
    "/khen-thuong/quyet-dinh/": "thuong-truc",
    "/khen-thuong/quyet-dinh/{decision}/": "thuong-truc",
    "/khen-thuong/quyet-dinh/{decision}/tien-thuong/": "thuong-truc",
    "/khen-thuong/quyet-dinh/{decision}/trao/": "thuong-truc",
    "/khen-thuong/mau-in/": "thuong-truc",
    "/khen-thuong/hoi-dong/": "lanh-dao",
    "/khen-thuong/cum-khoi/": "lanh-dao",
    "/khen-thuong/cum-khoi/bang/": "lanh-dao",
    "/khen-thuong/cum-khoi/{season}/": "lanh-dao",
    "/khen-thuong/cum-khoi/{season}/?": "mu-sang",
    "/khen-thuong/dot/{awarding}/": "thuong-truc",
    "/khen-thuong/dot/{awarding}/goi-y/": "thuong-truc",
    "/khen-thuong/cong-khai/": "thuong-truc",
    "/khen-thuong/cong-khai/{posting}/": "thuong-truc",
    "/lay-y-kien/{posting}/": "thuong-truc",
    "/bao-cao/ke-hoach/{plan}/": "thuong-truc",
    "/bao-cao/dot/{round}/": "thuong-truc",
    "/bao-cao/cua-toi/": "huoi-luong",
    "/kiem-tra/": "thuong-truc",
    "/kiem-tra/kien-nghi/": "thuong-truc",
    "/kiem-tra/{inspection}/": "thuong-truc",
    "/tap-huan/": "thuong-truc",
    "/tap-huan/huong-dan/": "thuong-truc",
    "/vuong-mac/": "thuong-truc",
    "/vuong-mac/tra-loi/": "huoi-luong",
    "/doc-ke-hoach/": "thuong-truc",
    "/van-ban/mau/": "thuong-truc",
    "/van-ban/": "thuong-truc",
    "/van-ban/den/": "thuong-truc",
    "/van-ban/so/": "lanh-dao",
    **dict.fromkeys(
        (
            *("/nguon-luc/", "/nguon-luc/bien-nhan/", "/nguon-luc/cam-ket/", "/nguon-luc/phan-bo/"),
            *("/nguon-luc/quy/{fund}/", "/nguon-luc/quy/{fund}/so-cai/", "/nguon-luc/do-dau/"),
            *("/nguon-luc/von-vay/", "/nguon-luc/cao-diem/", "/nguon-luc/cao-diem/{campaign}/"),
        ),
        "lanh-dao",
    ),
    "/cong-khai/": "thuong-truc",
    "/guong-sang/": "thuong-truc",
    "/guong-sang/de-xuat/": "lanh-dao",
}


class Rows:
    """The world of Phong Thổ with as many rows of each kind as asked for."""

    def __init__(self) -> None:
        self.world: World = phong_tho()
        self.count = 0
        self.books: list[NumberBook] = []
        self.plan = make_plan(
            self.world.unit("phong-tho"),
            standing_body=self.world.unit("phong-ldtbxh"),
            title="Việc chính",
            state=PlanVersionState.DRAFT,
        )
        self.version = self.plan.versions.get()
        # Registrations and tasks belong to a plan in force; coverage to a draft, which may still grow.
        self.running = make_plan(
            self.world.unit("phong-tho"),
            standing_body=self.world.unit("phong-ldtbxh"),
            title="Việc đang chạy",
            state=PlanVersionState.DRAFT,
        )
        self.running.versions.update(
            first_year=2023, last_year=2025, state=PlanVersionState.ADOPTED, adopted_at=NOW
        )
        self.round = make_round(self.running)
        self.inspection = make_inspection(self.running, state="da_thong_bao")
        self.awarding = make_award_round(
            self.world.unit("phong-tho"), self.world.unit("phong-ldtbxh"), plan=self.running, due_on=DAY
        )
        offer(self.awarding)
        self.decision = self._decision("Việc")
        self.season: GroupSeason | None = None
        self.parent = make_plan(
            self.world.unit("lai-chau"), title="Việc của tỉnh", state=PlanVersionState.DRAFT
        )
        self.plan.carries_out.add(self.parent)
        self.fund = make_fund(self.world.unit("phong-tho"))
        self.campaign = make_campaign(self.world.unit("phong-tho"))

    def grow(self, wanted: int) -> None:
        numbers = range(self.count, wanted)
        self.count = wanted
        district, standing = self.world.unit("phong-tho"), self.world.unit("phong-ldtbxh")
        commune = self.world.unit("huoi-luong")
        PaperTemplate.objects.bulk_create(
            PaperTemplate(unit=standing, kind="bao_cao", name=f"Việc {n}", search_text="viec", made_at=NOW)
            for n in numbers
        )
        movements = Movement.objects.bulk_create(
            Movement(
                name=f"Việc {n}",
                name_order=sort_key(f"Việc {n}"),
                search_text="viec",
                owner=district,
                theme="giam_ngheo",
                first_year=2021,
                last_year=2025,
            )
            for n in numbers
        )
        plans = Plan.objects.bulk_create(
            Plan(
                movement=movement,
                owner=district,
                standing_body=standing,
                title=movement.name,
                title_order=movement.name_order,
                search_text="viec",
            )
            for movement in movements
        )
        PlanVersion.objects.bulk_create(
            PlanVersion(plan=plan, number=1, state=PlanVersionState.ADOPTED, title=plan.title, adopted_at=NOW)
            for plan in plans
        )
        units = Unit.objects.bulk_create(Unit(key=f"ban-{n}", kind=UnitKind.COMMUNE) for n in numbers)
        UnitVersion.objects.bulk_create(
            UnitVersion(
                unit=unit,
                parent=district,
                form="xã",
                name=f"Việc {n}",
                label=f"xã Việc {n}",
                label_order=sort_key(f"Việc {n}"),
                search_text=fold(f"xã Việc {n}"),
                since=BEGINNING,
                until=REFORM,
            )
            for n, unit in zip(numbers, units, strict=True)
        )
        tree.forget()
        self._tasks(units, commune, district)
        self._reports(units, commune, numbers)
        self._awards(units, numbers)
        self._groups(units, numbers)
        self._papers(district, commune, numbers)
        for n in [n for n in numbers if n < 40]:
            make_inspection(self.running, title=f"Việc {n}")
            make_training(standing, commune, title=f"Việc {n}")
        Guidance.objects.bulk_create(
            Guidance(unit=standing, plan=self.running, title=f"Việc {n}", dated=DAY) for n in numbers
        )
        visits = Visit.objects.bulk_create(Visit(inspection=self.inspection, unit=unit) for unit in units)
        Remedy.objects.bulk_create(Remedy(visit=visit, text="Việc", due_on=DAY) for visit in visits)
        Difficulty.objects.bulk_create(
            Difficulty(
                plan=self.running,
                unit=unit,
                receiver=standing,
                title="Việc",
                title_order="viec",
                text="Việc",
                due_on=DAY,
                answered_at=NOW,
                published_at=NOW,
                public_question="Việc",
                public_answer="Việc",
                state=state,
            )
            for unit in units
            for state in ("cho_nhan", "da_tra_loi")
        )
        self._funds(district, units, numbers)
        Registration.objects.bulk_create(
            Registration(
                plan=self.running,
                unit=unit,
                kind="tham_gia",
                subject_type=SubjectType.UNIT,
                year=2023,
                commitment="Việc",
                state="cho_duyet",
                sent_at=NOW,
                search_text="viec",
            )
            for unit in units
        )
        Notice.objects.bulk_create(
            Notice(kind="x", text=f"Việc {n}", address="/", sent_at=NOW, sender="H", unit=commune)
            for n in numbers
        )
        Change.objects.bulk_create(
            Change(kind=ChangeKind.RENAME, takes_effect_on=DAY, summary=f"Việc {n}", made_at=NOW)
            for n in numbers
        )
        people = User.objects.bulk_create(
            User(username=f"viec-{n}", full_name=f"Việc {n}", email=f"viec-{n}@example.vn") for n in numbers
        )
        Mandate.objects.bulk_create(
            Mandate(user=user, unit=unit, role=Role.UNIT_OFFICER, since=BEGINNING)
            for user, unit in zip(people, units, strict=True)
        )
        Delivery.objects.bulk_create(
            Delivery(
                rule="truoc-7",
                source="tasks",
                object_key=f"{n}",
                user=user,
                day=DAY,
                channel="trong-ct",
                kind="due.reminder",
                text=f"Việc {n}",
                search_text="viec",
                planned_at=NOW,
                send_at=NOW,
            )
            for n, user in zip(numbers, people, strict=True)
        )
        Job.objects.bulk_create(
            Job(
                kind="tests.refuse",
                state=JobState.FAILED,
                error="Tệp trống.",
                requested_by=user,
                finished_at=NOW,
            )
            for user in people
        )
        Entry.objects.bulk_create(
            Entry(
                number=1_000_000 + n,  # past those that signing in writes
                at=NOW,
                written_at=NOW,
                actor="Việc",
                user=self.world.people["thuong-truc"],
                unit_id=standing.pk,
                object_unit_id=district.pk,
                action="movements.task.remind",
                action_label="Việc",
                object_type="movements.plan",
                object_id=str(self.plan.pk),
                object_label="Việc",
                previous_hash="0" * 64,
                hash=f"{n:064d}",
            )
            for n in numbers
        )
        for version in (self.version, self.parent.versions.get()):
            # A plan holds tens of items, not thousands.
            for n in [n for n in numbers if n < 40]:
                make_item(version, "tasks", f"K{n}", {"quote": f"Tuyên truyền việc {n}"})

    def _reports(self, units: list[Unit], commune: Unit, numbers: range) -> None:
        """All units report in one round; the commune also in a few others."""
        others = [
            make_round(self.running, self.round.form, kind="dot_xuat", number=n + 1)
            for n in numbers
            if n < 40
        ]
        Report.objects.bulk_create(
            Report(
                round=round_,
                unit=unit,
                receiver=self.running.standing_body,
                due_on=DAY + timedelta(days=3),
                state="da_gui",
                sent_at=NOW,
                first_sent_on=DAY,
            )
            for round_, doers in ((self.round, units), *((one, [commune]) for one in others))
            for unit in doers
        )

    def _decision(self, title: str) -> AwardDecision:
        return AwardDecision.objects.create(
            kind="khen_thuong",
            unit=self.awarding.deciding_body,
            standing_body=self.awarding.standing_body,
            round=self.awarding,
            form="giay-khen",
            title=title,
            search_text="viec",
            decider="Chủ tịch",
            signer_title="Chủ tịch",
            state="da_ghi",
            number="1/QĐ-UBND",
            dated=DAY,
        )

    def _decisions(self, units: list[Unit], numbers: range) -> None:
        """Decisions and designs, and in one decision a line with bonus and certificate for each unit."""
        for n in numbers:
            self._decision(f"Việc {n}")
            CertificateDesign.objects.create(
                unit=self.awarding.deciding_body,
                form="giay-khen",
                kind="ca_trang",
                number=n,
                layout_json="{}",
            )
        for unit, n in zip(units, numbers, strict=False):
            award = RegisteredAward.objects.get(unit=unit)
            line = self.decision.lines.create(position=n + 1, award=award, name="Việc")
            Bonus.objects.create(line=line, amount=540_000)
            certificates.give(award, actor=System(on=DAY), now=NOW)

    def _groups(self, units: list[Unit], numbers: range) -> None:
        """Years of groups and tables, and in one year a sheet with points for each unit."""
        district = self.awarding.deciding_body
        tables = ScoreTable.objects.bulk_create(
            ScoreTable(owner=district, name=f"Việc {n}", state="ap_dung") for n in numbers
        )
        ScoreItem.objects.bulk_create(
            ScoreItem(table=table, position=1, text="Việc", points=10) for table in tables
        )
        groups = Grouping.objects.bulk_create(
            Grouping(kind="cum", name=f"Việc {n}", owner=district) for n in numbers
        )
        years = GroupSeason.objects.bulk_create(
            GroupSeason(
                grouping=group,
                year=2023,
                owner=district,
                head=unit,
                table=table,
                state="cham_diem",
                covenant="Việc",
            )
            for group, table, unit in zip(groups, tables, units, strict=True)
        )
        if self.season is None:
            self.season = years[0]
            ScoreSheet.objects.create(season=self.season, unit=self.world.unit("mu-sang"))
        sheets = ScoreSheet.objects.bulk_create(
            ScoreSheet(season=self.season, unit=unit, checker=district, state="tham_dinh") for unit in units
        )
        item = ScoreItem.objects.get(table=self.season.table)
        ScoreLine.objects.bulk_create(
            ScoreLine(sheet=sheet, item=item, self_points=1, verified_points=1) for sheet in sheets
        )

    def _awards(self, units: list[Unit], numbers: range) -> None:
        """Rounds, and in one of them a candidate and a suggestion for each unit."""
        for n in numbers:
            if n < 40:
                make_award_round(self.awarding.deciding_body, name=f"Việc {n}")
        Candidate.objects.bulk_create(
            Candidate(
                round=self.awarding,
                subject_type="commune",
                unit=unit,
                subject_key=f"unit:{unit.pk}",
                label=unit.key,
                label_order=unit.key,
                search_text="viec",
                proposer=unit,
                form="giay-khen",
                since=self.awarding.since,
                until=self.awarding.until,
                state="da_gui",
            )
            for unit in units
        )
        council, _ = Council.objects.get_or_create(
            unit=self.awarding.deciding_body,
            defaults={
                "standing_body": self.awarding.standing_body,
                "name": "Việc",
                "level": "huyen",
                "since": DAY,
            },
        )
        CouncilSession.objects.bulk_create(
            CouncilSession(council=council, title=f"Việc {n}", meets_at=NOW, state="kiem_phieu")
            for n in numbers
        )
        RegisteredAward.objects.bulk_create(
            RegisteredAward(
                subject_type="commune",
                subject_key=f"unit:{unit.pk}",
                subject_name=unit.key,
                unit=unit,
                form="giay-khen",
                form_name="Giấy khen",
                decided_year=2023,
                keeper=self.awarding.deciding_body,
                source="nhap_tay",
                search_text="viec",
            )
            for unit in units
        )
        self._posted(units, numbers)
        self._decisions(units, numbers)
        kept = VerdictSet.objects.create(
            rules={},
            rules_code="x",
            subject_rules=f"S{numbers.start}",
            words={},
            setting={},
            sources={},
            evidence_head={},
            on=DAY,
            made_at=NOW,
            subject_count=len(units),
            met_count=0,
            near_count=0,
            unknown_count=len(units),
            sha256="0" * 64,
        )
        SuggestionSet.objects.filter(round=self.awarding).update(is_current=False)
        set_ = SuggestionSet.objects.create(round=self.awarding, subject_type="commune", verdicts=kept)
        verdicts = StoredVerdict.objects.bulk_create(
            StoredVerdict(
                verdict_set=kept,
                subject=f"unit:{unit.pk}",
                outcome=1,
                is_near=False,
                outcomes="1",
                evidence="[]",
            )
            for unit in units
        )
        Suggestion.objects.bulk_create(
            Suggestion(
                set=set_, verdict=verdict, subject_key=verdict.subject, unit=unit, label=unit.key, outcome=1
            )
            for verdict, unit in zip(verdicts, units, strict=True)
        )

    def _posted(self, units: list[Unit], numbers: range) -> None:
        """Candidates on a list that asks for opinions, one opinion each, and other lists."""
        for n in numbers:
            if n < 40:
                made = Posting.objects.create(
                    round=self.awarding,
                    unit=self.awarding.standing_body,
                    where="Việc",
                    posted_on=DAY,
                    until=DAY,
                )
                self.posting = getattr(self, "posting", made)
        candidates = Candidate.objects.bulk_create(
            Candidate(
                round=self.awarding,
                subject_type="commune",
                unit=unit,
                subject_key=f"posted:{unit.pk}",
                label=unit.key,
                proposer=unit,
                form="giay-khen",
                since=self.awarding.since,
                until=self.awarding.until,
                state="cong_khai",
                posting=self.posting,
                posted_on=DAY,
            )
            for unit in units
        )
        Opinion.objects.bulk_create(
            Opinion(candidate=one, posting=self.posting, kind="phan_doi", text="Việc", sent_at=NOW)
            for one in candidates
        )

    def _papers(self, district: Unit, commune: Unit, numbers: range) -> None:
        """Papers of the district that wait, are issued, and arrive; arrivals go on to the commune."""
        fields = {"unit": district, "drafting_unit": district, "kind": "bao_cao", "title": "Việc"}
        file = store(b"%PDF")
        for n, book_kind in ((n, kind) for n in numbers for kind in ("di", "den")):
            book = NumberBook(unit=district, kind=book_kind, year=3000 + n, last=1)
            self.books.append(book)
        NumberBook.objects.bulk_create(self.books[-2 * len(numbers) :])
        given = GivenNumber.objects.bulk_create(
            GivenNumber(book=book, order=1, text="01", dated=DAY, label="Việc", given_at=NOW)
            for book in self.books[-2 * len(numbers) :]
        )
        OutgoingPaper.objects.bulk_create(
            OutgoingPaper(
                **fields, description_json="{}", state=state, drafted_at=NOW, changed_at=NOW, **more
            )
            for number in given[::2]
            for state, more in (
                ("cho_soat", {}),
                (
                    "da_phat_hanh",
                    {"given": number, "signed_at": NOW, "issued_at": NOW, "issued_file": file},
                ),
            )
        )
        arrivals = IncomingPaper.objects.bulk_create(
            IncomingPaper(
                unit=district, given=number, arrived_on=DAY, issuer="Việc", title="Việc", registered_at=NOW
            )
            for number in given[1::2]
        )
        Forwarding.objects.bulk_create(
            Forwarding(incoming=one, unit=commune, forwarded_at=NOW) for one in arrivals
        )

    def _funds(self, district: Unit, units: list[Unit], numbers: range) -> None:
        Fund.objects.bulk_create(
            Fund(unit=district, kind="khac", name=f"Việc {n}", name_order=sort_key(f"Việc {n}"), symbol="V")
            for n in numbers
        )
        donors = Donor.objects.bulk_create(
            Donor(keeper=district, kind="ca_nhan", name=f"Việc {n}") for n in numbers
        )
        common = {"fund": self.fund, "holding": self.fund.holdings.get(), "amount": 1}
        Pledge.objects.bulk_create(Pledge(**common, donor=donor, promised_on=DAY) for donor in donors)
        received = Receipt.objects.bulk_create(
            Receipt(**common, donor=donor, year=2023, number=n + 1, received_on=DAY)
            for n, donor in zip(numbers, donors, strict=True)
        )
        LedgerEntry.objects.bulk_create(
            LedgerEntry(**common, booked_on=DAY, credit="nguon", debit="ton_quy", text="Việc", receipt=one)
            for one in received
        )
        Allocation.objects.bulk_create(
            Allocation(**common, recipient_kind="xa", recipient_unit=unit, purpose="Việc") for unit in units
        )
        Sponsorship.objects.bulk_create(
            Sponsorship(agency=district, place=unit, kind="ket_nghia", since=DAY) for unit in units
        )
        Campaign.objects.bulk_create(
            Campaign(unit=district, kind="tet", name=f"Việc {n}", since=DAY, until=DAY) for n in numbers
        )
        GiftVisit.objects.bulk_create(GiftVisit(campaign=self.campaign, unit=unit) for unit in units)

    def _tasks(self, units: list[Unit], commune: Unit, district: Unit) -> None:
        Task.objects.bulk_create(
            Task(
                plan=self.running,
                unit=doer,
                giver=district,
                title=f"Việc {place}",
                title_order=sort_key(f"Việc {place}"),
                search_text="viec",
                state=state,
                given_at=NOW,
                due_on=DAY + timedelta(days=days),
                accepted_at=None if state == "da_giao" else NOW,
                reported_at=NOW if state == "cho_xac_nhan" else None,
            )
            for place, unit in enumerate(units)
            for doer in (unit, commune)
            for state, days in (("da_giao", 3), ("dang_lam", -3), ("cho_xac_nhan", 9))
        )


@pytest.fixture
def rows() -> Iterator[Rows]:
    with clock.fixed_on(DAY):
        yield Rows()


def counted(rows: Rows) -> dict[str, int]:
    """How many questions each page asks."""
    found = {}
    for page, username in PAGES.items():
        client = Client()
        client.force_login(rows.world.people[username])
        address = page.format(
            plan=rows.running.pk,
            version=rows.version.pk,
            movement=rows.plan.movement_id,
            round=rows.round.pk,
            awarding=rows.awarding.pk,
            fund=rows.fund.pk,
            posting=rows.posting.pk,
            inspection=rows.inspection.pk,
            decision=rows.decision.pk,
            season=rows.season.pk if rows.season else 0,
            campaign=rows.campaign.pk,
        )
        client.get(address)  # what is kept after the first visit does not count
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200, page
        found[page] = len(caught)
    return found


def test_pages_ask_as_much_for_three_thousand_rows_as_for_one(
    rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A large round keeps its figures for a minute; here they are counted each time, as in a small one.
    monkeypatch.setattr(quota_checks, "MANY", 10**9)
    make_task(rows.running, rows.world.unit("dao-san"), title="Việc")
    make_registration(rows.running, rows.world.unit("dao-san"), state="cho_duyet")
    found = {}
    for count in (1, 3, 3000):
        rows.grow(count)
        if count == 1:
            for version in (rows.version, rows.parent.versions.get()):
                PlanVersion.objects.filter(pk=version.pk).update(first_year=2023, last_year=2025)
        cache.clear()
        if connection.vendor == "postgresql":
            # As the server does by itself after such growth: without it thousands of rows are planned as one.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        found[count] = counted(rows)

    assert Task.objects.count() == 6 * 3000 + 1
    assert {
        page: (found[1][page], found[3][page], found[3000][page])
        for page in PAGES
        if len({found[count][page] for count in found}) > 1
    } == {}
