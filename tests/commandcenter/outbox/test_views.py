"""The call list and the list of messages nobody knows the fate of, by plain posts and as panels."""

from datetime import datetime

import pytest

from commandcenter.access.models import User
from commandcenter.outbox import actions
from commandcenter.outbox.actions import Result
from commandcenter.outbox.models import CallTry, Channel, Delivery, Outgoing
from tests.commandcenter.outbox.conftest import Queue
from tests.conftest import People

pytestmark = pytest.mark.django_db


def test_the_list_shows_whom_to_call_about_what_with_a_link(queue: Queue, people: People) -> None:
    queue(Channel.CALL, text="Minta laporan <gempa>")
    page = people.client("operator").get("/calls/").content.decode()
    assert 'href="tel:+6281100000001"' in page
    assert "Minta laporan &lt;gempa&gt;" in page
    assert "kjri-hongkong" in page
    assert "R-17" in page


def test_a_person_without_a_number_stays_on_the_list(queue: Queue, officer: User, people: People) -> None:
    User.objects.filter(pk=officer.pk).update(phone="")
    queue(Channel.CALL)
    page = people.client("operator").get("/calls/").content.decode()
    assert "tel:" not in page
    assert "tidak ada nomor telepon" in page


def test_an_exercise_has_its_own_list_and_no_link_to_a_telephone(
    queue: Queue, people: People, at: datetime, django_user_model: type[User]
) -> None:
    from alerts.exercises import actions as exercises

    supervisor = people.reader("supervisor")
    drill = exercises.start(actor=supervisor, at=at, scenario="hk-wangfuk-2025", name_id="Latihan", name_en="Drill")
    queue(Channel.CALL, exercise=drill.slug)
    client = people.client("operator")
    assert 'id="call-' not in client.get("/calls/").content.decode()
    page = client.get(f"/exercises/{drill.slug}/calls/").content.decode()
    assert 'id="call-' in page
    assert "tel:" not in page
    assert "LATIHAN: jangan menelepon" in page


def test_a_plain_post_notes_the_call_and_comes_back(queue: Queue, people: People) -> None:
    call = queue(Channel.CALL)
    client = people.client("operator")
    answer = client.post(f"/calls/{call.pk}/", {"outcome": "no_answer", "version": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/calls/")
    page = client.get("/calls/").content.decode()
    assert "Tidak diangkat (1×)" in page


def test_who_comes_second_is_told_on_the_panel_and_on_the_page(queue: Queue, people: People) -> None:
    call = queue(Channel.CALL)
    client, told = people.client("operator"), {"outcome": "reached", "version": "1"}
    panel = client.post(f"/calls/{call.pk}/", told, headers={"HX-Request": "true"})
    assert panel.content.decode().startswith('<section class="panel" id="calls"')
    again = client.post(f"/calls/{call.pk}/", told, headers={"HX-Request": "true"})
    assert "Orang lain lebih cepat" in again.content.decode()
    plain = client.post(f"/calls/{call.pk}/", told, follow=True)
    assert "Orang lain lebih cepat" in plain.content.decode()
    assert CallTry.objects.count() == 1


@pytest.mark.parametrize("posted", [{}, {"version": "x"}, {"version": "²"}, {"version": "9" * 30}, {"outcome": "\0"}])
def test_nonsense_is_refused_in_words(queue: Queue, people: People, posted: dict[str, str]) -> None:
    call = queue(Channel.CALL)
    answer = people.client("operator").post(f"/calls/{call.pk}/", posted, follow=True)
    assert answer.status_code == 200
    assert 'data-tone="critical"' in answer.content.decode()
    assert not CallTry.objects.exists()


def test_an_unknown_message_waits_for_a_decision(queue: Queue, people: People, at: datetime) -> None:
    queue()
    message = actions.take_next(channel=Channel.SMS, at=at)
    assert message is not None
    actions.settle(message=message, result=Result(Delivery.UNKNOWN), at=at)
    client = people.client("supervisor")
    assert "mungkin sudah terkirim" in client.get("/outbox/").content.decode()
    client.post(f"/outbox/{message.pk}/", {"again": "1", "version": "2"})
    assert Outgoing.objects.get().state == Delivery.QUEUED
    refused = client.post(f"/outbox/{message.pk}/", {"again": "0", "version": "2"}, headers={"HX-Request": "true"})
    assert "Orang lain lebih cepat" in refused.content.decode()
