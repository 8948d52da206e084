"""Members vote in the same moment, one of them twice, and the program is killed while a paper goes in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.at_once import at_once
from thidua.awards.council import counting
from thidua.awards.council.tests.makers import NOW, make_meeting, officer, open_box
from thidua.awards.models import BallotBox, BallotMark
from thidua.criteria import vote_packages
from thidua.criteria.vote_packages import Choice
from thidua.organisations.tests.world import phong_tho

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_all_vote_at_once_and_one_of_them_twice() -> None:
    world = phong_tho()
    meeting = open_box(make_meeting(world, size=5))
    voters = [0, 1, 2, 3, 4, 4]

    said = at_once(*(partial(meeting.vote, number, Choice.YES) for number in voters))

    refused = [one for one in said if isinstance(one, Exception)]
    assert [type(one).__name__ for one in refused] == ["RuleNotMet"]
    assert BallotMark.objects.count() == 5
    assert [len(json.loads(box.sealed)) for box in BallotBox.objects.all()] == [5, 5]
    package = counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)
    assert [one.question.tally.yes for one in vote_packages.verify(package).results] == [5, 5]


VOTING = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from thidua.awards.council.tests.makers import make_meeting, open_box
from thidua.awards.models import CouncilSession
from thidua.organisations.tests.world import phong_tho

meeting = open_box(make_meeting(phong_tho(), size=3))
meeting.vote(0)
print("voted", flush=True)

def killed_at(words):
    def run(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if sql.startswith(words):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return run

for words in ('INSERT INTO "awards_ballotmark"', 'UPDATE "awards_ballotbox"', 'INSERT INTO "audit_entry"'):
    child = os.fork()
    if child == 0:
        connection.close()
        with connection.execute_wrapper(killed_at(words)):
            meeting.vote(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL, words
from thidua.awards.models import BallotBox, BallotMark
import json
from thidua.awards.council import voting
for box in BallotBox.objects.order_by("pk"):
    print(len(voting.check_box(box)))
print(BallotMark.objects.count())
meeting.vote(1)
from thidua.audit.log import System
from thidua.awards.council import counting
from thidua.awards.council.tests.makers import NOW, ON
counting.close_voting(meeting.session, codes=meeting.codes, actor=System(on=ON), now=NOW)
print(*meeting.session.items.values_list("yes", flat=True))
"""


def test_kill_while_a_paper_goes_in_loses_and_doubles_nothing(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/phieu.sqlite3",
        "THIDUA_DATA_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", VOTING], env=environment, capture_output=True, text=True, timeout=400
    )

    assert (done.returncode, done.stdout.split()) == (0, ["voted", "1", "1", "1", "2", "2"]), done.stderr
