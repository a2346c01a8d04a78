"""The pages whose queries are counted, how each is opened in a world, and the addresses that are no pages."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from alerts.casepublic import tickets
from alerts.handling.acts import ACTS
from commandcenter.access.models import Role

HONG_KONG = "kjri-hongkong"
CRISIS = "crises/<slug:slug>/"
EMERGENCY = "emergencies/<str:number>/"
CASE = "cases/<str:number>/"
# Addresses that only take a POST, and what counts nothing: they answer GET with 405 or do not ask about rows.
NOT_PAGES = {
    *(f"{EMERGENCY}{verb}/" for verb in ACTS),
    *(f"{CASE}{act}/" for act in ("opened", "take", "assign", "reply", "note", "close", "reopen", "move", "convert")),
    *(f"{CASE}{act}/" for act in ("link", "unlink")),
    *(f"{CRISIS}{act}/" for act in ("level", "stand-down", "missions/add", "official/<str:key>/withdraw")),
    *(f"{CRISIS}team/{act}/" for act in ("call", "dismiss/<int:member>", "decide", "tasks/add", "meeting")),
    *(f"{CRISIS}team/tasks/<int:task>/{act}/" for act in ("assign", "finish", "drop", "resume")),
    f"{CRISIS}team/procedures/<slug:name>/start/",
    *(f"{CRISIS}reports/<int:number>/seen/", "report/<str:token>/filling/", "report/worker.js"),
    *(f"{CRISIS}ledger/{act}/" for act in ("enter", "set", "double", "undo/<int:number>", "persons/<int:pk>/set")),
    *(f"{CRISIS}differences/{act}/" for act in ("accept", "reopen")),
    *("report/<str:token>/opened/", "report/<str:token>/undo/<int:number>/", "exercises/start/", "exercises/end/"),
    *(f"roster/places/<slug:place>/{verb}/" for verb in ("plan", "copy")),
    *(f"roster/shifts/<int:pk>/{verb}/" for verb in ("cancel", "swap")),
    *("roster/swaps/<int:pk>/<slug:verb>/", "roster/tested/", "roster/calendars/"),
    *("roster/calendars/<int:pk>/revoke/", "handover/begin/"),
    *(f"handover/<int:pk>/{verb}/" for verb in ("note", "offer", "take-back", "tick", "sign")),
    "alarms/<int:pk>/take/",
    *("hotline/back/<int:pk>/<slug:verb>/", "hotline/tries/<int:pk>/undo/"),
    *(
        f"hotline/calls/<uuid:client_id>/{verb}/"
        for verb in ("draft", "save", "answer", "reopen", "persons/<int:citizen>")
    ),
    *("theme/", "csp/", "healthz", "readyz", "push-worker.js"),
    *("calls/<int:number>/", "outbox/<int:number>/", "sms/<int:number>/done/"),
    *(f"notifications/{what}/" for what in ("devices", "devices/<int:number>", "test", "shown")),
    "summary/seen/",
    # One file each: tests/alerts/evidence and tests/alerts/uploads open them.
    *(f"{EMERGENCY}media/<uuid:key>/original/", "media/<str:token>"),
    *(f"api/v1/{EMERGENCY}{what}" for what in ("media", "media/<uuid:key>")),
    # Printed by a program apart; tests/commandcenter/brief counts its queries.
    "summary/<slug:slug>/brief.pdf",
    # A screen's own, behind its token: tests/commandcenter/wall/test_zones.py counts what its page asks.
    *("wall/pair/", "wall/panels/<slug:name>/", "wall/since", "wall/devices/<int:screen>/revoke/"),
}


@dataclass(frozen=True, slots=True)
class World:
    """What the addresses are filled with."""

    number: str
    other: str
    figure: int
    last: int
    token: str
    shift: int
    calendar: str
    handover: int
    clock: int
    sms: int
    person: int
    upload: uuid.UUID
    call: uuid.UUID
    case: str
    citizen: int
    media: uuid.UUID


PAGES: dict[str, tuple[Role | None, Callable[[World], str]]] = {
    "": (Role.OPERATOR, lambda w: "/"),
    "picture/ribbon/": (Role.OPERATOR, lambda w: "/picture/ribbon/"),
    "summary/": (Role.MINISTER, lambda w: "/summary/"),
    "summary/panel/": (Role.MINISTER, lambda w: "/summary/panel/"),
    "home/": (Role.AUDITOR, lambda w: "/home/"),
    "sos/": (None, lambda w: "/sos/"),
    "sos/<slug:language>/": (None, lambda w: "/sos/en/"),
    "sos/numbers.json": (None, lambda w: "/sos/numbers.json"),
    "sos/worker.js": (None, lambda w: "/sos/worker.js"),
    "sos/<slug:language>.webmanifest": (None, lambda w: "/sos/id.webmanifest"),
    EMERGENCY: (Role.OPERATOR, lambda w: f"/emergencies/{w.number}/"),
    f"{EMERGENCY}compare/<str:other>/": (Role.OPERATOR, lambda w: f"/emergencies/{w.number}/compare/{w.other}/"),
    "emergencies/shelved/": (Role.SUPERVISOR, lambda w: "/emergencies/shelved/"),
    f"{EMERGENCY}panels/<slug:name>/": (Role.OPERATOR, lambda w: f"/emergencies/{w.number}/panels/timeline/"),
    "cases/": (Role.OPERATOR, lambda w: "/cases/?state=all"),
    "cases/new/": (Role.OPERATOR, lambda w: "/cases/new/"),
    CASE: (Role.OPERATOR, lambda w: f"/cases/{w.case}/"),
    f"{CASE}panels/<slug:name>/": (Role.OPERATOR, lambda w: f"/cases/{w.case}/panels/timeline/"),
    f"{CASE}persons/": (Role.OPERATOR, lambda w: f"/cases/{w.case}/persons/"),
    f"{CASE}persons/<int:citizen>/": (Role.OPERATOR, lambda w: f"/cases/{w.case}/persons/{w.citizen}/"),
    "public/case/": (None, lambda w: "/public/case/"),
    "public/case/received/<str:token>/": (None, lambda w: f"/public/case/received/{tickets.receipt(w.case, '')}/"),
    "public/case/status/": (None, lambda w: "/public/case/status/"),
    "public/case/status/<str:token>/": (None, lambda w: f"/public/case/status/{tickets.ticket(w.case, '')}/"),
    f"{EMERGENCY}media/": (Role.OPERATOR, lambda w: f"/emergencies/{w.number}/media/"),
    f"{EMERGENCY}media/<uuid:key>/": (Role.OPERATOR, lambda w: f"/emergencies/{w.number}/media/{w.media}/"),
    "crises/": (Role.OPERATOR, lambda w: "/crises/"),
    "crises/declare/": (Role.OPERATOR, lambda w: "/crises/declare/"),
    "crises/ribbon/": (Role.OPERATOR, lambda w: "/crises/ribbon/"),
    CRISIS: (Role.SUPERVISOR, lambda w: "/crises/krisis-0/"),
    **{
        f"{CRISIS}{panel}/": (Role.VERIFIER, lambda w, panel=panel: f"/crises/krisis-0/{panel}/")
        for panel in ("head", "emergencies", "missions", "board", "matrix", "log")
    },
    f"{CRISIS}team/": (Role.SUPERVISOR, lambda w: "/crises/krisis-0/team/"),
    f"{CRISIS}team/panel/": (Role.OPERATOR, lambda w: "/crises/krisis-0/team/panel/"),
    f"{CRISIS}request/": (Role.OPERATOR, lambda w: "/crises/krisis-0/request/"),
    f"{CRISIS}reports/<int:number>/": (Role.VERIFIER, lambda w: "/crises/krisis-0/reports/1/"),
    f"{CRISIS}reports/<int:number>/versions/": (Role.VERIFIER, lambda w: "/crises/krisis-0/reports/1/versions/"),
    f"{CRISIS}reports/<int:first>/<int:second>/": (Role.VERIFIER, lambda w: f"/crises/krisis-0/reports/1/{w.last}/"),
    f"{CRISIS}differences/": (Role.VERIFIER, lambda w: "/crises/krisis-0/differences/"),
    f"{CRISIS}situation/": (Role.VERIFIER, lambda w: "/crises/krisis-0/situation/"),
    f"{CRISIS}choose/<int:figure>/": (Role.VERIFIER, lambda w: f"/crises/krisis-0/choose/{w.figure}/"),
    f"{CRISIS}choose/report/<int:number>/": (Role.VERIFIER, lambda w: "/crises/krisis-0/choose/report/1/"),
    f"{CRISIS}official/<str:key>/": (Role.VERIFIER, lambda w: "/crises/krisis-0/official/wni.dead/"),
    f"{CRISIS}ledger/": (Role.OPERATOR, lambda w: "/crises/krisis-0/ledger/"),
    f"{CRISIS}ledger/strip/": (Role.OPERATOR, lambda w: "/crises/krisis-0/ledger/strip/"),
    f"{CRISIS}ledger/list/": (Role.OPERATOR, lambda w: "/crises/krisis-0/ledger/list/"),
    f"{CRISIS}ledger/list/<uuid:key>/": (Role.OPERATOR, lambda w: f"/crises/krisis-0/ledger/list/{w.upload}/"),
    f"{CRISIS}ledger/persons/<int:pk>/": (Role.OPERATOR, lambda w: f"/crises/krisis-0/ledger/persons/{w.person}/"),
    "reports/": (Role.MISSION_OFFICER, lambda w: "/reports/"),
    "report/<str:token>/": (None, lambda w: f"/report/{w.token}/"),
    "report/<str:token>/sent/<int:number>/": (None, lambda w: f"/report/{w.token}/sent/{w.last}/"),
    "hotline/": (Role.OPERATOR, lambda w: "/hotline/"),
    "hotline/panels/<slug:name>/": (Role.OPERATOR, lambda w: "/hotline/panels/callbacks/"),
    "hotline/ribbon/": (Role.OPERATOR, lambda w: "/hotline/ribbon/"),
    "hotline/calls/": (Role.OPERATOR, lambda w: "/hotline/calls/"),
    "hotline/calls/<uuid:client_id>/": (Role.OPERATOR, lambda w: f"/hotline/calls/{w.call}/"),
    "alarms/": (Role.SUPERVISOR, lambda w: "/alarms/"),
    "alarms/ribbon/": (Role.OPERATOR, lambda w: "/alarms/ribbon/"),
    "alarms/clocks/<int:pk>/": (Role.SUPERVISOR, lambda w: f"/alarms/clocks/{w.clock}/"),
    "report/<str:token>/receipt/<int:number>/": (None, lambda w: f"/report/{w.token}/receipt/{w.last}/"),
    "kpi/": (Role.SUPERVISOR, lambda w: "/kpi/"),
    "kpi/clocks.csv": (Role.AUDITOR, lambda w: "/kpi/clocks.csv"),
    "kpi/<slug:code>/": (Role.SUPERVISOR, lambda w: "/kpi/first_figure/"),
    "kpi/<slug:code>/rows.csv": (Role.AUDITOR, lambda w: "/kpi/taken/rows.csv"),
    "wall/": (None, lambda w: "/wall/"),
    "wall/devices/": (Role.SUPERVISOR, lambda w: "/wall/devices/"),
    "exercises/": (Role.OPERATOR, lambda w: "/exercises/"),
    "missions/<slug:code>/": (Role.OPERATOR, lambda w: f"/missions/{HONG_KONG}/"),
    "countries/<str:iso>/headcount/": (Role.OPERATOR, lambda w: "/countries/HK/headcount/"),
    "roster/": (Role.OPERATOR, lambda w: "/roster/"),
    "roster/now/": (Role.OPERATOR, lambda w: "/roster/now/"),
    "roster/places/<slug:place>/": (Role.OPERATOR, lambda w: f"/roster/places/{HONG_KONG}/"),
    "roster/shifts/<int:pk>/": (Role.OPERATOR, lambda w: f"/roster/shifts/{w.shift}/"),
    "roster/calendar/<str:token>.ics": (None, lambda w: f"/roster/calendar/{w.calendar}.ics"),
    "handover/": (Role.OPERATOR, lambda w: "/handover/"),
    "handover/<int:pk>/": (Role.OPERATOR, lambda w: f"/handover/{w.handover}/"),
    "logout/": (Role.OPERATOR, lambda w: "/logout/"),
    "calls/": (Role.OPERATOR, lambda w: "/calls/"),
    "outbox/": (Role.OPERATOR, lambda w: "/outbox/"),
    "sms/": (Role.OPERATOR, lambda w: "/sms/"),
    "sms/<int:number>/": (Role.OPERATOR, lambda w: f"/sms/{w.sms}/"),
    "notifications/": (Role.MISSION_OFFICER, lambda w: "/notifications/"),
    "live/since": (Role.OPERATOR, lambda w: "/live/since?after=0"),
    "live/snapshot": (Role.OPERATOR, lambda w: "/live/snapshot?audience=dcc"),
    "status": (Role.OPERATOR, lambda w: "/status"),
}
