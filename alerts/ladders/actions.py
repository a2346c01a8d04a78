"""Every change to clocks and due steps: plan, end_steps, finish, postpone; load the clocks, change one.

Other rooms' actions call plan() and end_steps() inside their own transaction, so a step commits with what began it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from alerts.ladders.models import Clock, ClockChange, DueStep, Ladder, Standing, Subject
from alerts.ladders.queries import after, clocks, moved_by, shipped
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, clean_text
from missions.countries.tables import Changes

REASON_LENGTH = 400
LONGEST = 24 * 3600
MOST_PAUSE = 60
PAGE = 500


def plan(
    *,
    at: datetime,
    subject: Subject,
    due_at: datetime | None = None,
    only: Iterable[str] = (),
    turn: int = 1,
) -> None:
    """Write the steps of a ladder whose clock begins `at`; those written before stay as they are.

    `due_at` is a deadline of the object's own: steps that go by the deadline move with it. `only` names some steps.
    """
    late = timedelta()
    if due_at is not None:
        late = due_at - at - after(subject.ladder, "goal")
    wanted = set(only)
    rows = [
        _step(subject, clock, at + late if clock.by_deadline else at, turn)
        for clock in clocks(subject.ladder)
        if not wanted or clock.step in wanted
    ]
    DueStep.objects.bulk_create(rows, ignore_conflicts=True)


def plan_many(*, at: Mapping[Subject, datetime], ladder: Ladder) -> None:
    """Write the steps of many objects of one ladder, each with the moment at which its own clock began."""
    steps = clocks(ladder)
    rows = [_step(subject, clock, since, turn=1) for subject, since in at.items() for clock in steps]
    DueStep.objects.bulk_create(rows, ignore_conflicts=True, batch_size=PAGE)


def _step(subject: Subject, clock: Clock, since: datetime, turn: int) -> DueStep:
    row = DueStep(**asdict(subject), step=clock.step, turn=turn, since=since, due_at=since + clock.after)
    row.key = row.make_key()
    return row


def end_steps(
    *,
    at: datetime,
    ladder: Ladder,
    ref: int | None = None,
    crisis: int | None = None,
    need: str = "",
) -> int:
    """End the waiting steps of an object, or of a crisis; with `need` only those that wait for it. Returns how many."""
    found = DueStep.objects.filter(ladder=ladder, done_at__isnull=True)
    found = found.filter(ref=ref) if ref is not None else found.filter(crisis=crisis)
    if need:
        found = found.filter(step__in=[clock.step for clock in clocks(ladder) if clock.need == need])
    return found.update(state=Standing.ENDED, done_at=at)


def end_crisis(*, at: datetime, crisis: int) -> int:
    """A crisis was stood down: nothing climbs in it any more."""
    return DueStep.objects.filter(crisis=crisis, done_at__isnull=True).update(state=Standing.ENDED, done_at=at)


def claim(*, at: datetime, pk: int) -> DueStep | None:
    """Take one due step inside the transaction of its effect; None when somebody else has it or it is done."""
    return next(iter(claim_many(at=at, pks=[pk])), None)


def claim_many(*, at: datetime, pks: Iterable[int]) -> list[DueStep]:
    """Take those of the due steps that nobody else has, likewise."""
    found = DueStep.objects.filter(pk__in=list(pks), state=Standing.WAITING, due_at__lte=at).order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        found = found.select_for_update(skip_locked=True)
    return list(found)  # SQLite: the transaction is the only writer (reliability.md S1)


def finish(*, at: datetime, due: DueStep, fired: bool, repeat: int | None = None) -> None:
    """Note what became of a claimed step; one that repeats has its next turn from now on."""
    due.state, due.done_at = (Standing.FIRED if fired else Standing.ENDED), at
    due.save(update_fields=["state", "done_at"])
    if fired and repeat:
        follow(at=at + timedelta(seconds=repeat), due=due)


def finish_many(*, at: datetime, fired: Sequence[DueStep], ended: Sequence[DueStep], repeat: int | None) -> None:
    """Note what became of claimed steps of one clock, likewise."""
    for dues, state in ((fired, Standing.FIRED), (ended, Standing.ENDED)):
        DueStep.objects.filter(pk__in=[due.pk for due in dues]).update(state=state, done_at=at)
    if repeat:
        turns = [_turn(due, at + timedelta(seconds=repeat)) for due in fired]
        DueStep.objects.bulk_create(turns, ignore_conflicts=True, batch_size=PAGE)


def follow(*, at: datetime, due: DueStep) -> None:
    """Write the next turn of a step, due `at`."""
    DueStep.objects.bulk_create([_turn(due, at)], ignore_conflicts=True)


def _turn(due: DueStep, due_at: datetime) -> DueStep:
    names = ("ladder", "step", "ref", "about", "run", "exercise", "crisis", "since")
    row = DueStep(**{name: getattr(due, name) for name in names}, turn=due.turn + 1, due_at=due_at)
    row.key = row.make_key()
    return row


def postpone(*, at: datetime, pk: int) -> int:
    """A step raised: try it again after a pause that doubles up to a minute. Returns how often it has failed."""
    due = DueStep.objects.get(pk=pk)
    due.failures += 1
    due.after_failure = at + timedelta(seconds=min(MOST_PAUSE, 2**due.failures))
    due.save(update_fields=["failures", "after_failure"])
    return due.failures


def load_clocks(*, at: datetime) -> Changes:
    """Store the clocks that are not there yet; a row that exists is somebody's decision and stays."""
    stored = {(clock.ladder, clock.step) for clock in Clock.objects.all()}
    fields = [field.attname for field in Clock._meta.concrete_fields if not field.primary_key]
    wanted = [clock for clock in shipped() if (clock.ladder, clock.step) not in stored]
    new = [Clock(**{name: getattr(clock, name) for name in fields}) for clock in wanted]
    Clock.objects.bulk_create(new)
    return Changes("clocks", created=[str(clock) for clock in new], unchanged=len(stored))


