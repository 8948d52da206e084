"""Many clerks take numbers in the same moment, and a process dies between two steps: no gap, no double."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests import kept_database
from tests.at_once import at_once
from thidua.audit.log import System
from thidua.documents.models import BookKind, GivenNumber, NumberBook
from thidua.documents.papers import numbering
from thidua.documents.papers.tests.makers import NOW, with_clerk
from thidua.organisations.tests.world import DAY

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_take_numbers_of_a_new_book() -> None:
    world = with_clerk()
    take = partial(
        numbering.give,
        world.unit("phong-tho").pk,
        BookKind.OUTGOING,
        dated=DAY,
        label="Báo cáo",
        actor=System(on=DAY),
        now=NOW,
    )

    for turn in range(1, 5):
        found = at_once(*(take for _ in range(6)))

        assert [one for one in found if isinstance(one, Exception)] == []
        assert GivenNumber.objects.count() == turn * 6
    book = NumberBook.objects.get()
    assert list(book.numbers.order_by("order").values_list("order", flat=True)) == list(range(1, 25))
    assert (book.last, numbering.gaps(book)) == (24, [])


def test_many_put_numbers_behind_one() -> None:
    world = with_clerk()
    actor = System(on=DAY)
    first = numbering.give(
        world.unit("phong-tho").pk, BookKind.OUTGOING, dated=DAY, label="Báo cáo", actor=actor, now=NOW
    )

    found = at_once(
        *(
            partial(numbering.put_in_late, first, label="Chèn", reason="Ký cùng ngày", actor=actor, now=NOW)
            for _ in range(4)
        )
    )

    assert sorted(str(getattr(one, "text", one)) for one in found) == ["01a", "01b", "01c", "01d"]


KILLED = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from thidua.audit.log import System
from thidua.documents.models import BookKind
from thidua.documents.papers import numbering
from thidua.documents.papers.tests.makers import NOW, with_clerk
from thidua.organisations.models import Unit
from thidua.organisations.tests.world import DAY

if not Unit.objects.exists():
    with_clerk()
unit = Unit.objects.get(key="phong-tho")

def give():
    return numbering.give(unit.pk, BookKind.OUTGOING, dated=DAY, label="x", actor=System(on=DAY), now=NOW)

give()
print("given", flush=True)

def die(execute, sql, params, many, context):
    answer = execute(sql, params, many, context)
    if os.environ["DIES_AFTER"] in sql:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

with connection.execute_wrapper(die):
    give()
"""
COUNTED = """
import django
django.setup()
from thidua.documents.models import NumberBook
from thidua.documents.papers import numbering
book = NumberBook.objects.get()
print(book.last, numbering.gaps(book), *book.numbers.order_by("order").values_list("text", flat=True))
"""


def test_kill_between_two_steps_leaves_neither_gap_nor_double(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/so.sqlite3",
        "THIDUA_DATA_DIR": str(tmp_path),
    }

    kept_database.copy_to(tmp_path / "so.sqlite3")

    def run(script: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", script],
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=180,
        )

    for dies_after in ('INSERT INTO "documents_givennumber"', 'UPDATE "documents_numberbook"'):
        killed = run(KILLED, DIES_AFTER=dies_after)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert killed.stdout == "given\n"
    counted = run(COUNTED)

    assert counted.stdout == "2 [] 01 02\n", counted.stderr
