"""The rows of a story: emergencies, notes, and the log with its chain, as plain text and numbers for both databases."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alerts.cells.morton import key_of
from alerts.emergencies.models import Channel, Outcome, State
from alerts.emergencies.rules import NEXT_CONTACT, priority_of
from alerts.load.history import KINDS, NATURES, NOTED, OPENED, RECEIVED, RESOLVED, TAKEN, Plan
from alerts.load.spots import SPREAD, Spot
from alerts.load.tables import Value
from commandcenter.live.tasks import KEEP
from commandcenter.relay.chain import seal

CHUNK = 100_000
PLACELESS = 0.04
ACCURACY_M = 20.0
OUTCOMES = tuple(Outcome.values)
PROMISE = int(NEXT_CONTACT.total_seconds())
Row = tuple[Value, ...]
Data = tuple[dict[str, Any], str]

EMERGENCY = (
    *("id", "client_id", "channel", "nature", "priority", "state", "version", "pressed_at", "received_at"),
    *("opened_at", "opened_by_id", "taken_at", "taken_by_id", "next_contact_at", "acted_at", "resolved_at", "outcome"),
    *("latitude", "longitude", "key", "accuracy_m", "fixed_at", "position_source", "country", "place", "mission_id"),
    *("mission_reason_id", "mission_reason_en", "name", "phone", "language", "message", "answer"),
)
NOTE = ("id", "emergency_id", "author_id", "text", "at")
EVENT = (
    *("id", "seq", "hash", "kind", "object_type", "object_id", "version", "topic", "at", "actor_id"),
    *("audiences", "withdrawn", "exercise", "data"),
)


def emergency_rows(story: Plan) -> Iterator[Row]:
    """Rows of EMERGENCY, by id."""
    random = np.random.default_rng(7)
    n = len(story.received)
    away = random.normal(0, SPREAD, (n, 2)).clip(-3 * SPREAD, 3 * SPREAD)
    nowhere = random.random(n) < PLACELESS
    for start in range(0, n, CHUNK):
        part = slice(start, start + CHUNK)
        base = int(story.first[start])
        stamps = _stamps(story.at[base : base + int(story.count[part].sum())])
        pressed, fixes = _stamps(story.received[part] - 4), _stamps(story.received[part] - 9)
        columns = (story.spot, story.state, story.nature, story.desk, story.count, story.first, nowhere, away)
        chunk = zip(pressed, fixes, *(column[part].tolist() for column in columns), strict=True)
        for key, row in enumerate(chunk, start + 1):
            press, fix, spot, state, nature, desk, count, first, placeless, (north, east) = row
            times = stamps[first - base : first - base + count]
            place = story.spots[spot]
            where: Row = (None, None, None, None, None, "")
            if not placeless:
                lat, lon = round(place.lat + north, 5), round(place.lon + east, 5)
                where = (lat, lon, key_of(lat, lon), ACCURACY_M, fix, "gps")
            kind = NATURES[nature]
            yield (
                *(key, _client_id(key), Channel.PANIC_BUTTON.value, kind, priority_of(kind), state, count),
                *(press, times[0]),
                *_worked(key, state, times, story.desks[desk], int(story.at[first + TAKEN]) if count > TAKEN else 0),
                *(*where, place.country, place.city, place.mission or None, place.reason_id, place.reason_en),
                *(f"Warga {key}", f"+62800{key:08d}", "id", "Tolong", _answer(place)),
            )


def _worked(key: int, state: str, times: list[str], desk: int, taken: int) -> Row:
    """opened_at to outcome."""
    if state == State.NEW:
        return (None, None, None, None, None, None, None, "")
    done = state == State.RESOLVED
    acted = times[NOTED] if len(times) > NOTED + done else None
    ended = (times[-1], OUTCOMES[key % len(OUTCOMES)]) if done else (None, "")
    return (times[OPENED], desk, times[TAKEN], desk, _stamp(taken + PROMISE), acted, *ended)


def _client_id(key: int) -> str:
    """32 hexadecimal digits in no order, as telephones make them."""
    return hashlib.blake2b(key.to_bytes(8, "big"), digest_size=16).hexdigest()


def _answer(spot: Spot) -> str:
    """What intake keeps for repeats."""
    return f'{{"country": "{spot.country}", "mission": {spot.mission_json}}}'


def note_rows(story: Plan) -> Iterator[Row]:
    """Rows of NOTE: one for each noted event, in the log's order."""
    key = 0
    for whose, step, stamp, _at, _spot, desk, _version, _year in _in_order(story):
        if step == NOTED:
            key += 1
            yield key, whose, desk, "Keluarga dan otoritas setempat dihubungi.", stamp


