"""What an adopted version said stays: the database refuses changes, a killed adoption leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tests import kept_database
from thidua.movements.models import PlanItem, PlanVersion, PlanVersionState
from thidua.movements.plans import adoption
from thidua.movements.plans.tests.makers import NOW, decide_all, issuer_of, started

pytestmark = pytest.mark.django_db

TRIGGERS = {
    "movements_planitem_kept",
    "movements_planitem_not_deleted",
    "movements_planversion_kept",
    "movements_planversion_not_deleted",
}


@pytest.fixture
def adopted() -> PlanVersion:
    issuer = issuer_of(1)
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    adoption.adopt(version, actor=issuer.acting(), now=NOW)
    return version


def test_the_triggers_are_there() -> None:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'movements_plan%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'movements_plan%'",
    }
    with connection.cursor() as cursor:
        cursor.execute(query[connection.vendor])
        assert {name for (name,) in cursor.fetchall()} >= TRIGGERS


@pytest.mark.parametrize("changes", [{"content": "{}"}, {"decision": "bo"}, {"quote": "khác"}, {"key": "Z1"}])
def test_items_of_an_adopted_version_do_not_change(adopted: PlanVersion, changes: dict[str, str]) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        PlanItem.objects.filter(version=adopted, key="K1").update(**changes)


def test_items_of_an_adopted_version_are_not_deleted(adopted: PlanVersion) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        PlanItem.objects.filter(version=adopted, key="P1")._raw_delete("default")


@pytest.mark.parametrize(
    "changes",
    [{"title": "Tên khác"}, {"dated": "2030"}, {"state": PlanVersionState.DRAFT}, {"document": None}],
)
def test_an_adopted_version_does_not_change(adopted: PlanVersion, changes: dict[str, object]) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        PlanVersion.objects.filter(pk=adopted.pk).update(**changes)


def test_a_draft_changes_freely_and_search_texts_may_be_built_anew(adopted: PlanVersion) -> None:
    PlanItem.objects.filter(version=adopted).update(search_text="dung lai")
    issuer = issuer_of(0)
    draft = started(0, issuer)
    assert PlanItem.objects.filter(version=draft, key="K1").update(quote="khác") == 1
    assert draft.items.all().delete()[0] == 37


KILLED = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from thidua.movements.plans import adoption
from thidua.movements.plans.tests.makers import NOW, decide_all, issuer_of, started

issuer = issuer_of(2)
version = started(2, issuer)
decide_all(version, actor=issuer.acting())
print("decided", flush=True)

def die_in_the_middle(execute, sql, params, many, context):
    answer = execute(sql, params, many, context)
    if "movements_taskpartner" in sql and sql.startswith("INSERT"):
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

if os.environ["DIES"] == "1":
    with connection.execute_wrapper(die_in_the_middle):
        adoption.adopt(version, actor=issuer.acting(), now=NOW)
"""
COUNTED = """
import django
django.setup()
from thidua.audit.models import Entry
from thidua.movements.models import Milestone, PlanVersion, Target, Task, TaskPartner
from thidua.movements.plans import adoption
from thidua.movements.plans.tests.makers import NOW
from thidua.notices.models import Notice
from thidua.organisations.authority import acting
from thidua.accounts.models import User

def counts():
    adopted = Entry.objects.filter(action="movements.planversion.adopt")
    models = (Task, TaskPartner, Target, Milestone, Notice)
    return [PlanVersion.objects.get().state, adopted.count(), *(model.objects.count() for model in models)]

print(*counts())
version = PlanVersion.objects.get()
officer = acting(User.objects.get(username="thuong-truc-2"), on=NOW.date())
adoption.adopt(version, actor=officer, now=NOW)
print(*counts())
"""


def test_kill_in_the_middle_of_an_adoption_leaves_nothing_and_it_can_be_done_again(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/giua-chung.sqlite3",
        "THIDUA_DATA_DIR": str(tmp_path),
        "DIES": "1",
    }

    kept_database.copy_to(tmp_path / "giua-chung.sqlite3")

    def run(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=180
        )

    killed = run(KILLED)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert killed.stdout == "decided\n"
    counted = run(COUNTED)
    assert counted.returncode == 0, counted.stderr
    before, after = counted.stdout.splitlines()
    assert before == "nhap 0 0 0 0 0 0"
    assert after.split()[:3] == ["da_duyet", "1", "86"]
