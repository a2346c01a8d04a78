"""A row of the mission board as it is shown: how far the request came, over which channels, and what comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from alerts.boards.queries import BoardRow
from alerts.ladders.models import Ladder
from alerts.ladders.queries import said, waiting
from alerts.sitreps.models import ReportRequest
from commandcenter.access.models import User
from commandcenter.outbox.models import Channel, Delivery, Outgoing
from commandcenter.outbox.queries import Availability, availability, deliveries_about
from commandcenter.problems import Words
from missions.roster.queries import duties

CHANNELS = (Channel.PUSH, Channel.SMS, Channel.CALL)
# How far a message came, the farthest first; what nobody could send says so only when nothing else came.
FARTHEST = (
    Delivery.DELIVERED,
    Delivery.ACCEPTED,
    Delivery.SENDING,
    Delivery.QUEUED,
    Delivery.UNKNOWN,
    Delivery.FAILED,
    Delivery.UNAVAILABLE,
)
REACHED = {
    Delivery.DELIVERED: pgettext_lazy("report request", "arrived"),
    Delivery.ACCEPTED: pgettext_lazy("report request", "sent"),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One channel to a mission: the farthest any message came, in words; `tone` for its chip."""

    label: str | Promise
    words: Words
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the board with its channels and its ladder."""

    row: BoardRow
    progress: str | Promise
    channels: list[Heard]
    step: str
    next_step: str
    next_at: datetime | None


def lines(rows: Sequence[BoardRow]) -> list[Line]:
    """The rows of the board, in two queries more whatever their number."""
    asked = [row.request for row in rows if row.request is not None]
    ahead: dict[int, tuple[str, datetime]] = {}
    for step in waiting(Ladder.REQUEST, [request.pk for request in asked]):
        ahead.setdefault(step.ref, (said(step.ladder, step.step), step.due_at))
    sent = deliveries_about([request.number for request in asked])
    return [_line(row, sent, ahead) for row in rows]


def _line(row: BoardRow, sent: dict[str, list[Outgoing]], ahead: dict[int, tuple[str, datetime]]) -> Line:
    request = row.request
    if request is None:
        return Line(row, "", [], "", "", None)
    messages = sent.get(request.number, [])
    following, at = ahead.get(request.pk, ("", None))
    step = said(Ladder.REQUEST, request.step) if request.step else ""
    if step and not messages:
        step = _("%(step)s (nobody there can be told)") % {"step": step}
    return Line(row, _progress(request, messages), _heard(messages), step, following, at)


def _progress(request: ReportRequest, messages: Iterable[Outgoing]) -> str | Promise:
    """requested → sent → arrived → opened → filling → reported: the farthest that is known."""
    if request.answered_at:
        return pgettext_lazy("report request", "reported")
    if request.contact_at:
        return pgettext_lazy("report request", "being checked")
    if request.filling_at:
        return pgettext_lazy("report request", "filling in")
    if request.opened_at:
        return pgettext_lazy("report request", "opened")
    states = {message.state for message in messages if not message.simulated}
    came = next((state for state in (Delivery.DELIVERED, Delivery.ACCEPTED) if state in states), None)
    return REACHED[came] if came else pgettext_lazy("report request", "requested")


def _heard(messages: Sequence[Outgoing]) -> list[Heard]:
    found = []
    for channel in CHANNELS:
        own = [message for message in messages if message.channel == channel]
        best = next((message for state in FARTHEST for message in reversed(own) if message.state == state), None)
        if best is not None:
            found.append(Heard(channel.label, best.told, _tone(best.state)))
    return found


def _tone(state: str) -> str:
    if state in {Delivery.FAILED, Delivery.UNKNOWN}:
        return "high"
    return "unknown" if state == Delivery.UNAVAILABLE else ""


@dataclass(frozen=True, slots=True)
class Reach:
    """One mission of the demand: who is on duty there, and what each channel can do for that person."""

    row: BoardRow
    officer: User | None
    channels: list[Heard]


def reaches(rows: Sequence[BoardRow], at: datetime) -> list[Reach]:
    """Who would be told, mission by mission; as many queries for one mission as for sixty."""
    exercise = rows[0].crisis.exercise if rows else ""
    found = duties([row.mission.code for row in rows], at, exercise)
    first = {code: next(iter(duty.officers), None) for code, duty in found.items()}
    able = availability({user.pk: user for user in first.values() if user}.values())
    return [_reach(row, first[row.mission.code], able) for row in rows]


def _reach(row: BoardRow, officer: User | None, able: Mapping[int, Mapping[Channel, Availability]]) -> Reach:
    known = able[officer.pk] if officer else {}
    channels = [
        Heard(channel.label, known[channel].words, "" if known[channel].ok else "unknown")
        for channel in CHANNELS
        if channel in known
    ]
    return Reach(row, officer, channels)


def channel_choices() -> list[tuple[str, Words]]:
    """The channels of a demand."""
    return [(channel.value, channel.label) for channel in CHANNELS]
