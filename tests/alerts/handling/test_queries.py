"""The story of one emergency in words."""

import uuid
from datetime import timedelta

from django.utils import translation

from alerts.emergencies import actions
from alerts.emergencies.models import Emergency
from alerts.handling import queries
from alerts.handling.words import UNTOLD, words
from alerts.intake.actions import Fix, cancel, receive_message, receive_position
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from tests.conftest import AT

MINUTE = timedelta(minutes=1)


def test_the_timeline_tells_everything_in_words_and_in_order(
    emergency: Emergency, operator: Reader, officer: Reader
) -> None:
    number = emergency.number
    actions.take(actor=operator, number=number, at=AT + MINUTE)
    actions.add_note(actor=officer, number=number, at=AT + 2 * MINUTE, text="RS Bir dihubungi")
    receive_message(number=number, exercise="", at=AT + 3 * MINUTE, client_id=uuid.UUID(int=1), text="Di lantai 7")
    for minute in (4, 5):
        fix = Fix(22.46, 114.17, AT + minute * MINUTE, "gps")
        receive_position(number=number, exercise="", at=AT + minute * MINUTE, fix=fix)
    cancel(number=number, exercise="", at=AT + 6 * MINUTE)
    actions.resolve(actor=operator, number=number, at=AT + 7 * MINUTE, outcome="false_alarm")
    with translation.override("en"):
        told = queries.timeline(Emergency.objects.get(pk=emergency.pk))
    assert [entry.at for entry in told] == sorted(entry.at for entry in told)
    kinds = ["citizen", "dcc", "dcc", "mission", "citizen", "citizen", "citizen", "dcc"]
    assert [entry.kind for entry in told] == kinds
    assert told[0].note == "Tolong"
    assert told[2].text.startswith("took it")
    assert (told[3].who, told[3].note) == (officer.name, "RS Bir dihubungi")
    assert told[4].note == "Di lantai 7"
    assert told[5].at == AT + 5 * MINUTE  # of a run of positions the last
    assert "False alarm" in told[-1].text


def test_every_kind_of_event_has_words(emergency: Emergency) -> None:
    from commandcenter.kinds.catalogue import KINDS

    promise = {"next_contact_at": AT.isoformat()}
    shelf = {"until": AT.isoformat()}
    data = {
        "shelved": shelf,
        "escalated": {"step": "supervisor", "turn": 1},
        "taken": promise,
        "handed_over": promise,
        "returned": {"times": 2},
        "resolved": {"outcome": "helped"},
        "accepted": promise,
        "waiting": {**shelf, "waiting_for": "family"},
        "waited_out": {"waiting_for": "family"},
        **{verb: {"task": "family", "stage": ""} for verb in ("task_moved", "task_undone")},
        "merged": {"into": "E-2026-00002"},
        **{verb: {"other": "E-2026-00002"} for verb in ("joined", "parted", "left", "told_apart")},
        "reassigned": {"was": "", "mission": "kbri-beijing", "by_hand": True},
        "offered": {**shelf, "to": "dcc"},
        "offer_lapsed": {"to": "kbri-beijing"},
    }
    for kind in KINDS:
        room, _, verb = kind.partition(".")
        if room == "emergency" and verb not in UNTOLD:
            assert words(Event(kind=kind, at=AT, data=data.get(verb, {}))) != kind
