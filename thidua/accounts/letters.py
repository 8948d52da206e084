"""Letters to people. They leave on a thread of their own, so that an answer takes as long with a letter as
without: else the time would tell whether an address belongs to somebody.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from django.core.mail import EmailMessage

log = logging.getLogger(__name__)


@cache
def _sender() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")


def post(letter: EmailMessage) -> Future[None]:
    """Send soon. A letter that cannot be sent is a line in the technical log, without its text."""
    return _sender().submit(_send, letter)


def wait_until_posted() -> None:
    """Until everything handed over so far has left."""
    _sender().submit(lambda: None).result()


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except OSError as error:  # smtplib's errors are among them
        log.error("Không gửi được một lá thư: %s. Kiểm tra các biến THIDUA_SMTP_*.", error)
