"""Of which crowd an emergency is, and which steps of its members are due together."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from alerts.crowds.rules import COLUMNS, arrival, is_apart
from alerts.emergencies.models import Emergency
from alerts.floods.rules import MOST_A_MINUTE, Crowd, cell_of, crowds
from alerts.ladders.models import Ladder
from alerts.ladders.queries import due_steps

MINUTE = timedelta(seconds=60)
# So many due steps are looked at in one turn.
MOST = 500


class Together(NamedTuple):
    """One step that many members of a crowd have due: its cell, and the primary keys of the due steps."""

    cell: str
    steps: list[int]


def due_together(at: datetime) -> list[Together]:
    """The due steps of crowds, one entry for each cell, world, mission, step and turn. As few as are no crowd: none."""
    due = list(due_steps(at).filter(ladder=Ladder.EMERGENCY).values_list("pk", "ref", "step", "turn")[:MOST])
    if len(due) <= MOST_A_MINUTE:
        return []
    members = _members({ref for _pk, ref, _step, _turn in due})
    found: dict[tuple[tuple[str, str, str], str, int], list[int]] = defaultdict(list)
    for pk, ref, step, turn in due:
        if ref in members:
            found[members[ref], step, turn].append(pk)
    return [Together(cell, steps) for ((_world, _mission, cell), _step, _turn), steps in found.items()]


def crowd_of(emergency: Emergency) -> str:
    """The cell whose card an emergency belongs to, or is the first of; "" for all others."""
    if is_apart(emergency):
        return ""
    cell = cell_of(emergency.latitude, emergency.longitude, emergency.country)
    cards = _cards(emergency.exercise, emergency.received_at, emergency.received_at)
    return cell if cell in {card.cell for card in cards} else ""


def _members(refs: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """World, mission and cell of those among them that a card of the queue stands for, by primary key."""
    columns = Emergency.objects.filter(pk__in=refs).values_list("pk", "exercise", "mission", "received_at")
    asked = {pk: (world, mission or "", received) for pk, world, mission, received in columns}
    found: dict[int, tuple[str, str, str]] = {}
    for world in {exercise for exercise, _mission, _received in asked.values()}:
        came = [received for exercise, _mission, received in asked.values() if exercise == world]
        for card in _cards(world, min(came), max(came)):
            members = asked.keys() & {int(number.rsplit("-", 1)[1]) for number in card.numbers}
            found |= {pk: (world, asked[pk][1], card.cell) for pk in members}
    return found


def _cards(world: str, first: datetime, last: datetime) -> list[Crowd]:
    """The floods among the open ones that came from a minute before `first` to a minute after `last`."""
    came = Emergency.objects.filter(exercise=world, resolved_at__isnull=True, priority__in=(1, 2))
    came = came.filter(received_at__range=(first - MINUTE, last + MINUTE))
    return crowds(map(arrival, came.values_list(*COLUMNS, named=True)))
