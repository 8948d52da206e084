"""The shape of a record `golden/1` as JSON Schema 2020-12, the one source of the published schema.

Two profiles: what the reader writes (every key there, nothing that is not listed here), and what a golden
record may be besides (keys left out, other readings under `accept`). `docs/reference/golden-1.md` says what
it all means.
Run as `python -m thidua.documents.reading.schema` to write the published file anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

VERSION = "golden/1"
PUBLISHED = Path(__file__).resolve().parents[3] / "docs" / "reference" / "golden-1.schema.json"

STRUCTURE_KINDS = (
    # golden/1
    *(
        "so_ky_hieu",
        "dia_danh_ngay",
        "ten_loai",
        "trich_yeu",
        "mo_dau",
        "muc",
        "khoan",
        "diem",
        "gach",
        "doan",
    ),
    *("chu_thich", "ket", "noi_nhan_head", "noi_nhan", "luu", "quyen_han", "chuc_vu", "ho_ten"),
    # documents in the wild: the header that the five seeds have lost
    *(
        "quoc_hieu",
        "tieu_ngu",
        "ten_co_quan",
        "duong_ke",
        "du_thao",
        "kinh_gui",
        "chuc_danh",
        "lenh",
        "can_cu",
    ),
    # parts of other kinds of document, headings without number, tables, appendices
    *("phan", "chuong", "dieu", "tieu_de", "bang", "hang", "phu_luc"),
    # what is no part of the text: stamp, page number, chrome of a web site, anything else
    *("da_ky", "chu_ky", "trang", "trang_web", "nhieu"),
)
COMPARATORS = ("gte", "gt", "lte", "lt", "between", "approx", "stated", "is")
BOUNDS = ("before", "within", "from", "after")
MODALITIES = (
    *("giao", "chu_tri", "de_nghi", "yeu_cau", "khuyen_khich", "van_dong", "phat_dong", "self_assigned"),
)
CITATION_ROLES = (
    "parent_plan",
    "target_basis",
    "to_disseminate",
    "legal_basis",
    "replaced",
    "reference",
    "self",
    None,
)
MILESTONE_KINDS = (
    *("ban_hanh_ke_hoach", "phat_dong", "trien_khai", "so_ket", "tong_ket", "bao_cao_nam", "bao_cao_dinh_ky"),
    *("danh_gia_hang_nam", "kiem_tra_hang_nam", "don_doc_hang_nam", "khen_thuong_hang_nam", "thang_cao_diem"),
    *("tham_tang_qua", "dang_ky", "binh_xet", "kiem_tra_dinh_ky", "khac"),
)
NAME_RELATIONS = (
    *("self", "self_or_national", "national", "parent", "other_movement", "campaign", "fund", "programme"),
    *("other", None),
)
ISSUER_LEVELS = (
    # golden/1
    *("so_tinh", "ubnd_huyen"),
    # as much as the name of the body tells
    *(
        "trung_uong",
        "bo",
        "nganh_doc",
        "ubnd",
        "ubnd_tinh",
        "ubnd_thanh_pho",
        "ubnd_xa",
        "phong_huyen",
        "hdnd",
    ),
    *("hoi_dong", "ban_chi_dao", "dang", "mttq_doan_the", "don_vi", "doanh_nghiep"),
    # finer, where a person knows
    *("bo_nganh", "dang_tinh", "dang_huyen", "dang_xa", "khoi_dang", "doan_the_tw", "doan_the_tinh"),
    *("doan_the_huyen", "doan_the_xa", "truong_hoc", "benh_vien", "cum_khoi", "khac", None),
)
AWARD_LEVELS = (
    *("nha_nuoc", "bo", "tinh", "so", "huyen", "co_quan", "doan_the_tw", "doan_the_tinh"),
    *("doan_the_huyen", "dang", "xa", "doanh_nghiep", "khac", None),
)
CAPACITIES = (
    *("thu_truong", "thay_mat_tap_the", "thay_mat_tap_the_ky_thay", "ky_thay", "thua_lenh", "thua_uy_quyen"),
    *("quyen", "phu_trach", None),
)
CRITERION_KINDS = ("quantitative", "checkable", "qualitative")
RECIPIENT_PURPOSES = ("bao_cao", "dang_tai", "thuc_hien", "phoi_hop", "theo_doi", "de_biet", None)
SEVERITIES = ("info", "minor", "major")
HEADER_PRESENT = (True, False, "label only")
FORMATS = ("txt", "md", "docx", "pdf", "html")

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
INTEGER_OR_NULL: Schema = {"type": ["integer", "null"]}
NUMBER: Schema = {"type": "number"}
NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
BOOLEAN: Schema = {"type": "boolean"}
NAMES: Schema = {"type": "array", "items": TEXT}
LINE: Schema = {"type": "integer", "minimum": 1, "description": "1-based line of the source"}
LINES: Schema = {"type": "array", "items": {"type": "integer", "minimum": 1}}
# Indicators, subject types, themes, units and what a figure counts `per` are open vocabularies.
CODE: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
YEAR: Schema = {"type": "integer", "minimum": 1900, "maximum": 2999}
# A year, or a month or day as EDTF.
MOMENT: Schema = {
    "anyOf": [YEAR, {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}, {"type": "null"}]
}
_RECURRENCE = (
    r"annual|semiannual|quarterly|monthly|weekly|daily|periodic|thematic|every \d+ (days|weeks|months|years)"
)
# One or several, perhaps explained in brackets: "annual, periodic", "periodic (interval not stated)".
RECURRENCE: Schema = {
    "type": ["string", "null"],
    "pattern": rf"^({_RECURRENCE})( \([^)]*\))?(, ({_RECURRENCE})( \([^)]*\))?)*$",
}


def one_of(values: tuple[object, ...]) -> Schema:
    return {"enum": list(values)}


def list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


class _Profile:
    """Makes the mappings of one profile: closed, and with `accept` or with required keys."""

    def __init__(self, *, golden: bool) -> None:
        self.golden = golden

    def mapping(self, required: Schema, optional: Schema | None = None, *, about: str = "") -> Schema:
        properties = {**required, **(optional or {})}
        schema: Schema = {"type": "object"}
        if about:
            schema["description"] = about
        if self.golden:
            properties["accept"] = self._accept([*properties])
        else:
            schema["required"] = list(required)
        return {**schema, "properties": properties, "additionalProperties": False}

    def _accept(self, names: list[str]) -> Schema:
        options: Schema = {"anyOf": [{"type": "array", "minItems": 1}, {"const": "any"}]}
        return {
            "type": "object",
            # split: one line may be read as these several entries
            "properties": {"absent": {"const": True}, "split": NAMES, **dict.fromkeys(names, options)},
            "additionalProperties": False,
        }


def record_schema(*, golden: bool = False) -> Schema:
    """JSON Schema of what the reader writes; with `golden`, of a golden record (keys may be left out)."""
    profile = _Profile(golden=golden)
    mapping = profile.mapping
    when = _when(profile)
    passage = mapping(
        {"path": TEXT, "lines": LINES, "text": TEXT}, {"quote": TEXT}, about="A passage without its marker"
    )
    record = mapping(
        {
            "schema": {"const": VERSION},
            "seed": _seed(profile),
            "doc": _doc(profile),
            "movement": nullable(_movement(profile, when)),
            "parent_plan_ids": {**NAMES, "description": "ids of the citations that this plan carries out"},
            "citations": list_of(_citation(profile)),
            "unnumbered_refs": list_of(_unnumbered_reference(profile)),
            "structure": list_of(_node(profile)),
            "purposes": list_of(passage),
            "requirements": list_of(passage),
            "contents": list_of(passage),
            "solutions": list_of(passage),
            "targets": list_of(_target(profile, when)),
            "tasks": list_of(_task(profile, when)),
            "subjects": list_of(_subject(profile)),
            "award": nullable(_award(profile)),
            "milestones": list_of(_milestone(profile, when)),
            "recipients": list_of(_recipient(profile)),
            "archive": nullable(_archive(profile)),
            "signature": nullable(_signature(profile)),
            "footnotes": list_of(_footnote(profile)),
            "abbreviations": list_of(_abbreviation(profile)),
            "undefined_abbreviations": NAMES,
            "defects": list_of(_defect(profile)),
            "doubts": {**NAMES, "description": "readings where a careful person could differ"},
            "expected_counts": {
                "type": "object",
                "additionalProperties": {"type": "integer", "minimum": 0},
                "description": "totals of this record, for quick tests",
            },
        },
        {
            "other_signatures": list_of(_signature(profile)),
            "not_marked": {**NAMES, "description": "keys that a golden record leaves out on purpose"},
        },
    )
    if golden:
        record["required"] = ["schema", "seed"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:thidua:golden-1" + (":golden" if golden else ""),
        "title": "golden/1: one Vietnamese administrative document, read" + (" by hand" if golden else ""),
        **record,
    }


def _seed(profile: _Profile) -> Schema:
    return profile.mapping(
        {
            "file": TEXT,
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "lines": {"type": "integer", "minimum": 0},
            "codepoints": {"type": "integer", "minimum": 0},
            "unicode_form": TEXT,
            "final_newline": BOOLEAN,
        },
        {
            "id": TEXT_OR_NULL,
            "format": one_of(FORMATS),
            "ocr": {**BOOLEAN, "description": "the text was recognised from a picture"},
            "remarks": NAMES,
            "note": TEXT,
        },
        about="The file that was read",
    )


def _doc(profile: _Profile) -> Schema:
    date = profile.mapping(
        {
            "raw": TEXT_OR_NULL,
            "day": {"type": ["integer", "null"], "minimum": 1, "maximum": 31},
            "month": {"type": ["integer", "null"], "minimum": 1, "maximum": 12},
            "year": nullable(YEAR),
            "edtf": {"type": ["string", "null"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
        }
    )
    issuer = profile.mapping(
        {
            "name": TEXT_OR_NULL,
            "as_printed": TEXT_OR_NULL,
            "level": one_of(ISSUER_LEVELS),
            "province": TEXT_OR_NULL,
            "parent": TEXT_OR_NULL,
            "symbol_code": TEXT_OR_NULL,
            "inferred": BOOLEAN,
            "evidence_lines": LINES,
        },
        {"district": TEXT_OR_NULL, "commune": TEXT_OR_NULL, "note": TEXT},
    )
    present = one_of(HEADER_PRESENT)
    header = profile.mapping(
        {"quoc_hieu": present, "ten_co_quan": present, "so_ky_hieu": present, "dia_danh_ngay": present}
    )
    bounds = profile.mapping(
        {},
        {
            "not_before": TEXT_OR_NULL,
            "not_before_reason": TEXT_OR_NULL,
            "not_after": TEXT_OR_NULL,
            "not_after_reason": TEXT_OR_NULL,
        },
    )
    return profile.mapping(
        {
            "type": TEXT_OR_NULL,
            "type_abbr": TEXT_OR_NULL,
            "number_raw": TEXT_OR_NULL,
            "number": TEXT_OR_NULL,
            "symbol": TEXT_OR_NULL,
            "place": TEXT_OR_NULL,
            "date": date,
            "title": TEXT_OR_NULL,
            "title_lines": LINES,
            "issuer": nullable(issuer),
            "header_present": header,
        },
        {
            "date_bounds": nullable(bounds),
            "draft": {**BOOLEAN, "description": "marked “(Dự thảo)”"},
            "addressees": {**NAMES, "description": "kính gửi"},
            "co_issuers": {**NAMES, "description": "further bodies in the header of a joint document"},
            "note": TEXT,
        },
        about="Head of the document",
    )


def _movement(profile: _Profile, when: Schema) -> Schema:
    period = profile.mapping({"from": MOMENT, "to": MOMENT, "raw": TEXT_OR_NULL}, {"lines": LINES})
    name = profile.mapping(
        {"text": TEXT, "lines": LINES, "relation": one_of(NAME_RELATIONS)}, {"note": TEXT, "quote": TEXT}
    )
    short_name = profile.mapping({"text": TEXT, "lines": LINES, "raw": TEXT}, {"note": TEXT})
    return profile.mapping(
        {
            "name": TEXT_OR_NULL,
            "theme": nullable(CODE),
            "period": nullable(period),
            "horizon": TEXT_OR_NULL,
            "short_name_defined": nullable(short_name),
            "names": list_of(name),
            "slogans": list_of(profile.mapping({"text": TEXT, "lines": LINES}, {"note": TEXT})),
        },
        {
            "implementation_period": nullable(period),
            "previous_period": nullable(period),
            "launched": nullable(when),
            "note": TEXT,
        },
    )


def _citation(profile: _Profile) -> Schema:
    return profile.mapping(
        {
            "id": TEXT,
            "lines": LINES,
            "raw": TEXT,
            "type": TEXT_OR_NULL,
            "type_abbr": TEXT_OR_NULL,
            "ref": TEXT_OR_NULL,
            "number": TEXT_OR_NULL,
            "number_year": INTEGER_OR_NULL,
            "symbol": TEXT_OR_NULL,
            "date_raw": TEXT_OR_NULL,
            # As printed, even where it names a day that does not exist.
            "date": {"type": ["string", "null"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
            "issuer_raw": TEXT_OR_NULL,
            "issuer": TEXT_OR_NULL,
            "about_raw": TEXT_OR_NULL,
            "role": one_of(CITATION_ROLES),
            "occurrence": one_of(("first", "repeat")),
        },
        {"noise": TEXT_OR_NULL, "note": TEXT},
        about="One mention of a numbered instrument",
    )


def _unnumbered_reference(profile: _Profile) -> Schema:
    return profile.mapping(
        {"id": TEXT, "lines": LINES, "raw": TEXT, "type": TEXT_OR_NULL, "issuer": TEXT_OR_NULL},
        {"note": TEXT},
    )


def _node(profile: _Profile) -> Schema:
    return profile.mapping(
        {"path": TEXT, "kind": one_of(STRUCTURE_KINDS), "lines": LINES},
        {
            "marker": TEXT_OR_NULL,
            "title": TEXT_OR_NULL,
            "page_break_split": BOOLEAN,
            "inline_items": list_of(profile.mapping({"marker": TEXT, "text": TEXT})),
            "wrapped": {**BOOLEAN, "description": "one paragraph over several lines"},
            "cells": {"type": "integer", "minimum": 1, "description": "number of lines of a table row"},
            "note": TEXT,
        },
        about="A paragraph; every line that is not empty belongs to exactly one",
    )


def _when(profile: _Profile) -> Schema:
    number: Schema = {"type": "integer"}
    units = ("days", "working_days", "weeks", "months", "years")
    offset = profile.mapping({}, {"after": TEXT, "before": TEXT, **dict.fromkeys(units, number)})
    relative: Schema = {"anyOf": [TEXT, {"type": "object"}]}
    return profile.mapping(
        {},
        {
            "year": nullable(YEAR),
            "month": {"type": ["integer", "null"], "minimum": 1, "maximum": 12},
            "day": {"type": ["integer", "null"], "minimum": 1, "maximum": 31},
            "quarter": {"type": ["integer", "null"], "minimum": 1, "maximum": 4},
            # As Vietnamese counts them: 2 = thứ Hai … 7 = thứ Bảy, 8 = Chủ nhật.
            "weekday": {"type": ["integer", "null"], "minimum": 2, "maximum": 8},
            "months": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 12}},
            "month_of": nullable(CODE),
            "from": MOMENT,
            "to": MOMENT,
            "bound": one_of((*BOUNDS, None)),
            "so_ket": MOMENT,
            "tong_ket": MOMENT,
            "applies_to": TEXT_OR_NULL,
            "recurrence": RECURRENCE,
            "offset": offset,
            "relative": relative,
            "raw": TEXT_OR_NULL,
        },
        about="A deadline or a time: as much as the text says",
    )


def _target(profile: _Profile, when: Schema) -> Schema:
    stated_count = profile.mapping(
        {},
        {
            "count": NUMBER_OR_NULL,
            "of": NUMBER_OR_NULL,
            "stated_pct": NUMBER_OR_NULL,
            "computed_pct": NUMBER_OR_NULL,
            "implied_base": NUMBER_OR_NULL,
            "rounding": TEXT_OR_NULL,
        },
        about="The figure printed beside a share, and what follows from the two",
    )
    schema = profile.mapping(
        {
            "id": TEXT,
            "path": TEXT,
            "lines": LINES,
            "quote": TEXT,
            "indicator": nullable(CODE),
            "label_vi": TEXT_OR_NULL,
            "comparator": one_of(COMPARATORS),
            "unit": nullable(CODE),
            "deadline": nullable(when),
            "scope": TEXT_OR_NULL,
        },
        {
            "value": {"type": ["number", "boolean", "null"]},
            "value_min": NUMBER_OR_NULL,
            "value_max": NUMBER_OR_NULL,
            "per": nullable(CODE),
            "stated_count": nullable(stated_count),
            "period": nullable(profile.mapping({"from": MOMENT, "to": MOMENT, "stated": BOOLEAN})),
            "baseline": nullable(
                profile.mapping({"when": TEXT}, {"year": nullable(YEAR), "value": NUMBER_OR_NULL})
            ),
            "owner": TEXT_OR_NULL,
            "notes": TEXT,
            "note": TEXT,
        },
    )
    if not profile.golden:
        schema["anyOf"] = [{"required": ["value"]}, {"required": ["value_min", "value_max"]}]
    return schema


def _task(profile: _Profile, when: Schema) -> Schema:
    return profile.mapping(
        {
            "id": TEXT,
            "path": TEXT,
            "lines": LINES,
            "quote": TEXT,
            "lead": NAMES,
            "lead_explicit": BOOLEAN,
            "modality": one_of(MODALITIES),
            "deadline": nullable(when),
        },
        {
            "coordinate_with": NAMES,
            "supervisor": {"anyOf": [TEXT_OR_NULL, NAMES], "description": "lãnh đạo phụ trách"},
            "action": TEXT_OR_NULL,
            "recurrence": RECURRENCE,
            "conditional": TEXT_OR_NULL,
            "report_to": NAMES,
            "notes": TEXT,
            "note": TEXT,
        },
    )


def _subject(profile: _Profile) -> Schema:
    window = profile.mapping(
        {},
        {
            "consecutive_years": {"type": "integer"},
            "consecutive_months": {"type": "integer"},
            "consecutive_rounds": {"type": "integer"},
            "years": {"type": "integer"},
            "months": {"type": "integer"},
            "anchor": TEXT_OR_NULL,
        },
    )
    clause = profile.mapping(
        {"indicator": nullable(CODE), "op": one_of(COMPARATORS), "unit": nullable(CODE)},
        {
            "value": {"type": ["number", "boolean", "null"]},
            "value_min": NUMBER_OR_NULL,
            "value_max": NUMBER_OR_NULL,
            "per": nullable(CODE),
            "window": nullable(window),
            "baseline": TEXT_OR_NULL,
            "measured_at": TEXT_OR_NULL,
            "applies_to": TEXT_OR_NULL,
            "quote": TEXT,
            "note": TEXT,
        },
    )
    rule = profile.mapping(
        {}, {"all_of": list_of(clause), "any_of": list_of(clause), "evaluated_on": TEXT_OR_NULL, "note": TEXT}
    )
    rule["anyOf"] = [{"required": ["all_of"]}, {"required": ["any_of"]}]
    criterion = profile.mapping(
        {"id": TEXT, "lines": LINES, "text": TEXT, "kind": one_of(CRITERION_KINDS), "rule": nullable(rule)},
        {"path": TEXT, "quote": TEXT, "note": TEXT},
    )
    return profile.mapping(
        {
            "id": TEXT,
            "path": TEXT,
            "lines": LINES,
            "subject_type": nullable(CODE),
            "label": TEXT_OR_NULL,
            "criteria": list_of(criterion),
        },
        {"quote": TEXT, "note": TEXT},
    )


def _award(profile: _Profile) -> Schema:
    form = profile.mapping(
        {
            "name": TEXT,
            "as_printed": TEXT,
            "line": LINE,
            "level": one_of(AWARD_LEVELS),
            "authority": TEXT_OR_NULL,
            "authority_stated": BOOLEAN,
        },
        {"class_stated": TEXT_OR_NULL, "path": TEXT, "lines": LINES, "quote": TEXT, "note": TEXT},
    )
    standard = profile.mapping(
        {"path": TEXT, "lines": LINES, "text": TEXT},
        {"ref": {**TEXT_OR_NULL, "description": "ids of unnumbered references, “; ” between"}, "note": TEXT},
    )
    quota = profile.mapping({"path": TEXT, "lines": LINES, "quote": TEXT}, {"note": TEXT})
    return profile.mapping(
        {"forms": list_of(form), "standards": list_of(standard), "recipients_mentioned": NAMES},
        {"quotas": {**list_of(quota), "description": "numbers of awards; not targets"}, "note": TEXT},
    )


def _milestone(profile: _Profile, when: Schema) -> Schema:
    return profile.mapping(
        {"kind": one_of(MILESTONE_KINDS), "when": when, "who": TEXT_OR_NULL, "path": TEXT, "lines": LINES},
        {"quote": TEXT, "note": TEXT},
    )


def _recipient(profile: _Profile) -> Schema:
    return profile.mapping(
        {"line": LINE, "raw": TEXT, "name": TEXT, "kind": one_of(("external", "internal", None))},
        {
            "note": TEXT_OR_NULL,
            "purpose": one_of(RECIPIENT_PURPOSES),
            "suspect": TEXT_OR_NULL,
            "list": {**TEXT_OR_NULL, "description": "a second list, or the list of an appendix"},
            "refers_to": {**TEXT_OR_NULL, "description": "what “Như trên” and the like stand for"},
            "lines": LINES,
        },
    )


def _archive(profile: _Profile) -> Schema:
    return profile.mapping(
        {
            "line": LINE,
            "raw": TEXT,
            "units": NAMES,
            "drafter_initials": TEXT_OR_NULL,
            "copies": INTEGER_OR_NULL,
        },
        {"note": TEXT, "lines": LINES},
    )


def _signature(profile: _Profile) -> Schema:
    block = {
        "lines": LINES,
        "authority_prefix": {"type": "array", "items": one_of(("TM.", "KT.", "TL.", "TUQ.", "Q."))},
        "on_behalf_of": TEXT_OR_NULL,
        "title": TEXT_OR_NULL,
        "name": TEXT_OR_NULL,
    }
    more = {"signed_for": TEXT_OR_NULL, "capacity": one_of(CAPACITIES), "note": TEXT}
    more |= {
        "second_title": {**TEXT_OR_NULL, "description": "a further title of the signer, as printed"},
        "other_names": {**NAMES, "description": "names beside that of the signer"},
        "post_after_name": {**TEXT_OR_NULL, "description": "a post printed below the name"},
    }
    others = list_of(profile.mapping({name: block[name] for name in ("title", "name")}, {**block, **more}))
    return profile.mapping(
        block, {**more, "layout_note": TEXT, "co_signers": others, "other_signatures": others}
    )


def _footnote(profile: _Profile) -> Schema:
    return profile.mapping(
        {
            "mark": TEXT,
            "line": LINE,
            "anchor_line": {"type": ["integer", "null"], "minimum": 1},
            "anchor_text": TEXT_OR_NULL,
            "text": TEXT,
        },
        {"lines": LINES, "note": TEXT},
    )


def _abbreviation(profile: _Profile) -> Schema:
    return profile.mapping({"short": TEXT, "full": TEXT, "lines": LINES}, {"note": TEXT})


def _defect(profile: _Profile) -> Schema:
    return profile.mapping(
        {"id": TEXT, "kind": CODE, "lines": LINES, "raw": TEXT_OR_NULL, "severity": one_of(SEVERITIES)},
        {"expected": TEXT_OR_NULL, "note": TEXT_OR_NULL},
    )


def published_text() -> str:
    """The text of the published file."""
    return json.dumps(record_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    PUBLISHED.parent.mkdir(parents=True, exist_ok=True)
    PUBLISHED.write_text(published_text(), encoding="utf-8")
