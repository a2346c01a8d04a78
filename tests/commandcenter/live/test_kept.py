"""A text is kept for a moment, and never after something was committed."""

import threading
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client, RequestFactory

from alerts.intake.actions import Report, receive
from commandcenter.access.models import Role
from commandcenter.live import frames, kept
from commandcenter.live.models import LogState
from commandcenter.relay.numbering import Relay
from tests.conftest import People

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def numbers() -> Iterator[int]:
    """1, 2, 3 ...: what was made how often."""
    LogState.the()
    return count(1)


def _text(shelf: kept.Shelf, numbers: Iterator[int], at: datetime) -> str:
    return shelf.get("key", at, lambda: (str(next(numbers)), None)).text


def _happens(at: datetime) -> None:
    receive(report=Report(client_id=uuid.uuid4(), pressed_at=at, kind="panic"), at=at, exercise="")


def test_a_text_is_made_once_while_nothing_happens(numbers: Iterator[int], at: datetime) -> None:
    shelf = kept.Shelf()
    assert [_text(shelf, numbers, at), _text(shelf, numbers, at + SECOND)] == ["1", "1"]


def test_a_commit_ends_it_before_the_relay_has_numbered_and_again_after(numbers: Iterator[int], at: datetime) -> None:
    shelf = kept.Shelf()
    texts = [_text(shelf, numbers, at)]
    _happens(at)
    texts += [_text(shelf, numbers, at), _text(shelf, numbers, at)]
    Relay().step(at)
    texts.append(_text(shelf, numbers, at))
    assert texts == ["1", "2", "2", "3"]


def test_it_ends_after_two_seconds_and_when_the_clock_goes_back(numbers: Iterator[int], at: datetime) -> None:
    shelf = kept.Shelf()
    texts = [_text(shelf, numbers, at + late * SECOND) for late in (0, 2, 3, 1)]
    assert texts == ["1", "1", "2", "3"]


def test_a_stamp_without_the_unnumbered_would_show_an_old_text(
    numbers: Iterator[int], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: the head of the log alone."""
    monkeypatch.setattr(frames, "stamp", lambda: tuple(LogState.objects.values_list("head")))
    shelf = kept.Shelf()
    first = _text(shelf, numbers, at)
    _happens(at)
    assert _text(shelf, numbers, at) == first


def test_who_asks_meanwhile_waits_for_the_one_being_made(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "stamp", lambda: ())
    shelf, made = kept.Shelf(), count(1)

    def slow() -> tuple[str, Any]:
        time.sleep(0.05)
        return str(next(made)), None

    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(shelf.get("key", at, slow).text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["1"] * 4


def test_no_more_than_so_many_are_kept(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    shelf = kept.Shelf()
    for key in range(9):
        shelf.get(key, at, lambda: ("x", None))
    assert list(shelf.kept) == [6, 7, 8]
    assert set(shelf.locks) == {6, 7, 8}


def test_each_request_gets_its_own_token_and_fills_the_holes(at: datetime) -> None:
    text = kept.Kept((), at, 0.0, f"{kept.hole('csrf')} {kept.hole('me')}")
    one, other = (text.filled(RequestFactory().get("/"), me=name) for name in ("a", "b"))
    assert one.endswith(" a")
    assert other.endswith(" b")
    assert one.split()[0] != other.split()[0]


PAGES = ("/", "/?state=mine", "/?state=new", "/crises/")


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_no_page_tells_one_reader_what_belongs_to_another(reference: None, people: People, address: str) -> None:
    """Two operators one after the other: what names the first must not be on the page of the second."""
    first = people.client(Role.OPERATOR, username="pertama-sekali")
    second = people.client(Role.OPERATOR, username="kedua-kali")
    _page(first, address)
    page = _page(second, address)
    names = page.replace('"pertama-sekali"', "")  # the table of desks names everybody once
    assert "pertama-sekali" not in names
    assert kept.SECRET not in page
    assert "kedua-kali" in page


def test_a_page_carries_the_token_of_its_own_browser(reference: None, people: People, at: datetime) -> None:
    _happens(at)
    browser = Client(enforce_csrf_checks=True)
    for username in ("pertama", "kedua"):
        browser.cookies = people.client(Role.OPERATOR, username=username).cookies
        page = _page(browser, "/")
        token = page.partition('class="queue-act"')[2].partition('value="')[2].partition('"')[0]
        address = page.partition('class="queue-act" action="')[2].partition('"')[0]
        answer = browser.post(address, {"csrfmiddlewaretoken": token})
        assert answer.status_code in {302, 409}


def test_who_waited_while_work_went_on_takes_one_text_together(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit every moment: ten who ask at once are answered by two texts, not by ten one after the other."""
    stamps, made = count(1), count(1)
    monkeypatch.setattr(frames, "stamp", lambda: (next(stamps),))
    shelf, gate = kept.Shelf(), threading.Barrier(10)

    def slow() -> tuple[str, Any]:
        time.sleep(0.1)
        return str(next(made)), None

    def ask() -> None:
        gate.wait()
        shelf.get("key", at, slow)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert next(made) - 1 <= 2
