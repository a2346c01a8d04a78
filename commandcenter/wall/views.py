"""The wall, its pairing, its panels; and the list of screens for a supervisor.

A screen is no person: `request.user` stays anonymous, so every other address sends it to sign-in.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commandcenter.access.devices import COOKIE, audience_of, device_with
from commandcenter.access.gate import allow, public, reader_from
from commandcenter.access.models import Role, WallScreen
from commandcenter.access.sockets import grant_of_device
from commandcenter.clock import now
from commandcenter.live.context import join
from commandcenter.live.views import catch_up, forbidden
from commandcenter.problems import Refusal
from commandcenter.wall import actions, queries
from commandcenter.wall.rules import CODE_LIVES, spelled

YEAR_SECONDS = 31_536_000
PANELS = ("urgent", "silent")
SHOWN_ONCE = "wall_code"


@require_GET
@public
def wall(request: HttpRequest) -> HttpResponse:
    """The wall for a screen that is paired, the pairing form for every other browser."""
    screen, at = _screen(request), now()
    if screen is None:
        return _kept_by_nobody(render(request, "commandcenter/wall/pair.html"))
    actions.mark_seen(at=at, screen=screen)
    join(request, grant_of_device(screen), reverse("wall:since"))
    data = queries.drawn(screen)
    context = {**_panels(screen, at), "island": data}
    return _with_token(request, render(request, "commandcenter/wall/wall.html", context), request.COOKIES[COOKIE])


@require_POST
@public
def pair(request: HttpRequest) -> HttpResponse:
    """A code is typed at the wall."""
    typed = request.POST.get("code", "")
    try:
        token = actions.pair(at=now(), exercise=_exercise(request), typed=typed)
    except Refusal as refusal:
        context = {"errors": [refusal.error], "typed": typed[:20]}
        return _kept_by_nobody(render(request, "commandcenter/wall/pair.html", context, status=refusal.status))
    return _with_token(request, redirect("wall:wall"), token)


@require_GET
@public
def panel(request: HttpRequest, name: str) -> HttpResponse:
    """One zone anew."""
    screen, at = _screen(request), now()
    if screen is None or name not in PANELS:
        return _kept_by_nobody(HttpResponse(status=403 if screen is None else 404))
    actions.mark_seen(at=at, screen=screen)
    return _kept_by_nobody(render(request, f"commandcenter/wall/_{name}.html", _panels(screen, at)))


@require_GET
@public
def since(request: HttpRequest) -> HttpResponse:
    """Catch-up for a screen whose ticket has become old: the same frames as /live/since."""
    screen = _screen(request)
    if screen is None or request.GET.get("audience", "") not in {"", audience_of(screen)}:
        return _kept_by_nobody(forbidden())
    return _kept_by_nobody(catch_up(audience_of(screen), request.GET))


@require_http_methods(["GET", "POST"])
@allow(Role.SUPERVISOR)
def screens(request: HttpRequest) -> HttpResponse:
    """Every screen, and a form for a new one; its code is shown on the next page and never again."""
    reader, at = reader_from(request), now()
    context: dict[str, Any] = {"at": at, "minutes": int(CODE_LIVES.total_seconds()) // 60}
    status = 200
    if request.method == "POST":
        said = {name: request.POST.get(name, "") for name in ("name", "place")}
        try:
            screen, code = actions.add_screen(actor=reader, at=at, **said)
        except Refusal as refusal:
            context |= {"errors": [refusal.error], "said": said}
            status = refusal.status
        else:
            request.session[SHOWN_ONCE] = [screen.pk, spelled(code)]
            return redirect("wall:screens")
    context["fresh"] = request.session.pop(SHOWN_ONCE, None)
    context["screens"] = queries.screens(reader.exercise)
    return render(request, "commandcenter/wall/screens.html", context, status=status)


@require_POST
@allow(Role.SUPERVISOR)
def revoke(request: HttpRequest, screen: int) -> HttpResponse:
    """End a screen's right."""
    try:
        actions.revoke(actor=reader_from(request), at=now(), screen=screen)
    except Refusal as refusal:
        context = {"errors": [refusal.error], "at": now(), "screens": queries.screens(reader_from(request).exercise)}
        return render(request, "commandcenter/wall/screens.html", context, status=refusal.status)
    return redirect("wall:screens")


def _exercise(request: HttpRequest) -> str:
    return str(getattr(request, "exercise", ""))


def _screen(request: HttpRequest) -> WallScreen | None:
    return device_with(request.COOKIES.get(COOKIE, ""), _exercise(request))


def _panels(screen: WallScreen, at: datetime) -> dict[str, Any]:
    return {"at": at, "urgent": queries.urgent(screen), "late": queries.late(screen, at)}


def _with_token(request: HttpRequest, answer: HttpResponse, token: str) -> HttpResponse:
    """The cookie lives a year from the last time the page was loaded."""
    answer.set_cookie(COOKIE, token, max_age=YEAR_SECONDS, httponly=True, samesite="Strict", secure=request.is_secure())
    return _kept_by_nobody(answer)


def _kept_by_nobody(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
