"""Frames: building them for the relay, reading them for hub and catch-up."""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from commandcenter.events.audiences import base_of
from commandcenter.events.models import Event
from commandcenter.live.cards import maker
from commandcenter.live.models import AudienceHead, Frame, LogState
from commandcenter.rows import Row

log = logging.getLogger(__name__)
PAGE = 500
# What a page of catch-up may be asked to hold: some 400 KB (DECISIONS 18).
LARGEST_PAGE = 1000
AFTER = f"SELECT seq, prev, body FROM {Frame._meta.db_table} WHERE audience = %s AND seq > %s ORDER BY seq LIMIT %s"  # noqa: S608
JOINED = f"SELECT min(prev), max(seq), group_concat(body, ',') FROM ({AFTER})"  # noqa: S608
PLACE = f"""
    SELECT (SELECT epoch FROM {LogState._meta.db_table} WHERE id = 1),
           coalesce((SELECT seq FROM {AudienceHead._meta.db_table} WHERE audience = %s), 0)
"""  # noqa: S608
RELOAD = '"reload"'
RAISED = object()
Loaded = dict[str, Any]
"""Objects by id; RAISED in the place of one whose loading raised."""
CardText = Callable[[Event, str, Loaded], str]


COLUMNS = ("audience", "seq", "prev", "at", "body")
Told = tuple[int, str]
"""A frame as it is read: its seq and the exact text every socket gets."""


@dataclass(frozen=True, slots=True)
class News:
    """One look at the log: its epoch, the audiences' heads, and the next page of frames of those that moved."""

    epoch: str
    heads: dict[str, int]
    frames: dict[str, list[Told]]


@dataclass(frozen=True, slots=True)
class Since:
    """One page of catch-up: its frames' texts with commas between; `gone` means part of it is no longer kept."""

    epoch: str
    head: int
    frames: str
    more: bool
    gone: bool


def heads(audiences: Iterable[str]) -> dict[str, int]:
    """The newest seq of each audience; 0 where nothing happened yet."""
    wanted = list(audiences)
    found = {row.audience: row.seq for row in AudienceHead.objects.filter(audience__in=wanted)}
    return {audience: found.get(audience, 0) for audience in wanted}


def epoch() -> str:
    """The log's present epoch; it changes at every restore."""
    return str(LogState.the().epoch)


def place(audience: str) -> tuple[str, int]:
    """The log's epoch and the audience's head, of one moment."""
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [audience])
        mark, head = cursor.fetchone()
    return _epoch(mark), head


def _epoch(mark: UUID | str | None) -> str:
    """As epoch() says it; SQLite keeps it without hyphens, and before the first event there may be no row."""
    return str(UUID(str(mark))) if mark else epoch()


def stamp() -> tuple[object, ...]:
    """Which events are committed now: two equal stamps mean that no action was committed in between.

    What waits for its number is read first: an event numbered meanwhile makes a stamp that nothing else has.
    """
    waiting = tuple(Event.objects.filter(seq__isnull=True).order_by("id").values_list("id", flat=True))
    return (waiting, *LogState.objects.filter(pk=1).values_list("epoch", "head"))


def after(given: Mapping[str, int]) -> dict[str, list[Told]]:
    """The next page of each audience's frames after the seq it was given, in order; one query an audience."""
    # By hand: this runs for every event, and the ORM takes three times as long to say the same.
    with connection.cursor() as cursor:
        found = {}
        for audience, seq in given.items():
            cursor.execute(AFTER, [audience, seq, PAGE])
            found[audience] = [(each, body) for each, _prev, body in cursor.fetchall()]
        return found


def news(given: Mapping[str, int]) -> News:
    """What is new since each audience was given so far: two queries, and one for each audience that moved."""
    found = heads(given)
    moved = {audience: given[audience] for audience, head in found.items() if head > given[audience]}
    return News(epoch(), found, after(moved))


def since(audience: str, seq: int, limit: int = PAGE) -> Since:
    """At most `limit` frames after `seq`, or `gone`: the window was left behind or the number is unknown."""
    # The head is read before the frames: a frame committed in between only makes the page longer.
    mark, head = place(audience)
    prev, last, texts = _page(audience, seq, limit)
    # The first frame must stand directly on what the client has, else older frames were dropped.
    gone = seq > head or (prev > seq if last else seq < head)
    return Since(mark, head, texts, 0 < last < head, gone)


