"""Letters to people, and what is known of one that did not go.

Letters of sign-in leave on a thread of their own, so that an answer takes as long with a letter as without:
else the time would tell whether an address belongs to somebody. They are tried again for a while; they hold
secrets, so they lie in no queue of the database.
"""

from __future__ import annotations

import logging
import smtplib
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from django.core.mail import EmailMessage, get_connection

log = logging.getLogger(__name__)

#: Seconds before the second, third … attempt of a letter of sign-in.
PAUSES_SECONDS = (2.0, 10.0, 60.0)


class NotSent(Exception):
    """A letter that was not handed over; the text is what the mail server said.

    `may_have_left`: the connection broke after the letter was offered, so nobody knows. `is_final`: the
    server refused for good (a wrong address). `is_server_away`: the next letter would fare no better.
    """

    def __init__(
        self, said: str, *, may_have_left: bool = False, is_final: bool = False, is_server_away: bool = False
    ) -> None:
        super().__init__(said)
        self.is_server_away = is_server_away
        self.may_have_left = may_have_left
        self.is_final = is_final


def send(letter: EmailMessage) -> None:
    """Hand one letter over to the mail server, now. Raises NotSent."""
    connection = letter.connection or get_connection()
    try:
        letter.message()
    except ValueError as error:  # an address or a subject that no header can hold
        raise NotSent(_said(error), is_final=True) from error
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are among them
        raise NotSent(_said(error), is_server_away=True) from error
    try:
        connection.send_messages([letter])
    except smtplib.SMTPRecipientsRefused as error:
        code = max((code for code, _ in error.recipients.values()), default=0)
        raise NotSent(_said(error), is_final=code >= 500) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(_said(error), is_final=error.smtp_code >= 500) from error
    except OSError as error:
        raise NotSent(_said(error), may_have_left=True) from error
    finally:
        try:
            connection.close()
        except OSError as error:  # the letter is with the server, or has been told of above
            log.info("Đường gửi thư đóng không gọn: %s", error)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        parts = [f"{code} {_text(said)}" for code, said in error.recipients.values()]
        return "; ".join(parts)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return " ".join(str(error).split()) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


@cache
def _sender() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")


@cache
def _later() -> ThreadPoolExecutor:
    """Those that failed once wait here, so that the next letter need not."""
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="letters-again")


def post(letter: EmailMessage) -> Future[None]:
    """Send soon. A letter that cannot be sent is a line in the technical log, without its text."""
    return _sender().submit(_first_attempt, letter)


def wait_until_posted() -> None:
    """Until everything handed over so far has left, or failed for the first time."""
    _sender().submit(lambda: None).result()


def _first_attempt(letter: EmailMessage) -> None:
    try:
        send(letter)
    except NotSent as error:
        if error.is_final:
            _give_up(error)
        else:
            log.warning("Chưa gửi được một lá thư: %s. Sẽ thử lại.", error)
            _later().submit(_try_again, letter)


def _try_again(letter: EmailMessage) -> None:
    """The same letter twice does no harm here: both hold the same link."""
    for number, pause in enumerate(PAUSES_SECONDS, start=1):
        time.sleep(pause)
        try:
            send(letter)
        except NotSent as error:
            if error.is_final or number == len(PAUSES_SECONDS):
                _give_up(error)
                return
        else:
            return


def _give_up(error: NotSent) -> None:
    log.error("Không gửi được một lá thư: %s. Kiểm tra các biến THIDUA_SMTP_*.", error)
