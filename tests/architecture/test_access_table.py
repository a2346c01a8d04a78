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
CASE = "cases/<str:number>/"

TABLE: dict[str, frozenset[Role]] = {
    "": WORK,
    "picture/ribbon/": WORK,
    "summary/": frozenset({Role.MINISTER, Role.SUPERVISOR}),
    "summary/panel/": frozenset({Role.MINISTER, Role.SUPERVISOR}),
    "summary/seen/": frozenset({Role.MINISTER, Role.SUPERVISOR}),
    "summary/<slug:slug>/brief.pdf": DCC | {Role.MINISTER},
    "home/": EVERYBODY,
    **{
        f"sos/{page}": PUBLIC
        for page in ("", "<slug:language>/", "<slug:language>.webmanifest", "worker.js", "numbers.json")
    },
    EMERGENCY: WORK,
    f"{EMERGENCY}panels/<slug:name>/": WORK,
    f"{EMERGENCY}compare/<str:other>/": WORK,
    **{f"{EMERGENCY}{verb}/": DESKS | MISSION for verb in ("opened", "take", "release", "note", "message")},
    **{f"{EMERGENCY}{verb}/": DESKS | MISSION for verb in ("read", "silence")},
    **{f"{EMERGENCY}{verb}/": DESKS | MISSION for verb in ("resolve", "reopen", "shelve", "unshelve")},
    **{
        f"{EMERGENCY}{verb}/": DESKS | MISSION
        for verb in ("lease", "lease-end", "lease-break", "wait", "go-on", "close")
    },
    **{
        f"{EMERGENCY}{verb}/": DESKS | MISSION
        for verb in ("task", "task-undo", "merge", "part", "tell-taken", "tell-apart")
    },
    **{
        f"{EMERGENCY}{verb}/": DESKS | MISSION
        for verb in ("override", "follow-rule", "offer", "accept", "decline", "withdraw")
    },
    "emergencies/shelved/": WORK,
    "cases/": WORK,
    "cases/new/": DESKS | MISSION,
    CASE: WORK,
    f"{CASE}panels/<slug:name>/": WORK,
    **{f"{CASE}{page}": DESKS | MISSION for page in ("persons/", "persons/<int:citizen>/")},
    **{f"{CASE}{verb}/": DESKS | MISSION for verb in ("opened", "take", "assign", "reply", "note", "close", "reopen")},
    **{f"{CASE}{verb}/": DESKS | MISSION for verb in ("move", "link", "unlink", "convert")},
    **{f"public/case/{page}": PUBLIC for page in ("", "received/<str:token>/", "status/", "status/<str:token>/")},
    f"{EMERGENCY}media/": WORK,
    f"{EMERGENCY}media/<uuid:key>/": WORK,
    f"{EMERGENCY}media/<uuid:key>/original/": frozenset({Role.SUPERVISOR}),
    "media/<str:token>": WORK,
    **{f"api/v1/{EMERGENCY}{what}": PUBLIC for what in ("media", "media/<uuid:key>")},
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
    f"{CRISIS}reports/<int:number>/seen/": DCC,
    f"{CRISIS}reports/<int:number>/versions/": WORK,
    f"{CRISIS}reports/<int:first>/<int:second>/": WORK,
    f"{CRISIS}differences/": DCC,
    f"{CRISIS}differences/accept/": frozenset({Role.VERIFIER}),
    f"{CRISIS}differences/reopen/": frozenset({Role.VERIFIER}),
    f"{CRISIS}situation/": DCC,
    f"{CRISIS}choose/<int:figure>/": frozenset({Role.VERIFIER}),
    f"{CRISIS}choose/report/<int:number>/": frozenset({Role.VERIFIER}),
    f"{CRISIS}official/<str:key>/": WORK,
    f"{CRISIS}official/<str:key>/withdraw/": frozenset({Role.VERIFIER}),
    f"{CRISIS}team/": WORK,
    f"{CRISIS}team/panel/": WORK,
    **{f"{CRISIS}team/{verb}/": DESKS for verb in ("call", "dismiss/<int:member>", "decide", "tasks/add")},
    f"{CRISIS}team/tasks/<int:task>/assign/": DESKS,
    **{f"{CRISIS}team/tasks/<int:task>/{verb}/": WORK for verb in ("finish", "drop", "resume")},
    f"{CRISIS}team/procedures/<slug:name>/start/": DESKS,
    f"{CRISIS}team/meeting/": WORK,
    **dict.fromkeys(("hotline/", "hotline/panels/<slug:name>/", "hotline/calls/"), DESKS | MISSION),
    "hotline/ribbon/": DCC,
    "hotline/back/<int:pk>/<slug:verb>/": DESKS | MISSION,
    "hotline/tries/<int:pk>/undo/": DESKS | MISSION,
    "hotline/calls/<uuid:client_id>/": DESKS | MISSION,
    **{
        f"hotline/calls/<uuid:client_id>/{verb}/": DESKS | MISSION
        for verb in ("draft", "save", "answer", "reopen", "persons/<int:citizen>")
    },
    "alarms/": DCC,
    "alarms/ribbon/": DCC,
    "alarms/<int:pk>/take/": DCC,
    "alarms/clocks/<int:pk>/": frozenset({Role.SUPERVISOR}),
    **{f"{CRISIS}ledger/{page}": WORK for page in ("", "strip/", "persons/<int:pk>/")},
    **{f"{CRISIS}ledger/{act}/": DESKS | MISSION for act in ("enter", "set", "double", "undo/<int:number>", "list")},
    f"{CRISIS}ledger/list/<uuid:key>/": DESKS | MISSION,
    f"{CRISIS}ledger/persons/<int:pk>/set/": DESKS | MISSION,
    **{f"kpi/{page}": WORK | {Role.AUDITOR} for page in ("", "clocks.csv", "<slug:code>/", "<slug:code>/rows.csv")},
    **{f"wall/{page}": PUBLIC for page in ("", "pair/", "panels/<slug:name>/", "since")},
    **{f"wall/devices/{page}": frozenset({Role.SUPERVISOR}) for page in ("", "<int:screen>/revoke/")},
    "reports/": MISSION,
    "report/<str:token>/": PUBLIC,
    "report/<str:token>/opened/": PUBLIC,
    "report/<str:token>/sent/<int:number>/": PUBLIC,
    "report/<str:token>/undo/<int:number>/": PUBLIC,
    "report/<str:token>/filling/": PUBLIC,
    "report/<str:token>/receipt/<int:number>/": PUBLIC,
    "report/worker.js": PUBLIC,
    "exercises/": DCC,
    "exercises/start/": DESKS,
    "exercises/end/": DESKS,
    "missions/<slug:code>/": EVERYBODY,
    "countries/<str:iso>/headcount/": WORK,
    "roster/": WORK,
    "roster/now/": WORK,
    "roster/places/<slug:place>/": WORK,
    **{f"roster/places/<slug:place>/{verb}/": DESKS | MISSION for verb in ("plan", "copy")},
    "roster/shifts/<int:pk>/": WORK,
    "roster/shifts/<int:pk>/cancel/": DESKS | MISSION,
    "roster/shifts/<int:pk>/swap/": WORK,
    "roster/swaps/<int:pk>/<slug:verb>/": WORK,
    "roster/tested/": DESKS | MISSION,
    "roster/calendars/": WORK,
    "roster/calendars/<int:pk>/revoke/": WORK,
    "roster/calendar/<str:token>.ics": PUBLIC,
    "handover/": WORK,
    "handover/<int:pk>/": WORK,
    **{f"handover/<int:pk>/{verb}/": DESKS | MISSION for verb in ("note", "offer", "take-back", "tick", "sign")},
    "handover/begin/": DESKS | MISSION,
    "logout/": PUBLIC,
    **dict.fromkeys(("calls/", "calls/<int:number>/", "outbox/", "outbox/<int:number>/"), DCC),
    **dict.fromkeys(("sms/", "sms/<int:number>/", "sms/<int:number>/done/"), DCC),
    **{f"notifications/{what}": WORK for what in ("", "devices/", "devices/<int:number>/", "test/")},
    "notifications/shown/": PUBLIC,
    "push-worker.js": PUBLIC,
    "live/since": EVERYBODY,
    "live/snapshot": EVERYBODY,
    "theme/": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "status": EVERYBODY,
    "csp/": PUBLIC,
}
SAMPLES = {"number": "E-2026-00001", "other": "E-2026-00002", "iso": "HK", "code": "kjri-hongkong", "key": "wni.dead"}
TYPED = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}


def _address(pattern: str) -> str:
    """The pattern with something in each place."""
    return "/" + re.sub(
        r"<(\w+):(\w+)>", lambda found: TYPED.get(found[1]) or SAMPLES.get(found[2], "nothing"), pattern
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
