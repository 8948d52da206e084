"""Letters over SMTP to a real server: what is known of one that did not go, and when it is tried again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage

from tests.mail_server import MailServer, mail_server, send_to
from thidua.accounts import letters
from thidua.accounts.letters import NotSent, send


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as found:
        send_to(found, settings)
        yield found


def letter(to: str = "can-bo@example.vn") -> EmailMessage:
    return EmailMessage("Đặt lại mật khẩu", "Nội dung tiếng Việt.\n", "thidua@example.vn", [to])


def test_vietnamese_letter_arrives_as_it_was_written(server: MailServer) -> None:
    send(letter())

    (arrived,) = server.letters
    assert arrived["Subject"] == "Đặt lại mật khẩu"
    assert arrived.get_content().splitlines() == ["Nội dung tiếng Việt."]


@pytest.mark.parametrize(
    ("answer", "may_have_left", "is_final"),
    [("451 later", False, False), ("554 never", False, True), ("", True, False)],
)
def test_what_is_known_of_a_letter_that_did_not_go(
    server: MailServer, answer: str, may_have_left: bool, is_final: bool
) -> None:
    server.answers = [answer]

    with pytest.raises(NotSent) as refusal:
        send(letter())

    assert (refusal.value.may_have_left, refusal.value.is_final) == (may_have_left, is_final)
    assert answer in str(refusal.value)


def test_unknown_receiver_is_refused_for_good(server: MailServer) -> None:
    server.refused = {"khong-co@example.vn"}

    with pytest.raises(NotSent, match="550") as refusal:
        send(letter("khong-co@example.vn"))

    assert refusal.value.is_final


def test_address_that_no_header_can_hold_is_refused_for_good(server: MailServer) -> None:
    with pytest.raises(NotSent) as refusal:
        send(letter("a@example.vn\nBcc: b@example.vn"))

    assert refusal.value.is_final
    assert server.letters == []


def test_server_that_is_away_is_no_final_refusal(server: MailServer, settings: Any) -> None:
    settings.EMAIL_PORT = 1

    with pytest.raises(NotSent) as refusal:
        send(letter())

    assert (refusal.value.may_have_left, refusal.value.is_final) == (False, False)


def test_letter_of_sign_in_is_tried_again(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "PAUSES_SECONDS", (0.01, 0.01, 0.01))
    server.answers = ["451 later", "451 later"]

    letters.post(letter()).result()
    letters._later().submit(lambda: None).result()
    for _ in range(500):
        if server.letters:
            break
        time.sleep(0.01)

    assert [one["Subject"] for one in server.letters] == ["Đặt lại mật khẩu"]
