"""What every test of the repository starts from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase, override_settings
from pytest_django import DjangoDbBlocker

from tests import kept_database
from thidua.audit.tests.unprotected import unprotected_log


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Before the test database is made: lay down the migrated one of an earlier run."""
    stop = kept_database.lay_down_when_made()
    yield
    stop()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """The test database as pytest-django makes it, kept for the next run."""
    with django_db_blocker.unblock():
        kept_database.keep()


@pytest.fixture(scope="session", autouse=True)
def _static_files_without_collecting() -> Iterator[None]:
    """Static files keep their plain names, so that tests need no collectstatic."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages):
        yield


@pytest.fixture(scope="session", autouse=True)
def _passwords_without_waiting() -> Iterator[None]:
    """Argon2 takes its time on purpose; a test world has a dozen people."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _log_emptied_between_tests() -> Iterator[None]:
    """Tests without a transaction around them empty all tables at their end, which the log refuses."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own, undeclared

    def flush_without_guard(self: TransactionTestCase) -> None:
        with unprotected_log():
            flush(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_guard)
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered_between_tests() -> Iterator[None]:
    """Limits of attempts count in the cache, which no transaction takes back."""
    memory = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(CACHES=memory):
        cache.clear()
        yield


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_the_test(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a test uploads never reaches the folder of the installation."""
    folder = tmp_path_factory.mktemp("files")
    with override_settings(MEDIA_ROOT=folder, KEYS_DIR=folder / "keys", TRUST_DIR=folder / "trust"):
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what the second run, on PostgreSQL, repeats: tests of the database without a browser."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        # Some ask for their page by its width while they run.
        if "journeys" in item.path.parts or "browser" in fixtures:
            item.add_marker("browser")
        elif item.get_closest_marker("sqlite_is_enough"):
            continue
        elif item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "live_server"}:
            item.add_marker("database")
