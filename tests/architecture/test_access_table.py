"""Who may open what: the table is the specification, an address without an entry fails (reliability.md C1)."""

import re

import pytest
from django.test import Client

from commandcenter.access.checks import views
from commandcenter.access.models import DCC, MISSION, Role
from tests.conftest import People

EVERYBODY = frozenset(Role)
DESKS = frozenset({Role.OPERATOR, Role.SUPERVISOR})
PUBLIC: frozenset[Role] = frozenset()
WORK = DCC | MISSION
CRISIS = "crises/<slug:slug>/"
EMERGENCY = "emergencies/<str:number>/"

TABLE: dict[str, frozenset[Role]] = {
    "": WORK,
    "picture/ribbon/": WORK,
    "summary/": frozenset({Role.MINISTER, Role.SUPERVISOR}),
    "summary/panel/": frozenset({Role.MINISTER, Role.SUPERVISOR}),
    "home/": EVERYBODY,
    "sos/": PUBLIC,
    EMERGENCY: WORK,
    f"{EMERGENCY}panels/<slug:name>/": WORK,
    **{f"{EMERGENCY}{verb}/": DESKS | MISSION for verb in ("opened", "take", "release", "note", "message")},
    **{f"{EMERGENCY}{verb}/": DESKS | MISSION for verb in ("resolve", "reopen")},
    "crises/": WORK | {Role.SPOKESPERSON},
    "crises/declare/": DESKS,
    "crises/ribbon/": WORK,
    CRISIS: WORK,
    **{f"{CRISIS}{panel}/": WORK for panel in ("head", "emergencies", "missions", "board", "matrix", "log")},
    f"{CRISIS}level/": frozenset({Role.SUPERVISOR}),
    f"{CRISIS}stand-down/": frozenset({Role.SUPERVISOR}),
    f"{CRISIS}missions/add/": DESKS,
    f"{CRISIS}request/": DESKS,
    f"{CRISIS}reports/<int:number>/": WORK,
    f"{CRISIS}reports/<int:first>/<int:second>/": WORK,
    f"{CRISIS}choose/<int:figure>/": frozenset({Role.VERIFIER}),
    f"{CRISIS}choose/report/<int:number>/": frozenset({Role.VERIFIER}),
    f"{CRISIS}official/<str:key>/": WORK,
    f"{CRISIS}official/<str:key>/withdraw/": frozenset({Role.VERIFIER}),
    "reports/": MISSION,
    "report/<str:token>/": PUBLIC,
    "report/<str:token>/opened/": PUBLIC,
    "report/<str:token>/sent/<int:number>/": PUBLIC,
    "report/<str:token>/undo/<int:number>/": PUBLIC,
    "exercises/": DCC,
    "exercises/start/": DESKS,
    "exercises/end/": DESKS,
    "missions/<slug:code>/": EVERYBODY,
    "countries/<str:iso>/headcount/": WORK,
    "live/since": EVERYBODY,
    "live/snapshot": EVERYBODY,
    "theme/": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "status": EVERYBODY,
    "csp/": PUBLIC,
}
SAMPLES = {"number": "E-2026-00001", "iso": "HK", "code": "kjri-hongkong", "key": "wni.dead"}


def _address(pattern: str) -> str:
    """The pattern with something in each place."""
    return "/" + re.sub(
        r"<(\w+):(\w+)>", lambda found: "1" if found[1] == "int" else SAMPLES.get(found[2], "nothing"), pattern
    )


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    gates = {where: view.gate for where, view in views() if hasattr(view, "gate")}
    assert gates == TABLE


def _answers(client: Client, address: str) -> set[int]:
    """What both methods answer; 405 is a method the address does not have."""
    return {client.get(address).status_code, client.post(address).status_code} - {405}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_other_roles_are_refused_whatever_they_ask_for(people: People, role: Role) -> None:
    client = people.client(role, "kjri-hongkong" if role in MISSION else "")
    refused = [_address(pattern) for pattern, allowed in TABLE.items() if allowed and role not in allowed]
    assert {address: _answers(client, address) for address in refused} == {address: {403} for address in refused}


@pytest.mark.django_db
def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    closed = [_address(pattern) for pattern, allowed in TABLE.items() if allowed]
    assert {address: _answers(client, address) for address in closed} == {address: {302} for address in closed}
