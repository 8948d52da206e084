"""A round with 200,000 candidates and as many suggestions, a register with 120,000 awards: all list pages.

    python bench/award_round.py [--rows 200000] [--awards 120000] [--passes 5] [--json FILE]

Pages are asked through the whole program (middleware, rights, template) by Django's test client, as the
standing body of the round and as one commune. Makes a database of its own in a temporary folder (SQLite), or
uses one of DATABASE_URL that is empty or holds the round already. Prints a table.

CPU is that of the program, and on PostgreSQL of the server's process too: it must run on this machine, and
questions are kept in one process there, so that nothing is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

DAY = date(2025, 11, 20)
NOW = datetime(2025, 11, 20, 3, 0, tzinfo=UTC)
UNITS = 4_000
NAME = "Đợt lớn"
NAMES = ("Hoàng", "Lò", "Nông", "Phàn", "Sùng", "Tẩn", "Vàng", "Đèo")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--awards", type=int, default=120_000)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder.name) / 'bench.sqlite3'}")
    os.environ.setdefault("THIDUA_DATA_DIR", folder.name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command
    from django.test.utils import override_settings

    django.setup()
    call_command("migrate", verbosity=0)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from django.conf import settings

    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}, ALLOWED_HOSTS=["*"]):
        figures = run(options)
    folder.cleanup()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def run(options: argparse.Namespace) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from unit_tree import generate

    from thidua.accounts.models import User
    from thidua.awards.models import AwardRound, RegisteredAward
    from thidua.core import clock
    from thidua.organisations import tree
    from thidua.organisations.models import Mandate, Role
    from thidua.organisations.tests.world import make_person

    round_ = AwardRound.objects.filter(name=NAME).first()
    if round_ is None:
        ids = generate(UNITS)
        province = next(pk for level, pk in ids if level == 1)
        tree.snapshot_on(DAY)
        started = time.perf_counter()
        round_ = made_round(province, sorted(tree.ids_at_or_below([province], on=DAY)), options.rows)
        print(f"rows made in {time.perf_counter() - started:.0f} s", flush=True)
    below = sorted(tree.ids_at_or_below([round_.deciding_body_id], on=DAY))
    print(f"{len(below)} units in the province", flush=True)
    if not RegisteredAward.objects.exists():
        fill_register(round_.deciding_body_id, below, options.awards)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # What the server does by itself some minutes after so much was written; SQLite does not.
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    worked = cpu_clock()
    officer, commune = (
        User.objects.filter(username=name).first() or make_person(name) for name in ("thuong-truc", "xa")
    )
    for user, unit_id, role in (
        (officer, round_.deciding_body_id, Role.STANDING),
        (commune, below[-1], Role.UNIT_OFFICER),
    ):
        if not Mandate.objects.filter(user=user).exists():
            Mandate.objects.create(user=user, unit_id=unit_id, role=role, since=date(2020, 1, 1))
    base = f"/khen-thuong/dot/{round_.pk}/"
    pages = (
        ("the round", officer, base),
        ("the round, page 2,000", officer, f"{base}?trang=2000"),
        ("by state", officer, f"{base}?tinh_trang=da_gui"),
        ("by words", officer, f"{base}?tim=van%20123"),
        ("by form", officer, f"{base}?sap_xep=hinh_thuc"),
        ("the round, one commune", commune, base),
        ("suggestions", officer, f"{base}goi-y/"),
        ("suggestions, page 2,000", officer, f"{base}goi-y/?trang=2000"),
        ("suggestions for persons", officer, f"{base}goi-y/?loai=individual"),
        ("suggestions by name", officer, f"{base}goi-y/?sap_xep=ten"),
        ("those that nearly meet", officer, f"{base}goi-y/?ket_luan=gan"),
        ("suggestions, one commune", commune, f"{base}goi-y/"),
        ("all candidates", officer, "/khen-thuong/de-nghi/"),
        ("all candidates, page 2,000", officer, "/khen-thuong/de-nghi/?trang=2000"),
        ("all candidates by words", officer, "/khen-thuong/de-nghi/?tim=van%20123"),
        ("all candidates by form", officer, "/khen-thuong/de-nghi/?sap_xep=hinh_thuc"),
        ("all candidates, one commune", commune, "/khen-thuong/de-nghi/"),
        ("all rounds", officer, "/khen-thuong/"),
        ("all rounds, one commune", commune, "/khen-thuong/"),
        ("the register", officer, "/khen-thuong/so/"),
        ("the register, page 1,200", officer, "/khen-thuong/so/?trang=1200"),
        ("the register by name", officer, "/khen-thuong/so/?sap_xep=ten"),
        ("the register by number", officer, "/khen-thuong/so/?sap_xep=so"),
        ("the register, words", officer, "/khen-thuong/so/?tim=van%20123"),
        ("the register, one form", officer, "/khen-thuong/so/?hinh_thuc=giay-khen"),
        ("the register, one level", officer, "/khen-thuong/so/?cap=xa"),
        ("the register, one year", officer, "/khen-thuong/so/?nam=2019"),
        ("the register, one commune", commune, "/khen-thuong/so/"),
    )
    print(
        f"{connection.vendor}, {options.rows:,} candidates and suggestions, {options.awards:,} awards, "
        f"{options.passes} passes"
    )
    print("| page | median ms | slowest | of it CPU | queries |")
    print("|---|---:|---:|---:|---:|")
    figures: dict[str, Any] = {}
    with clock.fixed_on(DAY):
        for title, person, address in pages:
            client = Client()
            client.force_login(person)
            client.get(address)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200, address
            queries = len(caught)
            if os.environ.get("BENCH_QUERIES"):
                for one in sorted(caught.captured_queries, key=lambda row: -float(row["time"]))[:4]:
                    print("   ", one["time"], one["sql"][:600])
            times = []
            for _ in range(options.passes):
                wall, cpu = time.perf_counter(), worked()
                client.get(address)
                times.append((time.perf_counter() - wall, worked() - cpu))
            figures[title] = times
            median, busy = (statistics.median(one[n] for one in times) * 1000 for n in (0, 1))
            slowest = max(one[0] for one in times) * 1000
            print(f"| {title} | {median:.0f} | {slowest:.0f} | {busy:.0f} | {queries} |", flush=True)
    return figures


def cpu_clock() -> Callable[[], float]:
    """Seconds of CPU of this process and, on PostgreSQL, of the one that answers it."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: time.process_time() + int(server.read_text(encoding="ascii").split()[0]) / 1e9


