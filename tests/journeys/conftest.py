"""Journeys: real processes, real sockets, a real browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.journeys.pocket import Pocket, Pockets
from tests.journeys.running import Person, Running

CHROMIUM = os.environ.get("DCC_CHROMIUM") or shutil.which("chromium") or ""
# Playwright's own loop runs in this thread; nothing here touches the database through Django.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# What is awaited is a condition: a busy machine may take its time over it.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are skipped, and bin/test says so loudly."""
    for item in items:
        if "page" in getattr(item, "fixturenames", ()) or "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's chromium, with nothing that calls home."""
    quiet = ["background-networking", "component-update", "sync", "quic", "gpu"]
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)],
    }


@pytest.fixture(scope="session")
def database_server() -> str:
    """The PostgreSQL server of this run; "" means SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


@pytest.fixture(scope="session")
def prepared(database_server: str) -> Iterator[Running]:
    """A command centre that is never started: the others begin as copies of it."""
    centre = Running(database_server)
    try:
        centre.prepare()
        yield centre
    finally:
        centre.down()


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest, database_server: str, prepared: Running) -> Iterator[Running]:
    """A command centre of this module's own; its PROCESSES, else all of the Procfile."""
    centre = Running(database_server, prepared)
    try:
        yield centre.up(*getattr(request.module, "PROCESSES", ()))
    finally:
        centre.down()


@pytest.fixture
def pockets(
    browser: Browser,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    running: Running,
    tmp_path: Path,
) -> Iterator[Pockets]:
    """Telephones of citizens, switched on; one that is `kept` can be switched off and on again."""
    made: list[Pocket] = []

    def make(*, kept: bool = False, **options: Any) -> Pocket:
        def profile(**told: Any) -> BrowserContext:
            return browser_type.launch_persistent_context(tmp_path / "profile", **{**browser_type_launch_args, **told})

        made.append(Pocket(running, profile if kept else browser.new_context))
        return made[-1].on(**options)

    yield make
    for pocket in made:
        pocket.lost()


@pytest.fixture(scope="session")
def accounts(prepared: Running) -> dict[str, dict[str, str]]:
    """Demonstration accounts by username, the same in every copy."""
    return prepared.accounts()


@pytest.fixture(scope="module")
def desks(browser: Browser, running: Running, accounts: dict[str, dict[str, str]]) -> Iterator[Any]:
    """Opens a page of a person, in a language and a theme."""
    contexts: list[BrowserContext] = []

    def opened(username: str, language: str = "id", theme: str = "dark", width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900})
        cookies = {"django_language": language, "theme": theme, **dict(Person(running, accounts[username]).cookies)}
        context.add_cookies([{"name": name, "value": value, "url": running.url} for name, value in cookies.items()])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
