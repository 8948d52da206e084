"""Who may do what to papers going out and coming in. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from thidua.documents.models import (
    CaseFile,
    Forwarding,
    GivenNumber,
    IncomingPaper,
    OutgoingPaper,
    PaperCopy,
    PaperOffice,
    PaperTemplate,
)
from thidua.documents.papers.owners import owner_of
from thidua.organisations.authority import Right, register
from thidua.organisations.models import Role

Units = tuple[int | None, ...]

DRAFTING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER, Role.CLERK})
REVIEWING = frozenset({Role.STANDING, Role.LEADER})
SIGNING = frozenset({Role.LEADER})
CLERKS = frozenset({Role.CLERK})
EDITING_TEMPLATES = frozenset({Role.STANDING, Role.CLERK, Role.LEADER})
CONFIGURING = frozenset({Role.CLERK, Role.LEADER})
FORWARDING = frozenset({Role.CLERK, Role.LEADER, Role.STANDING})


def issuing_body(paper: OutgoingPaper) -> Units:
    """The body in whose name the paper goes out."""
    return (paper.unit_id,)


def drafting_units(paper: OutgoingPaper) -> Units:
    """The body, who drafts for it, and whom the object of the paper names."""
    owner = owner_of(paper.about_type)
    return (paper.unit_id, paper.drafting_unit_id, *(owner.drafting_units(paper.about_id) if owner else ()))


def reading_units(paper: OutgoingPaper) -> Units:
    owner = owner_of(paper.about_type)
    return (*drafting_units(paper), *(owner.reading_units(paper.about_id) if owner else ()))


def own_unit(on_object: PaperOffice | CaseFile | PaperCopy | IncomingPaper | PaperTemplate) -> Units:
    return (on_object.unit_id,)


def body_of_book(number: GivenNumber) -> Units:
    return (number.book.unit_id,)


def receiving_units(incoming: IncomingPaper) -> Units:
    """The body that registered a paper, and to which units it was passed on."""
    return (incoming.unit_id, *incoming.forwardings.values_list("unit_id", flat=True))


def acting_on(forwarding: Forwarding) -> Units:
    return (forwarding.unit_id or forwarding.incoming.unit_id,)


for right in (
    Right("paper.read", "xem văn bản này", frozenset(Role), reading_units),
    Right("paper.draft", "soạn văn bản của cơ quan này", DRAFTING, drafting_units),
    Right("paper.review", "soát hay trả lại văn bản", REVIEWING, drafting_units),
    Right("paper.sign", "ký hay rút chữ ký văn bản", SIGNING, issuing_body),
    Right("paper.number", "cấp số hay hủy số văn bản", CLERKS, issuing_body),
    Right("paper.issue", "đóng dấu và phát hành văn bản", CLERKS, issuing_body),
    Right("paper.recall", "thu hồi văn bản đã phát hành", SIGNING, issuing_body),
    Right("copy.make", "sao y, sao lục, trích sao văn bản", CLERKS, own_unit),
    Right("office.configure", "đặt chữ viết tắt, địa danh và dãy số của cơ quan", CONFIGURING, own_unit),
    Right("template.edit", "sửa mẫu văn bản", EDITING_TEMPLATES, own_unit),
    Right("template.read", "xem mẫu văn bản này", frozenset(Role), own_unit),
    Right("incoming.register", "đăng ký văn bản đến", CLERKS, own_unit),
    Right("incoming.forward", "chuyển văn bản đến", FORWARDING, own_unit),
    Right("incoming.read", "xem văn bản đến này", frozenset(Role), receiving_units),
    Right("incoming.finish", "báo đã giải quyết văn bản đến", DRAFTING, acting_on),
    Right("case_file.keep", "lập và sửa hồ sơ", DRAFTING, own_unit),
):
    register(right)
