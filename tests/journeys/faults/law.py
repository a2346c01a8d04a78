"""The law of frames: old snapshot + frames = fresh snapshot, for every audience, over /live/snapshot and /live/since.

Also finds every public action that records an event, so that none can be left out.
"""

import ast
import inspect
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from django.test import Client

from commandcenter.kinds.catalogue import KINDS
from commandcenter.live.snapshots import shelf
from tests.architecture.tree import calls, functions, last_name
from tests.journeys.running import ROOT

# (object type, id) -> (version, card)
Cards = dict[tuple[str, str], tuple[int, Any]]


def recording_actions() -> set[str]:
    """`room.actions.verb` of every public function that leads to events.record, itself or through others."""
    modules = {path: ast.parse(path.read_text()) for path in _action_files()}
    bodies = {
        (path, function.name): {last_name(call) for call in calls(function)}
        for path, module in modules.items()
        for function in functions(module)
    }
    recording: set[tuple[Path, str]] = set()

    def leads(path: Path, name: str) -> bool:
        """A name is the module's own function if it has one, else any public one of another room."""
        if (path, name) in bodies:
            return (path, name) in recording
        return name in {"record", "record_many"} or name in {other for _, other in recording if other[0] != "_"}

    while more := {key for key, called in bodies.items() if any(leads(key[0], name) for name in called)} - recording:
        recording |= more
    return {
        f"{_module(path)}.{function.name}"
        for path, module in modules.items()
        for function in module.body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and (path, function.name) in recording
    }


def _action_files() -> list[Path]:
    return [path for app in ("commandcenter", "missions", "alerts") for path in (ROOT / app).rglob("actions.py")]


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def name_of(action: Callable[..., Any]) -> str:
    """`room.actions.verb`."""
    plain = inspect.unwrap(action)
    assert hasattr(import_module(plain.__module__), plain.__name__)
    return f"{plain.__module__}.{plain.__name__}"


class Window:
    """One audience as a page knows it: the snapshot it loaded, or the last one it was compared with."""

    def __init__(self, client: Client, audience: str) -> None:
        self.client, self.audience = client, audience
        exercise = audience.split(":")[1] if audience.startswith("exercise:") else ""
        self.base = f"/exercises/{exercise}/live" if exercise else "/live"
        self.cards, self.head = self.snapshot()

    def snapshot(self) -> tuple[Cards, int]:
        """What a page that opens now is given, and the head it stands at."""
        found = self._get("snapshot")
        return {(kind, key): (version, card) for kind, key, version, card in found["cards"]}, int(found["head"])

    def frames(self) -> list[dict[str, Any]]:
        """What the socket brought since the snapshot."""
        found, after, more = [], self.head, True
        while more:
            page = self._get("since", after=str(after))
            found += page["frames"]
            after, more = found[-1]["seq"] if found else after, page["more"]
        return found

    def _get(self, door: str, **query: str) -> dict[str, Any]:
        answer = self.client.get(f"{self.base}/{door}", {"audience": self.audience, **query})
        assert answer.status_code == 200, (self.audience, door, answer.content)
        found: dict[str, Any] = json.loads(answer.content)
        return found

    def differences(self) -> list[str]:
        """Where old snapshot + frames is not the fresh snapshot, from which the page then goes on."""
        frames = self.frames()
        folded = fold(self.cards, frames)
        # As from a process that just started: a kept snapshot stands still with the head, and hides a missing frame.
        shelf.kept.clear()
        fresh, head = self.snapshot()
        wrong = [
            f"{self.audience}: {key} is {folded.get(key)} by frames, {fresh.get(key)} in the snapshot"
            for key in sorted({*folded, *fresh})
            if folded.get(key) != fresh.get(key)
        ]
        last = frames[-1]["seq"] if frames else self.head
        self.cards, self.head = fresh, head
        return wrong + [f"{self.audience}: the head is {head}, the last frame {last}"] * (head != last)


def fold(cards: Cards, frames: list[dict[str, Any]]) -> Cards:
    """What a page shows: null removes, an older version is ignored, what is over goes, and all that names it."""
    shown = dict(cards)
    for frame in frames:
        key = (KINDS[frame["kind"]].about, frame["id"])
        if frame["card"] is None:
            shown.pop(key, None)
        elif frame["version"] >= shown.get(key, (0, None))[0]:
            shown[key] = (frame["version"], frame["card"])
    over = {key for key, (_version, card) in shown.items() if is_over(card)}
    there = {key: value for key, value in shown.items() if key not in over}
    return {
        key: (version, card)
        for key, (version, card) in there.items()
        if "crisis" not in card or ("crisis", card["crisis"]) in there
    }


def is_over(card: dict[str, Any]) -> bool:
    """A resolved emergency, a crisis that was stood down: no list and no map shows it any more."""
    return card.get("state") in {"resolved", "closed", "duplicate"} or card.get("open") is False
