"""What a demand for reports says beside its missions, checked; and the ladder it puts up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis, CrisisMission
from alerts.ladders.actions import end_steps, plan
from alerts.ladders.models import Ladder, Subject
from alerts.ladders.queries import after, waiting
from commandcenter.outbox.actions import call_off
from commandcenter.outbox.models import Channel
from commandcenter.problems import Refusal, clean_text

DEFAULT_CHANNELS = (Channel.PUSH, Channel.SMS)
LONGEST_MINUTES, MOST_QUESTIONS, QUESTION_LENGTH = 120, 2, 160


class Asked(Protocol):
    """What a ladder needs to know of a report request; the room of requests stands above this one."""

    pk: int
    crisis: Crisis
    crisis_id: int
    mission_id: str
    requested_at: datetime
    due_at: datetime
    attempt: int

    @property
    def number(self) -> str:
        """R-17."""


@dataclass(frozen=True, slots=True)
class Demand:
    """How long for first figures, over which channels the officer is told, and what is asked beyond the five."""

    within: timedelta
    channels: tuple[str, ...]
    extra_questions: tuple[str, ...]


def demand_of(channels: Sequence[str], minutes: int | None, extra_questions: Sequence[str]) -> Demand:
    """The demand, or a Refusal that names the field. Without minutes it is the clock's own deadline."""
    if any(channel not in Channel.values for channel in channels):
        raise Refusal("channels", _("Choose one of the listed values."))
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise Refusal("minutes", _("The deadline must be a whole number of minutes from 1 to 120."))
    within = after(Ladder.REQUEST, "goal") if minutes is None else timedelta(minutes=minutes)
    asked = [clean_text(each, field="extra_questions", max_length=QUESTION_LENGTH) for each in extra_questions]
    asked = [each for each in asked if each]
    if len(asked) > MOST_QUESTIONS:
        raise Refusal("extra_questions", _("At most two questions of your own."))
    return Demand(within, tuple(dict.fromkeys(channels)), tuple(asked))


def next_report(until: datetime | None = None) -> timedelta:
    """How long a report with figures holds until the next is due; with `until` as the clock was then."""
    return after(Ladder.NEXT, "ask", until)


def put_up(request: Asked, at: datetime) -> None:
    """Plan its ladder by the first demand's clock; for a repeat, one more message to the officer."""
    subject = Subject(Ladder.REQUEST, request.pk, request.number, request.crisis.exercise, request.crisis_id)
    plan(at=request.requested_at, subject=subject, due_at=request.due_at)
    if request.attempt > 1:
        plan(at=at, subject=subject, only=["notify"], turn=request.attempt)
    end_steps(at=at, ladder=Ladder.NEXT, ref=_member(request).pk)


def take_down(request: Asked, at: datetime, *, report: int, has_figures: bool) -> None:
    """A report arrived. Figures end the ladder and begin the clock of the next report; checking ends nothing but calls.

    `report` is its primary key. "Checking" is contact, not figures: only what asked whether anybody is there ends.
    """
    if not has_figures:
        end_steps(at=at, ladder=Ladder.REQUEST, ref=request.pk, need="unopened")
        return
    end_steps(at=at, ladder=Ladder.REQUEST, ref=request.pk)
    call_off(about=request.number, at=at, exercise=request.crisis.exercise)
    member, crisis = _member(request), request.crisis
    end_steps(at=at, ladder=Ladder.NEXT, ref=member.pk)
    name = f"{crisis.slug}/{request.mission_id}"
    plan(at=at, subject=Subject(Ladder.NEXT, member.pk, name, crisis.exercise, crisis.pk, report))
    if not waiting(Ladder.VERIFICATION, [crisis.pk]).exists():  # the first report that nobody verified has the clock
        plan(at=at, subject=Subject(Ladder.VERIFICATION, crisis.pk, crisis.slug, crisis.exercise, crisis.pk, report))


def _member(request: Asked) -> CrisisMission:
    return CrisisMission.objects.get(crisis=request.crisis_id, mission=request.mission_id)
