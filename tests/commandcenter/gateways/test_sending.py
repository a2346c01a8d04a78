"""The loop from the outbox to the doors: no gateway, a recording one, one that fails, the wall around exercises."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from commandcenter import sweep
from commandcenter.access.models import User
from commandcenter.gateways import sending, sms
from commandcenter.gateways.door import Door, Letter
from commandcenter.gateways.sending import Sender, send_due
from commandcenter.outbox import queries
from commandcenter.outbox.actions import Result
from commandcenter.outbox.models import Channel, Delivery, Device, Outgoing, Reason
from tests.commandcenter.gateways.conftest import Browser, PushService
from tests.commandcenter.outbox.conftest import Queue
from tests.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR, settings.SMS = tmp_path, "recording"


def send() -> Outgoing:
    """The newest message, after one look."""
    send_due(Channel.SMS, clock=lambda: AT)
    return Outgoing.objects.latest("pk")


def recorded() -> list[dict[str, str]]:
    path = sms.recorded()
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


class Scripted(Door):
    """Says what the test wants, for each letter."""

    name = "sms:scripted"

    def __init__(self, say: Callable[[Letter], Result]) -> None:
        self.say, self.letters = say, list[Letter]()

    def carry(self, letter: Letter) -> Result:
        self.letters.append(letter)
        return self.say(letter)


def connect(monkeypatch: pytest.MonkeyPatch, say: Callable[[Letter], Result]) -> Scripted:
    door = Scripted(say)
    monkeypatch.setitem(sending.DOORS, Channel.SMS, lambda: door)
    return door


def test_without_a_gateway_sms_is_not_available_and_never_shown_as_sent(queue: Queue, settings: Any) -> None:
    settings.SMS = ""
    queue()
    message = send()
    assert (message.state, message.reason, message.sent_at) == (Delivery.UNAVAILABLE, Reason.NO_GATEWAY, None)
    assert str(message.told) == "Tidak tersedia: belum ada gerbang"


def test_the_recording_gateway_writes_a_line_and_says_that_it_is_a_simulation(queue: Queue, settings: Any) -> None:
    message = queue(url="/report/abc/")
    assert send().state == Delivery.ACCEPTED
    text = f"Laporan diminta {settings.ORIGINS[0]}/report/abc/"
    assert recorded() == [{"ref": str(message.client_ref), "to": "+6281100000001", "text": text}]
    assert sms.recorded().stat().st_mode & 0o777 == 0o600
    assert "SIMULASI, tidak dikirim" in str(Outgoing.objects.get().told)


@pytest.mark.parametrize(
    ("phone", "reason"), [("", Reason.NO_ADDRESS), ("0811", Reason.BAD_ADDRESS), ("+62 811 1", Reason.BAD_ADDRESS)]
)
def test_a_person_without_a_number_is_not_available(queue: Queue, officer: User, phone: str, reason: Reason) -> None:
    User.objects.filter(pk=officer.pk).update(phone=phone)
    queue()
    message = send()
    assert (message.state, message.reason) == (Delivery.UNAVAILABLE, reason)
    assert recorded() == []


def test_the_number_is_the_one_the_person_has_when_it_is_sent(queue: Queue, officer: User) -> None:
    queue()
    User.objects.filter(pk=officer.pk).update(phone="+6281199999999")
    send()
    assert recorded()[0]["to"] == "+6281199999999"


def test_a_disk_that_refuses_keeps_the_message_in_the_queue(queue: Queue, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "missing"
    queue()
    assert send().state == Delivery.QUEUED


def test_sending_is_committed_before_the_network_and_no_transaction_is_open(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth, seen = len(transaction.get_connection().savepoint_ids), []

    def say(letter: Letter) -> Result:
        seen.append((Outgoing.objects.get().state, len(transaction.get_connection().savepoint_ids) - depth))
        return Result(Delivery.ACCEPTED)

    connect(monkeypatch, say)
    queue()
    send()
    assert seen == [(Delivery.SENDING, 0)]


def test_a_door_that_raises_leaves_the_message_unknown_and_the_next_one_goes(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def say(letter: Letter) -> Result:
        if "rahasia" in letter.text:
            raise RuntimeError(letter.text)
        return Result(Delivery.ACCEPTED)

    connect(monkeypatch, say)
    queue(text="rahasia"), queue()
    send()
    assert list(Outgoing.objects.order_by("pk").values_list("state", flat=True)) == ["unknown", "accepted"]
    assert "RuntimeError" in caplog.text
    assert "rahasia" not in caplog.text


def test_a_dead_gateway_is_tried_three_times_then_left_alone_and_comes_back(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = False
    door = connect(monkeypatch, lambda _letter: Result(Delivery.ACCEPTED if works else Delivery.QUEUED))
    for _each in range(20):
        queue()
    assert send_due(Channel.SMS, clock=lambda: AT) == 3
    assert send_due(Channel.SMS, clock=lambda: AT) == 0
    works, later = True, AT + 2 * sending.queries.rules.REST
    while send_due(Channel.SMS, clock=lambda: later):
        pass
    assert len(door.letters) == 3 + 20
    assert set(Outgoing.objects.values_list("state", flat=True)) == {Delivery.ACCEPTED}
    assert not queries.is_resting(door.name, later)


def test_one_look_sends_fifty_at_most(queue: Queue) -> None:
    for _each in range(60):
        queue()
    assert send_due(Channel.SMS, clock=lambda: AT) == 50
    assert send_due(Channel.SMS, clock=lambda: AT) == 10


# --- the wall (domain.md rule 17) ---


def _drill_reaches(queue: Queue, push_service: PushService) -> tuple[int, set[tuple[str, str]]]:
    """How often a message of an exercise reached a gateway, and what became of those messages."""
    for channel in (Channel.SMS, Channel.PUSH):
        queue(channel, exercise="hk-1", life_safety=True)
        send_due(channel, clock=lambda: AT)
    return len(recorded()) + len(push_service.got), set(Outgoing.objects.values_list("state", "reason"))


def test_an_exercise_reaches_no_gateway_and_says_so(
    queue: Queue, push_service: PushService, subscribe: Callable[..., tuple[Browser, Device]]
) -> None:
    subscribe()
    assert _drill_reaches(queue, push_service) == (0, {(Delivery.UNAVAILABLE, Reason.EXERCISE)})
    assert "LATIHAN: tidak ada yang dikirim" in str(Outgoing.objects.first().told)  # type: ignore[union-attr]


def test_an_exercise_without_a_gateway_says_exercise_too(queue: Queue, settings: Any) -> None:
    settings.SMS = ""
    queue(exercise="hk-1")
    assert send().reason == Reason.EXERCISE


def test_without_the_wall_it_would_reach_both(
    queue: Queue,
    push_service: PushService,
    subscribe: Callable[..., tuple[Browser, Device]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Mutant: the doors without their wall."""
    monkeypatch.setattr(Door, "send", lambda self, letter: self.carry(letter))
    subscribe()
    assert _drill_reaches(queue, push_service)[0] == 2


