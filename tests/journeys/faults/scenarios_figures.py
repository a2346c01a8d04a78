"""Scenarios of the law of frames: official figures and verdicts on differences."""

import uuid
from collections.abc import Iterator
from typing import Any

from alerts.differences import actions as differences
from alerts.differences.queries import differences as differing
from alerts.ledger import actions as ledger
from alerts.sitreps import actions as sitreps
from commandcenter.access.models import Role
from tests.journeys.faults.scenarios import NEAR, Stage, chosen, scenario


@scenario(ledger.choose)
def choose(stage: Stage) -> Iterator[None]:
    report = stage.filed(stage.request())
    yield
    chosen(stage, report)


@scenario(ledger.choose_row)
def choose_row(stage: Stage) -> Iterator[None]:
    report = stage.filed(stage.request())
    yield
    given = {"crisis": report.crisis, "report": report, "keys": ["wni.dead", "wni.missing"], "reason": "Cocok"}
    ledger.choose_row(actor=stage.reader(Role.VERIFIER), at=stage.at, **given)


@scenario(ledger.withdraw)
def withdraw(stage: Stage) -> Iterator[None]:
    report = stage.filed(stage.request())
    chosen(stage, report)
    yield
    given = {"crisis": report.crisis, "key": "wni.dead", "reason": "Keliru"}
    ledger.withdraw(actor=stage.reader(Role.VERIFIER), at=stage.at, **given)


@scenario(differences.accept)
def accept(stage: Stage) -> Iterator[None]:
    given = _differing(stage)
    yield
    differences.accept(actor=stage.reader(Role.VERIFIER), at=stage.at, expected_version=0, **given)


@scenario(differences.reopen)
def reopen_difference(stage: Stage) -> Iterator[None]:
    given = _differing(stage)
    differences.accept(actor=stage.reader(Role.VERIFIER), at=stage.at, expected_version=0, **given)
    yield
    differences.reopen(actor=stage.reader(Role.VERIFIER), at=stage.at, expected_version=1, **given)


def _differing(stage: Stage) -> dict[str, Any]:
    """Two sources that differ."""
    report = stage.filed(stage.request())
    sitreps.file_report(
        actor=stage.reader(Role.MISSION_OFFICER, NEAR),
        at=stage.at,
        request=report.request,
        client_id=uuid.uuid4(),
        answer="figures",
        figures={"wni.dead": (77, None)},
        as_of=stage.moment,
        source="red_cross",
    )
    [item, *_] = [one for one in differing(report.crisis) if one.difference.kind == "sources"]
    return {"crisis": report.crisis, "about": item.difference.about, "reason": "Wajar"}
