"""What makes a position doubtful: pure. A doubtful one is kept and flagged, never refused: it may be true."""

from datetime import datetime, timedelta
from typing import NamedTuple

from alerts.emergencies.models import Doubt
from missions.countries.borders import distance_km

# A fix this far ahead of the server comes from a wrong clock; the next one replaces it.
AHEAD = timedelta(minutes=5)
# Faster than an airliner with the wind behind it.
FASTEST_KMH = 1300
# Positions found by masts and wireless networks jump so far without anything being wrong.
NEAR_KM = 50
BRIEFEST = timedelta(seconds=1)


class Place(NamedTuple):
    """A position as the rule sees it; `accuracy_m` in metres, 0 where it is not known."""

    lat: float
    lon: float
    fixed_at: datetime
    accuracy_m: float


def doubt_of(fix: Place, before: Place | None, at: datetime) -> str:
    """Why the citizen may not be at `fix`, received `at` and the next one after `before`; "" for no doubt."""
    if fix.fixed_at > at + AHEAD:
        return Doubt.AHEAD
    if before is None or before.fixed_at > at + AHEAD:
        return ""
    far = distance_km(before.lat, before.lon, fix.lat, fix.lon) - (before.accuracy_m + fix.accuracy_m) / 1000
    hours = max(abs(fix.fixed_at - before.fixed_at), BRIEFEST) / timedelta(hours=1)
    return Doubt.JUMPED if far > NEAR_KM and far / hours > FASTEST_KMH else ""
