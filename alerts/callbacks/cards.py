"""What each audience sees of the call-back list: counts and times, never a number."""

from datetime import datetime

from alerts.callbacks.models import CallBack
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register


class CallBackCard(Card):
    """One entry; `open` until somebody was reached or it has an outcome. `owner` is a user's id."""

    reason: str
    mission: str
    since: datetime
    due: datetime
    times: int
    tries: int
    owner: int | None
    open: bool


def load(ids: list[str], exercise: str) -> dict[str, CallBack]:
    """Entries by number (B-3)."""
    keys = {int(number.removeprefix("B-")) for number in ids}
    found = CallBack.objects.filter(pk__in=keys, exercise=exercise).defer("phone", "digits")
    return {entry.number: entry for entry in found}


def current(audience: Audience) -> dict[str, CallBack]:
    """Those that wait, by number: all for dcc, its own for a mission."""
    mine = {"dcc": {}, "mission": {"mission": audience.mission}}.get(audience.base)
    if mine is None:
        return {}
    waiting = CallBack.objects.filter(exercise=audience.exercise, closed_at__isnull=True, **mine)
    return {entry.number: entry for entry in waiting.defer("phone", "digits")}


def make(entry: CallBack, audience: str) -> Card | None:
    """The card, for the command centre and the mission whose list it is."""
    if audience not in {"dcc", "mission"}:
        return None
    return CallBackCard(
        reason=entry.reason,
        mission=entry.mission,
        since=entry.since,
        due=entry.due_at,
        times=entry.times,
        tries=entry.tries,
        owner=entry.owner_id,
        open=entry.closed_at is None,
    )


def register_cards() -> None:
    """Tell the relay."""
    register("callback", load=load, make=make, current=current)
