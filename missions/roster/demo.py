"""Shifts of a demonstration, around now and marked as such: only where DCC_DEMO=1 says so."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from commandcenter.access.models import User
from commandcenter.access.reader import Reader, reader_of
from missions.directory.queries import directory
from missions.roster import queries, rules, times
from missions.roster.actions import plan

# Place, hours of a shift, days ahead, and who takes turns with which deputy; the last day of Melbourne is left open.
TURNS = (
    ("", 8, 3, ("operator", "supervisor"), "verifier"),
    ("kbri-khartoum", 24, 4, ("officer-khartoum",), "ambassador"),
    ("kjri-hongkong", 24, 4, ("officer-hongkong",), ""),
    ("kjri-melbourne", 24, 2, ("officer-melbourne",), ""),
)


def plan_demo_shifts(*, at: datetime) -> int:
    """Plan what is not planned yet from today's first hour on. Raises RuntimeError outside a demonstration."""
    if not settings.DEMO:
        raise RuntimeError("Demonstration shifts exist only with DCC_DEMO=1.")
    people = {user.username: user for user in User.objects.filter(is_active=True)}
    actor = reader_of(people["supervisor"]) if "supervisor" in people else None
    if actor is None:
        return 0
    return sum(_plan(actor, at, people, *turn) for turn in TURNS)


def _plan(
    actor: Reader,
    at: datetime,
    people: dict[str, User],
    place: str,
    hours: int,
    days: int,
    names: tuple[str, ...],
    deputy: str,
) -> int:
    zone = rules.zone_of(place, directory().missions.get(place))
    if zone is None:
        return 0
    begin, made = times.day_start(at.astimezone(zone).date(), zone), 0
    for turn in range(days * 24 // hours):
        starts_at = begin + timedelta(hours=turn * hours)
        ends_at = starts_at + timedelta(hours=hours)
        # The turn counts from a fixed day, so that a later start of the server goes on where this one was.
        person = people.get(names[int(starts_at.timestamp()) // (hours * 3600) % len(names)])
        free = person and not queries.clashing([person.pk], starts_at, ends_at, "").exists()
        if person is None or not free or starts_at < at - rules.FURTHEST_BACK:
            continue
        plan(
            actor=actor,
            at=at,
            place=place,
            person=person.pk,
            deputy=_free_deputy(people.get(deputy), starts_at, ends_at),
            starts_at=starts_at,
            hours=hours,
            client_id=uuid.uuid5(uuid.NAMESPACE_URL, f"demo/{place}/{starts_at.isoformat()}"),
            demo=True,
        )
        made += 1
    return made


def _free_deputy(user: User | None, starts_at: datetime, ends_at: datetime) -> int | None:
    if user is None or queries.clashing([user.pk], starts_at, ends_at, "").exists():
        return None
    return user.pk
