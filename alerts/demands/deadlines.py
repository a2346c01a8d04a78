"""What a mission's row of the board is at one moment (pure), and the short spans around a report."""

from datetime import datetime, timedelta
from typing import Literal

# Two answers of one officer this close were given at once.
AT_ONCE = timedelta(minutes=5)
LINK_LIVES = timedelta(hours=24)
# A device clock may be a little ahead of ours.
AHEAD = timedelta(minutes=2)

Mark = Literal["silent", "overdue", "waiting", "checking", "none", "reported"]
WORST_FIRST: tuple[Mark, ...] = ("silent", "overdue", "waiting", "checking", "none", "reported")


def mark_of(
    *,
    requested_at: datetime | None,
    due_at: datetime | None,
    contact_at: datetime | None,
    figures_at: datetime | None,
    next_report: timedelta,
    at: datetime,
) -> Mark:
    """The mark of a row; `figures_at` is when the newest report with figures that still stands was filed, and
    `next_report` how long it holds.

    Opening the form is no answer, and "checking" is contact but no figure: both run into the deadline.
    """
    if figures_at is not None and (requested_at is None or figures_at >= requested_at):
        return "overdue" if at >= figures_at + next_report else "reported"
    if requested_at is None or due_at is None:
        return "none"
    if at < due_at:
        return "checking" if contact_at else "waiting"
    return "overdue" if contact_at or figures_at else "silent"
