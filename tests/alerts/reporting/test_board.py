"""The board's channels and ladder, and the demand with its deadline, channels and questions."""

from datetime import timedelta

import pytest

from alerts.boards import queries
from alerts.escalation.tasks import climb
from alerts.reporting.board import lines
from alerts.sitreps import actions
from alerts.sitreps.models import ReportRequest
from commandcenter.access.models import Role
from commandcenter.outbox.models import Outgoing
from commandcenter.problems import Refusal

pytestmark = pytest.mark.django_db


def line(world, at):
    rows = queries.board(world.operator, world.crisis, at)
    return next(each for each in lines(rows) if each.row.request is not None)


def test_a_row_says_how_far_the_request_came(world, at):
    request = world.ask("dhaka")
    assert str(line(world, at).progress) == "diminta"
    climb(at)
    for state, word in (("accepted", "terkirim"), ("delivered", "sampai")):
        Outgoing.objects.filter(channel="sms").update(state=state)
        assert str(line(world, at).progress) == word
    actions.mark_opened(actor=world.officer(), at=at, request=request)
    assert str(line(world, at).progress) == "dibuka"
    actions.mark_filling(actor=world.officer(), at=at, request=request)
    assert str(line(world, at).progress) == "mengisi"
    world.file(request, figures={"wni.dead": 1})
    assert str(line(world, at).progress) == "melapor"


def test_a_row_says_each_channel_the_step_reached_and_the_next_with_its_time(world, at):
    world.ask("dhaka")
    climb(at)
    Outgoing.objects.filter(channel="push").update(state="unavailable")
    found = line(world, at)
    assert [(str(each.label), each.tone) for each in found.channels] == [("Pesan push", "unknown"), ("SMS", "")]
    assert str(found.channels[0].words).startswith("Tidak tersedia")
    assert found.step == "Petugas jaga diminta melapor"
    assert found.next_at == at + timedelta(minutes=2)


def test_the_demand_takes_a_deadline_channels_and_two_questions(people, world):
    url = f"/crises/{world.crisis.slug}/request/"
    client = people.client(Role.OPERATOR)
    page = client.get(url).content.decode()
    assert 'name="minutes"' in page
    assert 'value="5"' in page
    given = {
        "missions": ["dhaka"],
        "minutes": "8",
        "channels": ["sms"],
        "question_1": "Bandara buka?",
        "question_2": "",
    }
    assert client.post(url, given).status_code == 302
    made = ReportRequest.objects.get()
    assert made.due_at - made.requested_at == timedelta(minutes=8)
    assert (made.channels, made.extra_questions) == (["sms"], ["Bandara buka?"])


@pytest.mark.parametrize("minutes", ["0", "121", "1.5", "-3", "１２", "lima", "9" * 20])
def test_a_deadline_that_is_none_is_refused_beside_its_field(people, world, minutes):
    url = f"/crises/{world.crisis.slug}/request/"
    page = people.client(Role.OPERATOR).post(url, {"missions": ["dhaka"], "minutes": minutes, "channels": ["sms"]})
    assert page.status_code == 422
    assert b"field-error" in page.content
    assert not ReportRequest.objects.exists()


def test_an_unknown_channel_and_a_third_question_are_refused(world, at):
    given = {"actor": world.operator, "at": at, "crisis": world.crisis, "mission_codes": ["dhaka"]}
    for more, field in (
        ({"channels": ["merpati"]}, "channels"),
        ({"extra_questions": ["a", "b", "c"]}, "extra_questions"),
    ):
        with pytest.raises(Refusal) as refused:
            actions.request_reports(**given, **more)
        assert refused.value.error.field == field


def test_a_simulated_message_was_sent_to_nobody(world, at):
    world.ask("dhaka")
    climb(at)
    Outgoing.objects.update(state="accepted", simulated=True)
    assert str(line(world, at).progress) == "diminta"


def test_a_step_without_anybody_to_tell_says_so(world, at):
    world.ask("kathmandu")
    climb(at)
    assert "tidak ada yang dapat dihubungi" in line(world, at).step
