"""From when on something is news to a person; pure."""

from datetime import datetime, timedelta

# Who comes back sooner is still on the same visit, and keeps the list of changes that it began with.
VISIT = timedelta(minutes=15)


def news_since(seen_at: datetime | None, before_at: datetime | None, at: datetime) -> datetime | None:
    """The end of the visit before this one; None when there was none.

    The same before and after this visit is written down, so that the page that asks first does not lose its list.
    """
    if seen_at is None or at - seen_at >= VISIT:
        return seen_at
    return before_at
