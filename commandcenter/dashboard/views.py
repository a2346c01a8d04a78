"""The first pages of each role."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from alerts.emergencies.models import Emergency, Nature, State
from alerts.queue.queries import QueueFilter
from commandcenter import wording
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.dashboard import queries, words
from commandcenter.dashboard.crowds import folded
from commandcenter.dashboard.rows import draw
from commandcenter.live import kept
from missions.directory.queries import map_missions
from missions.headcounts.models import Estimator
from missions.headcounts.queries import map_headcounts

TAKERS = (Role.OPERATOR, Role.SUPERVISOR, *MISSION_ROLES)
# Rows in the page itself; the browser draws the others from the same cards when they are asked for.
FIRST_ROWS = 100
BAND_ROWS = 60


@require_GET
@allow(*DCC_ROLES, *MISSION_ROLES, live="own")
def picture(request: HttpRequest) -> HttpResponse:
    """The common operating picture: queue and map drawn from one query."""
    reader, at = reader_from(request), now()
    mine = QueueFilter.from_params(request.GET).state == "mine"
    body = kept.panel(
        request, reader, at, "commandcenter/dashboard/_picture.html", lambda: _made(request, at), own=mine
    )
    count = wording.number(body.more[reader.user_id])
    holes = {"me": str(reader.user_id), "mine": count}
    return render(request, "commandcenter/dashboard/picture.html", {"at": at, "body": body.filled(request, **holes)})


def _made(request: HttpRequest, at: datetime) -> kept.Made:
    """The picture of everybody of the reader's role, and how many each desk holds."""
    reader = reader_from(request)
    seen = queries.picture(reader, request.GET)
    names = words.names()
    cards, members, standing = folded(seen.found, seen.rows, request.GET.getlist("crowd"), stopped=seen.stopped)
    band = [row for row in standing if _is_pinned(row)][:BAND_ROWS]
    rest = [row for row in standing if not _is_pinned(row)] if len(band) < BAND_ROWS else standing[BAND_ROWS:]
    others = [*members, *rest]
    context = {
        "at": at,
        "seen": seen,
        "mine": kept.hole("mine"),
        "crowds": cards,
        "band": [draw(row, reader, at) for row in band],
        "others": [draw(row, reader, at) for row in others[:FIRST_ROWS]],
        "has_more": len(others) > FIRST_ROWS,
        "natures": Nature.values,
        "result": _result(seen),
        "result_words": _result_words(seen),
        "may_take": reader.role in TAKERS,
        "island": _island(_data(reader, seen, names, at)),
        "choices": _choices(seen, names),
        "estimators": Estimator.choices,
        "ribbon": queries.ribbon(reader, at, seen.crises),
        "crises": seen.crises,
        "most": queries.MOST,
    }
    return context, seen.held


def _island(data: dict[str, Any]) -> SafeString:
    """The page's data as a script element; whose page it is stays a hole."""
    script = json_script({**data, "me": kept.hole("me")}, "picture-data")
    return mark_safe(script.replace(f'"{kept.hole("me")}"', kept.hole("me")))  # noqa: S308 (json_script escaped it)


@require_GET
@allow(*DCC_ROLES, *MISSION_ROLES)
def ribbon(request: HttpRequest) -> HttpResponse:
    """Missions that have not reported: the line under the picture, fetched again when a crisis changes."""
    reader, at = reader_from(request), now()
    return render(request, "commandcenter/dashboard/_ribbon.html", {"at": at, "ribbon": queries.ribbon(reader, at)})


def _is_pinned(row: Emergency) -> bool:
    return row.priority == 1 and row.state == State.NEW


def _result_words(seen: queries.Picture) -> str:
    return str(words.RESULT_STOPPED if seen.stopped else words.RESULT)


def _result(seen: queries.Picture) -> str:
    return _result_words(seen).format(
        n=wording.number(len(seen.rows)), m=wording.number(seen.placed), k=wording.number(seen.unplaced)
    )


def _data(reader: Reader, seen: queries.Picture, names: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What the browser draws from: cards, places and words. It asks the server for nothing of this again."""
    wanted = seen.wanted
    return {
        "own": reader.mission,
        "filter": {
            "state": wanted.state,
            "priority": wanted.priority,
            "country": wanted.country,
            "mission": wanted.mission,
            "crisis": wanted.crisis,
            "q": wanted.q,
            **queries.area_filter(seen.crisis),
        },
        "clusters": _clusters(seen) if seen.stopped else "",
        "emergencies": queries.card_rows(reader, seen.found),
        "alarms": seen.alarms,
        "flood": queries.flood(reader, at),
        "raised": seen.raised,
        "missions": map_missions(),
        "headcounts": map_headcounts(),
        "crises": queries.crisis_areas(seen.crises),
        "limits": words.LIMITS,
        "names": names,
        "sounds": {1: static("sounds/p1.wav"), 2: static("sounds/p2.wav")},
    }


def _clusters(seen: queries.Picture) -> str:
    """Where the map asks for what the page could not take in, with the page's filter; the browser adds its view."""
    wanted = seen.wanted
    narrow = {name: getattr(wanted, name) or "" for name in ("priority", "country", "mission", "crisis", "q")}
    return f"{reverse('api:map-clusters')}?{urlencode(narrow)}"


def _choices(seen: queries.Picture, names: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """The filter bar offers the countries and missions that occur, and the one that is chosen."""
    countries = {row.country for row in seen.found if row.country} | {seen.wanted.country} - {""}
    missions = {row.mission_id for row in seen.found if row.mission_id} | {seen.wanted.mission} - {""}

    def named(table: str, codes: set[str]) -> list[tuple[str, str]]:
        pairs = [(code, names[table].get(code, code)) for code in codes]
        return sorted(pairs, key=lambda pair: pair[1].casefold())

    return {"countries": named("countries", countries), "missions": named("missions", missions)}
