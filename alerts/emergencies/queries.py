"""Reads that every room above shares: what a reader may see, one emergency, what a card needs."""

import re

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from alerts.emergencies.models import Emergency, EmergencyMessage
from commandcenter import wording
from commandcenter.access.reader import Reader
from missions.countries.models import Country

NUMBER = re.compile(r"E-[0-9]{4}-([0-9]{5,12})", re.ASCII)
# What rows and cards show: the rest (the answer kept for repeats, the reasons) is half of what a row weighs.
SHOWN_FIELDS = (
    *("exercise", "version", "state", "priority", "nature", "channel", "silent", "returned_times", "cancelled_at"),
    *("waiting_until", "offered_to", "leased_by", "leased_until", "duplicates_n"),
    *("shelved_until", "received_at", "opened_at", "taken_at", "taken_by", "next_contact_at", "resolved_at"),
    *("latitude", "longitude", "accuracy_m", "fixed_at", "country", "mission", "media", "device"),
    *("unanswered", "unanswered_since"),
)
IS_OPEN = Q(resolved_at__isnull=True)  # the words of the partial index


def one(reader: Reader, number: str) -> Emergency | None:
    """The emergency of this number, if the reader may see it."""
    said = Prefetch("messages", queryset=EmergencyMessage.objects.select_related("author", "read_by"))
    whole = (
        with_country(visible(reader))
        .select_related("mission", "taken_by", "opened_by", "shelved_by", "leased_by", "duplicate_of")
        .prefetch_related(said)
    )
    return by_number(whole, number)


def by_number(among: QuerySet[Emergency], number: str) -> Emergency | None:
    """The one whose whole number this is; None for any other text."""
    key = NUMBER.fullmatch(number)
    found = among.filter(pk=int(key[1])).first() if key else None
    return found if found is not None and found.number == number else None


def message_count() -> Coalesce:
    """How many messages each row has: asked row by row, so that a page never counts those of every emergency."""
    said = EmergencyMessage.objects.filter(emergency=OuterRef("pk")).order_by().values("emergency")
    return Coalesce(Subquery(said.annotate(n=Count("pk")).values("n")), 0)


def with_country(found: QuerySet[Emergency]) -> QuerySet[Emergency]:
    """With the country's name in the language of the page."""
    names = Country.objects.filter(iso2=OuterRef("country")).values(f"name_{wording.language()}")
    return found.annotate(country_name=Subquery(names[:1]))


def visible(reader: Reader) -> QuerySet[Emergency]:
    """What of the emergencies this reader may see, in the reader's world."""
    world = Emergency.objects.filter(exercise=reader.exercise)
    if reader.is_dcc:
        return world
    return world.filter(mission_id=reader.mission) if reader.is_mission else world.none()
