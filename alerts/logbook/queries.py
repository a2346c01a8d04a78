"""The log of a crisis in words: its own events, its requests, its official figures; only what the reader may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.crises.models import Crisis, CrisisLevel
from alerts.differences.models import DifferenceVerdict
from alerts.differences.shapes import NAMES
from alerts.figures.keys import figure_name
from alerts.handling.queries import Entry
from alerts.ladders.models import Ladder
from alerts.ladders.queries import said
from alerts.ledger.models import OfficialFigure
from alerts.persons.models import State
from alerts.sitreps.models import Answer, ReportRequest
from alerts.team.models import Decision
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
    decisions: dict[int, Decision]
    team: dict[int, str]
    verdicts: dict[int, DifferenceVerdict]


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
    judged = DifferenceVerdict.objects.filter(crisis=crisis).values_list("kind", "key", "first", "second")
    verdicts = {f"{crisis.slug}/{kind}/{key}/{first}/{second}" for kind, key, first, second in judged}
    asked = (
        ("crisis", [crisis.slug]),
        ("request", requests),
        ("figure", sorted(figures)),
        ("member", [f"M-{pk}" for pk in crisis.team.values_list("pk", flat=True)]),
        ("decision", [f"D-{pk}" for pk in crisis.decisions.values_list("pk", flat=True)]),
        ("ledger", [crisis.slug]),
        ("difference", sorted(verdicts)),
    )
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
        decisions={row.no: row for row in crisis.decisions.select_related("decided_by")},
        team={row.user_id: row.user.shown_name for row in crisis.team.select_related("user")},
        verdicts=DifferenceVerdict.objects.in_bulk(
            [event.data["verdict"] for event in shown if event.object_type == "difference"]
        ),
    )


def _side(user: User) -> str:
    return "mission" if getattr(getattr(user, "membership", None), "role", "") in MISSION else "dcc"


def _entry(event: Event, names: _Names) -> Entry:
    who, kind = names.people.get(event.actor_id or 0, ("", "system"))
    text, note = _words(event, names)
    return Entry(str(event.pk), event.at, who, text, kind, note)


def _words(event: Event, names: _Names) -> tuple[str, str]:
    """What happened, and what must stand under it."""
    return WORDS[event.object_type](event, names)


def _crisis(event: Event, names: _Names) -> tuple[str, str]:
    data = event.data
    if event.kind == "crisis.declared":
        involved = ", ".join(names.missions.get(code, code) for code in data["missions"])
        return _("declared the crisis, %(level)s") % {"level": _level(data["level"])}, involved
    if event.kind == "crisis.level_changed":
        return _("changed the level: %(was)s → %(level)s") % {key: _level(data[key]) for key in ("was", "level")}, ""
    if event.kind == "crisis.mission_added":
        mission = names.missions.get(data["mission"], data["mission"])
        return _("added %(mission)s") % {"mission": mission}, names.reasons.get(data["mission"], "")
    return _("stood the crisis down"), ""


def _ledger(event: Event, names: _Names) -> tuple[str, str]:
    """Who did what to how many persons; never to whom."""
    return _ledger_act(event), ""


def _ledger_act(event: Event) -> str:
    n, state = event.data["n"], event.data["state"]
    told = {"n": wording.number(n), "state": State(state).label if state else ""}
    if event.kind == "ledger.entered":
        entered = ngettext("entered %(n)s person into the ledger", "entered %(n)s persons into the ledger", n)
        return entered % told
    if event.kind == "ledger.listed":
        listed = ngettext(
            "applied a list to the ledger (%(n)s person)", "applied a list to the ledger (%(n)s persons)", n
        )
        return listed % told
    if event.kind == "ledger.undone":
        undone = ngettext(
            "took back an act upon the ledger (%(n)s person)", "took back an act upon the ledger (%(n)s persons)", n
        )
        return undone % told
    if event.kind == "ledger.merged":
        return _("found two rows of the ledger to be one person")
    if event.kind == "ledger.parted":
        return _("found a row of the ledger to be another person")
    moved = ngettext(
        "set the state of %(n)s person in the ledger: %(state)s",
        "set the state of %(n)s persons in the ledger: %(state)s",
        n,
    )
    return moved % told


def _difference(event: Event, names: _Names) -> tuple[str, str]:
    """The verdict, with the reason under it."""
    data, row = event.data, names.verdicts.get(event.data["verdict"])
    said = {
        "what": f"{NAMES[data['kind']]}, {figure_name(data['key'])}",
        "a": data["first"],
        "b": data["second"],
    }
    if event.kind == "difference.accepted":
        text = _("judged plausible: %(what)s (#%(a)d, #%(b)d)") % said
    else:
        text = _("opened the difference again: %(what)s (#%(a)d, #%(b)d)") % said
    return text, row.reason if row else ""


def _report(event: Event, names: _Names) -> tuple[str, str]:
    data = event.data
    code = data.get("mission", "")
    mission = names.missions.get(code, code)
    if event.kind == "report.requested":
        return _requested(event, mission), ""
    if event.kind == "report.filed":
        return _filed(data, mission), ""
    told = {
        "report.opened": _("opened the report form of %(mission)s"),
        "report.filling": _("began the report of %(mission)s"),
        "report.seen": _("opened report #%(n)d of %(mission)s"),
        "report.escalated": _("ladder: %(step)s"),
    }
    step = said(Ladder.REQUEST, data["step"]) if event.kind == "report.escalated" else ""
    return told[event.kind] % {"mission": mission, "n": data.get("report") or 0, "step": step}, ""


def _requested(event: Event, mission: str) -> str:
    data = event.data
    if data.get("periodic"):
        return _("next report of %(mission)s is due: asked for it") % {"mission": mission}
    if data["attempt"] > 1:
        return _("asked %(mission)s again (attempt %(n)d)") % {"mission": mission, "n": data["attempt"]}
    due = wording.in_wib(datetime.fromisoformat(data["due_at"]), now=event.at).text
    return _("asked %(mission)s for a report, due %(time)s") % {"mission": mission, "time": due}


def _filed(data: dict[str, Any], mission: str) -> str:
    said = {"mission": mission, "n": data["report"], "answer": Answer(data["answer"]).label}
    if data.get("replaces"):
        return _("%(mission)s report #%(n)d, in place of #%(old)d: %(answer)s") % {**said, "old": data["replaces"]}
    return _("%(mission)s report #%(n)d: %(answer)s") % said


def _team(event: Event, names: _Names) -> tuple[str, str]:
    data = event.data
    if event.kind == "decision.noted":
        row = names.decisions[data["no"]]
        said = {"n": row.no, "who": row.decided_by.shown_name, "text": row.text}
        return _("noted decision #%(n)d of %(who)s: %(text)s") % said, row.reason
    said = {"who": names.team.get(data["user"], "")}
    if event.kind == "team.called":
        return _("called %(who)s into the team") % said, ""
    return _("let %(who)s go from the team") % said, ""


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


WORDS: dict[str, Callable[[Event, _Names], tuple[str, str]]] = {
    "crisis": _crisis,
    "request": _report,
    "figure": _figure,
    "difference": _difference,
    "ledger": _ledger,
    "member": _team,
    "decision": _team,
}