def fill_register(province: int, below: list[int], count: int) -> None:
    """Awards of ten years: four in ten of persons, one in ten not found yet, one in fifty corrected."""
    from thidua.awards.models import AwardSource, AwardState, PersonRecord, RegisteredAward
    from thidua.core.text import fold, person_sort_key

    chance = random.Random(7)
    people = list(PersonRecord.objects.order_by("pk").values_list("pk", "unit_id")[: count * 4 // 10])
    for first in range(0, count, 10_000):
        rows = []
        for n in range(first, min(first + 10_000, count)):
            name = f"{chance.choice(NAMES)} Văn {n}"
            year = chance.randint(2016, 2025)
            row = RegisteredAward(
                subject_type="village",
                unit_id=chance.choice(below),
                subject_name=name,
                name_order=person_sort_key(name),
                unit_name=f"Thôn {n % 997}",
                form=(form := chance.choice(("giay-khen", "bang-khen-bo-tinh"))),
                form_name="Giấy khen" if form == "giay-khen" else "Bằng khen",
                level="xa" if form == "giay-khen" else "bo-tinh",
                decided_year=year,
                decided_on=date(year, chance.randint(1, 11), chance.randint(1, 28)) if n % 9 else None,
                decision_number=f"{chance.randint(1, 3000)}/QĐ-UBND",
                issuer_id=province,
                issuer_name="Ủy ban nhân dân tỉnh",
                keeper_id=province,
                source=AwardSource.LIST,
                likeness=f"{n:064}",
                state=AwardState.CORRECTED if n % 50 == 0 else AwardState.IN_FORCE,
            )
            if n % 10 < 4 and n * 4 // 10 < len(people):
                row.subject_type = "individual"
                row.person_id, row.unit_id = people[n * 4 // 10]
                row.subject_key = f"person:{row.person_id}"
            elif n % 10 < 9:
                row.subject_key = f"unit:{row.unit_id}"
            words = (name, row.decision_number, row.form_name, row.unit_name, row.issuer_name, str(year))
            row.search_text = fold(" ".join(words))
            rows.append(row)
        RegisteredAward.objects.bulk_create(rows)


def made_round(province: int, below: list[int], count: int) -> Any:
    from thidua.awards.models import (
        AwardRound,
        AwardRoundKind,
        AwardRoundState,
        Candidate,
        CandidateState,
        PersonRecord,
        RoundForm,
        Suggestion,
        SuggestionSet,
    )
    from thidua.core.text import fold, person_sort_key
    from thidua.criteria.models import StoredVerdict, VerdictSet

    chance = random.Random(6)
    orders = {name: person_sort_key(name) for name in NAMES}
    round_ = AwardRound.objects.create(
        name=NAME,
        stream="movement",
        commendation_type="movement",
        kind=AwardRoundKind.YEARLY,
        deciding_body_id=province,
        standing_body_id=province,
        since=date(2025, 1, 1),
        until=date(2026, 1, 1),
        opens_on=date(2025, 10, 1),
        due_on=date(2025, 12, 31),
        state=AwardRoundState.OPEN,
    )
    RoundForm.objects.create(
        round=round_,
        form="giay-khen",
        subject_type="village",
        quota_part=1,
        quota_whole=20,
        quota_base="tat_ca",
    )
    # Villages and persons are judged by criteria of their own.
    kept = [
        VerdictSet.objects.create(
            rules={}, rules_code="x", subject_rules=rules, words={}, setting={}, sources={}, evidence_head={},
            on=DAY, made_at=NOW, subject_count=count // 2, met_count=0, near_count=0, unknown_count=0,
            sha256="0" * 64,
        )
        for rules in ("S1", "S2")
    ]  # fmt: skip
    sets = [
        SuggestionSet.objects.create(round=round_, subject_type=kind, verdicts=verdicts)
        for kind, verdicts in zip(("village", "individual"), kept, strict=True)
    ]
    states = (CandidateState.SENT, CandidateState.APPRAISED, CandidateState.DRAFT, CandidateState.RETURNED)
    for first in range(0, count, 10_000):
        candidates, verdicts, suggestions = [], [], []
        people = PersonRecord.objects.bulk_create(
            PersonRecord(
                unit_id=chance.choice(below),
                name="Ví Dụ",
                sex=chance.choice(("nu", "nam", "")),
                person_class=chance.choice(("truc_tiep", "lanh_dao_khac", "")),
            )
            for n in range(first, min(first + 10_000, count))
            if n % 2
        )
        for n in range(first, min(first + 10_000, count)):
            name = f"{chance.choice(NAMES)} Văn {n}"
            unit = chance.choice(below)
            common = {
                "subject_key": f"person:{n}",
                "label": name,
                "label_order": f"{orders[name.split()[0]]} {n:06}",
                "search_text": fold(name),
            }
            # every second a person
            subject: dict[str, Any] = {"subject_type": "village", "unit_id": unit}
            if n % 2:
                subject = {"subject_type": "individual", "person": people.pop()}
            candidates.append(
                Candidate(
                    round=round_,
                    **subject,
                    proposer_id=unit,
                    form=chance.choice(("giay-khen", "bang-khen-bo-tinh")),
                    since=round_.since,
                    until=round_.until,
                    state=chance.choice(states),
                    **common,
                )
            )
            outcome = chance.choice((0, 0, 0, 1, 2))
            near = outcome == 0 and chance.random() < 0.1
            fields = {"outcome": outcome, "is_near": near}
            verdicts.append(
                StoredVerdict(
                    verdict_set=kept[n % 2],
                    subject=common["subject_key"],
                    outcomes="1",
                    evidence="[]",
                    **fields,
                )
            )
            suggestions.append(Suggestion(set=sets[n % 2], unit_id=unit, **common, **fields))
        Candidate.objects.bulk_create(candidates)
        made = StoredVerdict.objects.bulk_create(verdicts)
        for suggestion, verdict in zip(suggestions, made, strict=True):
            suggestion.verdict_id = verdict.pk
        Suggestion.objects.bulk_create(suggestions)
    return round_


if __name__ == "__main__":
    main()
