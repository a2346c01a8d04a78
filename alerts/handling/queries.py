"""The story of one emergency in words: its phases and its timeline, with those of its duplicates."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from alerts.emergencies.models import Doubt, Emergency, EmergencyMessage, EmergencyNote, Side
from alerts.handling.words import UNTOLD, step_words, words
from alerts.worklist.models import TaskEntry
from commandcenter import wording
from commandcenter.access.models import MISSION, User
from commandcenter.events.models import Event
from commandcenter.events.queries import history
from missions.roster.queries import duty

BY_CITIZEN = frozenset(
    f"emergency.{kind}"
    for kind in ("received", "repeated", "cancelled", "moved", "silence_set", "media_received", "media_removed")
)
NOBODY = ("", "system")
MOST_POSITIONS = 200


class Phase(NamedTuple):
    """One step and how long after receipt it came; None when it has not."""

    word: str
    at: datetime | None
    after: str


def phases(emergency: Emergency) -> list[Phase]:
    """Received, opened, taken, first action, resolved: how fast each was."""
    named = (_("Received"), _("Opened"), _("Taken"), _("First action"), _("Resolved"))
    start, acted_at = emergency.received_at, emergency.acted_at
    resolved_at = None if emergency.duplicate_of_id else emergency.resolved_at
    moments = (start, emergency.opened_at, emergency.taken_at, acted_at, resolved_at)
    steps = zip(named, moments, strict=True)
    return [Phase(word, at, wording.stopwatch(at - start) if at else "") for word, at in steps]


class Entry(NamedTuple):
    """One line of the timeline; `kind` is who acted: dcc, mission, citizen or system. `of` names a duplicate."""

    id: str
    at: datetime
    who: str
    text: str
    kind: str
    note: str = ""
    of: str = ""


def timeline(emergency: Emergency, duplicates: Iterable[Emergency] = ()) -> list[Entry]:
    """Everything that happened to it and to its duplicates in words, oldest first: log, messages, notes, tasks."""
    whole = [emergency, *duplicates]
    numbers = {one.pk: one.number if one.pk != emergency.pk else "" for one in whole}
    events = _told(history("emergency", [one.number for one in whole], emergency.exercise))
    notes = list(EmergencyNote.objects.filter(emergency__in=whole))
    messages = list(EmergencyMessage.objects.filter(emergency__in=whole))
    steps = {entry.pk: entry for entry in TaskEntry.objects.filter(emergency__in=whole)}
    people = _people(
        {event.actor_id for event in events}
        | {event.data.get("was") for event in events}
        | {row.author_id for rows in (notes, messages) for row in rows}
    )
    entries = [
        Entry(f"n{note.pk}", note.at, *_by(people.get(note.author_id, NOBODY), _("noted")), note.text)._replace(
            of=numbers[note.emergency_id]
        )
        for note in notes
    ]
    for message in messages:
        author = people.get(message.author_id, NOBODY) if message.author_id else (_("Citizen"), Side.CITIZEN.value)
        line = Entry(f"m{message.pk}", message.at, *_by(author, _("wrote")), message.text)
        entries.append(line._replace(of=numbers[message.emergency_id]))
    first = {one.number: one.message for one in whole}
    entries += [_entry(event, people, steps, first, emergency.number) for event in events]
    return sorted(entries, key=lambda entry: entry.at)


def _entry(
    event: Event,
    people: dict[int, tuple[str, str]],
    steps: dict[int, TaskEntry],
    first: dict[str, str],
    own: str,
) -> Entry:
    by_citizen = event.kind in BY_CITIZEN and event.actor_id is None
    author = (_("Citizen"), "citizen") if by_citizen else people.get(event.actor_id or 0, NOBODY)
    note = first[event.object_id] if event.kind == "emergency.received" else ""
    step = steps.get(event.data.get("entry", 0)) if event.kind == "emergency.task_moved" else None
    was = event.data.get("was")
    before = people.get(was, NOBODY)[0] if isinstance(was, int) else ""
    line = Entry(f"e{event.pk}", event.at, *_by(author, words(event, before)), step_words(step) if step else note)
    return line._replace(of="" if event.object_id == own else event.object_id)


def _by(author: tuple[str, str], text: str) -> tuple[str, str, str]:
    return author[0], text, author[1]


def _people(ids: Iterable[int | str | None]) -> dict[int, tuple[str, str]]:
    """Name and kind by user id."""
    users = User.objects.filter(pk__in={key for key in ids if isinstance(key, int)}).select_related("membership")
    of_mission = {user.pk: getattr(getattr(user, "membership", None), "role", "") in MISSION for user in users}
    return {user.pk: (user.shown_name, "mission" if of_mission[user.pk] else "dcc") for user in users}


def _told(events: Iterable[Event]) -> list[Event]:
    """Events that need a line of their own: not those told by a message or note.

    Of a run of positions the last, and each that is doubted.
    """
    told: list[Event] = []
    for event in events:
        verb = event.kind.removeprefix("emergency.")
        if verb in UNTOLD or (verb == "media_examined" and event.data["stage"] == "ready"):
            continue
        same = told and (told[-1].kind, told[-1].object_id) == (event.kind, event.object_id)
        if same and event.kind == "emergency.moved" and not told[-1].data.get("doubt"):
            told.pop()
        told.append(event)
    return told


def position_before(emergency: Emergency) -> Mapping[str, Any] | None:
    """Latitude, longitude and time of the fix that a doubted jump began at; None while no jump is doubted."""
    if emergency.position_doubt != Doubt.JUMPED:
        return None
    earlier = emergency.positions.filter(fixed_at__lt=emergency.fixed_at).order_by("-fixed_at")
    return earlier.values("latitude", "longitude", "fixed_at").first()


def way_of(emergency: Emergency) -> list[list[float]]:
    """Latitude and longitude of the latest positions, the oldest first; the last one is where the citizen is."""
    latest = emergency.positions.order_by("-fixed_at").values_list("latitude", "longitude")[:MOST_POSITIONS]
    way = [list(place) for place in reversed(latest)]
    lat, lon = emergency.latitude, emergency.longitude
    return way if lat is None or lon is None or way[-1:] == [[lat, lon]] else [*way, [lat, lon]]


class Choice(NamedTuple):
    """Who chose the mission by hand, when, and why."""

    who: str
    at: datetime
    reason: str


def choice_by_hand(emergency: Emergency) -> Choice | None:
    """The choice of another mission that stands; None while the rule decides."""
    if not emergency.mission_by_hand:
        return None
    events = history("emergency", [emergency.number], emergency.exercise).filter(kind="emergency.reassigned")
    last = events.order_by("-id").first()
    note = emergency.notes.filter(at=last.at, author=last.actor_id).select_related("author").first() if last else None
    return Choice(note.author.shown_name, note.at, note.text) if note else None


def on_duty_there(emergency: Emergency, at: datetime) -> User | None:
    """The officer of the responsible mission to call now."""
    if emergency.mission_id is None:
        return None
    return next(iter(duty(emergency.mission_id, at, emergency.exercise).officers), None)
