"""Whatever stands behind the question mark, in a path or a form: no page breaks, nothing is half done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.core import clock
from thidua.movements.models import Activity, Evidence, Task, TaskNote
from thidua.movements.tests.makers import make_registration, make_task, phong_tho_plan
from thidua.notices.telling import tell
from thidua.organisations.models import Role
from thidua.organisations.tests.world import DAY, World, make_person, phong_tho

pytestmark = pytest.mark.django_db

LISTS = (
    "/ke-hoach/",
    "/phong-trao/",
    "/nhiem-vu/",
    "/nhiem-vu/cham/",
    "/nhiem-vu/hoat-dong/",
    "/dang-ky/",
    "/dang-ky/danh-sach/",
    "/dang-ky/1/2023/bang/tham-gia/",
    "/don-vi/",
    "/don-vi/danh-sach/",
    "/don-vi/tim/",
    "/don-vi/thay-doi/",
    "/don-vi/nguoi-dung/",
    "/nhat-ky/",
    "/thong-bao/",
    "/tim-kiem/",
    "/viec-cua-toi/",
    "/lich/",
    "/doc-ke-hoach/",
    "/khen-thuong/cum-khoi/",
    "/khen-thuong/cum-khoi/bang/",
)
NAMES = (
    *("trang", "sap_xep", "dang", "tim", "xem", "don_vi", "ke_hoach", "phong_trao", "trang_thai", "nam"),
    *(
        "han",
        "loai",
        "tu",
        "den",
        "ngay",
        "cua",
        "nguoi",
        "viec",
        "q",
        "tu_ngay",
        "den_ngay",
        "vai_tro",
        "trong",
        "mo",
    ),
)
NASTY = (
    "-1",
    "0",
    "99999999999999999999999",
    "-99999999999999999999999",
    "1e9",
    "9" * 5000,
    "NaN",
    "²",
    "٣",
    "--x",
    "-",
    "--ten",
    "31/02/2023",
    "2023-02-31",
    "00/00/0000",
    "9999-12-31",
    "0001-01-01",
    "99999",
    "\x00",
    "a\x00b",
    "\ud7ff\uffff",
    "Phong Thô\u0309".encode().decode(),
    "x" * 20_000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%",
    "%_\\",
    "../../etc/passwd",
    "{{ 7 }}",
    "xlsx",
    "\u202e",
    " " * 50,
)
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(DAY):
        world = phong_tho()
        plan = phong_tho_plan(world, title=f"Kế hoạch {SCRIPT}")
        make_task(plan, world.unit("huoi-luong"), title=f"Việc {SCRIPT}", due_on=DAY, state="dang_lam")
        make_registration(plan, world.unit("huoi-luong"), state="cho_duyet", commitment=SCRIPT)
        tell(kind="x", text=f"Tin {SCRIPT}", address="/", now=clock.now(), sender=SCRIPT,
             unit_id=world.unit("huoi-luong").pk)  # fmt: skip
        world.people["huoi-luong"].rename(f"Tên {SCRIPT}")
        world.people["huoi-luong"].save()
        yield world


def client(world: World, username: str) -> Client:
    found = Client(raise_request_exception=False)
    found.force_login(world.people[username])
    return found


def test_lists_bear_every_nasty_answer(world: World) -> None:
    district = world.unit("phong-tho")
    world.people["moi-vai"] = make_person("moi-vai", *((district, role) for role in Role))
    browser = client(world, "moi-vai")
    plan = Task.objects.get().plan_id
    wrong = []
    for address in LISTS:
        path = address.replace("/1/2023", f"/{plan}/2023")
        for value in NASTY:
            response = browser.get(path, dict.fromkeys(NAMES, value))
            if response.status_code >= 500:
                wrong.append(f"{path} {value[:30]!r}: {response.status_code}")
            elif not response.streaming and SCRIPT in response.content.decode(errors="replace"):
                wrong.append(f"{path} {value[:30]!r}: script")
    assert not wrong, "\n".join(wrong)


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    address=st.sampled_from(LISTS),
    answers=st.dictionaries(
        st.sampled_from(NAMES),
        st.one_of(st.sampled_from(NASTY), st.text(max_size=30), st.integers().map(str), st.dates().map(str)),
        max_size=5,
    ),
)
def test_lists_bear_any_answers(world: World, address: str, answers: dict[str, str]) -> None:
    path = address.replace("/1/2023", f"/{Task.objects.get().plan_id}/2023")
    response = client(world, "thuong-truc").get(path, answers)

    assert response.status_code < 500


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999"])
def test_paths_bear_any_number(world: World, number: str) -> None:
    browser = client(world, "thuong-truc")
    plan = Task.objects.get().plan_id
    for path in (
        "/ke-hoach/{}/",
        "/ke-hoach/nhap/{}/",
        "/phong-trao/{}/",
        "/phong-trao/doi-chieu/{}/",
        "/nhiem-vu/{}/",
        "/nhiem-vu/tai-lieu/{}/",
        "/dang-ky/ban/{}/",
        "/dang-ky/tong-hop/{}/",
        "/dang-ky/{}/2023/",
        f"/dang-ky/{plan}/{{}}/",
        f"/dang-ky/{plan}/{{}}/bang/tham-gia/",
        "/thong-bao/{}/",
        "/nhat-ky/{}/",
        "/don-vi/thay-doi/{}/",
        "/don-vi/nhap-tu-excel/{}/",
        "/doc-ke-hoach/dang-doc/{}/",
        "/don-vi/nguoi-dung/{}/",
    ):
        status = browser.get(path.format(number)).status_code
        assert status in (403, 404, 422), (path, status)


def test_names_with_tags_are_written_as_they_are(world: World) -> None:
    browser = client(world, "huoi-luong")
    task = Task.objects.get()
    for path in (
        *("/", "/viec-cua-toi/", "/nhiem-vu/", f"/nhiem-vu/{task.pk}/", "/thong-bao/", "/ke-hoach/"),
        *(f"/ke-hoach/{task.plan_id}/", "/tim-kiem/?tim=viec", f"/dang-ky/{task.plan_id}/2023/"),
        *("/tai-khoan/ho-so/", "/lich/"),
    ):
        page = browser.get(path).content.decode()
        assert SCRIPT not in page, path


#: What forms of a task may get.
SENT: tuple[dict[str, Any], ...] = tuple(
    {
        "text": value,
        "reason": value,
        "title": value,
        "percent": value,
        "until": value,
        "due_on": value,
        "held_on": value,
        "people": value,
        "value_dong": value,
        "kind": value,
        "units": value,
        "place": value,
        "noi_dung": value,
        "ly_do": value,
        "tien_do": value,
        "ngay": value,
        "so_nguoi": value,
        "chon": value,
    }
    for value in ("-1", "9" * 30, "9" * 5000, "²", "31/02/2023", "a\x00b", "x" * 20_000, SCRIPT, " ")
)
ACTS = ("tien-do", "hoat-dong", "xin-gia-han", "chia", "don-doc", "giao-lai", "tra-lai", "rut", "tu-choi")


def test_forms_bear_every_nasty_answer(world: World) -> None:
    task = Task.objects.get()
    wrong = []
    for username in ("huoi-luong", "thuong-truc"):
        browser = client(world, username)
        for sent in SENT:
            for path in (
                *(f"/nhiem-vu/{task.pk}/{act}/" for act in ACTS),
                *(
                    "/nhiem-vu/giao/",
                    "/nhiem-vu/hoat-dong/moi/",
                    "/nhiem-vu/viec-da-chon/",
                    "/nhiem-vu/cham/",
                ),
                f"/dang-ky/{task.plan_id}/2023/moi/tham-gia/",
                f"/dang-ky/{task.plan_id}/2023/thiet-lap/",
                f"/dang-ky/{task.plan_id}/2023/noi-duoc-giup/",
                f"/dang-ky/{task.plan_id}/2023/duyet/",
                "/lich/dang-ky-theo-doi/",
                "/tai-khoan/ho-so/",
            ):
                status = browser.post(path, sent).status_code
                if status >= 500:
                    wrong.append(f"{username} {path} {sent['text'][:20]!r}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x"]
)
def test_forms_bear_a_wrong_kind_of_content(world: World, content_type: str) -> None:
    task = Task.objects.get()
    browser = client(world, "huoi-luong")
    for act in ACTS:
        response = browser.post(f"/nhiem-vu/{task.pk}/{act}/", b'{"text": 1', content_type=content_type)
        assert response.status_code < 500, act


def test_evidence_that_is_too_large_writes_nothing(world: World) -> None:
    task = Task.objects.get()
    large = SimpleUploadedFile("lon.pdf", b"%PDF-1.4\n" + b"0" * (26 * 1024 * 1024))

    response = client(world, "huoi-luong").post(
        f"/nhiem-vu/{task.pk}/tien-do/", {"text": "Đã làm", "percent": "50", "uploads": [large]}
    )

    assert response.status_code in (413, 422)
    assert (TaskNote.objects.count(), Evidence.objects.count(), Activity.objects.count()) == (0, 0, 0)
