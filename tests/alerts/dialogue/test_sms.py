"""By SMS: out through the outbox, receipts back, replies on the same emergency, exactly once."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.dialogue import actions
from alerts.dialogue.models import Line
from alerts.dialogue.queries import talk
from alerts.emergencies.actions import resolve
from alerts.emergencies.models import Emergency, EmergencyMessage
from alerts.intake.queries import citizen_view
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.gateways.sending import send_due
from commandcenter.inbox.models import InboundMessage
from commandcenter.inbox.tasks import hand_over_waiting
from commandcenter.outbox.models import Channel, Outgoing
from tests.alerts.dialogue.conftest import PHONE, Make, sms
from tests.conftest import AT, People

Says = Callable[..., EmergencyMessage]
Gateway = Callable[..., Any]


@pytest.fixture
def recording(settings: Any, tmp_path: Path) -> Path:
    """The recording gateway is connected."""
    settings.SMS, settings.VAR = "recording", str(tmp_path)
    return tmp_path / "sms.jsonl"


def fresh(emergency: Emergency) -> Emergency:
    return Emergency.objects.get(pk=emergency.pk)


def state(emergency: Emergency) -> str:
    found: str = citizen_view(fresh(emergency))["messages"][-1]["state"]
    return found


def carried() -> list[str]:
    return [event.data["state"] for event in Event.objects.filter(kind="dialogue.carried").order_by("id")]


def test_an_sms_is_sent_when_the_gateway_took_it_and_delivered_when_the_telephone_has_it(
    held: Emergency, answers: Says, recording: Path, gateway: Gateway
) -> None:
    message = answers("Kami datang", sms=True)
    assert state(held) == "queued"
    send_due(Channel.SMS, clock=lambda: AT)
    [line] = [json.loads(one) for one in recording.read_text().splitlines()]
    assert (line["to"], line["text"]) == (PHONE, "KJRI Hongkong: Kami datang")
    assert state(held) == "sent"
    for _repeat in range(3):
        assert gateway("receipt", id=str(sms(message).client_ref), status="delivered").status_code == 200
    assert (state(held), carried()) == ("delivered", ["accepted", "delivered"])
    actions.show(number=held.number, exercise="", at=AT, up_to=message.pk)
    assert state(held) == "read"


def test_a_receipt_is_heard_by_the_command_centre_and_the_mission(held: Emergency, answers: Says) -> None:
    message = answers(sms=True)
    send_due(Channel.SMS, clock=lambda: AT)
    event = Event.objects.get(kind="dialogue.carried")
    assert set(event.audiences) == {"dcc", f"mission:{held.mission_id}"}
    assert (event.object_id, event.data) == (
        held.number,
        {"message": message.pk, "state": "unavailable", "reason": "no_gateway"},
    )
    assert state(held) == "queued"


def test_without_a_gateway_the_way_reads_not_available(held: Emergency, settings: Any) -> None:
    settings.SMS = ""
    way = talk(fresh(held), AT).sms
    assert (way.ok, str(way.words)) == (False, "belum ada gerbang")


def test_other_deliveries_about_the_emergency_are_no_messages_of_it(held: Emergency, operator: Reader) -> None:
    from commandcenter.outbox.actions import call_off, queue

    queue(key="x:1", channel=Channel.SMS, recipient=operator.user_id, text="P1", about=held.number, at=AT)
    call_off(about=held.number, at=AT)
    assert carried() == []
    assert talk(fresh(held), AT).bubbles == []


def test_a_reply_lands_once_however_often_the_gateway_repeats_it(held: Emergency, gateway: Gateway) -> None:
    for _repeat in range(5):
        assert gateway("inbound", id="17", text="Saya di lantai 3").status_code == 200
    [message] = held.messages.all()
    assert (message.side, message.text, message.way, message.others) == ("citizen", "Saya di lantai 3", "sms", 0)
    assert (fresh(held).unanswered, InboundMessage.objects.get().handler) == (1, "dialogue")


@pytest.mark.parametrize("sender", ["85291234567", "0085291234567", "+852 9123-4567"])
def test_a_reply_is_known_by_its_number_however_it_is_written(held: Emergency, gateway: Gateway, sender: str) -> None:
    Emergency.objects.filter(pk=held.pk).update(phone="9123 4567")
    gateway("inbound", text="Tolong", **{"from": sender})
    assert held.messages.count() == 1


def test_the_same_last_digits_abroad_are_somebody_else(held: Emergency, gateway: Gateway) -> None:
    gateway("inbound", text="Tolong", **{"from": "+4991234567"})
    assert held.messages.count() == 0
    assert InboundMessage.objects.get().closed_at is None


def test_of_several_open_ones_the_newest_has_it_and_says_so(held: Emergency, make: Make, gateway: Gateway) -> None:
    newer = make(phone="00 852 91234567", at=AT + timedelta(minutes=1))
    gateway("inbound", text="Tolong")
    assert held.messages.count() == 0
    [message] = newer.messages.all()
    assert message.others == 1


def test_a_number_nobody_knows_stays_for_a_person(held: Emergency, gateway: Gateway) -> None:
    gateway("inbound", text="Tolong", **{"from": "+6281199999999"})
    gateway("inbound", text="Pulsa murah", **{"from": "INFO"})
    assert InboundMessage.objects.filter(closed_at=None, handler="").count() == 2
    assert EmergencyMessage.objects.count() == 0


def test_an_answer_to_a_resolved_one_opens_it_again(
    held: Emergency, answers: Says, operator: Reader, gateway: Gateway
) -> None:
    answers(sms=True)
    resolve(actor=operator, number=held.number, at=AT, outcome="helped")
    Line.objects.update(at=AT - timedelta(days=99))
    gateway("inbound", text="Terima kasih")
    assert fresh(held).state == "resolved"
    Line.objects.update(at=InboundMessage.objects.get().received_at)
    gateway("inbound", text="Mereka kembali")
    assert (fresh(held).state, fresh(held).unanswered) == ("new", 1)


def test_a_reader_that_died_halfway_leaves_nothing_and_the_sweep_lands_it_once(
    held: Emergency, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = actions.hear

    def dies(**given: Any) -> EmergencyMessage:
        whole(**given)
        raise RuntimeError

    monkeypatch.setattr(actions, "hear", dies)
    gateway("inbound", text="Tolong")
    assert held.messages.count() == 0
    monkeypatch.undo()
    late = InboundMessage.objects.get().received_at + timedelta(minutes=1)
    assert hand_over_waiting(late) == 1
    assert hand_over_waiting(late) == 0
    assert held.messages.count() == 1


def test_a_report_line_stays_a_report(held: Emergency, gateway: Gateway) -> None:
    gateway("inbound", text="DCC 17 NIHIL")
    assert held.messages.count() == 0
    assert InboundMessage.objects.get().handler == "reports"


@pytest.mark.usefixtures("recording")
def test_an_exercise_never_mixes_with_live_work(make: Make, people: People, held: Emergency, gateway: Gateway) -> None:
    drill = make(exercise="latihan", phone=PHONE, at=AT + timedelta(minutes=5))
    player = people.reader(Role.OPERATOR, exercise="latihan")
    message = actions.write(actor=player, number=drill.number, at=AT, client_id=uuid.uuid4(), text="Halo", sms=True)
    send_due(Channel.SMS, clock=lambda: AT)
    assert (sms(message).state, sms(message).reason) == ("unavailable", "exercise")
    assert sms(message).text.startswith("[LATIHAN] ")
    gateway("inbound", text="Tolong")
    assert (drill.messages.filter(side="citizen").count(), held.messages.count()) == (0, 1)


STRANGE = {
    "zero-width": "to\u200blong",
    "turned": "\u202eabc",
    "emoji": "🆘🆘",
    "nul": "a\x00b",
    "long": "x" * 4000,
    "arabic": "مرحبا",
    "nothing": "\u200b",
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_texts_by_sms_are_kept(held: Emergency, gateway: Gateway, name: str) -> None:
    text = STRANGE[name]
    assert gateway("inbound", text=text).status_code == 200
    [message] = held.messages.all()
    assert message.text == text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def test_a_text_no_sms_can_hold_is_refused_in_words(held: Emergency, gateway: Gateway) -> None:
    answer = gateway("inbound", text="x" * 10_000)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "text")
    assert held.messages.count() == 0


def test_no_word_and_no_number_stands_in_an_event(held: Emergency, answers: Says, gateway: Gateway) -> None:
    answers("Kata rahasia", sms=True)
    gateway("inbound", text="Kata rahasia")
    told = json.dumps(list(Event.objects.values_list("data", flat=True)))
    assert "rahasia" not in told
    assert "91234567" not in told
    assert Outgoing.objects.count() == 1
