"""What each audience sees of a call: that it rings, who has it; never from whom or what."""

from datetime import datetime

from alerts.hotline.models import Call, State
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register

PERSONAL = ("phone", "digits", "name", "text", "place", "recording")


class CallCard(Card):
    """One call; `open` until it is finished. `desk` is a user's id."""

    state: str
    source: str
    mission: str
    started: datetime
    desk: int | None
    open: bool


def load(ids: list[str], exercise: str) -> dict[str, Call]:
    """Calls by number (T-17)."""
    keys = {int(number.removeprefix("T-")) for number in ids}
    found = Call.objects.filter(pk__in=keys, exercise=exercise).defer(*PERSONAL)
    return {call.number: call for call in found}


def current(audience: Audience) -> dict[str, Call]:
    """Those that are not finished, by number: all for dcc, its own for a mission."""
    mine = {"dcc": {}, "mission": {"mission": audience.mission}}.get(audience.base)
    if mine is None:
        return {}
    found = Call.objects.filter(exercise=audience.exercise, closed_at__isnull=True, **mine).defer(*PERSONAL)
    return {call.number: call for call in found}


def make(call: Call, audience: str) -> Card | None:
    """The card, for the command centre and the mission that takes the call."""
    if audience not in {"dcc", "mission"}:
        return None
    return CallCard(
        state=call.state,
        source=call.source,
        mission=call.mission,
        started=call.started_at,
        desk=call.desk_id,
        open=call.state != State.CLOSED,
    )


def register_cards() -> None:
    """Tell the relay."""
    register("call", load=load, make=make, current=current)
