"""What boards ask: what became of what, and who can be reached how."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import translation

from commandcenter.access.models import User
from commandcenter.gateways.actions import keep_device
from commandcenter.outbox import actions, queries
from commandcenter.outbox.actions import Result
from commandcenter.outbox.models import Channel, Delivery, Outgoing, Reason
from tests.commandcenter.outbox.conftest import Queue
from tests.conftest import People

pytestmark = pytest.mark.django_db


def test_deliveries_about_tells_each_object_its_messages_in_one_query(
    queue: Queue, django_assert_num_queries: Any
) -> None:
    first, second = queue(), queue(Channel.PUSH)
    queue(about="R-18")
    with django_assert_num_queries(1):
        told = queries.deliveries_about(["R-17", "R-99"])
        words = [str(row.told) for row in told["R-17"]]
    assert told == {"R-17": [first, second]}
    assert words == ["Antre", "Antre"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "unavailable", "reason": Reason.NO_GATEWAY}, "Tidak tersedia: belum ada gerbang"),
        ({"state": "unavailable", "reason": Reason.EXERCISE}, "Tidak tersedia: LATIHAN: tidak ada yang dikirim"),
        ({"state": "accepted", "simulated": True}, "SIMULASI, tidak dikirim (Diterima gerbang)"),
        ({"state": "unknown", "reason": Reason.LOST}, "Tidak diketahui: mungkin sudah terkirim"),
        ({"state": "delivered", "channel": "push"}, "Sampai di perangkat"),
        ({"state": "queued", "channel": "call", "attempts": 2}, "Tidak diangkat (2×)"),
        ({"state": "failed", "channel": "call", "reason": Reason.WRONG_NUMBER}, "Gagal: nomor salah"),
    ],
)
def test_each_state_is_told_in_honest_words(fields: dict[str, Any], words: str) -> None:
    with translation.override("id"):
        assert str(Outgoing(**{"channel": "sms", **fields}).told) == words


def test_a_person_without_number_device_or_gateway_is_not_available(officer: User, settings: Any) -> None:
    settings.SMS = ""
    User.objects.filter(pk=officer.pk).update(phone="")
    officer.refresh_from_db()
    found = {channel: queries.is_available(channel, officer) for channel in Channel}
    assert not any(one.ok for one in found.values())
    with translation.override("en"):
        assert [str(one.words) for one in found.values()] == [
            "no device receives push messages",
            "no gateway is connected",
            "no telephone number",
        ]
    assert not queries.is_available(Channel.SMS, None).ok


def test_a_person_with_everything_is_available_and_a_recording_gateway_says_so(
    officer: User, people: People, settings: Any, at: datetime
) -> None:
    settings.SMS = "recording"
    reader = people.reader("mission_officer", "kjri-hongkong")
    keep_device(actor=reader, at=at, endpoint="https://push.example/1", p256dh="k", auth="a")
    found = {channel: queries.is_available(channel, officer) for channel in Channel}
    assert all(one.ok for one in found.values())
    with translation.override("en"):
        assert str(found[Channel.SMS].words) == "simulation: nothing is sent"


@pytest.mark.parametrize("phone", ["08110000001", "+62 811 000", "+6281100000001x", "+0123456789", "+62811٠٠٠٠٠٠١"])
def test_a_number_that_is_not_e164_reaches_nobody(officer: User, settings: Any, phone: str) -> None:
    settings.SMS = "recording"
    officer.phone = phone
    assert not queries.is_available(Channel.SMS, officer).ok


def test_a_resting_gateway_is_told(officer: User, settings: Any, at: datetime) -> None:
    settings.SMS = "recording"
    for _each in range(3):
        actions.note_health(gateway="sms:recording", works=False, at=at)
    assert not queries.is_available(Channel.SMS, officer).ok


def test_availability_asks_as_often_for_many_as_for_one(
    people: People, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.SMS = "recording"
    users = [User.objects.create(username=f"u{number}", phone="+6281100000001") for number in range(9)]
    with django_assert_num_queries(2):
        assert len(queries.availability(users)) == 9


def test_overview_counts_by_channel_and_state(queue: Queue, people: People, settings: Any, at: datetime) -> None:
    settings.SMS = ""
    queue(), queue(), queue(Channel.CALL), queue(exercise="hk")
    message = actions.take_next(channel=Channel.SMS, at=at)
    assert message is not None
    actions.settle(message=message, result=Result(Delivery.FAILED, Reason.REJECTED), at=at)
    with translation.override("en"):
        lines = {line.channel: line for line in queries.overview(people.reader("operator"), at)}
        assert lines[Channel.SMS].counts == [("Queued", 2 - 1), ("Failed", 1)]
        assert str(lines[Channel.SMS].words) == "no gateway is connected"
        assert lines[Channel.CALL].counts == [("Queued", 1)]
