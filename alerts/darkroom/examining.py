"""Examine what was received: its kind, copies made in the cell, and everything sealed."""

from pathlib import Path
from typing import Any

from alerts.darkroom import cell, film
from alerts.emergencies.models import Emergency
from alerts.media import sealing, sniffing, store
from alerts.media.actions import Examined
from alerts.media.models import PHOTOGRAPHS, Kind, MediaFile, Reason, Stage
from alerts.media.rules import MOST_ATTEMPTS
from missions.countries.borders import distance_km

# Files that the cell leaves, and the part each is.
MADE = {"copy.jpg": store.COPY, "thumb.jpg": store.THUMB, "preview.mp4": store.PREVIEW}


def examine(media: MediaFile) -> Examined:
    """Look at one file; whatever it is, the original is sealed and kept."""
    source = store.arriving(media.key)
    if not source.exists():
        return Examined(stage=Stage.REFUSED, reason=Reason.LOST)
    kind, bench = sniffing.sniff(source), store.workbench(media.key)
    told: dict[str, Any] = {"reason": media.reason} if media.reason else _developed(media, source, kind, bench)
    reason = Reason(told["reason"]) if told.get("reason") else None
    data_key = sealing.unwrap(media.wrapped_key, media.key)
    for name, part in MADE.items():
        if reason is None and (bench / name).exists():
            store.seal_part(media.key, part, bench / name, data_key)
    store.seal_part(media.key, store.ORIGINAL, source, data_key)
    return Examined(
        stage=_stage(reason),
        reason=reason,
        kind=kind,
        width=told.get("width"),
        height=told.get("height"),
        duration_s=told.get("duration_s"),
        distance_m=distance_m(media.emergency, told.get("place")),
    )


def distance_m(emergency: Emergency, place: list[float] | None) -> int | None:
    """How far the place a file states lies from the position of the emergency; None where one of them is not known."""
    lat, lon = emergency.latitude, emergency.longitude
    if not place or lat is None or lon is None:
        return None
    return round(distance_km(lat, lon, place[0], place[1]) * 1000)


def _developed(media: MediaFile, source: Path, kind: Kind | None, bench: Path) -> dict[str, Any]:
    if media.attempts > MOST_ATTEMPTS:
        return {"reason": Reason.UNTRIED}
    if kind is None:
        return {"reason": Reason.UNKNOWN_TYPE}
    if not sniffing.is_whole(source, kind):
        return {"reason": Reason.DAMAGED}
    if kind in PHOTOGRAPHS:
        return cell.picture(source, kind, bench)[1]
    return film.develop(source, kind, bench)[1]


def _stage(reason: Reason | None) -> Stage:
    if reason is None:
        return Stage.READY
    return Stage.SEALED if reason == Reason.NO_SANDBOX else Stage.REFUSED