def test_no_door_has_a_way_around_the_wall() -> None:
    for kind in Door.__subclasses__():
        assert "send" not in vars(kind), kind


@pytest.mark.parametrize("phone", ["+99900000001", "+999123456789"])
def test_a_real_gateway_is_handed_no_fictitious_number(phone: str) -> None:
    assert queries.rules.telephone_trouble(phone, simulated=False) == Reason.FICTITIOUS
    assert queries.rules.telephone_trouble(phone, simulated=True) is None


# --- beside the sweep ---


def test_a_gateway_that_hangs_holds_up_neither_the_sweep_nor_the_other_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, looked = threading.Event(), {channel: threading.Event() for channel in sending.DOORS}

    def look(channel: Channel, **_more: Any) -> int:
        looked[channel].set()
        if channel == Channel.SMS:
            hangs.wait(30)
        return 0

    monkeypatch.setattr(sending, "send_due", look)
    senders = tuple(Sender(channel) for channel in sending.DOORS)
    monkeypatch.setattr(sending, "senders", senders)
    swept = []
    monkeypatch.setattr(sweep, "DUE", (lambda _at: swept.append(1) or 0,))
    try:
        for _each in range(3):
            sweep.sweep()
            assert looked[Channel.PUSH].wait(5)
            looked[Channel.PUSH].clear()
        assert len(swept) == 3
        assert looked[Channel.SMS].is_set()
    finally:
        hangs.set()
        sending.close()
    assert not any(sender.thread.is_alive() for sender in senders if sender.thread)
