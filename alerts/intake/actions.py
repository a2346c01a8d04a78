"""What citizens do: ask for help, send positions and messages, cancel. No Redis, queue or network on this path."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from alerts.cells.actions import Placed, keep
from alerts.cells.morton import key_of
from alerts.devices.models import RepeatedAlarm
from alerts.devices.queries import opened_lately
from alerts.dialogue.actions import hear
from alerts.emergencies.actions import change, echo
from alerts.emergencies.models import Channel, Emergency, EmergencyMessage, Nature, State, number_of
from alerts.emergencies.queries import by_number
from alerts.emergencies.rules import priority_of
from alerts.intake.models import EmergencyPosition
from alerts.intake.queries import Received, first_told, known_requests
from alerts.intake.rules import AHEAD, Place, doubt_of
from commandcenter.events import audiences
from commandcenter.events.record import Entry, record_many
from commandcenter.problems import Refusal
from commandcenter.rows import Row, insert, reserve
from missions.countries.geo import countries_of
from missions.directory.queries import Directory, directory
from missions.directory.responsible import Answer, responsible_mission

# The database itself is away, or did not say whether it committed: no report's fault.
AWAY = (OperationalError, InterfaceError)
COLUMNS = (
    *("client_id", "nature", "priority", "pressed_at", "place", "name", "phone", "language", "message", "silent"),
    *("latitude", "longitude", "key", "accuracy_m", "fixed_at", "position_source", "position_doubt"),
    *("country", "mission_id", "mission_reason_id", "mission_reason_en"),
    *("id", "exercise", "received_at", "answer", "device"),
)
# What a further press of the same device may add.
COMPLETED = ("place", "phone", "name", "silent")


@dataclass(frozen=True, slots=True)
class Fix:
    """One position with its accuracy in metres and where it comes from."""

    lat: float
    lon: float
    fixed_at: datetime
    source: str
    accuracy_m: float | None = None

    @property
    def place(self) -> Place:
        """As the rule of doubts sees it."""
        return Place(self.lat, self.lon, self.fixed_at, self.accuracy_m or 0)


@dataclass(frozen=True, slots=True)
class Report:
    """What the citizen's device sent; `client_id` was made when the button was pressed."""

    client_id: UUID
    pressed_at: datetime
    kind: str
    location: Fix | None = None
    country: str = ""
    place: str = ""
    message: str = ""
    phone: str = ""
    name: str = ""
    language: str = ""
    silent: bool = False
    # The registered device that signed it; never what the sender wrote.
    device: str = ""


def receive(*, report: Report, at: datetime, exercise: str) -> Received:
    """Store a request for help once, however often it is sent (reliability.md 3.1)."""
    (received,) = receive_many(reports=[report], at=at, exercise=exercise)
    if isinstance(received, Exception):
        raise received
    return received


def receive_many(*, reports: Sequence[Report], at: datetime, exercise: str) -> list[Received | Exception]:
    """Store what arrived together in one transaction; each gets its own answer, in the order given.

    A row that can't be stored never fails its neighbours: the batch is halved until that row stands alone. Raises
    OperationalError or InterfaceError when the database is away: nobody knows what was stored, and all send again.
    """
    try:
        with transaction.atomic():
            return _received(reports, at, exercise)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one report is no fault of the others
        if len(reports) == 1:
            # Two processes with one client_id at once: the other one was first.
            other = known_requests([reports[0].client_id]).get(reports[0].client_id)
            return [other if other and other.exercise == exercise and other.answer else error]
    half = len(reports) // 2
    first = receive_many(reports=reports[:half], at=at, exercise=exercise)
    return first + receive_many(reports=reports[half:], at=at, exercise=exercise)


def receive_message(*, number: str, exercise: str, at: datetime, client_id: UUID, text: str) -> EmergencyMessage:
    """The citizen writes; on a resolved emergency that puts it back into the queue."""
    with transaction.atomic():
        return hear(emergency=_own(number, exercise), at=at, client_id=client_id, text=text)


def receive_position(*, number: str, exercise: str, at: datetime, fix: Fix) -> EmergencyPosition:
    """The citizen's device sends a fix; the newest is where the emergency is.

    A mission once found stays (moving it is an officer's decision); the first fix finds it where nothing else did.
    """
    with transaction.atomic():
        emergency = _own(number, exercise)
        before = _position_of(emergency)
        if before is not None:
            _kept(emergency, before, emergency.received_at)
        position, made = _kept(emergency, fix, at)
        known = emergency.fixed_at
        if made and (known is None or fix.fixed_at > known or known > at + AHEAD):
            changes = _columns(fix, before, at)
            if known is None and emergency.mission_id is None:
                changes |= _answering(fix, emergency.country)
            for name, value in changes.items():
                setattr(emergency, name, value)
            data = {"position": position.pk}
            told = data | {"doubt": changes["position_doubt"]}
            change(emergency=emergency, kind="moved", at=at, actor=None, fields=changes, data=told)
            echo(emergency=emergency, at=at, actor=None, data=data)
        return position