def _page(audience: str, seq: int, limit: int) -> tuple[int, int, str]:
    """The first frame's prev, the last one's seq (0 without frames), and their texts with commas between.

    Joined where it is cheaper: one text of 400 KB costs PostgreSQL twice what its rows do, and SQLite's module lets go
    of the interpreter for each row.
    """
    with connection.cursor() as cursor:
        cursor.execute(AFTER if connection.vendor == "postgresql" else JOINED, [audience, seq, limit])
        if connection.vendor == "postgresql":
            rows = cursor.fetchall()
            return (rows[0][1], rows[-1][0], ",".join([body for *_, body in rows])) if rows else (0, 0, "")
        prev, last, texts = cursor.fetchone()
        return prev or 0, last or 0, texts or ""


class CardRaised(Exception):
    """A card or its loading raised: the batch must be built again, carefully."""


def build(events: list[Event], prevs: dict[str, int], *, careful: bool) -> list[Row]:
    """One row (COLUMNS) per event and audience, each card made once; `prevs` (newest seq by audience) moves along.

    Careful: whatever raises stands behind a savepoint, its frames say "reload", and the log goes on. Else CardRaised.
    """
    cards = _cards(events, careful=careful)
    frames = []
    for event in events:
        for audience in (*event.audiences, *event.withdrawn):
            shown = "null" if audience in event.withdrawn else cards[event.pk, base_of(audience)]
            frames.append(_row(event, audience, prevs.get(audience, 0), shown))
            prevs[audience] = event.seq or 0
    return frames


def _row(event: Event, audience: str, prev: int, card: str) -> Row:
    head = {
        "seq": event.seq,
        "prev": prev,
        "at": event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "topic": event.topic,
        "kind": event.kind,
        "id": event.object_id,
        "version": event.version,
    }
    body = json.dumps(head, separators=(",", ":"))[:-1] + f',"card":{card}}}'
    return (audience, event.seq or 0, prev, event.at, body)


def _cards(events: list[Event], *, careful: bool) -> dict[tuple[int, str], str]:
    """The card's JSON text for each event and kind of audience; objects are loaded once per type and exercise."""
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in events:
        wanted[event.object_type, event.exercise].add(event.object_id)
    load, card = (_load_guarded, _guarded) if careful else (_load, _card)
    try:
        return _texts(events, {key: load(key[0], sorted(ids), key[1]) for key, ids in wanted.items()}, card)
    except Exception as error:
        raise CardRaised from error


def _texts(events: list[Event], loaded: dict[tuple[str, str], Loaded], card: CardText) -> dict[tuple[int, str], str]:
    made: dict[tuple[int, str], str] = {}
    once: dict[tuple[str, str, str, str], str] = {}
    for event in events:
        for base in {base_of(audience) for audience in event.audiences}:
            key = (event.object_type, event.exercise, event.object_id, base)
            if key not in once:
                once[key] = card(event, base, loaded[event.object_type, event.exercise])
            made[event.pk, base] = once[key]
    return made


def _load(object_type: str, ids: list[str], exercise: str) -> Loaded:
    known = maker(object_type)
    return dict(known.load(ids, exercise)) if known else {}


def _load_guarded(object_type: str, ids: list[str], exercise: str) -> Loaded:
    """All together, and if that raises each alone: one that can't be loaded costs no other its card."""
    with suppress(Exception), transaction.atomic():
        return _load(object_type, ids, exercise)
    found: Loaded = {}
    for each in ids:
        try:
            with transaction.atomic():
                found |= _load(object_type, [each], exercise)
        except Exception as error:  # noqa: BLE001 (whatever a room raises, the log goes on)
            _failed(object_type, [each], error)
            found[each] = RAISED
    return found


def _card(event: Event, base: str, loaded: Loaded) -> str:
    known = maker(event.object_type)
    if known is None or event.object_id not in loaded:
        return "null"
    if loaded[event.object_id] is RAISED:
        return RELOAD
    card = known.make(loaded[event.object_id], base)
    return card.model_dump_json() if card is not None else "null"


def _guarded(event: Event, base: str, loaded: Loaded) -> str:
    try:
        with transaction.atomic():
            return _card(event, base, loaded)
    except Exception as error:  # noqa: BLE001 (whatever a card raises, the log goes on)
        _failed(event.object_type, [event.object_id], error)
        return RELOAD


def _failed(object_type: str, ids: list[str], error: Exception) -> None:
    """A card that raises never stops the log; it is counted, shown on /status, and logged as an alarm."""
    log.error("card of %s raised for %s", object_type, ids, exc_info=error)
    state = LogState.the()
    state.card_errors += 1
    state.save(update_fields=["card_errors"])
