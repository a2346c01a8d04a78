"""What each audience sees of an official figure."""

from datetime import datetime

from alerts.ledger.models import OfficialFigure
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register


class FigureCard(Card):
    """One official cell. A withdrawn figure has value null; it is never 0."""

    crisis: str
    key: str
    value: int | None
    high: int | None
    source: str
    mission: str
    as_of: datetime | None
    status: str
    verifier: int
    report: int | None


def load(ids: list[str], exercise: str) -> dict[str, OfficialFigure]:
    """The newest version of each cell, by "<crisis>/<key>"."""
    cells = {tuple(cell.split("/", 1)) for cell in ids}
    slugs, keys = {slug for slug, _key in cells}, {key for _slug, key in cells}
    rows = OfficialFigure.objects.filter(crisis__slug__in=slugs, key__in=keys, crisis__exercise=exercise)
    rows = rows.select_related("crisis", "chosen__report").order_by("version")
    return {f"{row.crisis.slug}/{row.key}": row for row in rows}


def current(audience: Audience) -> dict[str, OfficialFigure]:
    """The newest version of each cell of the open crises, by "<crisis>/<key>"."""
    rows = OfficialFigure.objects.filter(crisis__exercise=audience.exercise, crisis__stood_down_at__isnull=True)
    rows = rows.select_related("crisis", "chosen__report").order_by("version")
    return {f"{row.crisis.slug}/{row.key}": row for row in rows}


def make(figure: OfficialFigure, audience: str) -> Card | None:
    """The same card for dcc and summary; missions hear that a figure was chosen, not what it is."""
    if audience == "mission":
        return None
    chosen = figure.chosen
    report = chosen.report if chosen else None
    return FigureCard(
        crisis=figure.crisis.slug,
        key=figure.key,
        value=chosen.value if chosen else None,
        high=chosen.high if chosen else None,
        source=report.source if report else "",
        mission=report.mission_id if report else "",
        as_of=report.as_of if report else None,
        status="verified",
        verifier=figure.verifier_id,
        report=report.number if report else None,
    )


def register_cards() -> None:
    """Tell the relay."""
    register("figure", load=load, make=make, current=current)
