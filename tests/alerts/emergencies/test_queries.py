"""One query for map and queue: who sees what, in which order."""

import json
import uuid
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import translation

from alerts.emergencies import actions, cards, queries
from alerts.emergencies.models import Emergency
from alerts.intake.actions import receive_message
from alerts.progress.queries import taken_without_action
from alerts.progress.tasks import return_untouched
from alerts.queue import queries as queues
from alerts.queue.queries import QueueFilter
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from tests.alerts.emergencies.conftest import Make
from tests.conftest import AT, People

MINUTE = timedelta(minutes=1)
HONG_KONG = {
    "type": "Polygon",
    "coordinates": [[[113.8, 22.1], [114.5, 22.1], [114.5, 22.6], [113.8, 22.6], [113.8, 22.1]]],
}


def numbers(reader: Reader, params: str = "", **given: object) -> list[str]:
    found = queues.rows(reader, QueueFilter.from_params(QueryDict(params)), most=100, **given)  # type: ignore[arg-type]
    return [emergency.number for emergency in found]


def test_not_taken_come_first_then_priority_then_the_oldest(make: Make, operator: Reader) -> None:
    taken, second, newer, older = make(), make(kind="other"), make(at=AT + MINUTE), make(at=AT)
    actions.take(actor=operator, number=taken.number, at=AT)
    assert numbers(operator) == [row.number for row in (older, newer, second, taken)]


def test_the_command_centre_sees_all_and_a_mission_its_own(
    emergency: Emergency, make: Make, operator: Reader, officer: Reader, stranger: Reader, people: People
) -> None:
    elsewhere = make(lat=-37.81, lon=144.96)
    assert set(numbers(operator)) == {emergency.number, elsewhere.number}
    assert numbers(people.reader(Role.VERIFIER)) == numbers(operator)
    assert numbers(officer) == [emergency.number]
    assert numbers(stranger) == []
    for role in (Role.MINISTER, Role.SPOKESPERSON, Role.AUDITOR, Role.ADMINISTRATOR):
        assert numbers(people.reader(role)) == []
        assert queries.one(people.reader(role), emergency.number) is None


def test_an_exercise_sees_its_own_world(make: Make, operator: Reader, people: People) -> None:
    real, drill = make(), make(exercise="drill")
    assert numbers(operator) == [real.number]
    player = people.reader(Role.OPERATOR, exercise="drill")
    assert numbers(player) == [drill.number]
    assert queries.one(player, real.number) is None


def test_the_filter_narrows_the_queue(make: Make, operator: Reader) -> None:
    here, there = make(), make(lat=None, country="AU", kind="detention", place="Sydney")
    assert numbers(operator, "country=au") == [there.number]
    assert numbers(operator, "priority=1") == [here.number]
    assert numbers(operator, f"mission={here.mission_id}") == [here.number]
    assert numbers(operator, "q=sydn") == [there.number]
    assert numbers(operator, f"q={here.number}") == [here.number]
    assert numbers(operator, area=HONG_KONG) == [here.number]
    actions.take(actor=operator, number=here.number, at=AT)
    assert numbers(operator, "state=new") == [there.number]
    assert numbers(operator, "state=mine") == numbers(operator, "state=taken") == [here.number]
    actions.resolve(actor=operator, number=here.number, at=AT, outcome="helped")
    assert numbers(operator) == [there.number]
    assert numbers(operator, "state=resolved") == [here.number]
    assert set(numbers(operator, "state=all")) == {here.number, there.number}


def test_a_position_unknown_counts_by_its_country(make: Make, operator: Reader) -> None:
    unplaced = make(lat=None, country="HK")
    assert numbers(operator, area=HONG_KONG) == [unplaced.number]


@pytest.mark.parametrize(
    "params",
    ["state=x&priority=9&country=123&mission=%00&q=%00", "priority=&state=", "q=" + "x" * 5000, "q=E-2026-" + "9" * 30],
)
def test_a_filter_that_makes_no_sense_is_left_out(make: Make, operator: Reader, params: str) -> None:
    make()
    numbers(operator, params)
    wanted = QueueFilter.from_params(QueryDict(params))
    assert (wanted.state, wanted.priority, wanted.country, wanted.mission) == ("open", None, "", "")


def test_rows_carry_the_country_in_the_language_and_the_count_of_messages(make: Make, operator: Reader) -> None:
    emergency = make(lat=None, country="DE")
    for number in (1, 2):
        receive_message(number=emergency.number, exercise="", at=AT, client_id=uuid.UUID(int=number), text="Halo")
    for language, name in (("id", "Jerman"), ("en", "Germany")):
        with translation.override(language):
            [row] = queues.rows(operator, QueueFilter(), most=2)
            assert (row.country_name, row.message_count) == (name, 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "wrong", ["", "E", "E-2025-{:05d}", "E-2026-{:06d}", " E-2026-{:05d}", "E-2026-99999", "e-2026-{:05d}"]
)
def test_only_the_whole_number_finds_it(emergency: Emergency, operator: Reader, wrong: str) -> None:
    assert queries.one(operator, emergency.number) == emergency
    assert queries.one(operator, wrong.format(emergency.pk)) is None


def test_the_sweep_returns_what_nobody_acted_on(make: Make, operator: Reader) -> None:
    late, early, acted = make(), make(), make()
    for emergency, at in ((late, AT), (early, AT + MINUTE), (acted, AT)):
        actions.take(actor=operator, number=emergency.number, at=at)
    actions.add_note(actor=operator, number=acted.number, at=AT, text="RS dihubungi")
    assert taken_without_action(AT + 10 * MINUTE) == [late.pk]
    assert return_untouched(AT + 10 * MINUTE) == 1
    assert Emergency.objects.get(pk=late.pk).state == "new"


def test_cards_hold_no_personal_data(emergency: Emergency, operator: Reader) -> None:
    receive_message(number=emergency.number, exercise="", at=AT, client_id=uuid.UUID(int=1), text="rahasia")
    actions.add_note(actor=operator, number=emergency.number, at=AT, text="catatan")
    loaded = cards.load([emergency.number], "")[emergency.number]
    for audience in ("dcc", "mission"):
        card = cards.make(loaded, audience)
        assert card is not None
        text = card.model_dump_json()
        for secret in ("Siti", "+852", "Tolong", "rahasia", "catatan", str(emergency.client_id)):
            assert secret not in text
        assert json.loads(text)["messages"] == 1
    assert cards.make(loaded, "summary") is None
    assert cards.load([emergency.number], "drill") == {}


def test_events_hold_no_personal_data(emergency: Emergency, operator: Reader) -> None:
    receive_message(number=emergency.number, exercise="", at=AT, client_id=uuid.UUID(int=1), text="rahasia")
    actions.add_note(actor=operator, number=emergency.number, at=AT, text="catatan")
    actions.take(actor=operator, number=emergency.number, at=AT)
    text = json.dumps(list(Event.objects.values("data", "object_id", "topic", "audiences")), default=str)
    for secret in ("Siti", "+852", "Tolong", "rahasia", "catatan"):
        assert secret not in text
