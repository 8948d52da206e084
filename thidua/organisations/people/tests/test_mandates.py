"""Who says who acts for a unit, and what nobody may."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from thidua.accounts.models import User
from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet, UserError
from thidua.organisations.models import FOREVER, Mandate, Role
from thidua.organisations.people import mandates, people
from thidua.organisations.tests.world import DAY, REFORM, World, make_person, phong_tho

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 11, 5, 2, tzinfo=UTC)
AFTER = date(2025, 7, 2)


@pytest.fixture
def world() -> World:
    """`quan-tri` administers the province; `quan-tri-xa` the commune Mù Sang."""
    world = phong_tho()
    world.people["quan-tri-xa"] = make_person("quan-tri-xa", (world.unit("mu-sang"), Role.ADMINISTRATOR))
    return world


def give(
    world: World,
    *,
    by: str = "quan-tri",
    to: str = "nguoi-la",
    unit: str = "mu-sang",
    role: Role = Role.UNIT_OFFICER,
    since: date = DAY,
    until: date = FOREVER,
    on: date = DAY,
) -> Mandate:
    return mandates.give(
        world.people[to],
        unit=world.unit(unit),
        role=role,
        since=since,
        until=until,
        reason="QĐ 12",
        actor=world.acting(by, on=on),
        now=NOW,
    )


def mandate_of(world: World, username: str) -> Mandate:
    return Mandate.objects.get(user=world.people[username])


def test_administrator_gives_below_and_the_log_tells(world: World) -> None:
    mandate = give(world)

    assert (mandate.given_by, mandate.since, mandate.until) == (world.people["quan-tri"], DAY, FOREVER)
    entry = Entry.objects.get()
    assert (entry.action, entry.object_label, entry.reason, entry.object_unit_id) == (
        "organisations.mandate.give",
        "Nguoi La: Cán bộ đơn vị, xã Mù Sang",
        "QĐ 12",
        world.unit("mu-sang").pk,
    )


@pytest.mark.parametrize("unit", ["lai-chau", "dao-san", "phong-tho"])
def test_administrator_gives_nothing_above_or_beside(world: World, unit: str) -> None:
    with pytest.raises(NotAllowed):
        give(world, by="quan-tri-xa", unit=unit)


@pytest.mark.parametrize("by", ["thuong-truc", "lanh-dao", "mu-sang", "nguoi-xem", "nguoi-la"])
def test_other_roles_give_nothing(world: World, by: str) -> None:
    with pytest.raises(NotAllowed):
        give(world, by=by, to="noi-vu")


def test_nobody_gives_to_themself(world: World) -> None:
    with pytest.raises(RuleNotMet, match="không ai tự giao việc cho chính mình"):
        give(world, by="quan-tri-xa", to="quan-tri-xa", role=Role.LEADER)


def test_nothing_is_given_for_a_unit_that_does_not_exist_then(world: World) -> None:
    with pytest.raises(RuleNotMet, match="xã Mù Sang không hoạt động vào ngày 02/07/2025"):
        give(world, since=AFTER, on=AFTER)


def test_nothing_is_given_before_the_day_it_ends(world: World) -> None:
    with pytest.raises(RuleNotMet, match="ngày kết thúc trước ngày bắt đầu"):
        give(world, until=DAY)


def test_same_mandate_is_not_given_twice(world: World) -> None:
    give(world)

    with pytest.raises(RuleNotMet, match="đã có vai trò «Cán bộ đơn vị»"):
        give(world, since=date(2024, 1, 1))


def test_closed_account_gets_nothing(world: World) -> None:
    User.objects.filter(username="nguoi-la").update(is_active=False)
    world.people["nguoi-la"].refresh_from_db()

    with pytest.raises(RuleNotMet, match="tài khoản đã ngừng hoạt động"):
        give(world)


def revoke(world: World, mandate: Mandate, *, by: str = "quan-tri", knowing: bool = False) -> None:
    mandates.revoke(mandate, reason="chuyển công tác", actor=world.acting(by), now=NOW, knowing=knowing)


def test_revoked_mandate_stays_as_a_row_and_gives_nothing(world: World) -> None:
    revoke(world, mandate_of(world, "mu-sang"))

    assert mandate_of(world, "mu-sang").revoked_at == NOW
    assert world.acting("mu-sang").mandates == ()
    assert Entry.objects.get().reason == "chuyển công tác"


def test_second_revocation_finds_it_changed(world: World) -> None:
    first, second = mandate_of(world, "mu-sang"), mandate_of(world, "mu-sang")
    revoke(world, first)

    with pytest.raises(ChangedMeanwhile):
        revoke(world, second)


def test_revoking_needs_a_reason(world: World) -> None:
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        mandates.revoke(mandate_of(world, "mu-sang"), reason=" ", actor=world.acting("quan-tri"), now=NOW)


def test_revoking_is_refused_beside_the_own_units(world: World) -> None:
    with pytest.raises(NotAllowed):
        revoke(world, mandate_of(world, "dao-san"), by="quan-tri-xa")


def test_last_administrator_of_a_unit_goes_only_knowingly(world: World) -> None:
    mandate = mandate_of(world, "quan-tri-xa")
    with pytest.raises(mandates.LastAdministrator, match="người quản trị cuối cùng của xã Mù Sang"):
        revoke(world, mandate)
    assert mandate_of(world, "quan-tri-xa").revoked_at is None

    revoke(world, mandate, knowing=True)

    assert mandate_of(world, "quan-tri-xa").revoked_at == NOW


def test_one_of_two_administrators_goes_without_a_warning(world: World) -> None:
    give(world, role=Role.ADMINISTRATOR)

    revoke(world, mandate_of(world, "quan-tri-xa"))

    assert mandate_of(world, "quan-tri-xa").revoked_at == NOW


def test_end_is_moved_and_the_log_keeps_both(world: World) -> None:
    mandate = mandate_of(world, "mu-sang")

    mandates.change_end(
        mandate, until=date(2024, 1, 1), reason="hết hợp đồng", actor=world.acting("quan-tri"), now=NOW
    )

    assert mandate_of(world, "mu-sang").until == date(2024, 1, 1)
    assert Entry.objects.get().details == '{"before":"9999-12-31","until":"2024-01-01"}'


def test_nobody_lengthens_the_own_mandate(world: World) -> None:
    with pytest.raises(RuleNotMet, match="không ai tự giao việc"):
        mandates.change_end(
            mandate_of(world, "quan-tri-xa"),
            until=date(2030, 1, 1),
            reason="x",
            actor=world.acting("quan-tri-xa"),
            now=NOW,
        )


def lend(
    world: World,
    *,
    whose: str = "noi-vu",
    by: str | None = None,
    to: str = "lanh-dao",
    since: date = DAY,
    until: date = date(2023, 11, 20),
) -> Mandate:
    return mandates.delegate(
        mandate_of(world, whose),
        to=world.people[to],
        since=since,
        until=until,
        reason="nghỉ phép",
        actor=world.acting(by or whose),
        now=NOW,
    )


def test_own_mandate_is_lent_to_a_colleague_for_some_days(world: World) -> None:
    made = lend(world)

    assert (made.user, made.role, made.delegated_from) == (
        world.people["lanh-dao"],
        Role.UNIT_OFFICER,
        mandate_of(world, "noi-vu"),
    )
    office = world.unit("phong-noi-vu").pk
    assert office in world.acting("lanh-dao").unit_ids([Role.UNIT_OFFICER])
    assert office not in world.acting("lanh-dao", on=date(2023, 11, 20)).unit_ids([Role.UNIT_OFFICER])
    assert Entry.objects.get().action_label == "Ủy quyền"


def test_what_is_somebody_elses_is_not_lent(world: World) -> None:
    with pytest.raises(NotAllowed, match="không phải ủy nhiệm của bạn"):
        lend(world, by="lanh-dao")


def test_what_was_lent_is_not_lent_on(world: World) -> None:
    made = lend(world)

    with pytest.raises(RuleNotMet, match="việc được ủy quyền thì không ủy quyền tiếp"):
        mandates.delegate(
            made,
            to=world.people["noi-vu"],
            since=DAY,
            until=date(2023, 11, 10),
            reason="x",
            actor=world.acting("lanh-dao"),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("since", "until", "why"),
    [
        (date(2023, 11, 4), date(2023, 11, 10), "ngày bắt đầu đã qua"),
        (DAY, date(2023, 12, 2), "vượt quá ủy nhiệm của bạn"),
        (DAY, DAY, "ngày kết thúc trước ngày bắt đầu"),
        (DAY, date(2024, 12, 1), "dài hơn một năm"),
    ],
)
def test_days_of_a_delegation_lie_within_the_own_mandate(
    world: World, since: date, until: date, why: str
) -> None:
    Mandate.objects.filter(user=world.people["noi-vu"]).update(until=date(2023, 12, 1))

    with pytest.raises(RuleNotMet, match=why):
        lend(world, since=since, until=until)


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.ADMINISTRATOR])
def test_personal_roles_are_not_lent(world: World, role: Role) -> None:
    Mandate.objects.filter(user=world.people["noi-vu"]).update(role=role)

    with pytest.raises(RuleNotMet, match="gắn với riêng người được giao"):
        lend(world)


@pytest.mark.parametrize("to", ["nguoi-la", "tinh", "noi-vu", "mu-sang"])
def test_only_colleagues_nearby_are_lent_to(world: World, to: str) -> None:
    with pytest.raises(RuleNotMet, match="ở cùng đơn vị"):
        lend(world, to=to)


def test_one_mandate_is_lent_to_one_person_at_a_time(world: World) -> None:
    lend(world)

    with pytest.raises(RuleNotMet, match="đã ủy quyền trong thời gian đó"):
        lend(world, to="nguoi-xem", since=date(2023, 11, 19), until=date(2023, 11, 25))


def test_giver_takes_back_and_nobody_else(world: World) -> None:
    made = lend(world)
    with pytest.raises(NotAllowed):
        mandates.take_back(made, actor=world.acting("thuong-truc"), now=NOW)

    mandates.take_back(made, actor=world.acting("noi-vu"), now=NOW)

    assert world.unit("phong-noi-vu").pk not in world.acting("lanh-dao").unit_ids([Role.UNIT_OFFICER])


def welcome(world: World, *, by: str = "quan-tri", unit: str = "mu-sang") -> people.Given:
    return people.welcome(
        username="can-bo-moi",
        full_name="  Sùng  A Páo ",
        email="",
        unit=world.unit(unit),
        role=Role.UNIT_OFFICER,
        since=DAY,
        actor=world.acting(by),
        now=NOW,
    )


def test_new_person_comes_with_a_mandate_and_a_password_to_change(world: World) -> None:
    given = welcome(world)

    user = User.objects.get(username="can-bo-moi")
    assert (user.full_name, user.search_text, user.must_change_password) == (
        "Sùng A Páo",
        "sung a pao can-bo-moi",
        True,
    )
    assert user.check_password(given.password)
    assert Mandate.objects.filter(user=user, unit=world.unit("mu-sang")).exists()


def test_new_person_without_the_right_leaves_no_account(world: World) -> None:
    with pytest.raises(NotAllowed):
        welcome(world, by="quan-tri-xa", unit="dao-san")

    assert not User.objects.filter(username="can-bo-moi").exists()


def test_one_time_passwords_differ() -> None:
    assert len({people.one_time_password() for _ in range(200)}) == 200


def test_administrator_gives_a_new_password(world: World) -> None:
    given = people.new_password(world.people["mu-sang"], actor=world.acting("quan-tri-xa"), now=NOW)

    user = User.objects.get(username="mu-sang")
    assert user.check_password(given.password)
    assert user.must_change_password


def test_small_administrator_does_not_take_over_a_great_account(world: World) -> None:
    """`mu-sang` also acts for the province: who administers the commune must not get at that account."""
    give(world, to="mu-sang", unit="lai-chau", role=Role.LEADER)

    for act in (
        lambda actor: people.new_password(world.people["mu-sang"], actor=actor, now=NOW),
        lambda actor: people.close(world.people["mu-sang"], reason="x", actor=actor, now=NOW),
        lambda actor: people.reset_second_factor(world.people["mu-sang"], actor=actor, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act(world.acting("quan-tri-xa"))


def test_account_without_any_mandate_is_nobodys_to_change(world: World) -> None:
    with pytest.raises(NotAllowed):
        people.new_password(world.people["nguoi-la"], actor=world.acting("quan-tri"), now=NOW)


def test_account_is_closed_and_opened_again(world: World) -> None:
    user = world.people["mu-sang"]
    people.close(user, reason="nghỉ hưu", actor=world.acting("quan-tri"), now=NOW)
    assert not User.objects.get(pk=user.pk).is_active
    with pytest.raises(ChangedMeanwhile):
        people.close(user, reason="nghỉ hưu", actor=world.acting("quan-tri"), now=NOW)

    people.reopen(user, reason="hợp đồng mới", actor=world.acting("quan-tri"), now=NOW)

    assert User.objects.get(pk=user.pk).is_active
    assert [entry.action for entry in Entry.objects.order_by("number")] == [
        "accounts.closed",
        "accounts.reopened",
    ]


def test_nobody_closes_the_own_account(world: World) -> None:
    with pytest.raises(RuleNotMet, match="tài khoản của chính bạn"):
        people.close(
            world.people["quan-tri-xa"], reason="x", actor=world.acting("quan-tri-xa"), now=NOW, knowing=True
        )


def test_closing_the_last_administrator_warns(world: World) -> None:
    with pytest.raises(mandates.LastAdministrator):
        people.close(world.people["quan-tri-xa"], reason="x", actor=world.acting("quan-tri"), now=NOW)


def test_second_factor_that_is_off_is_not_reset(world: World) -> None:
    with pytest.raises(RuleNotMet, match="chưa bật xác thực hai lớp"):
        people.reset_second_factor(world.people["mu-sang"], actor=world.acting("quan-tri"), now=NOW)


def test_after_the_reform_the_province_still_oversees_people_of_old_communes(world: World) -> None:
    mandates.revoke(
        mandate_of(world, "mu-sang"),
        reason="đơn vị đã nhập",
        actor=world.acting("quan-tri", on=AFTER),
        now=NOW,
    )

    assert mandate_of(world, "mu-sang").revoked_at == NOW
    assert REFORM < AFTER


def test_refusals_say_what_to_do_next(world: World) -> None:
    with pytest.raises(UserError) as refusal:
        give(world, by="quan-tri-xa", unit="dao-san")

    assert refusal.value.next_step
