"""Reads for who works a case: who may have it, whom it concerns, how fast answers come; its story in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from alerts.cases.library import topic
from alerts.cases.models import Case, CasePerson, CaseTime, NoteKind, Outcome, Side
from alerts.cases.queries import late, visible
from commandcenter import wording
from commandcenter.access.models import DCC, MISSION, User
from commandcenter.access.reader import Reader
from commandcenter.audit.queries import Reading, reads_of
from commandcenter.events.models import Event
from commandcenter.events.queries import history
from commandcenter.outbox.models import Reason
from commandcenter.outbox.queries import SIMULATION, deliveries_about
from commandcenter.outbox.rules import telephone_trouble
from commandcenter.problems import Words
from missions.directory.models import Mission
from missions.directory.queries import directory
from missions.registry.queries import found, masked_by_id, missions_of
from missions.registry.shapes import Masked

MEASURED = timedelta(days=30)
MOST_FOUND, NAMED = 10, 5


def persons(case: Case) -> list[CasePerson]:
    """Whom of the registry the case concerns."""
    return list(case.persons.filter(removed_at__isnull=True))


def workers(case: Case) -> list[User]:
    """Who may be given the case: operators and supervisors, and the officers of its mission."""
    reach = Q(membership__role__in=DCC) & ~Q(membership__role="verifier")
    if case.mission_id:
        reach |= Q(membership__role__in=MISSION, membership__mission=case.mission_id)
    found = User.objects.filter(reach, is_active=True).select_related("membership")
    return list(found.order_by("membership__mission", "first_name", "last_name", "pk"))


def times() -> list[CaseTime]:
    """The time each category has, with who answers for it and why."""
    return list(CaseTime.objects.order_by("category"))


@dataclass(frozen=True, slots=True)
class Speed:
    """Of the cases answered in the last thirty days: how many, how many in time, the median; None without any."""

    n: int
    in_time: int
    median: timedelta | None

    @property
    def share(self) -> int | None:
        """Percent in time."""
        return round(100 * self.in_time / self.n) if self.n else None

    @property
    def words(self) -> str:
        """The median in words."""
        return wording.age_text(self.median) if self.median is not None else ""


def speed(reader: Reader, at: datetime) -> Speed:
    """How fast cases are answered; cases alone, no emergency is in it. Who never was answered is not in the median."""
    told = visible(reader).filter(answered_at__isnull=False, answered_at__gte=at - MEASURED)
    found = list(told.order_by("-answered_at").values_list("began_at", "answered_at", "late_at")[:5000])
    took = sorted(max(answered - began, timedelta()) for began, answered, _late in found if answered)
    return Speed(len(found), sum(late is None for *_times, late in found), took[len(took) // 2] if took else None)


def topic_name(case: Case) -> str:
    """Its sub-topic in the language of the page; "" without one."""
    known = topic(case.topic)
    return known.name if known else ""


def country_name(code: str) -> str:
    """A country's name in the language of the page."""
    known = directory().countries.get(code)
    return str(known.name) if known else code


def late_lines(place: str, exercise: str, at: datetime) -> list[tuple[str, dict[str, Any]]]:
    """All cases past their time (P3) as one line of a handover, or none: what changes with them, how many, which."""
    whole = late(place, exercise, at)
    first, n = list(whole[:NAMED]), whole.count()
    if not first or first[0].due_at is None:
        return []
    numbers = [one.number for one in first]
    facts = {"kind": "cases", "n": n, "numbers": numbers, "since": first[0].due_at.isoformat()}
    return [(f"{n}.{'.'.join(numbers)}", facts)]


class Whom(NamedTuple):
    """Somebody of the registry as lists show them."""

    citizen: int
    shown: Masked


def concerned(case: Case) -> list[Whom]:
    """The linked persons, masked."""
    ids = [row.citizen_id for row in persons(case)]
    shown = masked_by_id(ids)
    return [Whom(key, shown[key]) for key in ids if key in shown]


def search(reader: Reader, text: str) -> list[Whom]:
    """Persons of the registry found by name, document or telephone, masked; a mission finds its own."""
    wanted = text.replace("\0", " ").strip()[:120]
    ids = list(found(wanted).filter(exercise=reader.exercise)[: MOST_FOUND * 5]) if wanted else []
    if reader.is_mission:
        ids = [key for key, mission in missions_of(ids).items() if mission == reader.mission]
    shown = masked_by_id(sorted(ids)[:MOST_FOUND])
    return [Whom(key, shown[key]) for key in sorted(shown)]


def readers_of(citizen: int) -> list[Reading]:
    """Who opened this person before, the newest first."""
    return reads_of(f"citizen:{citizen}")


