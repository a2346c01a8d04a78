"""Figures with their provenance, as the API gives them."""

from datetime import datetime

from ninja import Schema


class OfficialOut(Schema):
    """One official figure. `value` null: chosen once, withdrawn since."""

    value: int | None
    high: int | None
    status: str
    source: str
    mission: str
    report: int | None
    reporter: str
    as_of: datetime | None
    verifier: str
    chosen_at: datetime
    version: int
    reason: str


class ValueOut(Schema):
    """One reported number or range, with the report it stands in; a key that is not there was not reported."""

    value: int
    high: int | None
    report: int
    as_of: datetime


class ReportedOut(Schema):
    """What one mission says from one source; `report`, `as_of` and `reporter` are of its newest report."""

    mission: str
    source: str
    status: str
    report: int
    as_of: datetime
    reporter: str
    figures: dict[str, ValueOut]


class CheckOut(Schema):
    """Whether the official WNI figures make up their total; `gap` null without a total."""

    state: str
    gap: int | None
    id: str
    en: str


class FiguresOut(Schema):
    """Official and reported figures of one crisis, side by side; nothing is summed across sources."""

    crisis: str
    at: datetime
    official: dict[str, OfficialOut]
    reconciliation: CheckOut
    reported: list[ReportedOut]
