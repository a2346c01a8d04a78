"""Handing over: who takes a message, what a reader that fails undoes, and that nobody's message stays visible."""

from datetime import datetime, timedelta

import pytest

from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.gateways import inbound
from commandcenter.gateways.inbound import Handler, Inbound
from commandcenter.inbox import actions, queries
from commandcenter.inbox.handing import hand_over
from commandcenter.inbox.models import InboundMessage
from commandcenter.inbox.tasks import hand_over_waiting
from commandcenter.problems import Refusal
from tests.conftest import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(at: datetime) -> InboundMessage:
    given = {"gateway": "sms", "message_id": "1", "sender": "+6281100000001", "text": "Tolong rahasia"}
    return actions.keep_inbound(at=at, **given).message


def test_the_first_that_says_mine_has_it(message: InboundMessage, at: datetime) -> None:
    asked: list[str] = []
    inbound.register("first", lambda _message, _at: bool(asked.append("first")))
    inbound.register("second", lambda _message, _at: not asked.append("second"))
    inbound.register("third", lambda _message, _at: not asked.append("third"))
    assert hand_over(message_id=message.pk, at=at) == "second"
    assert asked == ["first", "second"]
    assert hand_over(message_id=message.pk, at=at) == ""
    assert asked == ["first", "second"], "what was handled is handed to nobody again"


def test_nobodys_message_stays_for_a_person(message: InboundMessage, operator: Reader, at: datetime) -> None:
    inbound.register("other", lambda _message, _at: False)
    assert hand_over(message_id=message.pk, at=at) == ""
    assert list(queries.unread(operator)) == [message]
    assert queries.to_hand_over(at + timedelta(days=1)) == []


def test_a_reader_that_fails_undoes_its_effects_and_is_asked_again(
    message: InboundMessage, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    works = False

    def read(said: Inbound, _at: datetime) -> bool:
        User.objects.create(username=f"effect-{works}")
        if not works:
            raise RuntimeError(said.text)
        return True

    inbound.register("ours", read)
    assert hand_over(message_id=message.pk, at=at) == ""
    assert not User.objects.filter(username__startswith="effect").exists()
    assert "RuntimeError" in caplog.text
    assert "rahasia" not in caplog.text
    assert hand_over_waiting(at + timedelta(seconds=19)) == 0
    works = True
    assert hand_over_waiting(at + timedelta(seconds=20)) == 1
    assert User.objects.filter(username="effect-True").count() == 1


def test_a_reader_that_always_fails_is_asked_five_times(message: InboundMessage, at: datetime) -> None:
    tries: list[int] = []

    def read(_message: Inbound, _at: datetime) -> bool:
        tries.append(1)
        raise RuntimeError

    inbound.register("ours", read)
    for minute in range(20):
        hand_over_waiting(at + timedelta(minutes=minute))
    assert len(tries) == actions.TRIES
    assert InboundMessage.objects.get().closed_at is None


def test_one_readers_fault_leaves_the_message_to_the_next(message: InboundMessage, at: datetime) -> None:
    def broken(_message: Inbound, _at: datetime) -> bool:
        raise RuntimeError

    inbound.register("broken", broken)
    inbound.register("ours", lambda _message, _at: True)
    assert hand_over(message_id=message.pk, at=at) == "ours"


def test_the_sweep_finds_what_a_dead_process_left(
    message: InboundMessage, at: datetime, readers: dict[str, Handler]
) -> None:
    inbound.register("ours", lambda _message, _at: True)
    assert hand_over_waiting(at) == 1


def test_a_person_closes_a_message_once(
    message: InboundMessage, operator: Reader, people: People, at: datetime
) -> None:
    for _twice in range(2):
        actions.close_inbound(actor=operator, at=at, message_id=message.pk)
    assert Event.objects.filter(kind="inbound.closed", actor_id=operator.user_id).count() == 1
    for actor in (people.reader(Role.MISSION_OFFICER, "kjri-hongkong"), people.reader("operator", exercise="hk")):
        with pytest.raises(Refusal):
            actions.close_inbound(actor=actor, at=at, message_id=message.pk)
