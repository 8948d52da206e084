"""The form of an archive package: what lies in it under which name, and how it is checked years later. Pure.

A package is a ZIP with a folder for each paper (the file as issued, its description, metadata by NĐ 30/2020,
Annex VI, as XML and JSON, an extract of the log), `goi.json` with the hash of every file, and `SHA256SUMS`
for those who check with other tools. Checking needs no database and no network.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from asn1crypto import x509

from thidua.core.errors import RuleNotMet
from thidua.documents.signing import blanks, verify

FORM = "thidua-archive/1"
CONTENTS, SUMS = "goi.json", "SHA256SUMS"
PDF, METADATA_XML, METADATA_JSON = "van-ban.pdf", "du-lieu-dac-ta.xml", "du-lieu-dac-ta.json"
DESCRIPTION, LOG = "noi-dung.json", "nhat-ky.json"
#: Far above what a file of work holds; a package that claims more is refused before it is opened.
MOST_BYTES, MOST_FILES = 2 * 1024 * 1024 * 1024, 20_000

#: NĐ 30/2020, Annex VI: longest value of each field; the decree prints `Organld` and `Signerlnfo`.
LENGTHS = {
    "OrganId": 13,
    "FileCatalog": 4,
    "FileNotation": 20,
    "DocOrdinal": 3,
    "TypeName": 100,
    "CodeNumber": 11,
    "CodeNotation": 30,
    "OrganName": 200,
    "Subject": 500,
    "Language": 30,
    "PageAmount": 3,
    "Description": 500,
    "Position": 100,
    "FullName": 50,
    "Priority": 1,
    "IssuedAmount": 3,
    "ArrivalNumber": 10,
    "ToPlaces": 1000,
}


def packed(files: Mapping[str, bytes], *, about: Mapping[str, Any]) -> bytes:
    """The package. The same files give the same bytes."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    contents = {
        "form": FORM,
        **about,
        "files": [{"name": name, "sha256": sums[name], "bytes": len(files[name])} for name in sums],
    }
    whole = {
        **dict(sorted(files.items())),
        CONTENTS: as_json(contents),
        SUMS: "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode(),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in whole.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)
    return target.getvalue()


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def as_xml(name: str, value: Any, *, depth: int = 0) -> str:
    """Elements named as the decree names its fields; None is an empty element, for nobody knows it."""
    indent = "  " * depth
    if isinstance(value, Mapping):
        inner = "".join(as_xml(key, one, depth=depth + 1) for key, one in value.items())
        return f"{indent}<{name}>\n{inner}{indent}</{name}>\n"
    if isinstance(value, (list, tuple)):
        return "".join(as_xml(name, one, depth=depth) for one in value)
    if value is None or value == "":
        return f"{indent}<{name}/>\n"
    return f"{indent}<{name}>{escape(str(value))}</{name}>\n"


def cut(value: Any, name: str = "") -> Any:
    """Values no longer than the decree allows for their field."""
    if isinstance(value, Mapping):
        return {key: cut(one, key) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [cut(one, name) for one in value]
    return value[: LENGTHS.get(name, len(value))] if isinstance(value, str) else value


# --- checking -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verified:
    """What checking a package found: sentences on what is right, and on what is wrong."""

    about: str
    good: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.wrong


def verified(package: bytes, *, trusted: Sequence[x509.Certificate] = ()) -> Verified:
    """Recompute everything. Raises RuleNotMet for what is no package."""
    files, contents = _opened(package)
    wrong = list(_wrong_sums(files, contents))
    listed = [one["name"] for one in contents["files"]]
    good = [] if wrong else [f"{len(listed)} tệp, mã băm SHA-256 của từng tệp đều đúng."]
    for folder in sorted({name.rpartition("/")[0] for name in listed if "/" in name}):
        right, bad = _paper(folder, files, trusted)
        good.extend(right)
        wrong.extend(bad)
    return Verified(str(contents.get("title", "")), tuple(good), tuple(wrong))


def _opened(package: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as found:
            entries = [entry for entry in found.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise RuleNotMet("Chưa kiểm tra được gói", why="gói quá lớn", next_step="Kiểm tra từng phần")
            if len({entry.filename for entry in entries}) != len(entries):
                raise RuleNotMet(
                    "Gói không hợp lệ", why="có hai tệp cùng tên trong gói", next_step="Lấy lại gói gốc"
                )
            files = {entry.filename: found.read(entry) for entry in entries}
        contents = json.loads(files[CONTENTS])
        if contents["form"] != FORM or not isinstance(contents["files"], list):
            raise KeyError(FORM)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, NotImplementedError, EOFError) as error:
        raise RuleNotMet(
            "Chưa kiểm tra được gói",
            why="đây không phải gói lưu trữ của Thi Đua, hoặc tệp đã hỏng",
            next_step="Lấy lại gói từ nơi lưu trữ gốc",
        ) from error
    return files, contents


def _wrong_sums(files: Mapping[str, bytes], contents: Mapping[str, Any]) -> Iterator[str]:
    listed = {one["name"]: one["sha256"] for one in contents["files"]}
    for name, digest in listed.items():
        if name not in files:
            yield f"Thiếu tệp {name}."
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            yield f"Tệp {name} đã bị thay đổi: mã băm không khớp."
    for name in sorted(set(files) - set(listed) - {CONTENTS, SUMS}):
        yield f"Tệp {name} không có trong danh mục của gói."
    sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(listed.items()))
    if files.get(SUMS, b"").decode(errors="replace") != sums:
        yield f"Danh sách {SUMS} không khớp với danh mục của gói."


def _paper(
    folder: str, files: Mapping[str, bytes], trusted: Sequence[x509.Certificate]
) -> tuple[list[str], list[str]]:
    try:
        return _judged(folder, files, trusted)
    except RuleNotMet as refusal:
        return [], [f"{folder}: {refusal.why}."]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [], [f"{folder}: không đọc được dữ liệu đi kèm ({type(error).__name__})."]


def _judged(
    folder: str, files: Mapping[str, bytes], trusted: Sequence[x509.Certificate]
) -> tuple[list[str], list[str]]:
    good: list[str] = []
    wrong: list[str] = []
    pdf = files.get(f"{folder}/{PDF}")
    if pdf is not None:
        found = verify.check(pdf, trusted=trusted)
        if not found.findings:
            good.append(f"{folder}: bản ký tay, không có chữ ký số.")
        elif found.is_whole:
            signers = ", ".join(one.signer for one in found.findings)
            good.append(f"{folder}: chữ ký số còn nguyên vẹn ({signers}).")
        else:
            wrong.append(f"{folder}: {found.summary}")
        wrong.extend(_contradictions(folder, files, pdf))
    extract = files.get(f"{folder}/{LOG}")
    if extract is not None:
        broken = [one["number"] for one in json.loads(extract) if not log_line_is_right(one)]
        if broken:
            wrong.append(f"{folder}: dòng nhật ký {', '.join(map(str, broken))} không khớp mã băm.")
        else:
            good.append(f"{folder}: các dòng nhật ký đều khớp mã băm.")
    return good, wrong


def _contradictions(folder: str, files: Mapping[str, bytes], pdf: bytes) -> Iterator[str]:
    """Number and date as the metadata say and as the sealed file says."""
    raw = files.get(f"{folder}/{METADATA_JSON}")
    values = {one.name: one.value for one in blanks.blanks_of(pdf)}
    if raw is None or blanks.NUMBER not in values:
        return
    told = json.loads(raw)
    printed = f"{values[blanks.YEAR]}-{int(values[blanks.MONTH]):02}-{int(values[blanks.DAY]):02}"
    if told.get("CodeNumber") != values[blanks.NUMBER] or told.get("IssuedDate") != printed:
        yield f"{folder}: số, ngày trong dữ liệu đặc tả khác với số, ngày trên văn bản đã ký."


def log_line_is_right(line: Mapping[str, Any]) -> bool:
    """Whether a line of the log has the hash that its words give: SHA-256 over `hashed` as canonical JSON."""
    text = json.dumps(line["hashed"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest() == str(line["hash"])
