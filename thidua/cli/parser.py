"""An argument parser that speaks Vietnamese; `argparse` itself has English sentences only."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import NoReturn

# What argparse says, and how we say it.
_SENTENCES = (
    (r"the following arguments are required: (.*)", r"thiếu \1"),
    (r"unrecognized arguments: (.*)", r"không hiểu \1"),
    (r"argument (\S+): invalid choice: '?(.*?)'? \(choose from (.*)\)", r"\1 không nhận «\2», chỉ nhận \3"),
    (r"argument (\S+): expected one argument", r"\1 cần một giá trị"),
    (r"argument (\S+): expected at least one argument", r"\1 cần ít nhất một giá trị"),
    (r"argument (\S+): invalid (?:\w+ )*value: '?(.*?)'?", r"\1 không nhận «\2»"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 không dùng cùng \2"),
    (r"argument (\S+): (.*)", r"\1: \2"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 chưa rõ, có thể là \2"),
)


class VietnameseParser(argparse.ArgumentParser):
    """Help and errors in Vietnamese; a misuse ends with exit code 2."""

    def __init__(self, *, prog: str, description: str = "", epilog: str = "") -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            add_help=False,
            allow_abbrev=False,
            formatter_class=_Formatter,
        )
        self._positionals.title = "tham số"
        self._optionals.title = "tùy chọn"
        self.add_argument("-h", "--help", action="help", help="in phần hướng dẫn này")

    def error(self, message: str) -> NoReturn:
        for english, vietnamese in _SENTENCES:
            if match := re.fullmatch(english, message):
                message = match.expand(vietnamese)
                break
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}. Xem {self.prog} --help.\n")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)
