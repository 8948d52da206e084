"""A mail server of the tests: takes letters over SMTP on a port of its own, and can refuse or break off."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any


@dataclass
class MailServer:
    """What came in, and how to answer. `answers` go out in turn after a whole letter; then all are taken.

    An answer "" breaks the connection off instead, "…" never comes.
    """

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: MailServer = self.server.mail  # type: ignore[attr-defined]
        self.say("220 thu.example.vn")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb in ("EHLO", "HELO"):
                self.say("250 thu.example.vn")
            elif verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                to.append(address)
                self.say("550 5.1.1 no such person" if address in server.refused else "250 OK")
            elif verb == "DATA":
                self.say("354 go ahead")
                if not self.take(server, to):
                    return
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 OK")

    def take(self, server: MailServer, to: list[str]) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        with server.lock:
            answer = server.answers.pop(0) if server.answers else "250 taken"
            if answer in ("", "…") or answer.startswith("2"):
                letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                assert isinstance(letter, EmailMessage)
                server.letters.append(letter)
                server.receivers.extend(to)
        if answer == "…":
            self.rfile.read()  # until the other side is gone
            return False
        if answer:
            self.say(answer)
        return bool(answer)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    mail = MailServer()
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.mail = mail  # type: ignore[attr-defined]
        mail.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield mail
        server.shutdown()


def send_to(mail: MailServer, settings: Any) -> None:
    """Let the program send its letters to this server; `settings` is the fixture of that name."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.SMTP_HOST = settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = mail.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 5