def cancel(*, number: str, exercise: str, at: datetime) -> Emergency:
    """The citizen cancels: it is marked and stays in the queue, for who snatched the telephone can cancel too."""
    with transaction.atomic():
        emergency = _own(number, exercise)
        if emergency.cancelled_at is None:
            emergency.cancelled_at = at
            change(emergency=emergency, kind="cancelled", at=at, actor=None, fields=["cancelled_at"])
            echo(emergency=emergency, at=at, actor=None, data={})
        return emergency


def _received(reports: Sequence[Report], at: datetime, exercise: str) -> list[Received | Exception]:
    """The answers to one batch: known requests from their rows, the new ones stored together."""
    told = known_requests(report.client_id for report in reports)
    reference = directory()
    refused: dict[int, Refusal] = {}
    fresh: dict[UUID, Report] = {}
    for place, report in enumerate(reports):
        known = told.get(report.client_id)
        if known and (known.exercise != exercise or not known.answer):  # staff's own have no answer
            refused[place] = Refusal("client_id", _("This identifier was already used elsewhere."))
        elif not known and report.country and report.country.upper() not in reference.countries:
            refused[place] = Refusal("country", _("This country is not known (two letters of ISO 3166-1)."))
        elif not known:
            fresh.setdefault(report.client_id, report)
    again = _again(fresh, at, exercise)
    made = _stored(_answered(list(fresh.values()), reference), at, exercise)
    told |= made | _attached(again, at)
    return [
        # The second of one client_id in a batch is a repeat like any other.
        refused.get(place) or made.pop(report.client_id, None) or replace(told[report.client_id], created=False)
        for place, report in enumerate(reports)
    ]


def _again(fresh: dict[UUID, Report], at: datetime, exercise: str) -> list[tuple[Report, UUID | int]]:
    """Takes out of the new ones what a device pressed again within a minute: each with the emergency it belongs to.

    One more urgent than that emergency, or after its cancel, opens one of its own.
    """
    signed = [report for report in fresh.values() if report.device]
    if not signed:
        return []
    opened: dict[str, tuple[UUID | int, int]] = dict(opened_lately({one.device for one in signed}, at, exercise))
    found = []
    for report in signed:
        first, priority = opened.get(report.device, (None, 0))
        if first is not None and priority_of(report.kind) >= priority:
            found.append((fresh.pop(report.client_id), first))
        else:
            opened[report.device] = (report.client_id, priority_of(report.kind))
    return found


def _attached(again: Sequence[tuple[Report, UUID | int]], at: datetime) -> dict[UUID, Received]:
    """Each is a row, and on its emergency an event, a position and a message; its answer is that emergency's."""
    told = {}
    for report, first in again:
        which = {"pk": first} if isinstance(first, int) else {"client_id": first}
        emergency = Emergency.objects.select_for_update().get(**which)
        kept = {name: getattr(report, name) for name in ("client_id", "pressed_at", "country", *COMPLETED)}
        alarm = RepeatedAlarm.objects.create(emergency=emergency, received_at=at, nature=report.kind, **kept)
        data, more = {"alarm": alarm.pk}, _completed(emergency, report)
        change(emergency=emergency, kind="repeated", at=at, actor=None, fields=more, data=data)
        echo(emergency=emergency, at=at, actor=None, data=data)
        if report.message:
            hear(emergency=emergency, at=at, client_id=report.client_id, text=report.message)
        if report.location:
            receive_position(number=emergency.number, exercise=emergency.exercise, at=at, fix=report.location)
        told[report.client_id] = Received(emergency.number, emergency.exercise, emergency.received_at, emergency.answer)
    return told


def _completed(emergency: Emergency, report: Report) -> list[str]:
    """Fills in what the emergency did not know, above all that its citizen can't speak; what it knows stays."""
    new = [name for name in COMPLETED if getattr(report, name) and not getattr(emergency, name)]
    for name in new:
        setattr(emergency, name, getattr(report, name))
    if emergency.nature == Nature.PANIC != report.kind:
        emergency.nature = report.kind
        new.append("nature")
    return new