@transaction.atomic
def change_clock(*, actor: Reader, at: datetime, clock_id: int, version: int, seconds: int, reason: str) -> ClockChange:
    """Move a threshold, with the reason; the open rows move with it. Only a supervisor, only in live work."""
    if actor.role != Role.SUPERVISOR or actor.exercise:
        raise Refusal("", _("Only a supervisor changes a threshold, in live work."), status=403, code="forbidden")
    why = clean_text(reason, field="reason", max_length=REASON_LENGTH)
    if not why:
        raise Refusal("reason", _("Say why the threshold changes."))
    if not 0 <= seconds <= LONGEST:
        raise Refusal("seconds", _("This must be a whole number of seconds from 0 to 86,400."))
    clock = Clock.objects.select_for_update().filter(pk=clock_id).first()
    if clock is None:
        raise Refusal("", _("There is no such threshold."), status=404, code="missing")
    if clock.version != version:
        changed = _("Somebody else changed this threshold first: look at it again.")
        raise Refusal("version", changed, status=409, code="conflict")
    if clock.seconds == seconds:
        raise Refusal("seconds", _("The threshold has this value already."))
    was, clock.seconds, clock.version = clock.seconds, seconds, clock.version + 1
    clock.reviewed_on, clock.reason_id, clock.reason_en = at.date(), why, why
    clock.save(update_fields=["seconds", "version", "reviewed_on", "reason_id", "reason_en"])
    moved = _move(clock)
    given: dict[str, Any] = {"version": clock.version, "was": was, "seconds": seconds, "moved": moved}
    change = ClockChange.objects.create(clock=clock, **given, reason=why, by_id=actor.user_id, at=at)
    record(
        kind="clock.changed",
        object_id=str(clock),
        version=clock.version,
        at=at,
        actor=actor,
        audiences=[audiences.dcc()],
        data={"was": was, "seconds": seconds, "moved": moved},
    )
    return change


def _move(clock: Clock) -> int:
    rows = list(moved_by(clock).select_for_update())
    for row in rows:
        row.due_at = row.since + clock.after
    DueStep.objects.bulk_update(rows, ["due_at"], batch_size=500)
    return len(rows)
