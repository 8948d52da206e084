"""Who may show something to the public, and write it. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from thidua.organisations.authority import Right, register
from thidua.organisations.models import Role
from thidua.publicity.models import Proposal, Publication, Story, StoryColumn

DOING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER})
DECIDING = frozenset({Role.STANDING, Role.LEADER})
Units = tuple[int | None, ...]


def issuing_units(publication: Publication) -> Units:
    """The body whose plan or paper it is; for a plan also the body that runs it."""
    if publication.plan is not None:
        return (publication.plan.owner_id, publication.plan.standing_body_id)
    return (publication.paper.unit_id,) if publication.paper is not None else ()


def writing_unit(story: Story) -> Units:
    return (story.unit_id,)


def publishing_body(story: Story) -> Units:
    return (story.publisher_id,)


def story_units(story: Story) -> Units:
    return (story.unit_id, story.publisher_id)


def own_unit(on_object: Proposal | StoryColumn) -> Units:
    return (on_object.unit_id,)


for right in (
    Right("publication.switch", "đưa lên hay rút khỏi cổng công khai", DECIDING, issuing_units),
    Right("story.write", "viết và sửa bài gương sáng", DOING, writing_unit),
    Right("story.review", "duyệt, đăng, gỡ bài gương sáng", DECIDING, publishing_body),
    Right("story.copy", "ghi nơi nhân rộng", DOING, story_units),
    Right("story.column", "lập chuyên mục", DECIDING, own_unit),
    Right("proposal.decide", "xử lý đề xuất của người dân", DECIDING, own_unit),
):
    register(right)
