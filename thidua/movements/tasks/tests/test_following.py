"""Accept, decline, report, confirm, send back: what changes, who is told, what is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest

from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.documents import file_store
from thidua.movements.models import Evidence, Extension, ExtensionState, Task, TaskNote, TaskState
from thidua.movements.tasks import extensions, following, giving
from thidua.movements.tasks.evidence import Upload
from thidua.movements.tasks.tests.conftest import NOW, Story
from thidua.movements.tests.makers import at
from thidua.notices.models import Notice
from thidua.notices.telling import notices_for

PHOTO = Upload("anh chụp.jpg", b"\xff\xd8\xff\xe0" + b"0" * 50)


def notices() -> list[tuple[int | None, str, str]]:
    return list(Notice.objects.order_by("pk").values_list("unit_id", "kind", "text"))


def test_accept_tells_the_standing_body(story: Story) -> None:
    task = story.task()
    following.accept(task, actor=story.who("huoi-luong"), now=NOW)
    task.refresh_from_db()
    assert (task.state, task.accepted_at) == (TaskState.ACCEPTED, NOW)
    assert notices() == [
        (
            story.world.unit("phong-ldtbxh").pk,
            "task.accepted",
            "Đơn vị đã nhận nhiệm vụ: «Rà soát hộ nghèo, hộ cận nghèo»",
        )
    ]
    assert Entry.objects.get().action == "movements.task.accept"


@pytest.mark.parametrize("username", ["dao-san", "thuong-truc", "nguoi-xem", "nguoi-la", "quan-tri"])
def test_others_may_not_accept(story: Story, username: str) -> None:
    task = story.task()
    with pytest.raises(NotAllowed, match="nhận hay từ chối nhiệm vụ"):
        following.accept(task, actor=story.who(username), now=NOW)
    assert notices() == []


def test_of_two_who_accept_at_once_one_is_told(story: Story) -> None:
    task = story.task()
    seen_by_both = Task.objects.get(pk=task.pk)
    following.accept(task, actor=story.who("huoi-luong"), now=NOW)
    with pytest.raises(ChangedMeanwhile, match="người khác vừa thay đổi"):
        following.decline(seen_by_both, actor=story.who("huoi-luong"), now=NOW, reason="Thiếu người")
    task.refresh_from_db()
    assert task.state == TaskState.ACCEPTED


def test_order_is_declined_only_with_a_reason(story: Story) -> None:
    task = story.task()
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        following.decline(task, actor=story.who("huoi-luong"), now=NOW)
    following.decline(task, actor=story.who("huoi-luong"), now=NOW, reason="Xã không có hộ nghèo")
    assert task.state == TaskState.DECLINED
    assert Entry.objects.get().reason == "Xã không có hộ nghèo"
    assert notices()[0][2].startswith("Đơn vị từ chối nhiệm vụ, chờ trả lời")


def test_invitation_may_be_declined_politely(story: Story) -> None:
    task = story.task(modality="khuyen_khich")
    following.decline(task, actor=story.who("huoi-luong"), now=NOW)
    assert task.state == TaskState.DECLINED
    assert Entry.objects.get().reason == "Đơn vị chưa tham gia được"


def test_giver_answers_a_refusal(story: Story) -> None:
    task = story.task(state=TaskState.DECLINED)
    with pytest.raises(NotAllowed):
        giving.give_again(task, reason="Có", actor=story.who("huoi-luong"), now=NOW)
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        giving.give_again(task, reason=" ", actor=story.who("thuong-truc"), now=NOW)
    giving.give_again(task, reason="Xã còn 12 hộ", actor=story.who("thuong-truc"), now=NOW)
    assert task.state == TaskState.GIVEN
    assert notices()[0][:2] == (story.world.unit("huoi-luong").pk, "task.given")


def test_progress_keeps_note_and_file(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    note = following.report_progress(
        task, percent=40, text=" Đã rà soát 5/12 bản ", files=[PHOTO], actor=story.who("huoi-luong"), now=NOW
    )
    task.refresh_from_db()
    assert (task.percent, note.percent, note.text) == (40, 40, "Đã rà soát 5/12 bản")
    evidence = Evidence.objects.get()
    assert (evidence.note, evidence.file_name) == (note, "anh chụp.jpg")
    assert file_store.bytes_of(evidence.file) == PHOTO.raw
    details = json.loads(Entry.objects.get().details)
    assert details["files"] == [{"name": "anh chụp.jpg", "sha256": evidence.file.sha256}]
    assert notices()[0][1] == "task.progress"


def test_evidence_is_not_let_go(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    following.report_progress(
        task, percent=1, text="x", files=[PHOTO], actor=story.who("huoi-luong"), now=NOW
    )
    stored = Evidence.objects.get().file
    file_store.let_go(stored)
    assert file_store.bytes_of(stored) == PHOTO.raw
    other = file_store.store(b"nobody needs this")
    file_store.let_go(other)
    assert not type(other).objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize(
    ("upload", "why"),
    [
        (Upload("a.exe", b"MZ"), "chỉ nhận PDF"),
        (Upload("a.pdf", b"<html>"), "không đúng với đuôi"),
        (Upload("a.jpg", b""), "tệp rỗng"),
        (Upload("a.txt", b"a\0b"), "không đúng với đuôi"),
        (Upload("a.svg", b"<svg/>"), "chỉ nhận PDF"),
        (Upload("khong-duoi", b"abc"), "chỉ nhận PDF"),
    ],
)
def test_unfit_file_keeps_nothing(story: Story, upload: Upload, why: str) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    with pytest.raises(RuleNotMet, match=why):
        following.report_progress(
            task, percent=10, text="Xong", files=[PHOTO, upload], actor=story.who("huoi-luong"), now=NOW
        )
    assert (TaskNote.objects.count(), Evidence.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_large_file_is_refused(story: Story, settings: pytest.FixtureRequest) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024  # type: ignore[attr-defined]
    task = story.task(state=TaskState.ACCEPTED)
    large = Upload("a.txt", b"a" * (1024 * 1024 + 1))
    with pytest.raises(RuleNotMet, match="lớn hơn 1 MB"):
        following.report_progress(
            task, percent=10, text="Xong", files=[large], actor=story.who("huoi-luong"), now=NOW
        )


def test_file_name_is_cleaned(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    following.report_progress(
        task,
        percent=None,
        text="x",
        files=[Upload("C:\\Users\\a\\anh\n.JPG", PHOTO.raw)],
        actor=story.who("huoi-luong"),
        now=NOW,
    )
    assert Evidence.objects.get().file_name == "anh.JPG"


@pytest.mark.parametrize(
    ("percent", "text", "why"),
    [(None, "  ", "chưa ghi đã làm được gì"), (101, "x", "từ 0 đến 100"), (-1, "x", "từ 0 đến 100")],
)
def test_senseless_progress_is_refused(story: Story, percent: int | None, text: str, why: str) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    with pytest.raises(RuleNotMet, match=why):
        following.report_progress(task, percent=percent, text=text, actor=story.who("huoi-luong"), now=NOW)


def test_progress_needs_acceptance_and_own_unit(story: Story) -> None:
    with pytest.raises(RuleNotMet, match="Nhận nhiệm vụ trước"):
        following.report_progress(story.task(), percent=1, text="x", actor=story.who("huoi-luong"), now=NOW)
    with pytest.raises(NotAllowed):
        following.report_progress(
            story.task(state=TaskState.ACCEPTED), percent=1, text="x", actor=story.who("dao-san"), now=NOW
        )


def test_note_behind_a_cancelled_task_loses(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    stale = Task.objects.get(pk=task.pk)
    giving.cancel(task, reason="Trùng", actor=story.who("thuong-truc"), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        following.report_progress(stale, percent=50, text="x", actor=story.who("huoi-luong"), now=NOW)
    assert TaskNote.objects.count() == 0


def test_done_needs_something_reported(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    with pytest.raises(RuleNotMet, match="chưa ghi đã làm được gì"):
        following.report_done(task, actor=story.who("huoi-luong"), now=NOW)
    following.report_done(task, actor=story.who("huoi-luong"), now=NOW, text="Đã xong 12/12 bản")
    task.refresh_from_db()
    assert (task.state, task.percent, task.reported_at) == (TaskState.REPORTED, 100, NOW)


def test_open_subtasks_warn_before_done(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    story.task("dao-san", parent=task)
    with pytest.raises(following.OpenSubtasks, match="còn 1 nhiệm vụ con"):
        following.report_done(task, actor=story.who("huoi-luong"), now=NOW, text="Xong")
    assert TaskNote.objects.count() == 0
    following.report_done(
        task, actor=story.who("huoi-luong"), now=NOW, text="Xong", despite_open_subtasks=True
    )
    assert task.state == TaskState.REPORTED


def test_send_back_then_confirm(story: Story) -> None:
    task = story.task(state=TaskState.REPORTED)
    with pytest.raises(NotAllowed):
        following.confirm(task, actor=story.who("huoi-luong"), now=NOW)
    following.send_back(task, reason="Thiếu biên bản", actor=story.who("thuong-truc"), now=NOW)
    assert (task.state, task.reported_at, task.sent_back_at) == (TaskState.ACCEPTED, None, NOW)
    following.report_done(task, actor=story.who("huoi-luong"), now=NOW, text="Đã bổ sung")
    following.confirm(task, actor=story.who("lanh-dao"), now=NOW)
    task.refresh_from_db()
    assert (task.state, task.done_at, task.sent_back_at) == (TaskState.DONE, NOW, None)
    assert [kind for _, kind, _ in notices()] == ["task.sent_back", "task.reported", "task.confirmed"]


def test_confirm_closes_the_question_about_the_deadline(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    extensions.ask(task, until=date(2023, 12, 1), reason="Mưa lũ", actor=story.who("huoi-luong"), now=NOW)
    following.report_done(task, actor=story.who("huoi-luong"), now=NOW, text="Xong")
    following.confirm(task, actor=story.who("thuong-truc"), now=NOW)
    assert Extension.objects.get().state == ExtensionState.WITHDRAWN


# --- across the reform of 1/7/2025 ----------------------------------------------------------------


AFTER = date(2025, 7, 10)


def test_successor_finds_and_acts_on_the_same_task(story: Story) -> None:
    task = story.task(due_on=date(2025, 11, 9))
    before = story.who("xa-moi", on=date(2025, 6, 30))
    with pytest.raises(NotAllowed):
        following.accept(task, actor=before, now=at(date(2025, 6, 30)))
    after = story.who("xa-moi", on=AFTER)
    following.accept(task, actor=after, now=at(AFTER))
    note = following.report_progress(task, percent=20, text="Tiếp tục", actor=after, now=at(AFTER))
    assert note.unit == story.world.unit("xa-phong-tho")
    # The province took over from the district, which ended without a successor of its own.
    following.report_done(task, actor=after, now=at(AFTER))
    following.confirm(task, actor=story.who("tinh", on=AFTER), now=at(AFTER))
    assert task.state == TaskState.DONE
    assert [notice.kind for notice in notices_for(after)] == ["task.confirmed"]


def test_other_successor_does_not_act(story: Story) -> None:
    task = story.task("dao-san", due_on=date(2025, 11, 9))
    with pytest.raises(NotAllowed, match="không được ủy nhiệm"):
        following.accept(task, actor=story.who("xa-moi", on=AFTER), now=at(AFTER))
