"""Reads: what may be the same, what is attached to one, and whose taking a duplicate's citizen was told of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from django.db.models import Q, QuerySet

from alerts.cells.queries import Box, within
from alerts.duplicates.models import Merging, ToldApart
from alerts.duplicates.rules import Likeness, Sighting, digits_of, likeness, thresholds
from alerts.emergencies.models import OVER, Emergency, EmergencyMessage, Side
from alerts.emergencies.queries import IS_OPEN, visible, with_country
from commandcenter.access.reader import Reader

MOST = 5
# As many are compared by telephone: the newest open ones.
MOST_COMPARED = 500
METRES_A_DEGREE = 111_320
COMPARED = ("latitude", "longitude", "accuracy_m", "received_at", "phone", "nature", "priority", "state", "country")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another emergency that may be this one, and why."""

    emergency: Emergency
    why: Likeness


def proposals(reader: Reader, emergency: Emergency) -> list[Proposal]:
    """Open ones that look like this open one, the most alike first; without those an officer told apart."""
    if emergency.state in OVER:
        return []
    limits, this = thresholds(), sighting(emergency)
    apart = _told_apart(emergency)
    found = {row.pk: row for rows in (_near(reader, emergency), _called(reader, emergency)) for row in rows}
    alike = [(row, likeness(this, sighting(row), limits)) for key, row in found.items() if key not in apart]
    made = [Proposal(row, why) for row, why in alike if why is not None]
    made.sort(key=lambda one: (not one.why.phone, one.why.metres is None, one.why.metres or 0, one.emergency.pk))
    return made[:MOST]


def why_alike(one: Emergency, other: Emergency) -> Likeness | None:
    """What speaks for these two being one; None when nothing does."""
    return likeness(sighting(one), sighting(other), thresholds())


def sighting(emergency: Emergency) -> Sighting:
    """What is compared of it."""
    where = (emergency.latitude, emergency.longitude, emergency.accuracy_m)
    return Sighting(emergency.received_at, *where, emergency.phone)


def still_waiting(emergency: Emergency) -> tuple[int, datetime | None]:
    """How many messages of it and its duplicates of now wait for an answer, and since when."""
    if emergency.unanswered_since is None:
        return 0, None
    both = Q(emergency=emergency) | Q(emergency__duplicate_of=emergency)
    said = EmergencyMessage.objects.filter(both, at__gte=emergency.unanswered_since).order_by("at", "pk")
    waits: dict[int, list[datetime]] = {}
    for one, side, at in said.values_list("emergency", "side", "at"):
        # An officer's words end the waiting of that citizen, also those from before the two were one.
        waits[one] = [*waits.get(one, []), at] if side == Side.CITIZEN else []
    told = [at for each in waits.values() for at in each]
    return len(told), min(told, default=None)


def attached(emergency: Emergency) -> list[Emergency]:
    """Its duplicates with their messages, the oldest first."""
    if not emergency.duplicates_n:
        return []
    rows = with_country(Emergency.objects.filter(duplicate_of=emergency)).select_related("mission")
    return list(rows.prefetch_related("messages__author").order_by("pk"))


def untold(emergency: Emergency, duplicates: list[Emergency]) -> list[Emergency]:
    """Those whose citizens do not know yet that this one is taken."""
    if emergency.taken_at is None:
        return []
    since = {row.duplicate_id: row for row in _standing(duplicates)}
    return [row for row in duplicates if row.pk in since and not _is_told(since[row.pk], emergency)]


def taking_told(emergency: Emergency) -> Emergency:
    """Whose taking the citizen was told of: the own one, or that of the emergency this one is attached to.

    That one's only by its holder's act: a taking after the merging, the merging itself, or telling (domain.md rule 8).
    """
    whole = emergency.duplicate_of
    if whole is None or whole.taken_at is None or whole.next_contact_at is None:
        return emergency
    standing = _standing([emergency])
    return whole if any(_is_told(row, whole) for row in standing) else emergency


def merging_of(emergency: Emergency) -> Merging | None:
    """The merging that stands, with who did it."""
    return Merging.objects.filter(duplicate=emergency, parted_at__isnull=True).select_related("by").first()


def _is_told(row: Merging, whole: Emergency) -> bool:
    return row.told_at is not None or (whole.taken_at is not None and whole.taken_at >= row.at)


def _standing(duplicates: list[Emergency]) -> QuerySet[Merging]:
    return Merging.objects.filter(duplicate__in=duplicates, parted_at__isnull=True)


def _others(reader: Reader, emergency: Emergency, hours: float) -> QuerySet[Emergency]:
    span = timedelta(hours=hours)
    since, until = emergency.received_at - span, emergency.received_at + span
    found = visible(reader).filter(IS_OPEN, received_at__range=(since, until)).exclude(pk=emergency.pk)
    return found.only(*COMPARED)


def _near(reader: Reader, emergency: Emergency) -> QuerySet[Emergency] | list[Emergency]:
    lat, lon, limits = emergency.latitude, emergency.longitude, thresholds()
    if lat is None or lon is None:
        return []
    up = limits.most_m / METRES_A_DEGREE
    across = min(1.0, up / max(0.01, cos(radians(lat))))
    west, east = _turned(lon - across), _turned(lon + across)
    box = Box(west, max(-90.0, lat - up), east, min(90.0, lat + up))
    return _others(reader, emergency, limits.minutes / 60).filter(within(box))[:MOST_COMPARED]


def _turned(lon: float) -> float:
    return (lon + 180) % 360 - 180


def _called(reader: Reader, emergency: Emergency) -> QuerySet[Emergency] | list[Emergency]:
    limits = thresholds()
    if len(digits_of(emergency.phone)) < limits.phone_digits:
        return []
    known = _others(reader, emergency, limits.phone_hours).exclude(phone="")
    return known.order_by("-received_at")[:MOST_COMPARED]


def _told_apart(emergency: Emergency) -> set[int]:
    pairs = ToldApart.objects.filter(Q(first=emergency) | Q(second=emergency)).values_list("first_id", "second_id")
    return {key for pair in pairs for key in pair} - {emergency.pk}
