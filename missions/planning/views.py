"""Pages of rosters: who is on duty now, a place's week, one shift, and the calendars at private addresses."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from commandcenter import wording
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, public, reader_from
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import Refusal
from missions.planning import calendars, queries
from missions.planning.forms import ShiftForm, SwapForm
from missions.planning.queries import Line, Place
from missions.roster import actions, rules, times
from missions.roster import queries as roster
from missions.roster.models import Shift

READERS = (*DCC_ROLES, *MISSION_ROLES)
ANSWERS = {"accept", "decline", "withdraw"}


@require_GET
@allow(*READERS, live="own")
def overview(request: HttpRequest) -> HttpResponse:
    """Who is on duty now, gaps within 72 hours, my shifts and what I am asked; a mission sees its own."""
    reader, at = reader_from(request), now()
    context = {
        "at": at,
        **_now(reader, at),
        "swaps": roster.swaps(reader),
        "mine": queries.mine(reader, at),
        "calendars": [
            (link, _calendar_url(request, calendars.token_of(link))) for link in roster.calendar_links(reader)
        ],
        "own_place": queries.place_at(reader, reader.mission or queries.DCC_SLUG),
    }
    return render(request, "missions/planning/overview.html", context)


@require_GET
@allow(*READERS)
def on_duty(request: HttpRequest) -> HttpResponse:
    """Panel: who is on duty now."""
    at = now()
    return render(request, "missions/planning/_now.html", {"at": at, **_now(reader_from(request), at)})


def _now(reader: Reader, at: datetime) -> dict[str, Any]:
    every = queries.everywhere(reader, at)
    shown = [one for one in every if one.planned or not one.place.code or reader.is_mission]
    gaps = [(one.place, gap) for one in shown for gap in one.gaps]
    return {"shown": shown, "bare": [one for one in every if one not in shown], "gaps": gaps}


@require_GET
@allow(*READERS, live="own")
def week(request: HttpRequest, place: str) -> HttpResponse:
    """One place's week, and the form for one more shift."""
    reader, at = reader_from(request), now()
    return _week(request, reader, _place(reader, place), at)


def _week(
    request: HttpRequest, reader: Reader, place: Place, at: datetime, form: ShiftForm | None = None, status: int = 200
) -> HttpResponse:
    monday = _monday(request, place, at)
    may_plan = rules.may_plan(reader, place.code)
    if form is None and may_plan:
        form = ShiftForm(place=place, initial={"date": max(monday, at.astimezone(place.zone).date())})
    context = {
        "at": at,
        "place": place,
        "week": queries.week(place, monday, at, reader.exercise),
        "numbers": queries.numbers(place, at),
        "form": form,
        "may_plan": may_plan,
        "minutes": rules.TESTED_MINUTES,
    }
    return render(request, "missions/planning/week.html", context, status=status)


@require_POST
@allow(*rules.PLANNERS)
def plan(request: HttpRequest, place: str) -> HttpResponse:
    """One more shift; what it overlaps is told."""
    reader, at = reader_from(request), now()
    found = _place(reader, place)
    form = ShiftForm(request.POST, place=found)
    if not form.is_valid():
        return _week(request, reader, found, at, form, 422)
    try:
        planned = actions.plan(actor=reader, at=at, **form.given)
    except Refusal as refusal:
        field = refusal.error.field
        form.add_error(field if field in form.fields else None, str(refusal.error.message))
        return _week(request, reader, found, at, form, refusal.status)
    messages.success(request, _("Planned: %(who)s, %(span)s") % _spoken(queries.line_of(planned.shift, at)))
    for beside in planned.beside:
        told = _("At the same time on duty here: %(who)s, %(span)s. Both are woken.")
        messages.warning(request, told % _spoken(queries.line_of(beside, at)))
    return redirect(_week_url(found, planned.shift.starts_at))


@require_POST
@allow(*rules.PLANNERS)
def copy(request: HttpRequest, place: str) -> HttpResponse:
    """Last week's shifts into this week."""
    reader, at = reader_from(request), now()
    found = _place(reader, place)
    monday = _monday(request, found, at)
    try:
        copied = actions.copy_week(actor=reader, at=at, place=found.code, into=monday)
    except Refusal as refusal:
        messages.error(request, str(refusal.error.message))
        return redirect(_week_url(found, at))
    words = ngettext("%(n)d shift copied", "%(n)d shifts copied", len(copied.made)) % {"n": len(copied.made)}
    messages.success(request, words)
    for shift, why in copied.left:
        told = _("Not copied: %(who)s, %(span)s.") % _spoken(queries.line_of(shift, at))
        messages.warning(request, f"{told} {why}")
    return redirect(reverse("roster:week", args=[found.slug]) + f"?week={monday}")


@require_GET
@allow(*READERS)
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """One shift, and what may be done with it."""
    return _shift(request, pk, now())


