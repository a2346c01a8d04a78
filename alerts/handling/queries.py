"""The story of one emergency in words: its phases and its timeline."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from alerts.emergencies.models import Emergency, Outcome, Side
from commandcenter import wording
from commandcenter.access.models import MISSION, User
from commandcenter.events.models import Event
from commandcenter.events.queries import history


class Phase(NamedTuple):
    """One step and how long after receipt it came; None when it has not."""

    word: str
    at: datetime | None
    after: str


def phases(emergency: Emergency) -> list[Phase]:
    """Received, opened, taken, first action, resolved: how fast each was."""
    words = (_("Received"), _("Opened"), _("Taken"), _("First action"), _("Resolved"))
    start, acted_at = emergency.received_at, emergency.acted_at
    moments = (start, emergency.opened_at, emergency.taken_at, acted_at, emergency.resolved_at)
    steps = zip(words, moments, strict=True)
    return [Phase(word, at, wording.stopwatch(at - start) if at else "") for word, at in steps]


class Entry(NamedTuple):
    """One line of the timeline; `kind` is who acted: dcc, mission, citizen or system."""

    id: str
    at: datetime
    who: str
    text: str
    kind: str
    note: str = ""


def timeline(emergency: Emergency) -> list[Entry]:
    """Everything that happened to it in words, oldest first: the log, the messages and the notes."""
    events = _told(history("emergency", [emergency.number], emergency.exercise))
    notes, messages = list(emergency.notes.all()), list(emergency.messages.all())
    authors = {note.author_id for note in notes} | {message.author_id for message in messages}
    people = _people({event.actor_id for event in events} | authors)
    nobody = ("", "system")
    entries = [
        Entry(f"n{note.pk}", note.at, *_by(people.get(note.author_id, nobody), _("noted")), note.text) for note in notes
    ]
    for message in messages:
        author = people.get(message.author_id, nobody) if message.author_id else (_("Citizen"), Side.CITIZEN.value)
        entries.append(Entry(f"m{message.pk}", message.at, *_by(author, _("wrote")), message.text))
    for event in events:
        by_citizen = event.kind in {"emergency.received", "emergency.cancelled", "emergency.moved"}
        author = (_("Citizen"), "citizen") if by_citizen else people.get(event.actor_id or 0, nobody)
        first = emergency.message if event.kind == "emergency.received" else ""
        entries.append(Entry(f"e{event.pk}", event.at, *_by(author, _words(event)), first))
    return sorted(entries, key=lambda entry: entry.at)


def _by(author: tuple[str, str], text: str) -> tuple[str, str, str]:
    return author[0], text, author[1]


def _people(ids: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    """Name and kind by user id."""
    users = User.objects.filter(pk__in={key for key in ids if key}).select_related("membership")
    of_mission = {user.pk: getattr(getattr(user, "membership", None), "role", "") in MISSION for user in users}
    return {user.pk: (user.shown_name, "mission" if of_mission[user.pk] else "dcc") for user in users}


def _told(events: Iterable[Event]) -> list[Event]:
    """Events that need a line of their own: not those told by a message or note, and of a run of positions the last."""
    told: list[Event] = []
    for event in events:
        if event.kind in {"emergency.noted", "emergency.messaged"}:
            continue
        if told and told[-1].kind == event.kind == "emergency.moved":
            told.pop()
        told.append(event)
    return told


def _words(event: Event) -> str:
    said = {
        "emergency.received": _("asked for help; received by the server"),
        "emergency.opened": _("opened it"),
        "emergency.released": _("gave it back to the queue"),
        "emergency.moved": _("sent a newer position"),
        "emergency.cancelled": _("pressed cancel"),
        "emergency.reopened": _("opened it again") if event.actor_id else _("Open again: the citizen wrote"),
    }
    if event.kind == "emergency.taken":
        until = wording.in_wib(datetime.fromisoformat(event.data["next_contact_at"]), now=event.at).text
        return _("took it · next contact %(time)s") % {"time": until}
    if event.kind == "emergency.returned":
        return _("Back in the queue: taken without an action for 10 minutes (%(n)s×)") % {"n": event.data["times"]}
    if event.kind == "emergency.resolved":
        return _("resolved it: %(outcome)s") % {"outcome": Outcome(event.data["outcome"]).label}
    return said.get(event.kind, event.kind)
