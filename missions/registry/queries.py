"""Reads of the registry that others may have: masked values, who is found, who is alike; never a plain column."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from missions.registry.models import Citizen, Trace, TraceKind, Upload
from missions.registry.sealing import DIGITS, TAIL, digest, document_of, masked, phone_of, traces, words
from missions.registry.shapes import Entry, Masked, Scope

MOST_WORDS, MOST_VALUES = 6, 5_000
# Ten thousand numbers of four digits: of 200,000 citizens about twenty end alike.
MOST_ALIKE, MOST_CALLING = 500, 5
T = TypeVar("T", int, str)


def entry_of(citizen: Citizen) -> Entry:
    """The plain values of one citizen; for this room alone."""
    return Entry(citizen.name, citizen.document, citizen.phone, citizen.country_id, citizen.place, citizen.mission_id)


def masked_by_id(ids: Iterable[int]) -> dict[int, Masked]:
    """Citizens as lists show them."""
    found = Citizen.objects.filter(pk__in=list(ids))
    return {citizen.pk: masked(entry_of(citizen)) for citizen in found}


def found(text: str) -> QuerySet[Citizen, int]:
    """Who is found by every word of a search: words of the name or their first letters, document, telephone."""
    people = Citizen.objects.all()
    for word in text.split()[:MOST_WORDS]:
        people = people.filter(pk__in=Trace.objects.filter(_either(word)).values("citizen"))
    return people.values_list("pk", flat=True)


def _either(word: str) -> Q:
    either = Q(kind=TraceKind.DOCUMENT, digest=digest(TraceKind.DOCUMENT, document_of(word)))
    either |= Q(kind=TraceKind.PHONE, digest=digest(TraceKind.PHONE, phone_of(word)))
    for part in words(word):
        either |= Q(kind=TraceKind.WORD, digest=digest(TraceKind.WORD, part))
        either |= Q(kind=TraceKind.START, digest=digest(TraceKind.START, part))
        if len(part) == TAIL:
            either |= Q(kind=TraceKind.TAIL, digest=digest(TraceKind.TAIL, part))
    return either


def calling(digits: str, *, exercise: str, mission: str = "") -> list[tuple[int, Masked]]:
    """Who has this telephone number, or one that ends with these digits (four or more); of one mission if named."""
    bare = DIGITS.sub("", digits).lstrip("0")
    if len(bare) < TAIL:
        return []
    tail = Trace.objects.filter(kind=TraceKind.TAIL, digest=digest(TraceKind.TAIL, bare[-TAIL:]))
    people = Citizen.objects.filter(pk__in=tail.values("citizen"), exercise=exercise)
    people = people.filter(mission_id=mission) if mission else people
    alike = [one for one in people.order_by("-pk")[:MOST_ALIKE] if phone_of(one.phone).endswith(bare)]
    return [(one.pk, masked(entry_of(one))) for one in alike[:MOST_CALLING]]


def placed(place: str) -> QuerySet[Citizen, int]:
    """Who is registered at a place of this name."""
    wanted = digest(TraceKind.PLACE, " ".join(words(place)))
    there = Trace.objects.filter(kind=TraceKind.PLACE, digest=wanted).values("citizen")
    return Citizen.objects.filter(pk__in=there).values_list("pk", flat=True)


def matches(entries: Sequence[Entry], exercise: str) -> list[list[int]]:
    """For each entry the citizens it may be, oldest first: the same document, else the same telephone and name."""
    known = traces_of_many(entries)
    wanted = {mark for marks in known for mark in marks if mark[0] in {TraceKind.DOCUMENT, TraceKind.PHONE}}
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for digests in _parts({mark for _kind, mark in wanted}):
        asked = Trace.objects.filter(digest__in=digests, citizen__exercise=exercise).order_by("citizen_id")
        for kind, mark, citizen in asked.values_list("kind", "digest", "citizen_id"):
            holders[kind, mark].append(citizen)
    names = _names({citizen for citizens in holders.values() for citizen in citizens})
    return [_matches(marks, holders, names) for marks in known]


def _parts(values: Iterable[T]) -> Iterator[list[T]]:
    """No statement takes more than so many values."""
    left = iter(sorted(values))
    return iter(lambda: list(islice(left, MOST_VALUES)), [])


def traces_of_many(entries: Sequence[Entry]) -> list[set[tuple[str, str]]]:
    """The traces of each entry."""
    return [traces(entry) for entry in entries]


def _names(citizens: set[int]) -> dict[int, set[str]]:
    """The digests of the words of each name."""
    found: dict[int, set[str]] = defaultdict(set)
    for ids in _parts(citizens):
        asked = Trace.objects.filter(citizen_id__in=ids, kind=TraceKind.WORD)
        for citizen, mark in asked.values_list("citizen_id", "digest"):
            found[citizen].add(mark)
    return found


def _matches(
    marks: set[tuple[str, str]], holders: dict[tuple[str, str], list[int]], names: dict[int, set[str]]
) -> list[int]:
    name = {mark for kind, mark in marks if kind == TraceKind.WORD}
    by_document = [mark for mark in marks if mark[0] == TraceKind.DOCUMENT]
    same = [citizen for mark in by_document for citizen in holders.get(mark, ())]
    if same:
        return same
    by_phone = [mark for mark in marks if mark[0] == TraceKind.PHONE]
    return [citizen for mark in by_phone for citizen in holders.get(mark, ()) if names.get(citizen) == name]


def missions_of(ids: Iterable[int]) -> dict[int, str]:
    """The mission of each citizen."""
    return dict(Citizen.objects.filter(pk__in=list(ids)).values_list("pk", "mission_id"))


def alike(citizens: QuerySet[Any, int]) -> dict[str, list[int]]:
    """The digests of documents and telephones that several of these citizens share, with their ids."""
    kinds = (TraceKind.DOCUMENT, TraceKind.PHONE)
    held = Trace.objects.filter(kind__in=kinds, citizen_id__in=citizens)
    shared = held.values("digest").annotate(n=Count("pk")).filter(n__gt=1).values("digest")
    found: dict[str, list[int]] = defaultdict(list)
    for mark, citizen in held.filter(digest__in=shared).values_list("digest", "citizen_id"):
        found[mark].append(citizen)
    return found


def unentered(scopes: list[Scope], exercise: str, entered: QuerySet[Any, int], at: datetime | None = None) -> int:
    """How many are registered in these places, at that moment, and are not among the entered."""
    return scoped(scopes, exercise, at).exclude(pk__in=entered).count() if scopes else 0


def scoped(scopes: list[Scope], exercise: str, at: datetime | None = None) -> QuerySet[Citizen]:
    """Everybody registered in any of these places."""
    where = Q()
    for scope in scopes:
        where |= Q(country_id=scope.country) if scope.country else Q(mission_id=scope.mission)
    found = Citizen.objects.filter(where, exercise=exercise) if scopes else Citizen.objects.none()
    return found if at is None else found.filter(entered_at__lte=at)


def upload(key: UUID, *, crisis: int, exercise: str, by: int) -> Upload | None:
    """A list that waits for this person to apply it to this crisis; None when there is none."""
    waiting = Upload.objects.filter(pk=key, exercise=exercise, by_id=by, applied_at__isnull=True)
    return waiting.filter(scope__startswith=f"{crisis}:").first()
