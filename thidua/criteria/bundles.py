"""Several packages and papers in one file, with a list of their hashes: `bundle/1`, a ZIP.

`manifest.json` names each part with its kind and SHA-256. `verify` checks every hash and makes again what can
be made again: verdicts (`verdicts/1`) and counts of votes (`votes/1`).
Pure; the same parts give the same bytes. Described in docs/reference/bundle-1.md.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from thidua.criteria import packages, vote_packages
from thidua.criteria.facts import canonical
from thidua.criteria.packages import BadPackage, Difference, checked, digest, json_of

FORMAT = "bundle/1"
MANIFEST = "manifest.json"
VERDICTS, VOTES, RECORD, FILE = "verdicts", "votes", "record", "file"
#: A stranger's file is not unpacked beyond this.
MOST_PARTS, MOST_BYTES = 50_000, 2 * 1024**3
_KEYS = ("format", "about", "parts", "sha256")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a bundle: its name inside, what it is, its bytes, and what it is called for people."""

    name: str
    kind: str
    raw: bytes
    title: str = ""


@dataclass(frozen=True, slots=True)
class BundleProof:
    """What came of verifying a bundle."""

    about: Mapping[str, Any]
    parts: int
    verdicts: int
    counts: int
    differences: tuple[Difference, ...]
    sha256: str
    #: How many verdicts came out how.
    outcomes: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not self.differences


def packed(parts: Iterable[Part], *, about: Mapping[str, Any]) -> bytes:
    """The bundle of these parts, in the order of their names."""
    rows = sorted(parts, key=lambda part: part.name)
    names = [part.name for part in rows]
    if len(set(names)) != len(names) or MANIFEST in names:
        raise ValueError("a name twice in a bundle")
    found: dict[str, Any] = {
        "format": FORMAT,
        "about": dict(about),
        "parts": [
            {
                "name": part.name,
                "kind": part.kind,
                "title": part.title,
                "bytes": len(part.raw),
                "sha256": hashlib.sha256(part.raw).hexdigest(),
            }
            for part in rows
        ],
    }
    manifest = canonical(found | {"sha256": digest(found)})
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, raw in ((MANIFEST, manifest), *((part.name, part.raw) for part in rows)):
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            file.writestr(info, raw)
    return out.getvalue()


def is_bundle(raw: bytes) -> bool:
    return raw.startswith(b"PK\x03\x04")


def verify(raw: bytes) -> BundleProof:
    """Checks the hash of every part, makes verdicts and counts anew. Raises BadPackage for no bundle."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as file:
            return _verified(file)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise BadPackage("tệp không phải gói hồ sơ, hoặc bị hỏng") from error


def parts_of(raw: bytes, kind: str) -> list[bytes]:
    """The parts of a kind of a bundle that holds what it says. Raises BadPackage for any other."""
    if not verify(raw).is_good:
        raise BadPackage("gói không khớp với danh mục của nó")
    with zipfile.ZipFile(BytesIO(raw)) as file:
        listed = _listed(json_of(file.read(MANIFEST))["parts"])
        return [file.read(name) for name, (one, _) in listed.items() if one == kind]


def _verified(file: zipfile.ZipFile) -> BundleProof:
    infos = file.infolist()
    names = [info.filename for info in infos]
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_BYTES:
        raise BadPackage("gói quá lớn")
    if MANIFEST not in names:
        raise BadPackage(f"gói thiếu {MANIFEST}")
    found = checked(json_of(file.read(MANIFEST)), FORMAT, _KEYS)
    actual = digest(found)
    differences = []
    if found["sha256"] != actual:
        differences.append(Difference(MANIFEST, f"đã bị sửa: ghi {found['sha256']}, tính lại là {actual}"))
    listed = _listed(found["parts"])
    twice = {name for name in names if names.count(name) > 1} if len(set(names)) != len(names) else set()
    differences += [Difference(name, "có hai lần trong gói") for name in sorted(twice)]
    strangers = sorted(set(names) - set(listed) - {MANIFEST})
    differences += [Difference(name, "không có trong danh mục của gói") for name in strangers]
    verdicts = counts = 0
    outcomes: dict[str, int] = {}
    for name, (kind, sha256) in listed.items():
        if name not in names:
            differences.append(Difference(name, "có trong danh mục mà thiếu trong gói"))
            continue
        raw = file.read(name)
        if hashlib.sha256(raw).hexdigest() != sha256:
            differences.append(Difference(name, "nội dung khác với mã băm trong danh mục"))
        if kind == VERDICTS:
            proof = packages.verify(raw)
            verdicts += proof.verdicts
            for outcome, count in proof.outcomes.items():
                outcomes[outcome] = outcomes.get(outcome, 0) + count
            differences += _within(name, proof.differences)
        elif kind == VOTES:
            counted = vote_packages.verify(raw)
            counts += len(counted.results)
            differences += _within(name, counted.differences)
    about = found["about"] if isinstance(found["about"], dict) else {}
    return BundleProof(about, len(listed), verdicts, counts, tuple(differences), actual, outcomes)


def _listed(rows: Any) -> dict[str, tuple[str, str]]:
    """Name → (kind, hash). Raises BadPackage for a list that is none."""
    try:
        found = {str(row["name"]): (str(row["kind"]), str(row["sha256"])) for row in rows}
        if len(found) != len(rows):
            raise BadPackage("danh mục ghi một tệp hai lần")
    except (KeyError, TypeError) as error:
        raise BadPackage("danh mục của gói ghi sai") from error
    return found


def _within(name: str, differences: Iterable[Difference]) -> list[Difference]:
    return [Difference(f"{name}: {one.place}", one.text) for one in differences]
