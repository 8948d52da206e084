"""A difficulty from a commune: where it goes, who may answer, how long it took, what the public reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.movements.models import PlanVersionState
from thidua.movements.tasks.evidence import Upload
from thidua.movements.tests.makers import at, make_plan, make_task, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.oversight import terms
from thidua.oversight.difficulties import answering, inbox, lists, public, routing
from thidua.oversight.models import Difficulty, DifficultyState
from thidua.oversight.tests.makers import make_difficulty

pytestmark = pytest.mark.django_db
NOW = at(DAY)


@pytest.fixture
def world() -> World:
    return phong_tho()


def raised(world: World, **fields: Any) -> Difficulty:
    fields = {
        "plan": phong_tho_plan(world) if "plan" not in fields else fields["plan"],
        "unit_id": world.unit("huoi-luong").pk,
        "title": "Chưa có mẫu rà soát",
        "text": "Xã chưa nhận được mẫu.",
        **fields,
    }
    return answering.raise_difficulty(actor=world.acting("huoi-luong"), now=NOW, **fields)


def test_raising_goes_to_the_standing_body_with_a_term_in_working_days(world: World) -> None:
    one = raised(world)

    # 5/11/2023 is a Sunday: ten working days end on Friday 17/11.
    assert (one.receiver_id, one.due_on) == (world.unit("phong-ldtbxh").pk, date(2023, 11, 17))
    assert list(Notice.objects.values_list("unit_id", flat=True)) == [world.unit("phong-ldtbxh").pk]
    assert Entry.objects.filter(action="oversight.difficulty.raise").count() == 1
    assert [one.title for one in inbox.waiting_for(world.acting("thuong-truc"), at_most=9)] == [one.title]
    assert inbox.waiting_for(world.acting("huoi-luong"), at_most=9) == []


def test_the_same_form_sent_twice_is_one_difficulty_with_each_file_once(world: World) -> None:
    plan = phong_tho_plan(world)
    photo = Upload("anh.jpg", b"\xff\xd8\xff\xe0" + b"0" * 200)

    first = raised(world, plan=plan, files=[photo])
    second = raised(world, plan=plan, files=[photo])

    assert first == second
    assert first.proofs.count() == 1


def test_without_a_plan_it_goes_to_the_unit_above(world: World) -> None:
    assert raised(world, plan=None).receiver_id == world.unit("phong-tho").pk


def test_the_standing_body_asks_further_up_and_never_itself(world: World) -> None:
    higher = make_plan(world.unit("lai-chau"), standing_body=world.unit("so-ldtbxh"))
    plan = phong_tho_plan(world)
    plan.carries_out.add(higher)
    one = make_difficulty(plan, world.unit("huoi-luong"))

    assert routing.higher_receivers(one, on=DAY) == [
        world.unit("phong-tho").pk,
        world.unit("so-ldtbxh").pk,
        world.unit("lai-chau").pk,
    ]


def test_forwarding_keeps_the_way_and_begins_a_new_term(world: World) -> None:
    one = raised(world)
    officer = world.acting("thuong-truc")
    answering.take(one, actor=officer, now=NOW)

    answering.forward(one, world.unit("lai-chau").pk, reason="Vượt thẩm quyền", actor=officer, now=NOW)

    assert (one.state, one.receiver_id) == (DifficultyState.RAISED, world.unit("lai-chau").pk)
    assert [row.receiver_id for row in one.passages.order_by("pk")] == [
        world.unit("phong-ldtbxh").pk,
        world.unit("lai-chau").pk,
    ]
    with pytest.raises(NotAllowed):
        answering.answer(one, text="Không còn giữ", actor=officer, now=NOW)
    answering.answer(one, text="Tỉnh cấp mẫu", actor=world.acting("tinh"), now=NOW)
    assert one.state == DifficultyState.ANSWERED
    assert officer.may("difficulty.read", one)


def test_forwarding_to_a_unit_that_is_not_above_is_refused(world: World) -> None:
    one = raised(world)

    with pytest.raises(RuleNotMet, match="cấp trên"):
        answering.forward(
            one, world.unit("dao-san").pk, reason="x", actor=world.acting("thuong-truc"), now=NOW
        )


def test_answering_counts_working_days_and_tells_the_commune(world: World) -> None:
    one = raised(world)

    day = date(2023, 11, 14)  # Tuesday of the week after next
    answering.answer(one, text="Mẫu ở phụ lục 3", actor=world.acting("thuong-truc", on=day), now=at(day))

    assert one.answered_in_days == 7
    assert Notice.objects.filter(unit_id=world.unit("huoi-luong").pk, text__contains="được trả lời").exists()
    assert lists.sums_of(lists.rows_for(world.acting("huoi-luong")), acting=world.acting("huoi-luong")) == (
        lists.Sums(total=1, open=0, late=0, answered=1, in_time=1, average_days=7.0)
    )


@pytest.mark.parametrize(("first", "last", "days"), [(3, 3, 0), (3, 4, 0), (3, 6, 1), (6, 10, 4)])
def test_working_days_between_raising_and_answering(first: int, last: int, days: int) -> None:
    assert terms.working_days(date(2023, 11, first), date(2023, 11, last)) == days


def test_guidance_answers_and_stays(world: World) -> None:
    one = raised(world)

    guidance = answering.answer_by_guidance(
        one, title="Hướng dẫn rà soát", text="Làm theo mẫu 3", actor=world.acting("thuong-truc"), now=NOW
    )

    assert (one.guidance, one.answer, one.state) == (guidance, "Làm theo mẫu 3", "da_tra_loi")
    assert guidance.plan == one.plan


def test_proposal_to_amend_begins_a_draft_of_the_plan(world: World) -> None:
    one = raised(world)
    officer = world.acting("thuong-truc")
    answering.take(one, actor=officer, now=NOW)

    answering.propose_amendment(one, note="Lùi hạn rà soát", actor=officer, now=NOW)

    assert one.state == DifficultyState.AMENDING
    assert one.amendment is not None
    assert one.plan is not None
    assert (one.amendment.state, one.amendment.amendment_note) == (PlanVersionState.DRAFT, "Lùi hạn rà soát")
    assert one.is_open


def test_public_answers_hold_only_what_was_written_for_the_public(world: World) -> None:
    one = raised(world, text="Hộ ông Giàng A Páo chưa có mẫu")
    officer = world.acting("thuong-truc")
    answering.answer(one, text="Đã gửi cho ông Páo", actor=officer, now=NOW)
    assert public.public_answers() == []

    answering.publish(
        one, question="Mẫu rà soát ở đâu?", answer="Ở phụ lục 3 của Đắk Nông", actor=officer, now=NOW
    )

    (found,) = public.public_answers("dak nong mau")
    assert (found.question, found.answer, found.answered_on) == (
        "Mẫu rà soát ở đâu?",
        "Ở phụ lục 3 của Đắk Nông",
        DAY,
    )
    assert "Páo" not in repr(found)
    assert public.public_answers("pao") == []

    answering.take_back_publication(one, reason="Nhầm", actor=officer, now=NOW)
    assert public.public_answers() == []


def test_publishing_before_the_answer_is_refused(world: World) -> None:
    with pytest.raises(RuleNotMet, match="chưa được trả lời"):
        answering.publish(raised(world), question="a", answer="b", actor=world.acting("thuong-truc"), now=NOW)


def test_raised_again_waits_with_the_same_body_and_is_no_longer_public(world: World) -> None:
    one = raised(world)
    officer = world.acting("thuong-truc")
    answering.answer(one, text="Có", actor=officer, now=NOW)
    answering.publish(one, question="a", answer="b", actor=officer, now=NOW)

    answering.raise_again(one, reason="Mẫu vẫn thiếu", actor=world.acting("huoi-luong"), now=NOW)

    assert (one.state, one.published_at, one.answered_at) == (DifficultyState.RAISED, None, None)
    assert public.public_answers() == []


def test_another_commune_sees_nothing(world: World) -> None:
    one = raised(world)

    assert list(lists.visible(world.acting("dao-san"))) == []
    assert not world.acting("dao-san").may("difficulty.read", one)
    assert list(lists.visible(world.acting("tinh"))) == [one]


# --- pages -----------------------------------------------------------------------------------------


def test_from_the_button_on_a_task_to_the_answer(world: World) -> None:
    task = make_task(phong_tho_plan(world), world.unit("huoi-luong"), title="Rà soát hộ nghèo")
    with clock.fixed_on(DAY):
        client = Client()
        client.force_login(world.people["huoi-luong"])
        page = client.get(reverse("tasks:task", args=[task.pk])).content.decode()
        address = f"{reverse('difficulties:new')}?ve=nhiem-vu&so={task.pk}"
        assert address.replace("&", "&amp;") in page
        assert "Rà soát hộ nghèo" in client.get(address).content.decode()
        sent = client.post(
            address, {"unit_id": task.unit_id, "plan_id": task.plan_id, "title": "Thiếu mẫu", "text": "Thiếu"}
        )
        one = Difficulty.objects.get()
        assert sent.headers["Location"] == reverse("difficulties:difficulty", args=[one.pk])
        assert (one.about_kind, one.about_key, one.plan_id) == ("nhiem-vu", task.pk, task.plan_id)

        desk = Client()
        desk.force_login(world.people["thuong-truc"])
        here = reverse("difficulties:act", args=[one.pk, "answer"])
        empty = desk.post(here, {"text": ""})
        assert (empty.status_code, "Chưa có trả lời." in empty.content.decode()) == (422, True)
        assert desk.post(here, {"text": "Đã gửi mẫu"}).status_code == 302
        assert client.post(here, {"text": "Tự trả lời"}).status_code == 403
        assert "Đã gửi mẫu" in client.get(reverse("difficulties:difficulty", args=[one.pk])).content.decode()


def test_a_task_of_somebody_else_is_not_named(world: World) -> None:
    task = make_task(make_plan(world.unit("mu-sang")), world.unit("mu-sang"), title="Việc riêng")
    with clock.fixed_on(DAY):
        client = Client()
        client.force_login(world.people["huoi-luong"])
        found = client.get(f"{reverse('difficulties:new')}?ve=nhiem-vu&so={task.pk}")

    assert found.status_code == 200
    assert "Việc riêng" not in found.content.decode()
