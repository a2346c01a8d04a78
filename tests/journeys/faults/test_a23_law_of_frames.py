"""A23: after any action, old snapshot + frames = fresh snapshot, for every audience; no action may be left out."""

from datetime import UTC, datetime

import pytest

from alerts.assigning import actions as assigning
from commandcenter.access.models import Role
from commandcenter.access.reader import audience_name
from commandcenter.events import audiences
from commandcenter.events.models import Event
from commandcenter.relay.numbering import Relay, Step
from tests.conftest import People
from tests.journeys.faults import (  # noqa: F401 - they register themselves
    scenarios_alarms,
    scenarios_cases,
    scenarios_dialogue,
    scenarios_duty,
    scenarios_figures,
    scenarios_hotline,
    scenarios_ledger,
    scenarios_media,
    scenarios_messages,
    scenarios_queuework,
    scenarios_team,
)
from tests.journeys.faults.checker import Verdict
from tests.journeys.faults.conftest import Fault
from tests.journeys.faults.law import Window, recording_actions
from tests.journeys.faults.scenarios import FAR, NEAR, SCENARIOS, Scenario, Stage, an_exercise

# In process, over the pages' own doors and a real database: which frames are made is what is tried here.
pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.usefixtures("reference")]
WATCHED = (
    ("dcc", Role.OPERATOR, ""),
    ("summary", Role.MINISTER, ""),
    (f"mission:{NEAR}", Role.MISSION_OFFICER, NEAR),
    (f"mission:{FAR}", Role.MISSION_OFFICER, FAR),
)


def windows(people: People, exercise: str) -> list[Window]:
    """A page of each audience, opened now."""
    return [Window(people.client(role, mission), audience_name(base, exercise)) for base, role, mission in WATCHED]


def relayed(relay: Relay) -> None:
    """Everything is numbered and framed."""
    while relay.step(datetime.now(UTC)) is Step.MOVED:
        pass


def differences(scenario: Scenario, stage: Stage, relay: Relay, pages: list[Window]) -> list[str]:
    """What these pages, open since before the act, show otherwise than one that opens after it.

    They stay open for the next act: opening anew for each would take twice as long and try nothing more.
    """
    act = scenario(stage)
    next(act)
    assert next(act, None) is None
    relayed(relay)
    return [line for page in pages for line in page.differences()]


def test_a23_old_snapshot_and_frames_are_the_fresh_snapshot(
    people: People, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay, at = Relay(), datetime.now(UTC)
    live = Stage(people, at, "")
    drill = Stage(people, at, an_exercise(live).slug)
    whole = windows(people, "") + windows(people, drill.exercise)
    order = sorted(SCENARIOS)
    fault.chance.shuffle(order)
    found = {}
    for stage in (live, drill):
        relayed(relay)
        pages = windows(people, stage.exercise)
        found.update({f"{name} {stage.exercise}": differences(SCENARIOS[name], stage, relay, pages) for name in order})
    # The same over the whole night in one go: a page that slept through all of it.
    found["all of it"] = [line for page in whole for line in page.differences()]

    missing = recording_actions() ^ set(SCENARIOS)
    seqs = list(Event.objects.filter(seq__isnull=False).values_list("seq", flat=True))
    broken = [f"{name}: {line}" for name, lines in found.items() for line in lines]
    broken += [f"{name} records an event and has no scenario (or the other way round)" for name in sorted(missing)]
    verdict = Verdict(
        tried=len(recording_actions()),
        acknowledged=len(SCENARIOS),
        stored=len(seqs),
        doubles=len(seqs) - len(set(seqs)),
        holes=sum(map(len, found.values())),
        broken=broken,
    )
    killed = _mutants(live, relay, monkeypatch)
    fault.found(verdict, f"{len(WATCHED)} audiences, live and in an exercise; mutants killed: {', '.join(killed)}")


def _mutants(stage: Stage, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The law must notice an audience that was left out, of an emergency and of a crisis."""

    def noticed(action: str) -> bool:
        relayed(relay)
        return bool(differences(SCENARIOS[action], stage, relay, windows(stage.people, stage.exercise)))

    with monkeypatch.context() as patch:
        patch.setattr(audiences, "mission", lambda code, exercise="": audiences.dcc(exercise))
        assert noticed("alerts.emergencies.actions.take"), "an unheard mission passed"
    with monkeypatch.context() as patch:
        patch.setattr("alerts.crises.queries.hearing", lambda crisis: [audiences.dcc(crisis.exercise)])
        assert noticed("alerts.crises.actions.declare"), "an unheard summary passed"
    with monkeypatch.context() as patch:
        whole = assigning.change
        patch.setattr(assigning, "change", lambda **given: whole(**{**given, "withdrawn": ()}))
        assert noticed("alerts.assigning.actions.override"), "a mission kept what it lost"
    return ["unheard mission", "unheard summary", "a mission that keeps what it lost"]
