"""Who may, what follows what, how urgent: pure."""

from datetime import datetime, timedelta

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from alerts.cells.rules import Placed
from alerts.emergencies.models import DRAWN, HELD_STATES, Emergency, Nature, State
from commandcenter import wording
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.problems import Refusal, Words, clean_text, filled

HEADQUARTERS = frozenset({Role.OPERATOR, Role.SUPERVISOR})
NEXT_CONTACT = timedelta(minutes=15)
UNTOUCHED = timedelta(minutes=10)
MESSAGE_LENGTH = 1000

# Alarm register (ux.md 3.5): P1 where a life may hang on minutes, every other request for help is P2.
AT_ONCE = frozenset({Nature.PANIC, Nature.VIOLENCE, Nature.MEDICAL, Nature.ACCIDENT, Nature.DISASTER})

NEXT_STATES: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.TAKEN, State.DUPLICATE}),
    State.TAKEN: frozenset({State.IN_ACTION, State.WAITING, State.NEW, State.RESOLVED, State.DUPLICATE}),
    State.IN_ACTION: frozenset({State.WAITING, State.NEW, State.RESOLVED, State.DUPLICATE}),
    State.WAITING: frozenset({State.IN_ACTION, State.NEW, State.RESOLVED, State.DUPLICATE}),
    State.RESOLVED: frozenset({State.TAKEN, State.NEW, State.CLOSED}),
    State.CLOSED: frozenset({State.TAKEN, State.NEW}),
    State.DUPLICATE: frozenset({State.NEW}),
}


def priority_of(nature: str) -> int:
    """1 (critical) or 2 (high)."""
    return 1 if nature in AT_ONCE else 2


def may_see(reader: Reader, emergency: Emergency) -> bool:
    """The command centre, and the responsible mission, each in its own world."""
    same_world = reader.exercise == emergency.exercise
    return same_world and (reader.is_dcc or (reader.is_mission and reader.mission == emergency.mission_id))


def hearing(emergency: Emergency) -> list[str]:
    """Whose pages are told: the command centre's, and the responsible mission's."""
    mission = [audiences.mission(emergency.mission_id, emergency.exercise)] if emergency.mission_id else []
    return [audiences.dcc(emergency.exercise), *mission]


def may_work(reader: Reader, emergency: Emergency) -> bool:
    """Those who see it, except verifiers: they read only."""
    return may_see(reader, emergency) and (reader.role in HEADQUARTERS or reader.is_mission)


def may_release(reader: Reader, emergency: Emergency) -> bool:
    """Who holds it, or a supervisor."""
    return emergency.taken_by_id == reader.user_id or reader.role == Role.SUPERVISOR


def may_become(emergency: Emergency, state: State) -> bool:
    """Whether this state may follow the present one."""
    return state in NEXT_STATES[State(emergency.state)]


def placed(emergency: Emergency) -> Placed | None:
    """Where it counts on the map; None without a position."""
    lat, lon = emergency.latitude, emergency.longitude
    if lat is None or lon is None:
        return None
    state = DRAWN[State(emergency.state)]
    return Placed(emergency.exercise, emergency.mission_id or "", state, emergency.priority, lat, lon)


def is_held(emergency: Emergency) -> bool:
    """Whether a named person holds it."""
    return emergency.state in HELD_STATES


def over_words(emergency: Emergency) -> Words:
    """Why nothing more can be done with what is over; empty while it is open."""
    if emergency.duplicate_of_id is not None:
        return filled(_("It is a duplicate of %(number)s: work that one."), number=emergency.duplicate_of.number)  # type: ignore[union-attr]
    if emergency.state == State.CLOSED:
        return _("It is closed already.")
    return _("It is resolved already.") if emergency.state == State.RESOLVED else ""


def refuse_leased(reader: Reader, emergency: Emergency, at: datetime) -> None:
    """While somebody else is writing here, whoever sends is told who and until when; nothing is lost or silent."""
    holder, until = emergency.leased_by, emergency.leased_until
    if holder is None or until is None or until <= at or holder.pk == reader.user_id:
        return
    ends = lazy(lambda: wording.in_wib(until, now=at, seconds=True).text, str)()
    words = _("%(name)s is writing here until %(time)s. Wait, or take over with a reason.")
    raise Refusal("lease", filled(words, name=holder.shown_name, time=ends), status=409, code="conflict")


def text_of(text: str, field: str = "text") -> str:
    """What an officer wrote, cleaned; blanks alone are refused."""
    words = clean_text(text, field=field, max_length=MESSAGE_LENGTH)
    if not words:
        raise Refusal(field, _("Write something first."))
    return words


def refusal(status: int, words: Words) -> Refusal:
    """A refusal of the whole act with this status."""
    codes = {403: "forbidden", 404: "missing", 409: "conflict"}
    return Refusal("", words, status=status, code=codes[status])
