"""The log of a crisis in words: its own events, its requests, its official figures; only what the reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from alerts.crises.models import Crisis, CrisisLevel
from alerts.figures.keys import figure_name
from alerts.handling.queries import Entry
from alerts.ledger.models import OfficialFigure
from alerts.sitreps.models import Answer, ReportRequest
from commandcenter import wording
from commandcenter.access.models import MISSION, User
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.events.queries import history
from missions.directory.models import Mission


@dataclass(frozen=True, slots=True)
class _Names:
    """What events name by id or code."""

    people: dict[int, tuple[str, str]]
    missions: dict[str, str]
    reasons: dict[str, str]
    figures: dict[int, OfficialFigure]


def entries(crisis: Crisis, reader: Reader, limit: int | None = None) -> list[Entry]:
    """What happened, the newest first; events that the reader's audience did not hear of are left out."""
    events = _events(crisis)
    if not reader.is_dcc:
        events = [event for event in events if reader.audience in event.audiences]
    shown = sorted(events, key=lambda event: event.pk, reverse=True)[:limit]
    names = _names(crisis, shown)
    return [_entry(event, names) for event in shown]


def _events(crisis: Crisis) -> list[Event]:
    requests = [request.number for request in ReportRequest.objects.filter(crisis=crisis)]
    keys = OfficialFigure.objects.filter(crisis=crisis).values_list("key", flat=True)
    figures = {f"{crisis.slug}/{key}" for key in keys}
    asked = (("crisis", [crisis.slug]), ("request", requests), ("figure", sorted(figures)))
    return [event for about, ids in asked if ids for event in history(about, ids, crisis.exercise)]


def _names(crisis: Crisis, events: Iterable[Event]) -> _Names:
    shown = list(events)
    actors = {event.actor_id for event in shown if event.actor_id}
    users = User.objects.filter(pk__in=actors).select_related("membership")
    chosen = {event.data["figure"] for event in shown if event.kind == "figure.chosen"}
    official = OfficialFigure.objects.filter(pk__in=chosen).select_related("chosen__report__mission")
    codes = {code for event in shown for code in [event.data.get("mission"), *event.data.get("missions", [])] if code}
    english = wording.language() == "en"
    return _Names(
        people={user.pk: (user.shown_name, _side(user)) for user in users},
        missions=dict(Mission.objects.filter(pk__in=codes).values_list("code", "name")),
        reasons=dict(crisis.involved.values_list("mission_id", "reason_en" if english else "reason_id")),
        figures={row.pk: row for row in official},
    )


def _side(user: User) -> str:
    return "mission" if getattr(getattr(user, "membership", None), "role", "") in MISSION else "dcc"


def _entry(event: Event, names: _Names) -> Entry:
    who, kind = names.people.get(event.actor_id or 0, ("", "system"))
    text, note = _words(event, names)
    return Entry(str(event.pk), event.at, who, text, kind, note)


def _words(event: Event, names: _Names) -> tuple[str, str]:
    """What happened, and what must stand under it."""
    data = event.data
    mission = names.missions.get(data.get("mission", ""), data.get("mission", ""))
    if event.kind == "crisis.declared":
        involved = ", ".join(names.missions.get(code, code) for code in data["missions"])
        return _("declared the crisis, %(level)s") % {"level": _level(data["level"])}, involved
    if event.kind == "crisis.level_changed":
        return _("changed the level: %(was)s → %(level)s") % {key: _level(data[key]) for key in ("was", "level")}, ""
    if event.kind == "crisis.mission_added":
        return _("added %(mission)s") % {"mission": mission}, names.reasons.get(data["mission"], "")
    if event.kind == "crisis.stood_down":
        return _("stood the crisis down"), ""
    if event.kind == "figure.chosen":
        return _figure(event, names)
    return _report(event, mission), ""


def _report(event: Event, mission: str) -> str:
    data = event.data
    if event.kind == "report.requested":
        due = wording.in_wib(datetime.fromisoformat(data["due_at"]), now=event.at).text
        if data["attempt"] > 1:
            return _("asked %(mission)s again (attempt %(n)d)") % {"mission": mission, "n": data["attempt"]}
        return _("asked %(mission)s for a report, due %(time)s") % {"mission": mission, "time": due}
    if event.kind == "report.opened":
        return _("opened the report form of %(mission)s") % {"mission": mission}
    if event.kind == "report.filed":
        return _filed(data, mission)
    return event.kind


def _filed(data: dict[str, Any], mission: str) -> str:
    said = {"mission": mission, "n": data["report"], "answer": Answer(data["answer"]).label}
    if data.get("replaces"):
        return _("%(mission)s report #%(n)d, in place of #%(old)d: %(answer)s") % {**said, "old": data["replaces"]}
    return _("%(mission)s report #%(n)d: %(answer)s") % said


def _figure(event: Event, names: _Names) -> tuple[str, str]:
    """The chosen figure, never without its source and as-of."""
    label, row = figure_name(event.data["key"]), names.figures.get(event.data["figure"])
    if row is None or row.chosen is None:
        return _("withdrew the official figure: %(label)s") % {"label": label}, row.reason if row else ""
    found, report = row.chosen, row.chosen.report
    value = wording.number(found.value) + (f"–{wording.number(found.high)}" if found.high else "")
    origin = [
        report.get_source_display(),
        report.mission.name,
        f"#{report.number}",
        wording.as_of_text(report.as_of, now=event.at),
    ]
    text = _("chose the official figure: %(label)s %(value)s") % {"label": label, "value": value}
    return text, f"{' · '.join(origin)}\n{row.reason}".strip()


def _level(level: int) -> str:
    return str(CrisisLevel(level).label)
