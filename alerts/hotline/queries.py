"""Reads of calls: what rings, what is being written, what is over, what time has left behind."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from alerts.hotline import rules
from alerts.hotline.models import Call, State
from commandcenter.access.reader import Reader
from missions.directory.queries import directory

MOST = 50
HOME = "ID"


def visible(reader: Reader) -> QuerySet[Call]:
    """The calls of the reader's world: every one for the desks of the command centre, its own for a mission."""
    world = Call.objects.filter(exercise=reader.exercise)
    if reader.is_mission:
        return world.filter(mission=reader.mission)
    return world if reader.role in rules.WORKERS else world.none()


def call(reader: Reader, client_id: UUID) -> Call | None:
    """One call this reader may see."""
    return visible(reader).select_related("desk", "emergency", "entry").filter(client_id=client_id).first()


def ringing(reader: Reader) -> list[Call]:
    """Calls that wait for a desk: they ring, were answered at the telephone alone, or a desk has not finished them."""
    found = visible(reader).filter(closed_at__isnull=True).select_related("desk")
    return list(found.order_by("started_at", "id")[:MOST])


def finished(reader: Reader) -> QuerySet[Call]:
    """Calls that are over, the newest first."""
    found = visible(reader).filter(closed_at__isnull=False).select_related("desk", "emergency")
    return found.order_by("-closed_at", "-id").defer("text", "name")


def earlier(reader: Reader, digits: str, but: int) -> int:
    """How often this number has called before."""
    return visible(reader).filter(digits=digits).exclude(pk=but).count() if digits else 0


def left(at: datetime) -> list[int]:
    """Calls that rang and were never heard of again, and those a desk left unfinished; fifty a turn."""
    rang = Q(state=State.RINGING, touched_at__lte=at - rules.RINGS_FOR)
    empty = Q(phone="", name="", place="", text="", country="")
    forgotten = Q(state=State.OPEN, touched_at__lte=at - rules.LEFT_AFTER) & (Q(digits__gt="") | empty)
    found = Call.objects.filter(rang | forgotten, closed_at__isnull=True).order_by("touched_at")
    return list(found.values_list("pk", flat=True)[:MOST])


def dial_code(mission: str) -> str:
    """The dialling code of who takes the calls: a number that begins with 0 is of that country."""
    known = directory()
    country = known.missions[mission].operating_country_id if mission in known.missions else HOME
    return known.countries[country].dial_code if country in known.countries else ""


def country_of(mission: str) -> str:
    """The country a mission's callers are in when nobody said another; "" at the command centre."""
    known = directory().missions
    return str(known[mission].host_country_id) if mission in known else ""
