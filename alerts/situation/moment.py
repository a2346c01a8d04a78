"""Reads an instant and a check code as people write them (pure)."""

import re
from datetime import datetime

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from alerts.situation.fingerprint import LENGTH
from commandcenter import wording
from commandcenter.problems import Refusal

LONGEST = 40
HASH = re.compile(rf"^[0-9a-f]{{{LENGTH}}}$")
# A plus sign in an address arrives as a space.
LOST_PLUS = re.compile(r" (\d\d:?\d\d)$")


def read_instant(text: str, *, declared_at: datetime, now: datetime) -> datetime:
    """The instant of "2026-05-12T20:05:00Z"; without a zone it is WIB. Refuses, in words, what no sheet can show."""
    found = _parsed(text.strip())
    if found is None:
        raise Refusal("at", _("Write the time as 2026-05-12 20:05 (WIB) or with its zone, 2026-05-12T20:05:00Z."))
    if found > now:
        raise Refusal("at", _("This time is in the future: nothing is known of it yet."))
    if found < declared_at:
        raise Refusal("at", _("The crisis was declared later than this."))
    return found


def _parsed(text: str) -> datetime | None:
    if len(text) > LONGEST or not text.isascii():
        return None
    try:
        found = parse_datetime(LOST_PLUS.sub(r"+\1", text) if "T" in text else text)
        if found is None and (day := parse_date(text)) is not None:
            found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (its zone is added below)
        if found is None:
            return None
        aware = found.replace(tzinfo=wording.WIB) if found.tzinfo is None else found
        # Only what can be said in every zone is an instant.
        aware.astimezone(wording.WIB)
    except (ValueError, OverflowError):
        return None
    return aware if 1970 < aware.year < 9998 else None


def read_hash(text: str) -> str | None:
    """The code in any grouping, "ab12-…" or "AB12 …"; None when it is none."""
    plain = re.sub(r"[\s-]", "", text[: 4 * LENGTH]).lower()
    return plain if HASH.match(plain) else None


def grouped(code: str) -> str:
    """In groups of four, as it is printed."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