def copy_by_sms(case: Case) -> Words:
    """Whether a copy of an answer can go by SMS, and in words why not; "" when it can."""
    if not case.phone:
        return Reason.NO_ADDRESS.label
    if not settings.SMS:
        return Reason.NO_GATEWAY.label
    trouble = telephone_trouble(case.phone, simulated=True)
    if trouble:
        return trouble.label
    return _("simulation: nothing is sent") if settings.SMS == SIMULATION else ""


class Entry(NamedTuple):
    """One line of the timeline; `kind` is who acted. `read` and `told` say what became of a message, if anything."""

    id: str
    at: datetime
    who: str
    text: str
    kind: str
    note: str = ""
    url: str = ""
    read: datetime | None = None
    waits: bool = False
    told: Words = ""


def timeline(case: Case) -> list[Entry]:
    """Everything that happened to it, oldest first: the log in words, what was written, what was noted."""
    events = [event for event in history("case", [case.number], case.exercise) if _has_line(event)]
    notes, wrote = list(case.notes.all()), list(case.messages.all())
    actors = {event.actor_id for event in events} | {event.data.get("by") for event in events}
    people = _people({*actors, *(note.author_id for note in notes), *(one.author_id for one in wrote)})
    copies = {row.key: row.told for row in deliveries_about([case.number]).get(case.number, ())}
    missions = directory().missions
    nobody, applicant = ("", "system"), (str(_("Applicant")), "citizen")
    entries = []
    for one in wrote:
        who, kind = people.get(one.author_id, nobody) if one.author_id else applicant
        is_ours = one.side != Side.APPLICANT
        told = copies.get(f"case:{one.pk}", "") if is_ours else ""
        text = _("wrote to the applicant") if is_ours else _("wrote")
        waits = not is_ours and one.read_at is None
        entries.append(Entry(f"m{one.pk}", one.at, who, text, kind, one.text, "", one.read_at, waits, told))
    for note in notes:
        who, kind = people.get(note.author_id, nobody)
        entries.append(Entry(f"n{note.pk}", note.at, who, _noted(NoteKind(note.kind)), kind, note.text, note.url))
    for event in events:
        who, kind = people.get(event.actor_id or 0, nobody)
        if event.kind == "case.opened" and event.actor_id is None:
            who, kind = applicant
        entries.append(Entry(f"e{event.pk}", event.at, who, _said(event, people, missions), kind))
    # Of what happened in one moment the opening comes first.
    opened = {f"e{event.pk}" for event in events if event.kind == "case.opened"}
    return sorted(entries, key=lambda entry: (entry.at, entry.id not in opened))


def _has_line(event: Event) -> bool:
    """Not those that a message or note tells by itself."""
    return event.kind != "case.noted" and not (event.kind == "case.messaged" and not event.data["then"])


def _people(ids: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    users = User.objects.filter(pk__in={key for key in ids if key}).select_related("membership")
    kinds = {user.pk: getattr(getattr(user, "membership", None), "role", "") in MISSION for user in users}
    return {user.pk: (user.shown_name, "mission" if kinds[user.pk] else "dcc") for user in users}


def _noted(kind: NoteKind) -> str:
    words = {
        NoteKind.NOTE: _("noted"),
        NoteKind.STEP: _("planned the next step"),
        NoteKind.DOCUMENT: _("named a document"),
        NoteKind.REASON: _("gave the reason"),
    }
    return words[kind]


def _said(event: Event, people: dict[int, tuple[str, str]], missions: Mapping[str, Mission]) -> str:
    data, name = event.data, people.get(event.data.get("by", 0), ("—", ""))[0]
    if event.kind == "case.moved":
        known = missions.get(data["mission"])
        return _("moved it to %(mission)s") % {"mission": known.name if known else _("the command centre")}
    if event.kind == "case.messaged":
        return {
            "ask": _("asked the applicant: our time stands still"),
            "final": _("gave the final answer"),
            "reopened": _("wrote on an answered case: opened again, with the whole time"),
        }.get(data["then"], _("wrote"))
    words = {
        "case.opened": _("opened the case; received by the server"),
        "case.read": _("read what the applicant wrote"),
        "case.taken": _("took the case"),
        "case.assigned": _("gave the case to %(name)s") % {"name": name},
        "case.reopened": _("opened the case again, with the whole time"),
        "case.linked": _("linked a person of the registry"),
        "case.unlinked": _("took the link to a person away"),
        "case.overdue": _("Our time is over: on the handover list (P3)"),
    }
    if event.kind == "case.closed":
        return _("closed it: %(outcome)s") % {"outcome": Outcome(data["outcome"]).label}
    if event.kind == "case.converted":
        return _("made it the emergency %(number)s") % {"number": data["emergency"]}
    return words.get(event.kind, event.kind)
