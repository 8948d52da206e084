"""Several real processes send at once, and one is killed in the middle: nobody gets a letter twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from tests.mail_server import mail_server
from thidua.accounts.models import User
from thidua.core import clock
from thidua.notices.models import Delivery, DeliveryState, Notice
from thidua.notices.sending import SENDING_AT_MOST, send_due
from thidua.notices.telling import tell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

SENDER = """
import sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.SMTP_HOST = settings.EMAIL_HOST = "127.0.0.1"
settings.EMAIL_PORT = int(sys.argv[2])
settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
settings.EMAIL_TIMEOUT = 300
django.setup()
from thidua.core import clock
from thidua.notices.sending import send_due
print("ready", flush=True)
sys.stdin.readline()
send_due(now=clock.now())
"""


def start_sender(port: int) -> subprocess.Popen[str]:
    """A process that has loaded everything and waits for its start."""
    name = str(connection.settings_dict["NAME"])
    process = subprocess.Popen(
        [sys.executable, "-c", SENDER, name, str(port)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "THIDUA_LOG_LEVEL": "ERROR"},
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def letters_for(number: int) -> list[User]:
    """People with one planned letter each."""
    now = clock.now()
    people = User.objects.bulk_create(
        User(username=f"nguoi-{one}", email=f"nguoi-{one}@example.vn") for one in range(number)
    )
    for user in people:
        notice = tell(kind="task.given", text="Việc", address="/", now=now, sender="", user=user)
        Delivery.objects.create(
            rule="thong-bao",
            source="notices",
            object_key=str(notice.pk),
            user=user,
            day=now.date(),
            channel="thu",
            kind=notice.kind,
            text=notice.text,
            planned_at=now,
            send_at=now,
        )
    return people


def test_two_processes_send_each_letter_once_and_a_killed_one_is_not_repeated() -> None:
    people = letters_for(15)
    with mail_server() as server:
        senders = [start_sender(server.port) for _ in range(2)]
        for process in senders:
            go(process)
        assert [process.wait(timeout=60) for process in senders] == [0, 0]
        assert Counter(server.receivers) == dict.fromkeys((user.email for user in people), 1)
        assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}

        # The server has taken the letter and says nothing yet: now the worker dies.
        Delivery.objects.filter(user=people[0]).update(state=DeliveryState.PLANNED, batch="")
        server.letters.clear()
        server.answers = ["…"]
        doomed = start_sender(server.port)
        go(doomed)
        wait_until(lambda: bool(server.letters))
        doomed.send_signal(signal.SIGKILL)
        doomed.wait()
        assert Delivery.objects.get(user=people[0]).state == DeliveryState.SENDING

        following = start_sender(server.port)
        go(following)
        assert following.wait(timeout=60) == 0
    send_due(now=clock.now() + SENDING_AT_MOST + timedelta(seconds=1))

    assert len(server.letters) == 1
    assert Delivery.objects.get(user=people[0]).state == DeliveryState.UNSURE
    assert Notice.objects.count() == 15
