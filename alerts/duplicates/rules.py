"""When two emergencies look like one: by place and time, or by telephone. Pure; the thresholds are data."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from missions.countries.tables import read_table

REFERENCE = Path(__file__).parent / "reference" / "thresholds.csv"
EARTH_M = 6_371_009
NOT_ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How near, how soon, how many digits. Metres, minutes, hours."""

    near_m: float
    most_m: float
    minutes: float
    phone_hours: float
    phone_digits: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is compared of one emergency."""

    received_at: datetime
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two look alike: metres apart (None: not by place), minutes apart, the same telephone."""

    metres: int | None
    minutes: int
    phone: bool


@cache
def thresholds() -> Thresholds:
    """The thresholds of the reference table."""
    found = {row["name"]: float(row["value"]) for row in read_table(REFERENCE)}
    digits = int(found.pop("phone_digits"))
    return Thresholds(phone_digits=digits, **found)


def likeness(one: Sighting, other: Sighting, limits: Thresholds) -> Likeness | None:
    """Why they may be one; None when nothing says so. The same whichever comes first."""
    apart = abs((one.received_at - other.received_at).total_seconds()) / 60
    phone = same_phone(one.phone, other.phone, limits.phone_digits) and apart <= 60 * limits.phone_hours
    metres = _metres(one, other)
    near = metres is not None and metres <= _reach(one, other, limits) and apart <= limits.minutes
    if not phone and not near:
        return None
    return Likeness(round(metres) if near and metres is not None else None, int(apart), phone)


def same_phone(one: str, other: str, least: int) -> bool:
    """Whether two numbers end alike, however they are written; what is too short to be a number is like nothing."""
    first, second = digits_of(one), digits_of(other)
    shorter = min(len(first), len(second))
    return shorter >= least and first[-shorter:] == second[-shorter:]


def digits_of(phone: str) -> str:
    """The digits of a number without the zeros before it: +62 812, 0062812 and 0812 end alike."""
    plain = phone.translate(NOT_ASCII_DIGITS)
    return "".join(sign for sign in plain if sign.isascii() and sign.isdigit()).lstrip("0")


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres along the surface of the earth, across the antimeridian too."""
    up, across = radians(other_lat - lat), radians(other_lon - lon)
    half = sin(up / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(across / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def _metres(one: Sighting, other: Sighting) -> float | None:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return distance_m(one.lat, one.lon, other.lat, other.lon)


def _reach(one: Sighting, other: Sighting, limits: Thresholds) -> float:
    """Two poor fixes of one place lie further apart than two good ones, up to a limit."""
    return min(limits.most_m, limits.near_m + (one.accuracy_m or 0) + (other.accuracy_m or 0))
