"""Figures and rows as the pages print them: durations, shares, names, links."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from math import inf
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from alerts.kpi import rules
from alerts.kpi.clocks import NOTES, REASONS
from alerts.kpi.rules import Figure, Health
from alerts.kpi.sheets import seconds
from alerts.kpi.spans import Span
from commandcenter import wording
from commandcenter.access.reader import Reader

# The widest bar of the drawing.
BAR = 240


class Time(NamedTuple):
    """A duration: `exact` for machines, `text` for people."""

    exact: str
    text: str


def time(value: float | None) -> Time:
    """ "02:03", ∞, or a dash where nothing was measured."""
    if value is None:
        return Time("", "—")
    return Time(seconds(value), "∞" if value == inf else wording.stopwatch(timedelta(seconds=value)))


def figure_row(figure: Figure, key: str = "", name: str | Promise = "") -> dict[str, Any]:
    """A figure under its clock's name, or under a group's."""
    goal = figure.clock.goal
    return {
        "key": key or figure.clock.code,
        "name": name or figure.clock.name,
        "figure": figure,
        "median": time(figure.median),
        "p90": time(figure.p90),
        "goal": "" if goal is None else time(goal).text,
        "excluded": [(reason, REASONS[reason], count) for reason, count in figure.excluded.items()],
        "notes": [(note, NOTES[note], count) for note, count in figure.notes.items()],
    }


def span_rows(reader: Reader, found: Iterable[Span], names: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Rows with their names, with a link for who may open the thing, and with why one is excluded."""
    return [
        {
            "span": span,
            "mission": names["mission"].get(span.mission, span.mission),
            "crisis": names["crisis"].get(span.crisis, span.crisis),
            "time": time(span.seconds),
            "href": _href(reader, span),
            "why": REASONS.get(span.excluded) or NOTES.get(span.note, ""),
        }
        for span in found
    ]


def _href(reader: Reader, span: Span) -> str:
    if not (reader.is_dcc or reader.is_mission):
        return ""
    if span.about.startswith("E-"):
        return reverse("emergencies:emergency", args=[span.about])
    if span.about.startswith("#"):
        return reverse("sitreps:report", args=[span.crisis, int(span.about[1:])])
    return reverse("crises:room", args=[span.crisis])


def drawing(found: Iterable[Span]) -> list[tuple[str, int, int]]:
    """The bars of how long it took, and the one of silence: what, how many, how wide."""
    counted = rules.bars(found)
    most = max(counted) or 1
    names = [*(f"≤ {time(end).text}" for end in rules.BARS), _("longer"), _("never")]
    return [(name, count, BAR * count // most) for name, count in zip(names, counted, strict=True)]


def mix(health: Health) -> list[dict[str, Any]]:
    """P1, P2, P3 beside the target of the alarm register, and the alarms from before the log said so."""
    return [
        {
            "code": "unrecorded" if level is None else f"P{level}",
            "name": _("not recorded") if level is None else f"P{level}",
            "count": count,
            "percent": share(count, health.alarms),
            "target": rules.TARGET_MIX.get(level or 0),
        }
        for level, count in health.mix.items()
    ]


def share(part: int, whole: int) -> int | None:
    """Percent, rounded down; None of nothing."""
    return 100 * part // whole if whole else None
