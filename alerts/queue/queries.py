"""Reads of the queue: what the filter bar asks for, in the order of urgency."""

import re
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.http import QueryDict

from alerts.cells.queries import Box, within
from alerts.emergencies.models import Channel, Emergency, State
from alerts.emergencies.queries import IS_OPEN, SHOWN_FIELDS, message_count, visible
from commandcenter.access.models import User
from commandcenter.access.reader import Reader
from missions.countries import geo
from missions.directory.queries import directory

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


# Told by a person whom we know, or signed by a registered device: a flood never hides these.
EVERY = Q()
APART = ~Q(device="") | ~Q(channel=Channel.PANIC_BUTTON)


def rows(
    reader: Reader, wanted: QueueFilter, *, most: int, area: dict[str, Any] | None = None, only: Q = EVERY
) -> list[Emergency]:
    """The first `most` of the queue (of `only` those) with their names, of open and resolved ones the open first."""
    parts = ("open", "resolved") if wanted.state == "all" else (wanted.state,)
    found: list[Emergency] = []
    for state in parts:
        found += queue(reader, replace(wanted, state=state), area=area).filter(only)[: most - len(found)]
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
    return _narrowed(visible(reader).filter(_state(reader, wanted.state)), wanted, area)


def _slug(text: str) -> str:
    return text if re.fullmatch(r"[-\w]{1,60}", text, re.ASCII) else ""


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
