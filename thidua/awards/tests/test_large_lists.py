"""The lists that are read from indexes show what the plain questions show, to everybody, in every order.

The plain questions stand here as they were: rights by joins, counts as annotations, whole rows at once.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.test import Client, RequestFactory

from thidua.awards import access, lists
from thidua.awards.models import (
    AwardRound,
    AwardRoundState,
    AwardState,
    Candidate,
    CandidateState,
    PersonRecord,
    RegisteredAward,
    Suggestion,
    SuggestionSet,
)
from thidua.awards.register import access as register_access
from thidua.awards.register import lists as register_lists
from thidua.awards.tests.makers import make_award_round, make_record
from thidua.core import clock
from thidua.core.text import fold, person_sort_key
from thidua.criteria.models import StoredVerdict, VerdictSet
from thidua.movements.visibility import units_below
from thidua.organisations.authority import Acting
from thidua.organisations.models import UnitKind
from thidua.organisations.tests.world import DAY, REFORM, make_unit, phong_tho
from thidua.tables.listing import Table, listing

pytestmark = pytest.mark.django_db
#: Among them one whose order differs between bytes and the rules of a language, and two of one name.
NAMES = ("Đèo Văn Ất", "Lò Thị An", "Lò Thị An", "Vàng A Ánh", "nông b", "Ẩn")
PEOPLE = ("tinh", "lanh-dao", "thuong-truc", "huoi-luong", "nguoi-xem", "quan-tri", "nguoi-la")
PAGE_ROWS = 7
NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)


class Many:
    """Rounds of three bodies with candidates, suggestions of two kinds and older ones, a register."""

    def __init__(self) -> None:
        self.chance = random.Random(20261128)
        self.world = phong_tho()
        other = make_unit(
            "dien-bien", "tỉnh Điện Biên", UnitKind.PROVINCE, parent=self.world.unit("viet-nam")
        )
        place, office = self.world.unit("phong-tho"), self.world.unit("phong-ldtbxh")
        self.units = [
            *(self.world.unit(key) for key in ("huoi-luong", "dao-san", "mu-sang", "phong-noi-vu")),
            other,
        ]
        self.rounds = [
            make_award_round(place, office, name="Đợt huyện"),
            make_award_round(self.world.unit("lai-chau"), name="Đợt tỉnh", due_on=date(2023, 11, 30)),
            make_award_round(other, name="Đợt nơi khác"),
            make_award_round(place, office, name="Đợt trống", state=AwardRoundState.PLANNED),
        ]
        accounts = [self.world.people[name] for name in ("nguoi-la", "huoi-luong")]
        self.records = [
            make_record(unit, NAMES[n % len(NAMES)], user=accounts[n % 2] if n < 4 else None)
            for n, unit in enumerate(self.units * 2)
        ]
        self._candidates()
        self._suggestions(self.rounds[0])
        self._awards(place)

    def _named(self, n: int) -> dict[str, str]:
        name = f"{self.chance.choice(NAMES)} {n % 5}"
        return {"label": name, "label_order": person_sort_key(name), "search_text": fold(name)}

    def _candidates(self) -> None:
        Candidate.objects.bulk_create(
            Candidate(
                round=self.chance.choice(self.rounds[:3]),
                **({"subject_type": "individual", "person": self.chance.choice(self.records)} if n % 3 else
                   {"subject_type": "commune", "unit": self.chance.choice(self.units)}),
                subject_key=f"x:{n}",
                proposer=self.chance.choice(self.units),
                form=self.chance.choice(("giay-khen", "bang-khen-bo-tinh")),
                since=date(2023, 1, 1),
                until=date(2024, 1, 1),
                state=self.chance.choice(CandidateState.values),
                **self._named(n),
            )
            for n in range(90)
        )  # fmt: skip

    def _suggestions(self, round_: AwardRound) -> None:
        for kind, is_current in (("commune", True), ("individual", True), ("commune", False)):
            kept = VerdictSet.objects.create(
                rules={}, rules_code="x", subject_rules="S", words={}, setting={}, sources={},
                evidence_head={}, on=DAY, made_at=NOW, subject_count=0, met_count=0, near_count=0,
                unknown_count=0, sha256="0" * 64,
            )  # fmt: skip
            set_ = SuggestionSet.objects.create(
                round=round_, subject_type=kind, verdicts=kept, is_current=is_current
            )
            for n in range(25):
                outcome = self.chance.choice((0, 0, 1, 2))
                near = outcome == 0 and self.chance.random() < 0.4
                verdict = StoredVerdict.objects.create(
                    verdict_set=kept, subject=f"x:{n}", outcome=outcome, is_near=near, outcomes="1",
                    evidence="[]",
                )  # fmt: skip
                Suggestion.objects.create(
                    set=set_, verdict=verdict, subject_key=f"x:{n}", unit=self.chance.choice(self.units),
                    outcome=outcome, is_near=near, **self._named(n),
                )  # fmt: skip

    def _awards(self, keeper: Any) -> None:
        chance = self.chance
        RegisteredAward.objects.bulk_create(
            RegisteredAward(
                subject_type="individual" if (person := chance.choice((None, *self.records))) else "commune",
                person=person,
                subject_key=chance.choice(("", f"x:{n}")),
                subject_name=(named := self._named(n))["label"],
                name_order=named["label_order"],
                search_text=named["search_text"],
                unit=chance.choice((None, *self.units)),
                form=chance.choice(("giay-khen", "bang-khen-bo-tinh")),
                form_name="Việc",
                level=chance.choice(("xa", "bo-tinh", "")),
                decided_year=(year := chance.choice((2021, 2022, 2023))),
                decided_on=chance.choice((None, date(year, 5, 1), date(year, 5, 1) + timedelta(days=n))),
                decision_number=f"{n % 9}/QĐ",
                issuer=chance.choice((None, *self.units)),
                keeper=chance.choice((keeper, *self.units)),
                source="danh_sach",
                likeness=f"{n:064}",
                state=(state := chance.choice(AwardState.values)),
                revoked_on=DAY if state == AwardState.REVOKED else None,
            )
            for n in range(80)
        )  # fmt: skip


@pytest.fixture
def many() -> Iterator[Many]:
    with clock.fixed_on(DAY):
        yield Many()


def plain_candidates(acting: Acting) -> QuerySet[Candidate]:
    mine = acting.unit_ids()
    return Candidate.objects.filter(
        Q(proposer_id__in=mine)
        | Q(round__deciding_body_id__in=mine)
        | Q(round__standing_body_id__in=mine)
        | Q(proposer_id__in=units_below(acting))
        | Q(person__in=PersonRecord.objects.filter(user=acting.user))
    )


def plain_awards(acting: Acting) -> QuerySet[RegisteredAward]:
    seen = Q(person__in=PersonRecord.objects.filter(user=acting.user))
    if mine := acting.unit_ids():
        below = units_below(acting)
        seen |= Q(keeper_id__in=mine) | Q(issuer_id__in=mine) | Q(unit_id__in=mine)
        seen |= Q(unit_id__in=below) | Q(keeper_id__in=below)
    return RegisteredAward.objects.filter(seen)


def answers(*choices: tuple[str, tuple[str, ...]]) -> list[dict[str, str]]:
    """Every answer of each filter alone, and some of two together."""
    found: list[dict[str, str]] = [{}]
    for name, values in choices:
        found += [{**one, name: value} for one, value in product(found[:2], values)]
    return found


def orders(table: Table[Any]) -> list[str]:
    return [f"{sign}{column.key}" for column in table.columns if column.order for sign in ("", "-")]


def pages(
    table: Table[Any], rows: QuerySet[Any], asked: dict[str, str], **arguments: Any
) -> tuple[int, list[int], list[int]]:
    """How many rows, and the keys on the first page and on one in the middle."""
    found = listing(RequestFactory().get("/", asked), table, rows, **arguments)
    middle = {**asked, "trang": str((found.page.paginator.num_pages + 2) // 2)}
    later = listing(RequestFactory().get("/", middle), table, rows, **arguments)
    return found.count, [row.pk for row in found.page.object_list], [row.pk for row in later.page.object_list]


def assert_same(
    table: Table[Any],
    ours: QuerySet[Any],
    plain: QuerySet[Any],
    filters: list[dict[str, str]],
    **arguments: Any,
) -> int:
    """Ours by keys first, the plain question by whole rows; how many rows there were without a filter."""
    assert table.keys_first
    small = replace(table, page_rows=PAGE_ROWS)
    whole = replace(small, keys_first=False)
    ways = [{"sap_xep": order} for order in orders(table)]
    for asked in [*ways, *({**one, **ways[n % len(ways)]} for n, one in enumerate(filters))]:
        assert pages(small, ours, asked, **arguments) == pages(whole, plain, asked, **arguments), asked
    return plain.count()


def test_the_candidates_of_all_rounds_are_those_of_the_plain_question(many: Many) -> None:
    filters = answers(
        ("tim", ("an", "lo thi", "khong co")),
        ("tinh_trang", ("nhap", "da_gui", "duoc_khen")),
        ("loai", ("individual", "household")),
    )
    seen = {}
    for name, on in [*((name, DAY) for name in PEOPLE), ("xa-moi", REFORM)]:
        acting = many.world.acting(name, on=on)
        seen[name] = assert_same(
            lists.candidate_table({}, with_round=True),
            access.candidates(acting).select_related("round"),
            plain_candidates(acting).select_related("round"),
            filters,
        )

    # Somebody sees nearly all, somebody a part, and who acts for no unit sees the own candidacies.
    assert seen["tinh"] > seen["huoi-luong"] > 0
    assert 0 < seen["nguoi-la"] < seen["huoi-luong"]


def test_a_round_shows_the_candidates_of_the_plain_question(many: Many) -> None:
    filters = answers(("tim", ("an",)), ("tinh_trang", ("nhap", "da_gui")), ("loai", ("individual",)))
    for name in ("tinh", "thuong-truc", "huoi-luong", "nguoi-la"):
        acting = many.world.acting(name)
        for round_ in many.rounds[:2]:
            rows = access.candidates_in(round_, acting=acting)
            assert_same(lists.candidate_table({}), rows, rows, filters)


def test_suggestions_of_several_kinds_are_those_of_the_plain_question(many: Many) -> None:
    round_ = many.rounds[0]
    sets = round_.suggestion_sets.filter(is_current=True)
    table = lists.suggestion_table({}, {})
    seen = {}
    for name in PEOPLE:
        acting = many.world.acting(name)
        plain = Suggestion.objects.filter(set__round=round_, set__is_current=True)
        if not acting.may("awardround.run", round_):
            plain = plain.filter(Q(unit_id__in=acting.unit_ids()) | Q(unit_id__in=units_below(acting)))
        ours = access.suggestions(round_, acting=acting).select_related("set")
        filters = answers(("tim", ("an",)), ("ket_luan", ("gan", "0", "1", "2")))
        seen[name] = assert_same(table, ours, plain, filters, sets=sets)
        for kind in ("commune", "individual", "household"):
            of_kind = plain.filter(set__subject_type=kind)
            asked = {"loai": kind}
            small = replace(table, page_rows=PAGE_ROWS)
            # The plain question has the kind already: it is not asked again.
            assert pages(small, ours, asked, sets=sets) == pages(small, of_kind, {}, sets=sets)

    assert seen["thuong-truc"] == 50
    assert 0 < seen["huoi-luong"] < 50
    assert seen["nguoi-la"] == 0


def test_the_register_shows_the_awards_of_the_plain_question(many: Many) -> None:
    filters = answers(
        ("hinh_thuc", ("giay-khen",)),
        ("tim", ("an", "lo thi")),
        ("cap", ("xa",)),
        ("loai", ("commune",)),
        ("nam", ("2022",)),
        ("tinh_trang", ("thu_hoi", "dinh_chinh", "chua-ghep")),
    )
    seen = {}
    for name in ("tinh", "huoi-luong", "nguoi-la"):
        acting = many.world.acting(name)
        ours = register_access.awards(acting)
        table = register_lists.register_table()
        seen[name] = assert_same(table, ours, plain_awards(acting), filters, on=DAY)

    assert seen["tinh"] > seen["huoi-luong"] > seen["nguoi-la"] > 0


def test_rounds_tell_how_many_candidates_were_sent(many: Many) -> None:
    sent = ~Q(candidates__state__in=(CandidateState.DRAFT, CandidateState.WITHDRAWN))
    for name in ("tinh", "thuong-truc", "huoi-luong"):
        client = Client()
        client.force_login(many.world.people[name])
        plain = access.rounds(many.world.acting(name)).annotate(sent=Count("candidates", filter=sent))

        shown = client.get("/khen-thuong/").context["listing"]

        assert {cells[0][1].text: cells[-1][1].text for _, cells in shown.cells} == {
            row.name: str(row.sent) for row in plain
        }


def test_a_round_counts_the_suggestions_of_all_its_kinds(many: Many) -> None:
    client = Client()
    client.force_login(many.world.people["thuong-truc"])
    rows = Suggestion.objects.filter(set__round=many.rounds[0], set__is_current=True)

    shown = client.get(f"/khen-thuong/dot/{many.rounds[0].pk}/").context["suggested"]

    assert [(value, count) for _, value, count, _ in shown] == [
        ("2", rows.filter(outcome=2, is_near=False).count()),
        ("gan", rows.filter(is_near=True).count()),
        ("1", rows.filter(outcome=1, is_near=False).count()),
        ("0", rows.filter(outcome=0, is_near=False).count()),
    ]


@contextmanager
def large() -> Iterator[None]:
    """Questions are planned as for very many rows: SQLite does so by itself, of PostgreSQL it is asked."""
    ways = ("enable_seqscan", "enable_bitmapscan", "enable_sort")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ways:
                cursor.execute(f"SET LOCAL {way} = off")
    yield


def test_indexes_give_the_keys_of_a_page_in_order(many: Many) -> None:
    district = many.world.acting("thuong-truc")
    round_ = many.rounds[0]
    commune = SuggestionSet.objects.filter(round=round_, subject_type="commune", is_current=True).get()
    in_round = access.candidates_in(round_, acting=district)
    suggested = access.suggestions(round_, acting=district).filter(set_id=commune.pk)
    register = register_access.awards(district)
    named: dict[str, Any] = {"sets": [commune]}
    asked: list[tuple[str, Table[Any], QuerySet[Any], str, dict[str, Any]]] = [
        ("candidate_by_name", lists.candidate_table({}), access.candidates(district), "ten", {}),
        ("candidate_in_order", lists.candidate_table({}), in_round, "ten", {}),
        ("suggestion_by_outcome", lists.suggestion_table({}, {}), suggested, "-kl", named),
        ("suggestion_in_order", lists.suggestion_table({}, {}), suggested, "ten", named),
        ("award_newest_first", register_lists.register_table(), register, "-ngay", {"on": DAY}),
        ("award_in_order", register_lists.register_table(), register, "ten", {"on": DAY}),
    ]
    found = {}
    with large():
        for index, table, rows, order, arguments in asked:
            made = listing(RequestFactory().get("/", {"sap_xep": order}), table, rows, **arguments)
            plan = made.rows.values_list("pk", flat=True)[:50].explain()
            found[index] = (index in plan, "TEMP B-TREE" in plan or "Sort" in plan)

    assert found == dict.fromkeys(found, (True, False))
