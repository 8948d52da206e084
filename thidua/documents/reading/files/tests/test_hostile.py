"""Each hostile file gives one clear refusal, soon, and leaves nothing behind."""

from __future__ import annotations

import os
import pickle
import tempfile
import time
from pathlib import Path

import pytest

from thidua.documents.reading import files
from thidua.documents.reading.files import Unreadable
from thidua.documents.reading.files.refusals import REFUSALS

from .makers.hostile import HOSTILE, Hostile
from .makers.plan import PLANS, plan_of
from .makers.printed import printed_file

#: a couple of seconds, and some for a busy machine
_MAX_SECONDS = 5.0


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_hostile_file_is_refused(hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(scratch)
    path = folder / hostile.name
    path.write_bytes(hostile.make())
    started = time.monotonic()

    with pytest.raises(Unreadable) as caught:
        files.read_path(path)

    assert caught.value.key == hostile.key
    assert time.monotonic() - started < _MAX_SECONDS
    assert os.listdir(scratch) == []
    assert os.listdir(folder) == [hostile.name]


def test_pdf_is_read_after_another_one_had_to_be_stopped() -> None:
    trap = next(hostile for hostile in HOSTILE if hostile.key == "too_slow")
    with pytest.raises(Unreadable):
        files.read(trap.make())

    plan = plan_of(PLANS[0].read_text(encoding="utf-8"))

    assert files.read(printed_file(plan)).lines[-1].text


def test_every_refusal_says_what_why_and_what_next() -> None:
    for key, parts in REFUSALS.items():
        assert len(parts) == 3, key
        assert all(parts), key
        what, why, what_next = parts
        assert not what.endswith("."), key
        assert not why.endswith("."), key
        assert what_next.startswith("Hãy ") or "Hãy " in what_next, key


def test_a_refusal_survives_the_way_between_processes() -> None:
    with pytest.raises(Unreadable) as caught:
        files.read(b"")

    copy = pickle.loads(pickle.dumps(caught.value))

    assert (copy.key, copy.message) == (caught.value.key, caught.value.message)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        files.read_path(tmp_path / "khong-co.docx")

    assert caught.value.key == "missing_file"


def test_size_limit_is_an_argument() -> None:
    assert files.read(b"abc", max_bytes=3).lines[0].text == "abc"
    with pytest.raises(Unreadable) as caught:
        files.read(b"abcd", max_bytes=3)
    assert caught.value.key == "too_large"