def _shift(
    request: HttpRequest, pk: int, at: datetime, form: SwapForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    reader = reader_from(request)
    found = roster.shift(reader, pk)
    if found is None:
        raise Http404
    ahead = found.cancelled_at is None and found.ends_at > at
    context = {
        "at": at,
        "line": queries.line_of(found, at),
        "may_cancel": ahead and rules.may_plan(reader, found.place),
        "swap_form": (form or _swap_form(found, at)) if ahead and found.person_id == reader.user_id else None,
        "asked": next((swap for swap in roster.swaps(reader) if swap.shift_id == found.pk), None),
        "errors": [{"message": refusal.error.message}] if refusal and form is None else [],
    }
    status = refusal.status if refusal else 422 if form and form.errors else 200
    return render(request, "missions/planning/shift.html", context, status=status)


def _swap_form(found: Shift, at: datetime, posted: Any = None) -> SwapForm:
    form = SwapForm(posted)
    others = [(user.pk, user.shown_name) for user in roster.people_of(found.place) if user.pk != found.person_id]
    form.fields["other"].choices = [("", "—"), *others]  # type: ignore[attr-defined]
    back = [queries.line_of(one, at) for one in queries.returnable(found, at)]
    told = [(line.shift.pk, "{who} · {span}".format(**_spoken(line))) for line in back]
    form.fields["in_return"].choices = [("", _("nothing")), *told]  # type: ignore[attr-defined]
    return form


@require_POST
@allow(*READERS)
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody to take a shift."""
    reader, at = reader_from(request), now()
    found = roster.shift(reader, pk)
    if found is None:
        raise Http404
    form = _swap_form(found, at, request.POST)
    if not form.is_valid():
        return _shift(request, pk, at, form)
    try:
        actions.ask_swap(actor=reader, at=at, shift_id=pk, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.error.field if refusal.error.field in form.fields else None, str(refusal.error.message))
        return _shift(request, pk, at, form, refusal)
    messages.success(request, _("Asked. The roster changes when the answer is yes."))
    return redirect("roster:shift", pk)


@require_POST
@allow(*rules.PLANNERS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a shift off."""
    reader, at = reader_from(request), now()
    version = request.POST.get("version", "")
    given = {"version": int(version)} if version.isascii() and version.isdigit() and len(version) < 10 else {}
    try:
        actions.cancel(actor=reader, at=at, shift_id=pk, **given)
    except Refusal as refusal:
        return _shift(request, pk, at, refusal=refusal)
    messages.success(request, _("Cancelled. Look whether somebody else must take it."))
    return redirect("roster:shift", pk)


@require_POST
@allow(*READERS)
def answer(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Accept, decline or withdraw a swap."""
    if verb not in ANSWERS:
        raise Http404
    reader, at = reader_from(request), now()
    act: Callable[..., Any] = actions.withdraw_swap if verb == "withdraw" else actions.answer_swap
    given = {} if verb == "withdraw" else {"accept": verb == "accept"}
    try:
        act(actor=reader, at=at, swap_id=pk, **given)
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, str(refusal.error.message))
    else:
        told = {"accept": _("Swapped."), "decline": _("Declined."), "withdraw": _("Withdrawn.")}
        messages.success(request, told[verb])
    return redirect("roster:overview")


@require_POST
@allow(*rules.PLANNERS)
def tested(request: HttpRequest) -> HttpResponse:
    """Somebody's number was called and rang."""
    reader, at = reader_from(request), now()
    person, minutes = request.POST.get("person", ""), request.POST.get("minutes", "0")
    place = queries.place_at(reader, request.POST.get("place", ""))
    if place is None or not (person.isascii() and person.isdigit() and len(person) < 19):
        raise Http404
    ago = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 5 else -1
    try:
        actions.mark_tested(actor=reader, at=at, person=int(person), minutes_ago=ago)
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, str(refusal.error.message))
    else:
        messages.success(request, _("Noted: the number was tested."))
    return redirect(reverse("roster:week", args=[place.slug]) + "#numbers")


@require_POST
@allow(*READERS)
def calendar_make(request: HttpRequest) -> HttpResponse:
    """A private address for my calendar, or for my place's."""
    whole_place = request.POST.get("whole_place") == "1"
    actions.make_calendar_link(actor=reader_from(request), at=now(), whole_place=whole_place)
    return redirect(reverse("roster:overview") + "#calendars")


@require_POST
@allow(*READERS)
def calendar_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The address answers no more."""
    try:
        actions.revoke_calendar_link(actor=reader_from(request), at=now(), link_id=pk)
    except Refusal as refusal:
        raise Http404 from refusal
    messages.success(request, _("The calendar address answers no more."))
    return redirect(reverse("roster:overview") + "#calendars")


@public
@require_GET
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a private address: its holder reads shifts and names, nothing else."""
    opened = calendars.opened_by(token, getattr(request, "exercise", ""))
    if opened is None:
        raise Http404
    answer = HttpResponse(calendars.calendar(*opened, now()), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


def _place(reader: Reader, slug: str) -> Place:
    found = queries.place_at(reader, slug)
    if found is None:
        raise Http404
    return found


def _monday(request: HttpRequest, place: Place, at: datetime) -> date:
    """The Monday of ?week= (any of its days), else of the present week; within two years."""
    today = at.astimezone(place.zone).date()
    try:
        wanted = date.fromisoformat((request.POST.get("week") or request.GET.get("week") or "")[:10])
    except ValueError:
        wanted = today
    if abs((wanted - today).days) > 730:
        wanted = today
    return date.fromordinal(wanted.toordinal() - wanted.weekday())


def _week_url(place: Place, moment: datetime) -> str:
    return reverse("roster:week", args=[place.slug]) + f"?week={times.week_start(moment, place.zone)}"


def _spoken(line: Line) -> dict[str, str]:
    """Who and when, in the place's own time and in WIB."""
    day = wording.day(line.shift.starts_at.astimezone(line.place.zone))
    parts = [f"{day} {line.local_hours}", *([line.wib_hours] if line.place.code else [])]
    return {"who": line.shift.person.shown_name, "span": " · ".join(parts)}


def _calendar_url(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("roster:calendar", args=[token]))
