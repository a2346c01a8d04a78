"""Reads for screens: the queue (one query for map and list), one emergency, what is due."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import QueryDict

from alerts.cells.queries import Box, within
from alerts.emergencies.models import Emergency, EmergencyMessage, State
from alerts.emergencies.rules import UNTOUCHED
from commandcenter import wording
from commandcenter.access.models import User
from commandcenter.access.reader import Reader
from missions.countries import geo
from missions.countries.models import Country
from missions.directory.queries import directory

NUMBER = re.compile(r"E-[0-9]{4}-([0-9]{5,12})", re.ASCII)
# What rows and cards show: the rest (the answer kept for repeats, the reasons) is half of what a row weighs.
SHOWN_FIELDS = (
    *("exercise", "version", "state", "priority", "nature", "channel", "silent", "returned_times", "cancelled_at"),
    *("received_at", "opened_at", "taken_at", "taken_by", "next_contact_at", "resolved_at"),
    *("latitude", "longitude", "accuracy_m", "fixed_at", "country", "mission"),
)
IS_OPEN = Q(resolved_at__isnull=True)  # the words of the partial index
SHOWN = ("open", "new", "mine", "taken", "resolved", "all")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """The filter bar; any field but `state` may be empty. The caller passes the area of `crisis` to rows()."""

    state: str = "open"
    priority: int | None = None
    country: str = ""
    mission: str = ""
    crisis: str = ""
    q: str = ""

    @classmethod
    def from_params(cls, params: QueryDict) -> "QueueFilter":
        """The filter of a query string; what can't be understood is left out."""
        state, priority = params.get("state", ""), params.get("priority", "")
        country = params.get("country", "").strip().upper()
        return cls(
            state=state if state in SHOWN else "open",
            priority=int(priority) if priority in {"1", "2", "3", "4"} else None,
            country=country if re.fullmatch(r"[A-Z]{2}", country) else "",
            mission=_slug(params.get("mission", "")),
            crisis=_slug(params.get("crisis", "")),
            q=params.get("q", "").replace("\0", "").strip()[:60],
        )


def queue(reader: Reader, wanted: QueueFilter, *, area: dict[str, Any] | None = None) -> QuerySet[Emergency]:
    """What the reader may see of one state, bare: not taken first, then priority, then oldest. See rows()."""
    found = narrowed(reader, wanted, area=area)
    found = found.only(*SHOWN_FIELDS).annotate(message_count=message_count())
    # Resolved ones come in the order of their index, so that a page of them is not a sort of all.
    first = [] if wanted.state == "resolved" else [Case(When(state=State.NEW, then=0), default=1)]
    return found.order_by(*first, "priority", "received_at", "pk")


def rows(reader: Reader, wanted: QueueFilter, *, most: int, area: dict[str, Any] | None = None) -> list[Emergency]:
    """The first `most` of the queue with their names, of open and resolved ones the open first."""
    parts = ("open", "resolved") if wanted.state == "all" else (wanted.state,)
    found: list[Emergency] = []
    for state in parts:
        found += queue(reader, replace(wanted, state=state), area=area)[: most - len(found)]
    _name(found)
    return found


def _name(found: list[Emergency]) -> None:
    """Give each row its mission, its desk and its country's name: each of these is made once, not once a row."""
    known, desks = directory(), User.objects.in_bulk({row.taken_by_id for row in found if row.taken_by_id})
    for row in found:
        country = known.countries.get(row.country)
        row.country_name = country.name if country else None  # type: ignore[attr-defined]
        if row.mission_id in known.missions:
            row.mission = known.missions[row.mission_id]
        if row.taken_by_id in desks:
            row.taken_by = desks[row.taken_by_id]


def narrowed(reader: Reader, wanted: QueueFilter, *, area: dict[str, Any] | None = None) -> QuerySet[Emergency]:
    """The same rows, bare and in no order."""
    return _narrowed(_visible(reader).filter(_state(reader, wanted.state)), wanted, area)


def one(reader: Reader, number: str) -> Emergency | None:
    """The emergency of this number, if the reader may see it."""
    said = Prefetch("messages", queryset=EmergencyMessage.objects.select_related("author"))
    whole = _with_country(_visible(reader)).select_related("mission", "taken_by", "opened_by").prefetch_related(said)
    return by_number(whole, number)


def by_number(among: QuerySet[Emergency], number: str) -> Emergency | None:
    """The one whose whole number this is; None for any other text."""
    key = NUMBER.fullmatch(number)
    found = among.filter(pk=int(key[1])).first() if key else None
    return found if found is not None and found.number == number else None


def taken_without_action(at: datetime) -> list[int]:
    """Those taken ten minutes ago or earlier and not acted on (domain.md rule 7)."""
    untouched = Emergency.objects.filter(acted_at__isnull=True, resolved_at__isnull=True)
    late = untouched.filter(state=State.TAKEN, taken_at__lte=at - UNTOUCHED)
    return list(late.order_by("taken_at").values_list("pk", flat=True))


def message_count() -> Coalesce:
    """How many messages each row has: asked row by row, so that a page never counts those of every emergency."""
    said = EmergencyMessage.objects.filter(emergency=OuterRef("pk")).order_by().values("emergency")
    return Coalesce(Subquery(said.annotate(n=Count("pk")).values("n")), 0)


def _with_country(found: QuerySet[Emergency]) -> QuerySet[Emergency]:
    """With the country's name in the language of the page."""
    names = Country.objects.filter(iso2=OuterRef("country")).values(f"name_{wording.language()}")
    return found.annotate(country_name=Subquery(names[:1]))


def _slug(text: str) -> str:
    return text if re.fullmatch(r"[-\w]{1,60}", text, re.ASCII) else ""


def _visible(reader: Reader) -> QuerySet[Emergency]:
    world = Emergency.objects.filter(exercise=reader.exercise)
    if reader.is_dcc:
        return world
    return world.filter(mission_id=reader.mission) if reader.is_mission else world.none()


def _state(reader: Reader, state: str) -> Q:
    narrow = {
        "new": IS_OPEN & Q(state=State.NEW),
        "mine": IS_OPEN & Q(taken_by_id=reader.user_id),
        "taken": IS_OPEN & ~Q(state=State.NEW),
        "resolved": Q(resolved_at__isnull=False),
        "all": Q(),
    }
    return narrow.get(state, IS_OPEN)


def _narrowed(found: QuerySet[Emergency], wanted: QueueFilter, area: dict[str, Any] | None) -> QuerySet[Emergency]:
    exact = {"priority": wanted.priority, "country": wanted.country, "mission_id": wanted.mission}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.q:
        digits = wanted.q.rsplit("-", 1)[-1]
        same = Q(pk=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else Q()
        found = found.filter(same | Q(place__icontains=wanted.q) | Q(mission__name__icontains=wanted.q))
    return _inside(found, area) if area is not None else found


def _inside(found: QuerySet[Emergency], area: dict[str, Any]) -> QuerySet[Emergency]:
    """In the area; what has no position counts by its country."""
    near = found.filter(within(Box(*geo.bbox(area)))).values_list("pk", "latitude", "longitude")
    keys = [key for key, lat, lon in near if lat is not None and lon is not None and geo.contains(area, lat, lon)]
    return found.filter(Q(pk__in=keys) | Q(latitude__isnull=True, country__in=geo.countries_in(area)))
