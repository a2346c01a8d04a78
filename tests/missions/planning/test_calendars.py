"""Calendars: what a calendar program reads is what the roster says, over both changes of clocks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from commandcenter.access.models import Membership, Role, User
from commandcenter.access.reader import Reader
from missions.planning import calendars
from missions.roster import actions
from missions.roster.models import Shift
from tests.conftest import AT, People
from tests.missions.roster.conftest import CAIRO, MELBOURNE, Plan


def read(content: bytes) -> Calendar:
    return Calendar.from_ical(content)


@pytest.mark.parametrize(
    ("place", "night"),
    [
        (MELBOURNE, datetime(2026, 4, 4, 11, tzinfo=UTC)),
        (MELBOURNE, datetime(2026, 10, 3, 12, tzinfo=UTC)),
        (CAIRO, datetime(2026, 4, 23, 18, tzinfo=UTC)),
        (CAIRO, datetime(2026, 10, 29, 18, tzinfo=UTC)),
        ("", datetime(2026, 4, 4, 11, tzinfo=UTC)),
    ],
)
def test_times_survive_both_changes_of_clocks(people: People, planned: Plan, place: str, night: datetime) -> None:
    """Parsed back with the rules of the zone that the file carries, without any table of ours."""
    person = people.reader(Role.MISSION_OFFICER if place else Role.OPERATOR, place)
    at = night - timedelta(days=5)
    for turn in range(4):
        planned(person, at=at, starts_at=night + timedelta(hours=turn * 6), hours=6)
    link = actions.make_calendar_link(actor=person, at=at, whole_place=False)
    found = read(calendars.calendar(link, person, at))
    told = sorted((one.decoded("dtstart"), one.decoded("dtend")) for one in found.walk("VEVENT"))
    assert told == [(one.starts_at, one.ends_at) for one in Shift.objects.order_by("starts_at")]
    assert all(start.tzinfo and start.utcoffset() is not None for start, _end in told)
    [zone] = found.walk("VTIMEZONE")
    assert zone["tzid"] == (
        "Asia/Jakarta" if not place else "Africa/Cairo" if place == CAIRO else "Australia/Melbourne"
    )
    own = zone.to_tz()
    for start, _end in told:
        wall = start.replace(tzinfo=None)
        assert start.utcoffset() in {wall.replace(tzinfo=own, fold=fold).utcoffset() for fold in (0, 1)}


def test_a_person_reads_their_own_and_a_place_everybody(lina: Reader, maya: Reader, planned: Plan) -> None:
    planned(lina, deputy=maya.user_id)
    planned(maya, after=24)
    own = actions.make_calendar_link(actor=lina, at=AT, whole_place=False)
    whole = actions.make_calendar_link(actor=lina, at=AT, whole_place=True)
    assert len(read(calendars.calendar(own, lina, AT)).walk("VEVENT")) == 1
    told = [str(one["summary"]) for one in read(calendars.calendar(whole, lina, AT)).walk("VEVENT")]
    assert len(told) == 2
    assert told[0].startswith("lina · ")


def test_the_address_needs_no_sign_in_and_ends_with_its_revocation(lina: Reader, planned: Plan) -> None:
    planned(lina)
    link = actions.make_calendar_link(actor=lina, at=AT, whole_place=False)
    url = reverse("roster:calendar", args=[calendars.token_of(link)])
    answer = Client().get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Cache-Control"] == "no-store"
    assert Client().get(url.replace(".ics", "x.ics")).status_code == 404
    assert Client().get("/roster/calendar/%00.ics").status_code == 404
    assert Client().get(f"/roster/calendar/{calendars.SIGNER.sign('no-uuid')}.ics").status_code == 404
    assert Client().post(url).status_code == 405
    actions.revoke_calendar_link(actor=lina, at=AT, link_id=link.pk)
    assert Client().get(url).status_code == 404


@pytest.mark.parametrize("gone", ["account", "membership", "mission"])
def test_the_address_ends_with_its_owners_place(lina: Reader, gone: str) -> None:
    link = actions.make_calendar_link(actor=lina, at=AT, whole_place=True)
    token = calendars.token_of(link)
    assert calendars.opened_by(token, "")
    assert calendars.opened_by(token, "drill") is None
    member = Membership.objects.filter(user=lina.user_id)
    if gone == "account":
        User.objects.filter(pk=lina.user_id).update(is_active=False)
    elif gone == "membership":
        member.delete()
    else:
        member.update(mission=MELBOURNE)
    assert calendars.opened_by(token, "") is None


def test_an_exercise_says_so(lina: Reader, planned: Plan, people: People) -> None:
    planned(lina, actor=people.reader(Role.SUPERVISOR, exercise="drill"))
    drilled = people.reader(Role.MISSION_OFFICER, CAIRO, exercise="drill", username="lina")
    link = actions.make_calendar_link(actor=drilled, at=AT, whole_place=False)
    [event] = read(calendars.calendar(link, drilled, AT)).walk("VEVENT")
    assert str(event["summary"]).startswith("[LATIHAN]")
