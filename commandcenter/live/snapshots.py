"""Snapshots: everything current that an audience may see, as bytes, made once for each head and process."""

import json
import logging
import threading
import time
from collections import defaultdict
from dataclasses import dataclass

from commandcenter.events.audiences import Audience, parts_of
from commandcenter.live import frames
from commandcenter.live.cards import Maker, makers

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """{"epoch", "head", "cards": [[type, id, version, card], ...]}; frames after `head` complete it."""

    epoch: str
    head: int
    body: bytes
    begun: float

    @property
    def etag(self) -> str:
        """Changes with every frame and every restore."""
        return f'"{self.epoch}-{self.head}"'


class Shelf:
    """The newest snapshot of each audience. Who asks while one is being made waits for that one (single flight)."""

    def __init__(self) -> None:
        self.kept: dict[str, Snapshot] = {}
        self.locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def get(self, audience: str, asked: float | None = None) -> Snapshot:
        """One begun since `asked` (time.monotonic(), else now), or the kept one while the audience's head stands."""
        if asked is None:
            asked = time.monotonic()
        with self.locks[audience]:
            kept = self.kept.get(audience)
            if kept is None or kept.begun < asked:
                # The head is read before the cards, so that no frame falls between the two.
                begun, (epoch, head) = time.monotonic(), frames.place(audience)
                if kept is None or (kept.epoch, kept.head) != (epoch, head):
                    kept = self.kept[audience] = Snapshot(epoch, head, _body(audience, epoch, head), begun)
            return kept


def _body(audience: str, epoch: str, head: int) -> bytes:
    parts = parts_of(audience)
    cards = [row for name, known in makers().items() for row in _rows(name, known, parts)]
    return f'{{"epoch":"{epoch}","head":{head},"cards":[{",".join(cards)}]}}'.encode()


def _rows(object_type: str, known: Maker, audience: Audience) -> list[str]:
    rows = []
    for key, thing in known.current(audience).items():
        try:
            card = known.make(thing, audience.base)
        except Exception:
            # As in a frame: one object that can't be shown hides no other.
            log.exception("card of %s raised for %s", object_type, key)
            continue
        if card is not None:
            rows.append(f"[{json.dumps(object_type)},{json.dumps(key)},{thing.version},{card.model_dump_json()}]")
    return rows


shelf = Shelf()