@dataclass(slots=True)
class Log:
    """How far the chain has come; `heads` are the newest seq of each audience."""

    seq: int
    hash: str
    heads: dict[str, int]


def event_rows(story: Plan, log: Log) -> Iterator[Row]:
    """Rows of EVENT in the log's order; moves `log` along. Those in the window of frames are left to the relay."""
    window = story.present - int(KEEP.total_seconds())
    heard = [spot.audiences for spot in story.spots]
    heard_text = [json.dumps(audiences) for audiences in heard]
    kinds = [f"emergency.{name}" for name in KINDS]
    (received, outcomes), nothing = _words(story), _data()
    for key, (whose, step, stamp, at, spot, desk, version, year) in enumerate(_in_order(story), 1):
        kind, number, actor = kinds[step], f"E-{year}-{whose:05d}", desk if step else None
        data, text = nothing
        if step == RECEIVED:
            data, text = received[spot]
        elif step == TAKEN:
            data, text = _data(by=desk, next_contact_at=f"{_stamp(at + PROMISE).replace(' ', 'T')}Z")
        elif step == RESOLVED:
            data, text = outcomes[whose % len(OUTCOMES)]
        seq, link = None, None
        if at < window:
            log.seq = seq = log.seq + 1
            moment = f"{stamp[:10]}T{stamp[11:]}.000000+00:00"
            body: tuple[object, ...] = (
                kind,
                "emergency",
                number,
                version,
                "queue",
                moment,
                actor,
                heard[spot],
                [],
                "",
                data,
            )
            log.hash = link = seal(log.hash, (seq, key, *body))
            for audience in heard[spot]:
                log.heads[audience] = seq
        yield (
            *(key, seq, link, kind, "emergency", number, version, "queue", stamp, actor),
            *(heard_text[spot], "[]", "", text),
        )


def _words(story: Plan) -> tuple[list[Data], dict[int, Data]]:
    """What the schemas of commandcenter/kinds write, by spot for a receipt and by outcome for an end."""
    channel = Channel.PANIC_BUTTON.value
    received = [_data(channel=channel, mission=spot.mission, rule=spot.rule) for spot in story.spots]
    return received, {index: _data(outcome=outcome) for index, outcome in enumerate(OUTCOMES)}


def _data(**said: Any) -> Data:
    return said, json.dumps(said)


def _in_order(story: Plan) -> Iterator[tuple[int, int, str, int, int, int, int, int]]:
    """Every event: emergency id, step, stamp, seconds, spot, desk, version, year of the number."""
    owner = np.repeat(np.arange(len(story.count)), story.count)
    years = story.received.astype("datetime64[s]").astype("datetime64[Y]").astype(int) + 1970
    desks = np.array(story.desks)
    for start in range(0, len(story.order), CHUNK):
        part = story.order[start : start + CHUNK]
        whose = owner[part]
        columns = (
            *(whose + 1, story.step[part], story.at[part], story.spot[whose], desks[story.desk[whose]]),
            *(part - story.first[whose] + 1, years[whose]),
        )
        keys, steps, times, *rest = (column.tolist() for column in columns)
        yield from zip(keys, steps, _stamps(story.at[part]), times, *rest, strict=True)


def _stamps(seconds: NDArray[Any]) -> list[str]:
    """As both databases read them: 2026-05-12 20:05:00, in UTC."""
    return [text.replace("T", " ") for text in np.datetime_as_string(seconds.astype("datetime64[s]")).tolist()]


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
