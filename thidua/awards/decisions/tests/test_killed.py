"""A process that dies while a decision takes effect has decided nobody; the next decides each once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import kept_database

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_is_enough]

KILLED = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from thidua.awards.decisions.tests.makers import NOW, prepared
from thidua.documents.models import OutgoingPaper
from thidua.documents.papers import drafting, issuing
from thidua.documents.papers.tests.makers import with_clerk
from thidua.organisations.authority import acting
from thidua.organisations.tests.world import DAY
from thidua.accounts.models import User

def who(name):
    return acting(User.objects.get(username=name), on=DAY)

if not OutgoingPaper.objects.exists():
    paper = prepared(with_clerk()).paper
    drafting.review(paper, actor=who("thuong-truc"), now=NOW)
    issuing.sign(paper, actor=who("lanh-dao"), now=NOW, by_hand=True)
    issuing.number(paper, actor=who("van-thu"), now=NOW)
    print("numbered", flush=True)
paper = OutgoingPaper.objects.get()

def die_after(execute, sql, params, many, context):
    answer = execute(sql, params, many, context)
    if sql.startswith(os.environ["DIES_AFTER"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

with connection.execute_wrapper(die_after):
    issuing.issue(paper, actor=who("van-thu"), now=NOW)
"""
COUNTED = """
import django
django.setup()
from thidua.awards.decisions.tests.makers import NOW
from thidua.awards.models import Candidate, Certificate, GoldenBook, RegisteredAward
from thidua.documents.models import OutgoingPaper
from thidua.documents.papers import issuing
from thidua.organisations.authority import acting
from thidua.organisations.tests.world import DAY
from thidua.accounts.models import User

def counts():
    awarded = Candidate.objects.filter(state="duoc_khen").count()
    book = GoldenBook.objects.first()
    last = book.last if book else 0
    kept = RegisteredAward.objects.count(), Certificate.objects.count()
    return OutgoingPaper.objects.get().state, awarded, *kept, last

clerk = acting(User.objects.get(username="van-thu"), on=DAY)
print(*counts())
issuing.issue(OutgoingPaper.objects.get(), actor=clerk, now=NOW)
print(*counts())
print(*sorted(RegisteredAward.objects.values_list("golden_book_number", flat=True)))
"""


def test_kill_while_a_decision_takes_effect_loses_and_doubles_nothing(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/quyet-dinh.sqlite3",
        "THIDUA_DATA_DIR": str(tmp_path),
    }
    kept_database.copy_to(tmp_path / "quyet-dinh.sqlite3")

    def run(script: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", script],
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=180,
        )

    first = run(KILLED, DIES_AFTER='INSERT INTO "awards_registeredaward"')
    assert (first.returncode, first.stdout) == (-signal.SIGKILL, "numbered\n"), first.stderr
    second = run(KILLED, DIES_AFTER='INSERT INTO "awards_certificate"')
    assert (second.returncode, second.stdout) == (-signal.SIGKILL, ""), second.stderr
    counted = run(COUNTED)

    assert counted.stdout.splitlines() == ["da_cap_so 0 0 0 0", "da_phat_hanh 3 3 3 3", "1 2 3"], (
        counted.stderr
    )
