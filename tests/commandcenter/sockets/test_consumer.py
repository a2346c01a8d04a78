"""What a client may say on its socket, and what ends it."""

from typing import Any

import pytest

from commandcenter.sockets import consumer as module
from commandcenter.sockets.consumer import LiveConsumer, _ack
from tests.commandcenter.sockets.fake import MINE


@pytest.mark.parametrize("said", [None, "", "[]", '{"ack":-1}', '{"ack":true}', '{"ack":1,"b":2}', "[" * 60_000])
def test_nonsense_is_no_acknowledgement(said: str | None) -> None:
    assert _ack(said) is None


def test_a_number_of_the_log_is() -> None:
    assert _ack('{"ack":7}') == 7


class Hub:
    """Knows a log of ten."""

    def __init__(self) -> None:
        self.acked: list[int] = []
        self.left = 0

    async def knows(self, _socket: Any, seq: int) -> bool:
        """Up to ten."""
        return seq <= 10

    def acknowledged(self, _socket: Any, seq: int) -> None:
        """Remember it."""
        self.acked.append(seq)

    def leave(self, _socket: Any) -> None:
        """Count it."""
        self.left += 1


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The hub of this test."""
    known = Hub()
    monkeypatch.setattr(module, "the_hub", lambda: known)
    return known


@pytest.fixture
def line() -> tuple[LiveConsumer, list[dict[str, Any]]]:
    """A consumer that has joined, and what it sent."""
    sent: list[dict[str, Any]] = []

    async def send(told: dict[str, Any]) -> None:
        sent.append(told)

    consumer = LiveConsumer()
    consumer.base_send = send
    consumer.grant, consumer.joined = MINE, True
    return consumer, sent


async def _say(consumer: LiveConsumer, *texts: str) -> None:
    for text in texts:
        await consumer.receive(text_data=text)


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["hello"], "only acknowledgements are understood"),
        (['{"ack":11}'], "an acknowledgement of what was never sent"),
        (['{"ack":5}', '{"ack":4}'], "an acknowledgement went backwards"),
        (['{"ack":5}'] * 21, "more than 20 messages a second"),
        (["hello"] * 100, "only acknowledgements are understood"),
    ],
)
async def test_a_client_that_misbehaves_is_closed_once_with_a_reason(
    hub: Hub, line: tuple[LiveConsumer, list[dict[str, Any]]], texts: list[str], reason: str
) -> None:
    consumer, sent = line
    await _say(consumer, *texts)
    assert sent == [{"type": "websocket.close", "code": 4008, "reason": reason}]
    assert hub.left == 1


async def test_the_same_acknowledgement_again_is_fine(
    hub: Hub, line: tuple[LiveConsumer, list[dict[str, Any]]]
) -> None:
    consumer, sent = line
    await _say(consumer, '{"ack":0}', '{"ack":5}', '{"ack":5}', '{"ack":10}')
    assert (hub.acked, sent) == ([0, 5, 5, 10], [])


def test_silence_is_counted_from_the_first_heartbeat_without_an_answer() -> None:
    consumer = LiveConsumer()
    assert not consumer.silent(1000.0)
    assert not consumer.silent(1030.0)
    assert consumer.silent(1030.1)
    # While the database was away no heartbeat went out, and no answer was owed.
    consumer.unanswered_since = None
    assert not consumer.silent(5000.0)
