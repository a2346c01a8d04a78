"""Who may, what follows what, how the clock runs: pure.

The clock is ours: it runs from the opening, and stands still from the moment an officer asks the applicant something
until the applicant writes; what was left then goes on, also below zero, so that waiting neither costs nor forgives
time. The final answer ends it. Opening again is a new promise: it has the whole time again, and what was missed before
stays counted.
"""

import re
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from alerts.cases.models import Case, State
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.outbox.models import E164
from commandcenter.problems import Refusal, Words, clean_text

DESKS = frozenset({Role.OPERATOR, Role.SUPERVISOR})

NEXT_STATES: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.IN_ACTION}),
    State.IN_ACTION: frozenset({State.WAITING, State.ANSWERED, State.CLOSED}),
    State.WAITING: frozenset({State.IN_ACTION, State.ANSWERED, State.CLOSED}),
    State.ANSWERED: frozenset({State.CLOSED, State.REOPENED}),
    State.CLOSED: frozenset({State.REOPENED}),
    State.REOPENED: frozenset({State.IN_ACTION}),
}


def may_see(reader: Reader, case: Case) -> bool:
    """The command centre, and the responsible mission, each in its own world."""
    same_world = reader.exercise == case.exercise
    return same_world and (reader.is_dcc or (reader.is_mission and reader.mission == case.mission_id))


def may_work(reader: Reader, case: Case) -> bool:
    """Those who see it, except verifiers: they read only."""
    return may_see(reader, case) and (reader.role in DESKS or reader.is_mission)


def may_become(case: Case, state: State) -> bool:
    """Whether this state may follow the present one."""
    return state in NEXT_STATES[State(case.state)]


def start(case: Case, at: datetime, hours: int) -> None:
    """The clock begins with the whole time."""
    case.began_at, case.due_at = at, at + timedelta(hours=hours)
    case.left_seconds, case.late_at = None, None


def begin_again(case: Case, at: datetime, hours: int) -> None:
    """A new run of the case is a new promise, with the whole time."""
    case.state, case.runs = State.REOPENED, case.runs + 1
    case.closed_at, case.outcome = None, ""
    start(case, at, hours)


def stop(case: Case, at: datetime) -> None:
    """The applicant has the next step: what is left is kept, also when it is less than nothing."""
    miss(case, at)
    if case.due_at is not None:
        case.left_seconds = int((case.due_at - at).total_seconds())
    case.due_at, case.left_seconds = None, case.left_seconds or 0


def go_on(case: Case, at: datetime) -> None:
    """The applicant wrote: what was left goes on from here."""
    case.due_at, case.left_seconds = at + timedelta(seconds=case.left_seconds or 0), None


def end(case: Case, at: datetime) -> None:
    """Answered or closed: no clock; a run that was missed stays missed, whether the sweep had seen it or not."""
    miss(case, at)
    case.due_at, case.left_seconds = None, None


def miss(case: Case, at: datetime) -> bool:
    """Count this run as missed, once, if its time is over; True when it now is."""
    if case.late_at is not None or case.due_at is None or case.due_at > at:
        return False
    case.late_at, case.late_runs = case.due_at, case.late_runs + 1
    return True


def is_late(case: Case, at: datetime) -> bool:
    """Whether our time is over and the next step still ours."""
    return case.due_at is not None and case.due_at <= at


def e164(phone: str) -> str:
    """ "+60 12-345 6789" as gateways want it; "" when the country is not named or it is no number."""
    plain = re.sub(r"[\s().-]+", "", phone)
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    return plain if E164.fullmatch(plain) else ""


def text_of(text: str, field: str, length: int, missing: Words | None = None) -> str:
    """What somebody wrote, cleaned; blanks alone are refused."""
    words = clean_text(text, field=field, max_length=length)
    if not words:
        raise Refusal(field, missing or _("Write something first."))
    return words


def refusal(status: int, words: Words, field: str = "") -> Refusal:
    """A refusal of the whole act with this status."""
    codes = {403: "forbidden", 404: "missing", 409: "conflict"}
    return Refusal(field, words, status=status, code=codes[status])
