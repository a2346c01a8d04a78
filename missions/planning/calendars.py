"""Calendars (iCalendar, RFC 5545) at a private address: signed, without sign-in, revocable."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import UUIDField
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from commandcenter.access.reader import Reader, reader_of
from missions.directory.queries import directory
from missions.planning.queries import Place, place_of
from missions.roster import queries, rules
from missions.roster.models import CalendarLink, Shift

SIGNER = Signer(salt="missions.roster.calendar")
# Calendar programs ask again and again: what is long past would only grow.
PAST, AHEAD = timedelta(days=31), timedelta(days=400)


def token_of(link: CalendarLink) -> str:
    """The signed part of the address."""
    return SIGNER.sign(link.key.hex)


def opened_by(token: str, exercise: str) -> tuple[CalendarLink, Reader] | None:
    """The living address and its owner; None when forged, revoked, or when the owner is no longer of the place."""
    try:
        key = UUIDField().to_python(SIGNER.unsign(token))
    except (BadSignature, ValidationError):
        return None
    link = queries.calendar_link(key)
    if link is None or link.exercise != exercise:
        return None
    owner = reader_of(link.owner, exercise)
    if owner is None or owner.mission != link.place or not rules.may_see(owner, link.place):
        return None
    return link, owner


def calendar(link: CalendarLink, owner: Reader, at: datetime) -> bytes:
    """The shifts of the owner or of the place, each in the zone of its place, with the rules of that zone."""
    person = None if link.whole_place else owner.user_id
    place = link.place if link.whole_place else None
    found = queries.shifts(at - PAST, at + AHEAD, link.exercise, place=place, person=person)
    made = Calendar()
    made.add("prodid", "-//Kemlu DCC//roster//ID")
    made.add("version", "2.0")
    made.add("x-wr-calname", _name(link, owner))
    missions = directory().missions
    for shift in found:
        where = place_of(shift.place, missions.get(shift.place))
        made.add_component(_event(shift, where, whole_place=link.whole_place))
    made.add_missing_timezones()
    written: bytes = made.to_ical()
    return written


def _name(link: CalendarLink, owner: Reader) -> str:
    whose = place_of(link.place, directory().missions.get(link.place)).name if link.whole_place else owner.name
    return _marked(_("Duty roster: %(whose)s") % {"whose": whose}, link.exercise)


def _event(shift: Shift, place: Place, *, whole_place: bool) -> Entry:
    words = f"{shift.get_kind_display()} · {place.name}"
    if whole_place:
        words = f"{shift.person.shown_name} · {words}"
    made = Entry()
    made.add("uid", f"shift-{shift.client_id}@dcc")
    made.add("sequence", shift.version)
    made.add("dtstamp", shift.made_at)
    made.add("dtstart", shift.starts_at.astimezone(place.zone))
    made.add("dtend", shift.ends_at.astimezone(place.zone))
    made.add("summary", _marked(words, shift.exercise))
    if shift.deputy:
        made.add("description", _("Deputy: %(name)s") % {"name": shift.deputy.shown_name})
    return made


def _marked(words: str, exercise: str) -> str:
    return f"[{_('EXERCISE')}] {words}" if exercise else words
