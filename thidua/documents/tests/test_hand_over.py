"""What a browser put in goes to the account at sign-in, and is there again after the next one."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from thidua.accounts.models import User
from thidua.documents.access import SESSION_KEY, token_of
from thidua.documents.models import Document

pytestmark = pytest.mark.django_db
LIST = reverse("documents:list")


def put_in(client: Client, text: str = "Mục đích: thi đua") -> Document:
    content = f"KẾ HOẠCH\n{text}\n{settings.BASE_DIR.name}".encode()
    client.post(LIST, {"tep": SimpleUploadedFile("ke-hoach.txt", content)})
    return Document.objects.latest("pk")


def opens(client: Client, document: Document) -> bool:
    return client.get(reverse("documents:plan", args=[document.address])).status_code == 200


def test_upload_before_the_sign_in_is_there_after_it_and_after_the_next(client: Client) -> None:
    user = User.objects.create(username="can-bo")
    document = put_in(client)

    client.force_login(user)
    assert opens(client, document)
    client.logout()
    assert not opens(client, document)
    client.force_login(user)

    assert opens(client, document)


def test_other_account_does_not_see_it(client: Client) -> None:
    document = put_in(client)
    client.force_login(User.objects.create(username="can-bo"))
    other = Client()
    other.force_login(User.objects.create(username="nguoi-khac"))

    assert not opens(other, document)


def test_same_file_twice_stays_once_for_the_account(client: Client) -> None:
    user = User.objects.create(username="can-bo")
    client.force_login(user)
    put_in(client)
    other = Client()
    put_in(other)

    other.force_login(user)

    assert Document.objects.filter(owner=token_of(user)).count() == 1


def test_account_of_a_demonstration_takes_nothing_over(client: Client) -> None:
    document = put_in(client)
    before = client.session[SESSION_KEY]

    client.force_login(User.objects.create(username="mau", is_demo=True))

    assert client.session[SESSION_KEY] == before
    document.refresh_from_db()
    assert document.owner == before
