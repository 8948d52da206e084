"""A council against the lawbook: posts, number of vice chairs, quorum. What nobody has read warns at most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from thidua.awards.findings import Finding
from thidua.awards.models import Council, CouncilMember, CouncilPost
from thidua.criteria import award_law
from thidua.criteria.award_law import Effect
from thidua.criteria.lawbook import NotInLawbook
from thidua.organisations.models import Unit, UnitKind

#: Level of the lawbook by the kind of body that the council is of.
LEVELS = {
    UnitKind.NATION: "trung-uong",
    UnitKind.PROVINCE: "tinh",
    UnitKind.DISTRICT: "huyen",
    UnitKind.COMMUNE: "xa",
}
OTHER_LEVEL = "co-so"
LEVEL_NAMES = {
    "trung-uong": "Trung ương",
    "bo": "Bộ, ban, ngành",
    "tinh": "Tỉnh",
    "huyen": "Huyện",
    "xa": "Xã",
    "co-so": "Sở, đơn vị, doanh nghiệp",
}


def usual_level(unit: Unit) -> str:
    return LEVELS.get(UnitKind(unit.kind), OTHER_LEVEL)


def law_of(council: Council, *, on: date) -> award_law.Council | None:
    """What the lawbook says of councils of this level; None when nothing was read for the day."""
    try:
        return award_law.council_rules(council.level, on)
    except NotInLawbook:
        return None


def seats(council: Council) -> list[CouncilMember]:
    """Who counts as a member, in the order of the decision."""
    return list(
        council.members.filter(substitutes_for__isnull=True)
        .select_related("user", "unit")
        .order_by("position", "pk")
    )


def findings(council: Council, *, on: date) -> list[Finding]:
    return list(_findings(council, seats(council), on=on))


def _findings(council: Council, members: list[CouncilMember], *, on: date) -> Iterator[Finding]:
    posts = Counter(member.post for member in members)
    if not posts[CouncilPost.CHAIR]:
        yield _plain("chair", "Chưa có Chủ tịch hội đồng", "hội đồng phải có người chủ trì", Effect.BLOCK)
    if not posts[CouncilPost.SECRETARY]:
        yield _plain("secretary", "Chưa có thư ký", "biên bản cần thư ký ký", Effect.WARN)
    if len(members) < 3:
        yield _plain(
            "members", f"Mới có {len(members)} thành viên", "ít người thì không kín được", Effect.BLOCK
        )
    law = law_of(council, on=on)
    if law is None:
        yield _plain("law", "Sổ luật chưa có quy định về hội đồng cấp này cho ngày này", "", Effect.WARN)
        return
    vices = posts[CouncilPost.VICE] + posts[CouncilPost.STANDING_VICE]
    most, least = law.vice_chairs_at_most, law.vice_chairs_at_least
    if most is not None and vices > most:
        yield _of_law("vices", f"Có {vices} Phó Chủ tịch", f"luật cho nhiều nhất {most}", law)
    if least is not None and vices < least:
        yield _of_law("vices", f"Có {vices} Phó Chủ tịch", f"luật đòi ít nhất {least}", law)
    if law.standing_vice and not posts[CouncilPost.STANDING_VICE]:
        why = f"luật nêu Phó Chủ tịch thường trực là {law.standing_vice}"
        yield _of_law("standing", "Chưa có Phó Chủ tịch thường trực", why, law, Effect.WARN)
    if not council.rules_source and law.quorum is None:
        yield _plain(
            "rules",
            "Chưa ghi quy chế của hội đồng",
            "tỷ lệ phiếu, số người dự họp đang lấy mức sẵn của chương trình",
            Effect.WARN,
        )


def _plain(key: str, title: str, why: str, effect: Effect) -> Finding:
    return Finding(f"council:{key}", effect, title, why, "Sửa danh sách hội đồng theo quyết định thành lập")


def _of_law(key: str, title: str, why: str, law: award_law.Council, effect: Effect = Effect.BLOCK) -> Finding:
    return Finding(
        f"council:{key}",
        effect if law.confirmed else Effect.WARN,
        title,
        why,
        "Đối chiếu quyết định thành lập hội đồng",
        law.citation,
        law.confirmed,
    )


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must come, by what, and whether fewer stop the meeting."""

    share: Fraction
    members: int
    source: str
    confirmed: bool

    @property
    def needed(self) -> int:
        return -int(-self.share * self.members // 1)


def quorum_of(council: Council, *, members: int, on: date) -> Quorum:
    """By the law of the level; where it leaves it to the council, by its own rules."""
    law = law_of(council, on=on)
    if law is not None and law.quorum is not None and law.quorum_of_all is not False:
        return Quorum(law.quorum, members, law.citation, law.confirmed)
    source = council.rules_source or "mức sẵn của chương trình, hội đồng chưa ghi quy chế"
    return Quorum(council.quorum, members, source, bool(council.rules_source))
