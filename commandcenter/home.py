"""The door behind sign-in, and the switch of the theme."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from commandcenter.access.gate import DCC_ROLES, EVERYONE, MISSION_ROLES, allow, public, reader_from
from commandcenter.access.models import Role

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
