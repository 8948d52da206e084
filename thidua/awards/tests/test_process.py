"""One process for all streams: which steps are needed, by stream, by law, and when the council may sit."""

from __future__ import annotations

from datetime import date

import pytest

from thidua.awards import process
from thidua.awards.models import Candidate, CandidateState
from thidua.awards.process import Need
from thidua.awards.tests.makers import consult, make_award_round, make_candidate
from thidua.criteria import award_law
from thidua.organisations.tests.world import phong_tho

pytestmark = pytest.mark.django_db
ON = date(2024, 11, 5)


def candidate(**fields: object) -> Candidate:
    world = phong_tho()
    stream = str(fields.pop("stream", "movement"))
    round_ = make_award_round(world.unit("lai-chau"), stream=stream, commendation_type="movement")
    return make_candidate(round_, world.unit("huoi-luong"), **fields)


def needs(one: Candidate, on: date = ON) -> dict[str, Need]:
    return {step.code: step.need for step in process.path(one, on=on)}


def test_every_stream_gives_types_that_the_lawbook_knows() -> None:
    known = {one.code for one in award_law.types(ON)}

    assert {one.code for one in process.streams()} == {
        *("movement", "merit", "one-off", "service", "years-in-arms", "external", "state"),
    }
    assert {code for one in process.streams() for code in one.types} <= known


def test_every_state_on_the_way_belongs_to_one_step() -> None:
    states = [state for step in process.path(candidate(), on=ON) for state in step.states]

    assert len(states) == len(set(states))
    resting = {CandidateState.APPRAISED, CandidateState.AWARDED, CandidateState.REFUSED}
    assert set(CandidateState) - set(states) == {*resting, CandidateState.WITHDRAWN}


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"form": "giay-khen"}, (Need.MAY, Need.MAY, Need.MUST)),
        ({"form": "huan-chuong-lao-dong-hang-ba"}, (Need.MUST, Need.MUST, Need.MUST)),
        ({"form": "bang-khen-thu-tuong"}, (Need.MUST, Need.MAY, Need.MUST)),
        ({"form": "giay-khen", "stream": "one-off"}, (Need.MAY, Need.MAY, Need.MAY)),
        ({"form": "giay-khen", "simplified_case": 1}, (Need.MAY, Need.MAY, Need.MAY)),
    ],
)
def test_steps_follow_stream_form_and_procedure(
    fields: dict[str, object], wanted: tuple[Need, Need, Need]
) -> None:
    found = needs(candidate(**fields))

    assert (found["consult"], found["post"], found["council"]) == wanted


def test_an_order_waits_for_answers_and_ten_working_days_of_posting() -> None:
    one = candidate(form="huan-chuong-lao-dong-hang-ba")
    assert "chưa hỏi ý kiến" in str(process.why_not_to_council(one, on=ON))
    asked = consult(one, ON, date(2024, 11, 19))
    assert "chưa trả lời, hạn 19/11/2024" in str(process.why_not_to_council(one, on=ON))
    asked.answer, asked.answered_on = "dong_y", ON
    asked.save()
    assert "chưa công khai" in str(process.why_not_to_council(one, on=ON))
    one.posted_on = ON
    first = process.council_may_sit_on(one)

    assert first == date(2024, 11, 20)
    assert "họp sớm nhất 20/11/2024" in str(process.why_not_to_council(one, on=ON))
    assert process.why_not_to_council(one, on=first) is None
