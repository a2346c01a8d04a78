"""Who holds an emergency, on a locked row: the fields that change together. Nothing is saved here."""

from datetime import datetime

from alerts.emergencies.models import Emergency, State
from commandcenter.access.reader import Reader

SHELF = ("shelved_until", "shelved_by")
LEASE = ("leased_by", "leased_until")
AHEAD = ("waiting_until", "waiting_for", "offered_to", "offered_until")
HELD = ("state", "taken_by", "taken_at", "next_contact_at", "acted_at", "outcome", "resolved_at", *SHELF, *AHEAD)


def hold(emergency: Emergency, actor: Reader, at: datetime, next_contact_at: datetime) -> None:
    """This desk holds it from now on and has promised the next contact."""
    emergency.state, emergency.taken_by_id, emergency.taken_at = State.TAKEN, actor.user_id, at
    emergency.next_contact_at, emergency.acted_at = next_contact_at, None
    emergency.outcome, emergency.resolved_at = "", None
    emergency.shelved_until, emergency.shelved_by = None, None
    clear_ahead(emergency)


def let_go(emergency: Emergency) -> None:
    """Nobody holds it: back in the queue."""
    emergency.state, emergency.taken_by, emergency.taken_at = State.NEW, None, None
    emergency.next_contact_at, emergency.acted_at = None, None
    emergency.outcome, emergency.resolved_at = "", None
    clear_ahead(emergency)


def act_on(emergency: Emergency, at: datetime) -> tuple[str, ...]:
    """The first act after a taking begins the action; the fields that changed."""
    if emergency.state != State.TAKEN:
        return ()
    emergency.state, emergency.acted_at = State.IN_ACTION, at
    return ("state", "acted_at")


def clear_ahead(emergency: Emergency) -> None:
    """Nothing is waited for, and nobody is asked to take it over."""
    emergency.waiting_until, emergency.waiting_for = None, ""
    emergency.offered_to, emergency.offered_until = "", None
