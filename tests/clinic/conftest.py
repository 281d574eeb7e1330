"""Django for the tests of the clinic alone, on SQLite or on a PostgreSQL of their own, and the people they are about.

`WATERNEEDLE_TEST_ENGINE=postgresql` runs the same tests on PostgreSQL, but for those of `WITHOUT_DATABASE`. Tests that commit
take `committed_db` (or `site`, a running server), on a copy of the empty database: nothing is ever flushed, for rows that may
not be deleted refuse it.
"""
from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOLDER = Path(tempfile.mkdtemp(prefix="wn-tests-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "waterneedle.config.settings"
os.environ["WATERNEEDLE_DATA"] = str(FOLDER)
if os.environ.get("WATERNEEDLE_TEST_ENGINE") == "postgresql":
    if "WATERNEEDLE_TEST_SERVER" not in os.environ:  # the workers of one run share the server of the first process
        from clinic import postgresql

        os.environ["WATERNEEDLE_TEST_SERVER"] = postgresql.start()
    os.environ["DATABASE_URL"] = os.environ["WATERNEEDLE_TEST_SERVER"]
else:
    os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402
from django.conf import settings  # noqa: E402

# In a worker the connections are configured already: the dictionary is filled, not replaced.
settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = (
    "test_wn" if "DATABASE_URL" in os.environ else str(FOLDER / "test.sqlite3"))
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; the real one has tests of its own
# Each browser of a test makes the chain of middleware anew, and would read all files of the product for it.
settings.WHITENOISE_AUTOREFRESH = True
django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.testcases import LiveServerThread  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone, translation  # noqa: E402

from clinic.patients.people import at_work, make_patient  # noqa: E402
from clinic.people import make_clinic, make_person, signed_in  # noqa: E402
from waterneedle.clinic.accounts import stencil  # noqa: E402
from waterneedle.clinic.accounts.access import Access  # noqa: E402
from waterneedle.clinic.accounts.models import Clinic, User  # noqa: E402
from waterneedle.clinic.accounts.roles import Role  # noqa: E402
from waterneedle.clinic.database import fresh  # noqa: E402
from waterneedle.clinic.patients.models import Patient  # noqa: E402

# Each page that is filled is what it would be drawn in full: that depends on no database, and is compared on one.
stencil.compared = connection.vendor == "sqlite"
# Where tests that ask for no database ask nothing of the connection either (each was run with the connection watched): on
# PostgreSQL they would do again, to the letter, what they did on SQLite.
WITHOUT_DATABASE = (
    "home/test_trail_words.py", "test_languages.py", "visits/test_contract_on_pages.py", "visits/test_dictated.py",
    "visits/test_line.py", "visits/test_reasons.py", "web/",
)
_copies = itertools.count(1)
_get_autocommit = BaseDatabaseWrapper.get_autocommit


def _sees_through_the_test(self: BaseDatabaseWrapper) -> bool:
    """Whether the code that is tested is in no transaction of its own: the one around a test that is taken back does not count.
    Without this a page that forgets its transaction passes every test and breaks for the first person who opens it."""
    return _get_autocommit(self) or (bool(self.atomic_blocks) and all(one._from_testcase for one in self.atomic_blocks))


BaseDatabaseWrapper.get_autocommit = _sees_through_the_test
# What fails inside of a test is taken back to its savepoint, as before: Django asks the same question before it makes one.
BaseDatabaseWrapper._savepoint_allowed = lambda self: self.features.uses_savepoints and not _get_autocommit(self)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: use the fixture committed_db, not transaction=True, which flushes")
    if connection.vendor == "postgresql":
        done_before = [item for item in items if _is_without_database(item)]
        config.hook.pytest_deselected(items=done_before)
        items[:] = [item for item in items if not _is_without_database(item)]


def _is_without_database(item: pytest.Item) -> bool:
    """Whether a test is one of those whose answer no database changes."""
    where = item.path.relative_to(HERE).as_posix() if item.path.is_relative_to(HERE) else ""
    asks = item.get_closest_marker("django_db") or not {"db", "django_db_setup"}.isdisjoint(item.fixturenames)
    return where.startswith(WITHOUT_DATABASE) and not asks


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


# --- databases

@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """The empty database, as the models say it, with every migration noted as done: to run them all takes longer than many tests,
    and `database/test_migrations.py` holds that they lead to the same. pytest-django's own makes none for a run in which every
    test commits."""
    settings.DATABASES["default"]["TEST"]["MIGRATE"] = False
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        fresh.note_migrations()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def as_at_the_start() -> Iterator[None]:
    """No test is told anything in the language or the zone of a page that one before it has asked for."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A database of this test's own, in which transactions commit: a copy of the migrated, empty one."""
    yield from _own_database(django_db_blocker)


@pytest.fixture(scope="module")
def shared_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The same for all tests of a module, for what takes long to make and is only read."""
    yield from _own_database(django_db_blocker)


def _own_database(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        connections.close_all()
        before = connection.settings_dict["NAME"]
        with _copy(str(before)) as name:
            connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
            try:
                yield
            finally:
                connections.close_all()
                connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = before


class _copy:
    """A copy of the database `template`, by name, for as long as it is needed."""

    def __init__(self, template: str) -> None:
        self.template, self.name = template, f"{template}_{os.getpid()}_{next(_copies)}"

    def __enter__(self) -> str:
        if connection.vendor == "sqlite":
            # Not a copy of the file: another context of this thread may still have it open, with rows in its write-ahead log.
            with closing(sqlite3.connect(self.template)) as made, closing(sqlite3.connect(self.name)) as copy:
                made.backup(copy)
        else:
            self._run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        return self.name

    def __exit__(self, *error: object) -> None:
        if connection.vendor == "sqlite":
            for end in ("", "-wal", "-shm"):
                Path(self.name + end).unlink(missing_ok=True)
        else:
            self._run(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture
def site(committed_db: None) -> Iterator[str]:
    """The address of a running server on a database of this test's own, such as http://localhost:40123."""
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://localhost:{server.port}"
    server.terminate()


# --- clinics and people: Alice treats, Bob is at the desk, Charlie works elsewhere and must see nothing

@pytest.fixture
def clinic(db: None) -> Clinic:
    return make_clinic("harbor", "Harbor Acupuncture")


@pytest.fixture
def other_clinic(db: None) -> Clinic:
    return make_clinic("hill", "Hill Clinic", zone="America/New_York", jurisdiction="US-FL")


@pytest.fixture
def owner(clinic: Clinic) -> User:
    return make_person(clinic, "Olga Owner", Role.OWNER)


@pytest.fixture
def alice(clinic: Clinic) -> User:
    """Practitioner."""
    return make_person(clinic, "Alice Archer", Role.PRACTITIONER)


@pytest.fixture
def by(clinic: Clinic, alice: User) -> Access:
    """Alice at work."""
    return at_work(alice, clinic)


@pytest.fixture
def ana(by: Access) -> Patient:
    return make_patient(by)


@pytest.fixture
def assistant(clinic: Clinic) -> User:
    return make_person(clinic, "Ann Assistant", Role.ASSISTANT)


@pytest.fixture
def bob(clinic: Clinic) -> User:
    """Front desk."""
    return make_person(clinic, "Bob Baker", Role.FRONT_DESK)


@pytest.fixture
def instructor(clinic: Clinic) -> User:
    return make_person(clinic, "Ines Instructor", Role.INSTRUCTOR)


@pytest.fixture
def auditor(clinic: Clinic) -> User:
    return make_person(clinic, "Aldo Auditor", Role.AUDITOR)


@pytest.fixture
def charlie(other_clinic: Clinic) -> User:
    """Owner and practitioner of the other clinic: may do everything there, and nothing here."""
    return make_person(other_clinic, "Charlie Chan", Role.OWNER, Role.PRACTITIONER)


@pytest.fixture
def client_of() -> Callable[[User | None], Client]:
    """`client_of(alice)` is a browser in which she is signed in, with her second factor."""

    def client(user: User | None) -> Client:
        return Client() if user is None else signed_in(user)

    return client
