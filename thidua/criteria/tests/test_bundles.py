"""One file with several packages: every hash is checked, whatever was changed is found."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from thidua.criteria.bundles import FILE, MANIFEST, RECORD, Part, is_bundle, packed, verify
from thidua.criteria.packages import BadPackage

PARTS = (Part("b/hai.json", RECORD, b'{"a":1}', "Hai"), Part("a/mot.pdf", FILE, b"%PDF", "Một"))


def changed(raw: bytes, **contents: bytes | None) -> bytes:
    """The bundle with other bytes in some parts (None: without it), hashes as they were."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = contents.pop(name.split("/")[-1].split(".")[0], old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in contents.items():
            new.writestr(name, content or b"")
    return out.getvalue()


def test_the_same_parts_give_the_same_bytes_and_verify() -> None:
    raw = packed(PARTS, about={"what": "candidate"})

    proof = verify(raw)

    assert raw == packed(reversed(PARTS), about={"what": "candidate"})
    assert (proof.is_good, proof.parts, proof.verdicts, proof.counts) == (True, 2, 0, 0)
    assert proof.about == {"what": "candidate"}
    assert is_bundle(raw)


def test_whatever_was_changed_is_found() -> None:
    raw = packed(PARTS, about={})

    assert [one.place for one in verify(changed(raw, mot=b"%PDX")).differences] == ["a/mot.pdf"]
    assert [one.place for one in verify(changed(raw, hai=None)).differences] == ["b/hai.json"]
    assert [one.place for one in verify(changed(raw, la=b"x")).differences] == ["la"]
    with zipfile.ZipFile(BytesIO(raw)) as file:
        manifest = file.read(MANIFEST).replace(b"Hai", b"Ba!")
    assert [one.place for one in verify(changed(raw, manifest=manifest)).differences] == [MANIFEST]


@pytest.mark.parametrize(
    ("raw", "why"),
    [(b"PK\x03\x04nothing", "bị hỏng"), (packed((), about={})[:40], "bị hỏng")],
    ids=["no zip", "cut"],
)
def test_what_is_no_bundle_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(BadPackage, match=why):
        verify(raw)
