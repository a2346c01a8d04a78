"""Alarms and their page: raised, taken by name, ended; what each role sees."""

import pytest
from django.core.management import call_command

from alerts.alarms import actions, cards
from alerts.alarms.models import Alarm, AlarmKind, AlarmRule
from alerts.ladders.models import Clock
from commandcenter.access.models import Role
from commandcenter.problems import Refusal
from tests.alerts.sitreps.conftest import World, events, world

__all__ = ["World", "events", "world"]
pytestmark = pytest.mark.django_db


def sound(at, **given):
    values = {"key": "lost:request:1", "kind": AlarmKind.STEP_LOST, "priority": 1, "about": "R-1", **given}
    return actions.sound(at=at, **values)


def test_raising_twice_is_one_alarm_and_one_event(at, events):
    assert sound(at).pk == sound(at).pk
    assert len(events("alarm.raised")) == 1


def test_an_alarm_that_ended_is_raised_anew_and_counted(at, people):
    alarm = sound(at)
    actions.take(actor=people.reader(Role.OPERATOR), at=at, pk=alarm.pk)
    again = sound(at)
    assert (again.times, again.ended_at, again.taken_by) == (2, None, None)


def test_the_second_taker_is_told_who_was_first(at, people):
    alarm = sound(at, kind=AlarmKind.SILENT_MISSION, key="request:1")
    actions.take(actor=people.reader(Role.OPERATOR), at=at, pk=alarm.pk)
    with pytest.raises(Refusal) as refused:
        actions.take(actor=people.reader(Role.SUPERVISOR), at=at, pk=alarm.pk)
    assert refused.value.status == 409
    assert "operator" in str(refused.value.error.message)


def test_another_world_does_not_take_it_and_a_mission_never(at, people):
    alarm = sound(at)
    for actor, status in (
        (people.reader(Role.OPERATOR, exercise="hk"), 404),
        (people.reader(Role.AMBASSADOR, "dhaka"), 403),
    ):
        with pytest.raises(Refusal) as refused:
            actions.take(actor=actor, at=at, pk=alarm.pk)
        assert refused.value.status == status


def test_only_the_command_centre_has_a_card(at):
    alarm = sound(at)
    assert cards.make(alarm, "dcc").open
    assert cards.make(alarm, "summary") is None
    assert cards.make(alarm, "mission") is None


def test_the_page_takes_an_alarm_by_name(at, people, world):
    alarm = sound(at)
    client = people.client(Role.OPERATOR)
    page = client.get("/alarms/").content.decode()
    assert alarm.number in page
    assert "Langkah tangga hilang" in page
    assert client.post(f"/alarms/{alarm.pk}/take/").status_code == 302
    assert Alarm.objects.get().taken_by.username == "operator"
    assert client.post("/alarms/999999/take/").status_code == 404


@pytest.mark.parametrize(("role", "leads"), [(Role.OPERATOR, True), (Role.VERIFIER, False)])
def test_an_alarm_leads_only_where_its_reader_may_go(at, people, role, leads):
    sound(at, key="callback:1", kind=AlarmKind.CALL_BACK, about="B-2026-00001")
    page = people.client(role).get("/alarms/").content.decode()
    assert "B-2026-00001" in page
    assert ('href="/hotline/">B-2026-00001' in page) is leads


def test_reference_data_brings_the_register_and_an_edited_row_stays(people):
    call_command("load_reference", verbosity=0)
    AlarmRule.objects.filter(code="mission-silent").update(owner="Kepala Jaga")
    call_command("load_reference", verbosity=0)
    assert AlarmRule.objects.get(code="mission-silent").owner == "Kepala Jaga"
    page = people.client(Role.OPERATOR).get("/alarms/").content.decode()
    assert "Kepala Jaga" in page
    assert "Tanpa angka sejak 10 menit" in page


def test_a_supervisor_sees_what_a_threshold_moves_and_changes_it(people, world, at):
    call_command("load_reference", verbosity=0)
    world.ask("dhaka", "newdelhi")
    goal = Clock.objects.get(ladder="request", step="goal")
    client, url = people.client(Role.SUPERVISOR), f"/alarms/clocks/{goal.pk}/"
    assert "Akan mengubah 2 baris." in client.get(url).content.decode()
    seen = client.get(url, {"seconds": "10"}).content.decode()
    assert "2 di antaranya langsung jatuh tempo" in seen
    refused = client.post(url, {"seconds": "10", "reason": "", "version": goal.version})
    assert refused.status_code == 422
    assert client.post(url, {"seconds": "240", "reason": "Evaluasi", "version": goal.version}).status_code == 302
    goal.refresh_from_db()
    assert (goal.seconds, goal.version) == (240, 2)
    stale = client.post(url, {"seconds": "200", "reason": "Evaluasi", "version": 1})
    assert stale.status_code == 409
    assert client.get("/alarms/clocks/999999/").status_code == 404
    for garbage in ("x", "-1", "1.5", "１２", "9" * 30):
        assert client.get(url, {"seconds": garbage}).status_code == 200
        assert client.post(url, {"seconds": garbage, "reason": "a", "version": 2}).status_code == 422


def test_the_picture_sounds_what_nobody_took_and_a_mission_hears_none(at, people, world):
    from alerts.alarms.queries import untaken

    alarm = sound(at)
    operator = people.reader(Role.OPERATOR)
    assert untaken(operator) == [(alarm.number, 1)]
    assert untaken(people.reader(Role.MISSION_OFFICER, "dhaka")) == []
    assert alarm.number in people.client(Role.OPERATOR).get("/").content.decode()
    actions.take(actor=operator, at=at, pk=alarm.pk)
    assert untaken(operator) == []
