"""Whom a step calls, and over which channels: rows of the outbox, each made once by its key."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alerts.escalation import texts
from alerts.escalation.neighbours import Neighbour, neighbours
from alerts.ladders.models import Clock, DueStep
from alerts.sitreps.models import ReportRequest
from commandcenter.access.models import Membership, Role, User
from commandcenter.outbox.actions import queue
from commandcenter.outbox.models import Channel
from missions.roster.queries import duty, on_duty

DESK: dict[str, tuple[Role, ...]] = {
    "supervisors": (Role.SUPERVISOR,),
    "directorate": (Role.SUPERVISOR,),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One person to tell, as what, and the text with its link."""

    person: User
    text: str
    url: str


def at_desk(to: str, at: datetime, exercise: str) -> list[User]:
    """Those of the command centre a step names; everyone is who is on duty."""
    if to == "everyone":
        return list(on_duty(at, exercise))
    members = Membership.objects.filter(role__in=DESK[to], user__is_active=True).select_related("user")
    return [member.user for member in members.order_by("user_id")]


def neighbour_of(request: ReportRequest, at: datetime) -> tuple[Neighbour, User] | None:
    """The first neighbouring mission with somebody to wake, and that person."""
    for found in neighbours(request.mission_id, request.crisis.countries):
        awake = duty(found.mission.code, at, request.crisis.exercise).officers
        if awake:
            return found, awake[0]
    return None


def people_of(request: ReportRequest, to: str, at: datetime) -> list[User]:
    """The persons behind a word of the clock, for a report request."""
    if to in DESK or to == "everyone":
        return at_desk(to, at, request.crisis.exercise)
    if to == "neighbour":
        found = neighbour_of(request, at)
        return [found[1]] if found else []
    there = duty(request.mission_id, at, request.crisis.exercise)
    first = request.officer or next(iter(there.officers), None)
    if to == "second":
        return [person for person in there.officers if first is None or person.pk != first.pk][:1]
    named = there.head if to == "head" else first
    return [named] if named else []


def calls_for_request(request: ReportRequest, clock: Clock, at: datetime) -> list[Call]:
    """Everybody this step tells about a mission that owes a report; nobody twice."""
    found: dict[int, Call] = {}
    for to in clock.to.split():
        text = texts.said(texts.for_request(request, to, clock.step, at), request.crisis.exercise)
        for person in people_of(request, to, at):
            own = to in texts.FORM_STEPS
            room = texts.path_in(f"/crises/{request.crisis.slug}/", request.crisis.exercise)
            url = texts.form_link(request, person.pk, at) if own else room if to in DESK else ""
            found.setdefault(person.pk, Call(person, text, url))
    return list(found.values())


def calls_for_desk(due: DueStep, clock: Clock, mission: str, text: str, url: str, at: datetime) -> list[Call]:
    """The command centre, and where the clock says so the duty officer of a mission."""
    found: dict[int, Call] = {}
    for word in clock.to.split():
        if word == "mission":
            people = list(duty(mission, at, due.exercise).officers[:1]) if mission else []
        else:
            people = at_desk(word, at, due.exercise)
        for person in people:
            found.setdefault(person.pk, Call(person, text, url))
    return list(found.values())


def tell(
    due: DueStep, clock: Clock, calls: Iterable[Call], chosen: Iterable[str], at: datetime, *, key: str = ""
) -> int:
    """Queue each call over each channel of the step; returns how many messages. A channel nobody has says so itself.

    Steps with one `key` call a person once between them.
    """
    channels = list(chosen) if clock.channels == "chosen" else clock.channels.split()
    count = 0
    for call in calls:
        for channel in channels:
            queue(
                key=f"{key or due.key}:{call.person.pk}:{channel}",
                channel=Channel(channel),
                recipient=call.person.pk,
                address=call.person.phone if channel != Channel.PUSH else "",
                text=f"{call.text} {texts.whole(call.url)}" if channel == Channel.SMS and call.url else call.text,
                url=call.url,
                about=due.about,
                at=at,
                exercise=due.exercise,
                life_safety=True,
            )
            count += 1
    return count


def page_supervisors(*, key: str, about: str, at: datetime, exercise: str) -> None:
    """Every supervisor is told of a flood by push and SMS."""
    url = texts.path_in("/", exercise)
    text = texts.said(texts.FLOOD, exercise)
    for person in at_desk("supervisors", at, exercise):
        for channel in (Channel.PUSH, Channel.SMS):
            is_sms = channel == Channel.SMS
            queue(
                key=f"{key}:{person.pk}:{channel}",
                channel=channel,
                recipient=person.pk,
                address=person.phone if is_sms else "",
                text=f"{text} {texts.whole(url)}" if is_sms else text,
                url=url,
                about=about,
                at=at,
                exercise=exercise,
                life_safety=True,
            )
