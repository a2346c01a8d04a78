"""The dialogue with the citizens of duplicates: what waits is counted at both, answered once, and parted again."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.dialogue.actions import hear_line, write
from alerts.duplicates import actions as duplicates
from alerts.emergencies import actions
from alerts.emergencies.models import Emergency
from alerts.escalation.queries import without_steps
from alerts.intake.actions import receive_message
from alerts.progress.actions import wait
from commandcenter.access.reader import Reader
from tests.alerts.emergencies.conftest import Make
from tests.conftest import AT

MINUTE = timedelta(minutes=1)
PHONE, OTHER = "+85291234567", "+85298765432"


@pytest.fixture
def pair(make: Make, operator: Reader) -> tuple[Emergency, Emergency]:
    """The one that stays and is held, and its duplicate of another telephone."""
    whole, duplicate = make(phone=PHONE), make(at=AT + MINUTE, phone=OTHER)
    actions.take(actor=operator, number=whole.number, at=AT + 2 * MINUTE)
    return whole, duplicate


def says(emergency: Emergency, minutes: float) -> None:
    given = {"number": emergency.number, "exercise": "", "client_id": uuid.uuid4(), "text": "Masih di sini"}
    receive_message(at=AT + minutes * MINUTE, **given)


def answers(emergency: Emergency, actor: Reader, minutes: float, **more: Any) -> None:
    given = {"number": emergency.number, "client_id": uuid.uuid4(), "text": "Kami datang", **more}
    write(actor=actor, at=AT + minutes * MINUTE, **given)


def merge(pair: tuple[Emergency, Emergency], actor: Reader, minutes: float) -> None:
    whole, duplicate = pair
    duplicates.merge(actor=actor, number=duplicate.number, at=AT + minutes * MINUTE, into=whole.number)


def waits(emergency: Emergency) -> tuple[int, datetime | None]:
    found = Emergency.objects.get(pk=emergency.pk)
    return found.unanswered, found.unanswered_since


def test_what_waits_is_counted_at_both_and_an_answer_to_one_citizen_is_none_to_the_other(
    pair: Any, operator: Reader
) -> None:
    whole, duplicate = pair
    says(duplicate, 3)
    merge(pair, operator, 4)
    assert (waits(whole), waits(duplicate)) == ((1, AT + 3 * MINUTE), (1, AT + 3 * MINUTE))
    says(whole, 5)
    says(duplicate, 6)
    assert (waits(whole), waits(duplicate)) == ((3, AT + 3 * MINUTE), (2, AT + 3 * MINUTE))
    assert without_steps(AT + 7 * MINUTE) == []
    answers(whole, operator, 8)
    # The other citizen was not answered: the page says so, and so does what an officer sees of the duplicate.
    assert (waits(whole), waits(duplicate)) == ((0, None), (2, AT + 3 * MINUTE))
    answers(duplicate, operator, 9)
    assert (waits(whole), waits(duplicate)) == ((0, None), (0, None))


def test_an_act_ends_the_waiting_and_no_step_is_missed(pair: Any, operator: Reader) -> None:
    whole, _duplicate = pair
    merge(pair, operator, 3)
    for minutes, act in ((4, "noted"), (6, "waiting")):
        says(whole, minutes)
        assert waits(whole)[0] == 1
        at = AT + (minutes + 1) * MINUTE
        if act == "noted":
            actions.add_note(actor=operator, number=whole.number, at=at, text="Ditelepon")
        else:
            wait(actor=operator, number=whole.number, at=at, waiting_for="family", minutes=15)
        assert waits(whole) == (0, None)
        assert without_steps(at + MINUTE) == []


def test_parting_leaves_to_each_what_its_own_citizen_waits_for(pair: Any, operator: Reader) -> None:
    whole, duplicate = pair
    merge(pair, operator, 3)
    says(duplicate, 4)
    says(whole, 5)
    duplicates.part(actor=operator, number=duplicate.number, at=AT + 6 * MINUTE)
    assert (waits(whole), waits(duplicate)) == ((1, AT + 5 * MINUTE), (1, AT + 4 * MINUTE))
    merge(pair, operator, 7)
    answers(whole, operator, 8)
    duplicates.part(actor=operator, number=duplicate.number, at=AT + 9 * MINUTE)
    assert (waits(whole), waits(duplicate)[0]) == ((0, None), 1)


def test_an_sms_of_a_duplicates_citizen_lands_on_it_and_climbs_at_the_one_that_stays(
    pair: Any, operator: Reader
) -> None:
    whole, duplicate = pair
    merge(pair, operator, 3)
    said = hear_line(sender=OTHER, at=AT + 4 * MINUTE, key="a:1", text="Di lantai 3", exercise="")
    assert said is not None
    assert said.emergency_id == duplicate.pk
    assert waits(whole) == (1, AT + 4 * MINUTE)
    # One telephone for both: what is meant is the one that stays.
    Emergency.objects.filter(pk=duplicate.pk).update(phone=PHONE)
    same = hear_line(sender=PHONE, at=AT + 5 * MINUTE, key="a:2", text="Cepat", exercise="")
    assert same is not None
    assert same.emergency_id == whole.pk
