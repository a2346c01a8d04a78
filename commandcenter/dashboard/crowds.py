"""The cards of floods in the queue, as static/js/live/crowds.js draws them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from alerts.crowds.rules import arrival
from alerts.emergencies.models import OPEN, Emergency
from alerts.floods.rules import Crowd, crowds
from commandcenter import wording


@dataclass(frozen=True, slots=True)
class Shown:
    """One card with its words."""

    crowd: Crowd
    place: str
    what: str
    opened: bool


def folded(
    found: Iterable[Emergency], rows: list[Emergency], opened: Collection[str], *, stopped: bool = False
) -> tuple[list[Shown], list[Emergency], list[Emergency]]:
    """The cards, the rows of opened cards, and the rows that stand by themselves: together they are all of `rows`.

    Of a list that was cut (`stopped`) a card counts at least so many.
    """
    shown = {row.number: row for row in rows}
    cards = [
        card for card in crowds(map(arrival, (row for row in found if row.state in OPEN))) if card.numbers[0] in shown
    ]
    hidden = {number: card.cell for card in cards for number in card.numbers}
    least = "+" if stopped else ""
    told = [_shown(card, shown[card.numbers[0]], card.cell in opened, least) for card in cards]
    members = [row for row in rows if hidden.get(row.number) in opened]
    return told, members, [row for row in rows if row.number not in hidden]


def _shown(crowd: Crowd, first: Emergency, opened: bool, least: str) -> Shown:  # noqa: FBT001 - a fact of the card
    place = first.country_name or gettext("Place unknown")  # type: ignore[attr-defined]
    what = gettext("Flood: {n} requests from one place").format(n=wording.number(len(crowd.numbers)) + least)
    return Shown(crowd, place, what, opened)
