"""A14: post, positions and cancel, each repeated and shuffled: one emergency, and its state is the fold of its log."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis
import pytest
from django.test import Client
from hypothesis import strategies as st

from alerts.emergencies.models import Emergency
from alerts.intake.models import EmergencyPosition
from commandcenter.events.models import Event
from commandcenter.live.models import Frame
from commandcenter.relay.numbering import Relay, Step
from tests.journeys.faults.checker import Verdict
from tests.journeys.faults.conftest import Fault, sized

# In process, through the public API and a real database: the order is what is tried here, not the network.
pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.usefixtures("reference")]
URL = "/api/v1/emergencies"
PRESSED = datetime(2026, 5, 12, 20, 4, 50, tzinfo=UTC)


@dataclass(slots=True)
class Case:
    """One sequence and what became of it: `acts` are "post", "cancel", or minutes of a position."""

    acts: list[str | int]
    located: bool
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    bodies: set[bytes] = field(default_factory=set)
    sent: set[int] = field(default_factory=set)
    cancelled: bool = False


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A post, up to two positions and perhaps a cancel, each once to five times, in any order after the first post."""
    which: list[str | int] = ["post", *draw(st.lists(st.integers(1, 60), max_size=2, unique=True))]
    which += ["cancel"] * draw(st.integers(0, 1))
    repeated = [act for act in which for _ in range(draw(st.integers(1, 5)))]
    # Without the token of a first answer a phone can send nothing else.
    repeated.remove("post")
    return Case(["post", *draw(st.permutations(repeated))], draw(st.booleans()))


def location(minutes: int) -> dict[str, Any]:
    """A fix so many minutes after the press; the minutes are in the position."""
    fixed_at = PRESSED + timedelta(minutes=minutes)
    return {"lat": 22.45 + minutes / 1000, "lon": 114.17, "fixed_at": fixed_at.isoformat(), "source": "gps"}


def play(case: Case) -> None:
    """Send the sequence; every answer is 2xx, and a repeated post is answered word for word."""
    client = Client()

    def send(path: str, body: dict[str, Any] | None, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return client.post(path, json.dumps(body or {}), content_type="application/json", headers=headers)

    first: dict[str, Any] = {"client_id": case.client_id, "pressed_at": PRESSED.isoformat(), "kind": "panic"}
    first |= {"location": location(0)} if case.located else {"country": "HK"}
    own: dict[str, Any] = {}
    for act in case.acts:
        if act == "post":
            answer = send(URL, first)
            own = answer.json()
            case.bodies.add(answer.content)
        elif act == "cancel":
            answer = send(f"{URL}/{own['number']}/cancel", None, own["token"])
            case.cancelled = True
        else:
            answer = send(f"{URL}/{own['number']}/positions", location(int(act)), own["token"])
            case.sent.add(int(act))
        assert answer.status_code in {200, 201}, (act, answer.content)


def test_a14_repeats_in_any_order_are_one_emergency(fault: Fault) -> None:
    # 1,000 in CI: bin/test runs on two databases.
    played: list[Case] = []

    @hypothesis.settings(
        max_examples=sized(500, 5000), deadline=None, database=None, phases=[hypothesis.Phase.generate]
    )
    @hypothesis.given(cases())
    def run(case: Case) -> None:
        play(case)
        played.append(case)

    hypothesis.seed(fault.seed)(run)()
    relay, at = Relay(), datetime.now(UTC)
    while relay.step(at) is Step.MOVED:
        pass
    cards = folded()
    broken = [f"{words}: {case.acts}" for case in played for words in wrong(case, cards)]
    acted = sum(len(case.acts) for case in played)
    ids = [str(client_id) for client_id in Emergency.objects.values_list("client_id", flat=True)]
    told = set(Event.objects.values_list("seq", flat=True))
    verdict = Verdict(
        tried=len(played),
        acknowledged=sum(len(case.bodies) == 1 for case in played),
        stored=len(ids),
        doubles=len(ids) - len({case.client_id for case in played}),
        holes=len(set(range(1, len(told) + 1)) - told),
        broken=broken[:5],
    )
    fault.found(verdict, f"{acted} requests")
    assert verdict.doubles == verdict.holes == 0


def folded() -> dict[str, dict[str, Any]]:
    """What a screen shows at the end, by emergency: the card of the frame with the highest version."""
    shown: dict[str, dict[str, Any]] = {}
    for body in Frame.objects.filter(audience="dcc").values_list("body", flat=True):
        frame = json.loads(body)
        if frame["version"] > shown.get(frame["id"], frame | {"version": 0})["version"]:
            shown[frame["id"]] = frame
    return {number: frame["card"] for number, frame in shown.items()}


def wrong(case: Case, cards: dict[str, dict[str, Any]]) -> Iterator[str]:
    """What is not as it must be, whatever the order was."""
    found = list(Emergency.objects.filter(client_id=case.client_id))
    if len(found) != 1 or len(case.bodies) != 1:
        yield f"{len(found)} emergencies, {len(case.bodies)} different answers"
        return
    emergency = found[0]
    at = max([0] * case.located + sorted(case.sent), default=None)
    expected = None if at is None else PRESSED + timedelta(minutes=at)
    if emergency.fixed_at != expected or (emergency.cancelled_at is not None) != case.cancelled:
        yield f"at {emergency.fixed_at}, cancelled {emergency.cancelled_at}"
    # Beside the later ones also the first, which the request itself brought.
    whole = case.sent | {0} if case.located and case.sent else case.sent
    if EmergencyPosition.objects.filter(emergency=emergency).count() != len(whole):
        yield "another number of positions than were sent"
    events = Event.objects.filter(object_id=emergency.number).order_by("version")
    versions = [event.version for event in events]
    if versions != list(range(1, emergency.version + 1)):
        yield f"versions {versions} of {emergency.version}"
    card = cards.get(emergency.number, {})
    if (card.get("lat"), card.get("cancelled")) != (emergency.latitude, case.cancelled):
        yield f"the fold of its frames is {card}"
