"""The door behind sign-in, the door out, and the switch of the theme."""

from dataclasses import replace

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts.emergencies.models import Emergency
from alerts.handover import actions, queries
from alerts.handover.rules import may_hand_over
from commandcenter.access.gate import DCC_ROLES, EVERYONE, MISSION_ROLES, allow, public, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.clock import now

HOMES = {
    Role.MINISTER: "dashboard:summary",
    Role.SPOKESPERSON: "crises:list",
    **dict.fromkeys((*DCC_ROLES, *MISSION_ROLES), "dashboard:picture"),
}
THEMES = ("dark", "light")
YEAR_SECONDS = 31_536_000


@require_GET
@allow(*EVERYONE)
def home(request: HttpRequest) -> HttpResponse:
    """Each role's own first page; a role without a screen is told so."""
    page = HOMES.get(reader_from(request).role)
    return redirect(page) if page else render(request, "commandcenter/home.html")


@require_POST
@public
def set_theme(request: HttpRequest) -> HttpResponse:
    """Dark or light, kept in a cookie."""
    wanted, back = request.POST.get("theme", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    # Not redirect(): that one takes a text without a slash for the name of a view.
    answer = HttpResponseRedirect(back if safe else reverse("home"))
    if wanted in THEMES:
        answer.set_cookie("theme", wanted, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
    return answer


@require_http_methods(["GET", "POST"])
@public
def sign_out(request: HttpRequest) -> HttpResponse:
    """The door out. Who still holds something is told so and led to the handover, and may leave all the same."""
    held = _held(request)
    if request.method == "GET" or (held and request.POST.get("anyway") != "1"):
        context = {"at": now(), "held": [one for _reader, found in held for one in found]}
        status = 409 if held and request.method == "POST" else 200
        return render(request, "alerts/handover/sign_out.html", context, status=status)
    for reader, _found in held:
        actions.leave(actor=reader, at=now())
    answer: HttpResponse = account.logout(request)
    return answer


def _held(request: HttpRequest) -> list[tuple[Reader, list[Emergency]]]:
    """What the reader holds in live work, and in the exercise the door was opened in."""
    reader: Reader | None = request.reader  # type: ignore[attr-defined]
    if reader is None or not may_hand_over(reader):
        return []
    worlds = [replace(reader, exercise=world) for world in dict.fromkeys(("", reader.exercise))]
    found = [(one, queries.held_by(one.user_id, one.exercise)) for one in worlds]
    return [pair for pair in found if pair[1]]