def _stored(fresh: Sequence[tuple[Report, Answer]], at: datetime, exercise: str) -> dict[UUID, Received]:
    """Rows and events of new requests, each in one statement for all."""
    if not fresh:
        return {}
    made: dict[UUID, Received] = {}
    rows: list[Row] = []
    entries: list[Entry] = []
    for key, (report, answer) in zip(reserve(Emergency, len(fresh)), fresh, strict=True):
        received = Received(number_of(key, at), exercise, at, first_told(answer, report.country), created=True)
        made[report.client_id] = received
        rows.append((*_values(report, answer, at), key, exercise, at, received.answer, report.device))
        entries.append(_entry(received, answer, report.kind))
    # In one order everywhere: two processes with the same two requests must not wait for each other.
    insert(Emergency, COLUMNS, sorted(rows, key=itemgetter(0)))
    record_many(entries)
    # Last, for other writers of the same cells wait from here to COMMIT.
    keep([(None, _placed(report, answer, exercise)) for report, answer in fresh])
    return made


def _values(report: Report, answer: Answer, at: datetime) -> Row:
    """The columns of a new emergency that the report and the place decide, in the order of COLUMNS."""
    fix = report.location
    position: Row = (None, None, None, None, None, "", "")
    if fix:
        doubt = doubt_of(fix.place, None, at)
        position = (fix.lat, fix.lon, key_of(fix.lat, fix.lon), fix.accuracy_m, fix.fixed_at, fix.source, doubt)
    return (
        report.client_id,
        report.kind,
        priority_of(report.kind),
        report.pressed_at,
        report.place,
        report.name,
        report.phone,
        report.language,
        report.message,
        report.silent,
        *position,
        answer.country or report.country,
        answer.mission.code if answer.mission else None,
        answer.reason.id[:400],
        answer.reason.en[:400],
    )


def _entry(received: Received, answer: Answer, kind: str) -> Entry:
    mission = answer.mission.code if answer.mission else ""
    hearing = [audiences.dcc(received.exercise)]
    if mission:
        hearing.append(audiences.mission(mission, received.exercise))
    return Entry(
        kind="emergency.received",
        object_id=received.number,
        version=1,
        at=received.received_at,
        actor=None,
        audiences=hearing,
        exercise=received.exercise,
        data={"channel": Channel.PANIC_BUTTON, "mission": mission, "rule": answer.rule, "priority": priority_of(kind)},
    )


def _placed(report: Report, answer: Answer, exercise: str) -> Placed | None:
    fix = report.location
    if fix is None:
        return None
    mission = answer.mission.code if answer.mission else ""
    return Placed(exercise, mission, State.NEW.value, priority_of(report.kind), fix.lat, fix.lon)


def _answered(fresh: Sequence[Report], reference: Directory) -> list[tuple[Report, Answer]]:
    """Each with the mission that answers for it; the points are looked up together."""
    fixes = [report.location for report in fresh]
    found = iter(countries_of([(fix.lat, fix.lon) for fix in fixes if fix]))
    answered = []
    for report, fix in zip(fresh, fixes, strict=True):
        known = (reference, next(found) if fix else None)
        lat, lon = (fix.lat, fix.lon) if fix else (None, None)
        answered.append((report, responsible_mission(lat=lat, lon=lon, country=report.country, known=known)))
    return answered


def _kept(emergency: Emergency, fix: Fix, at: datetime) -> tuple[EmergencyPosition, bool]:
    """The row of a fix, once; also of the one that the request itself brought, before the next takes its place."""
    rest = {"latitude": fix.lat, "longitude": fix.lon, "accuracy_m": fix.accuracy_m, "source": fix.source}
    return EmergencyPosition.objects.get_or_create(
        emergency=emergency, fixed_at=fix.fixed_at, defaults={**rest, "received_at": at}
    )


def _position_of(emergency: Emergency) -> Fix | None:
    lat, lon, fixed_at = emergency.latitude, emergency.longitude, emergency.fixed_at
    if lat is None or lon is None or fixed_at is None:
        return None
    return Fix(lat, lon, fixed_at, emergency.position_source, emergency.accuracy_m)


def _columns(fix: Fix, before: Fix | None, at: datetime) -> dict[str, Any]:
    return {
        "position_doubt": doubt_of(fix.place, before.place if before else None, at),
        "latitude": fix.lat,
        "longitude": fix.lon,
        "accuracy_m": fix.accuracy_m,
        "fixed_at": fix.fixed_at,
        "position_source": fix.source,
    }


def _answering(fix: Fix, country: str) -> dict[str, Any]:
    """The columns that say whose country it is and which mission answers."""
    answer = responsible_mission(lat=fix.lat, lon=fix.lon, country=country)
    return {
        "country": answer.country or country,
        "mission": answer.mission,
        "mission_reason_id": answer.reason.id[:400],
        "mission_reason_en": answer.reason.en[:400],
    }


def _own(number: str, exercise: str) -> Emergency:
    emergency = by_number(Emergency.objects.select_for_update().filter(exercise=exercise), number)
    if emergency is None:
        raise Refusal("", _("There is no such emergency."), status=404, code="missing")
    return emergency
