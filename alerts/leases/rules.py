"""How long a lease holds, and whose it is; pure: it ends by itself, no timer ends it."""

from datetime import datetime, timedelta

from alerts.emergencies.models import Emergency

# ux.md 3.4: renewed while typing, else over after two minutes.
LASTS = timedelta(seconds=120)
# A lease that still lasts this long need not be renewed: typing writes at most one event in 40 seconds.
FRESH = timedelta(seconds=80)


def is_leased(emergency: Emergency, at: datetime) -> bool:
    """Whether somebody is writing on it now."""
    return emergency.leased_until is not None and emergency.leased_until > at


def is_fresh(emergency: Emergency, user_id: int, at: datetime) -> bool:
    """Whether this person holds a lease that needs no renewal yet."""
    return (
        emergency.leased_by_id == user_id and emergency.leased_until is not None and emergency.leased_until > at + FRESH
    )
