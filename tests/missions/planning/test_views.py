"""Pages of rosters: what they show, to whom, and what their forms do."""

import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from missions.roster.models import CalendarLink, NumberTest, Shift, ShiftSwap
from tests.conftest import People
from tests.missions.roster.conftest import CAIRO, MELBOURNE, Plan, phone

WEEK = f"/roster/places/{CAIRO}/"


@pytest.fixture
def desk(people: People, reference: None) -> Client:
    return people.client(Role.SUPERVISOR)


@pytest.fixture
def soon(planned: Plan) -> Plan:
    """Shifts from the present moment on."""
    at = timezone.now()

    def made(person: Reader, *, after: float = 0, **more: Any) -> Shift:
        return planned(person, at=at, starts_at=at + timedelta(hours=after), **more)

    return made


def test_the_overview_says_who_is_on_duty_and_where_nobody_is(
    desk: Client, lina: Reader, maya: Reader, soon: Plan
) -> None:
    phone(lina, "+20100000001")
    soon(lina, after=-1, deputy=maya.user_id, hours=24)
    page = desk.get("/roster/").content.decode()
    assert "KBRI Kairo" in page
    assert "+20100000001" in page
    assert "nomor belum pernah diuji" in page
    assert "tidak ada yang jaga" in page
    assert "perwakilan tanpa jaga dalam 72 jam ke depan" in page
    assert 'id="on-duty"' in desk.get("/roster/now/").content.decode()


def test_a_mission_sees_its_own_roster_alone(people: People, lina: Reader, reference: None) -> None:
    mine = people.client(Role.MISSION_OFFICER, CAIRO, username="lina")
    page = mine.get("/roster/").content.decode()
    assert "KBRI Kairo" in page
    assert "KJRI Melbourne" not in page
    assert mine.get(WEEK).status_code == 200
    for address in (f"/roster/places/{MELBOURNE}/", "/roster/places/dcc/", "/roster/places/nowhere/"):
        assert mine.get(address).status_code == 404
    assert mine.post(f"/roster/places/{MELBOURNE}/plan/", {}).status_code == 404
    assert people.client(Role.MINISTER).get("/roster/").status_code == 403


def test_a_verifier_reads_and_plans_nothing(people: People, reference: None) -> None:
    reader = people.client(Role.VERIFIER)
    assert b"plan-form" not in reader.get(WEEK).content
    assert reader.post(f"{WEEK}plan/", {}).status_code == 403


def filled(lina: Reader, **given: Any) -> dict[str, Any]:
    day = (timezone.now() + timedelta(days=2)).date().isoformat()
    shape = {"person": lina.user_id, "kind": "duty", "date": day, "start": "08.00", "length": "8"}
    return {**shape, "client_id": str(uuid.uuid4()), **given}


def test_the_form_plans_once_however_often_it_is_sent(desk: Client, lina: Reader) -> None:
    form = filled(lina)
    for _tap in range(2):
        answer = desk.post(f"{WEEK}plan/", form)
        assert answer.status_code == 302
        assert answer.url.startswith(f"{WEEK}?week=")  # type: ignore[attr-defined]
    assert Shift.objects.count() == 1
    page = desk.get(answer.url).content.decode()  # type: ignore[attr-defined]
    assert "08.00–16.00 Cairo" in page or "08.00–16.00 Kairo" in page
    assert "WIB" in page


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"length": "other", "hours": "0"}, "1 sampai 24 jam"),
        ({"length": "other", "hours": "40"}, "1 sampai 24 jam"),
        ({"start": "\x00"}, "Mulai"),
        ({"date": "0001-01-01"}, "satu tahun"),
        ({"date": "9999-12-31", "start": "23.59"}, "satu tahun"),
        ({"client_id": "x" * 9000}, "UUID"),
    ],
)
def test_bad_input_comes_back_with_its_sentence(desk: Client, lina: Reader, given: dict[str, Any], told: str) -> None:
    answer = desk.post(f"{WEEK}plan/", filled(lina, **given))
    assert answer.status_code in {422, 409}
    assert told in answer.content.decode()
    assert not Shift.objects.exists()


def test_double_booking_and_overlap_are_answered_in_words(desk: Client, lina: Reader, maya: Reader) -> None:
    desk.post(f"{WEEK}plan/", filled(lina))
    again = desk.post(f"{WEEK}plan/", filled(lina, start="10.00"))
    assert again.status_code == 409
    assert "sudah punya jaga pada waktu itu" in again.content.decode()
    both = desk.post(f"{WEEK}plan/", filled(maya, start="10.00"), follow=True)
    assert "Keduanya dibangunkan" in both.content.decode()


@pytest.mark.parametrize("week", ["", "x", "2026-13-99", "0001-01-01", "9999-12-31", "2026-05-13T10", "\x00"])
def test_any_week_in_the_address_is_a_page(desk: Client, week: str) -> None:
    assert desk.get(WEEK, {"week": week}).status_code == 200


def test_the_week_before_is_copied_and_told(desk: Client, lina: Reader, soon: Plan) -> None:
    shift = soon(lina, after=1)
    day = shift.starts_at.astimezone(ZoneInfo("Africa/Cairo")).date() + timedelta(days=7)
    monday = day.isoformat()
    answer = desk.post(f"{WEEK}copy/", {"week": monday}, follow=True)
    assert "1 jaga disalin" in answer.content.decode()
    again = desk.post(f"{WEEK}copy/", {"week": monday}, follow=True)
    assert "Tidak disalin" in again.content.decode()
    assert Shift.objects.count() == 2


def test_a_swap_goes_from_one_browser_to_the_other(people: People, lina: Reader, maya: Reader, soon: Plan) -> None:
    shift, back = soon(lina, after=24), soon(maya, after=48)
    hers = people.client(Role.MISSION_OFFICER, CAIRO, username="lina")
    other = people.client(Role.MISSION_OFFICER, CAIRO, username="maya")
    address = f"/roster/shifts/{shift.pk}/"
    assert hers.post(f"{address}swap/", {"other": "x"}).status_code == 422
    assert b"swap-h" not in other.get(address).content
    asked = hers.post(f"{address}swap/", {"other": maya.user_id, "in_return": back.pk}, follow=True)
    assert "Jadwal berubah bila dijawab ya" in asked.content.decode()
    swap = ShiftSwap.objects.get()
    assert "Saya ambil" in other.get("/roster/").content.decode()
    assert hers.post(f"/roster/swaps/{swap.pk}/accept/", follow=True).status_code == 200
    shift.refresh_from_db()
    assert shift.person_id == lina.user_id
    assert "Ditukar." in other.post(f"/roster/swaps/{swap.pk}/accept/", follow=True).content.decode()
    shift.refresh_from_db()
    assert shift.person_id == maya.user_id
    for wrong in ("maybe", "accept"):
        assert hers.post(f"/roster/swaps/{10**30}/{wrong}/").status_code == 404


def test_a_swap_that_is_refused_says_why(people: People, lina: Reader, maya: Reader, soon: Plan) -> None:
    shift = soon(lina, after=24)
    soon(maya, after=25)
    hers = people.client(Role.MISSION_OFFICER, CAIRO, username="lina")
    answer = hers.post(f"/roster/shifts/{shift.pk}/swap/", {"other": maya.user_id})
    assert answer.status_code == 409
    assert "sudah punya jaga" in answer.content.decode()


def test_a_shift_is_cancelled_from_its_page(desk: Client, lina: Reader, soon: Plan) -> None:
    shift = soon(lina, after=24)
    address = f"/roster/shifts/{shift.pk}/"
    stale = desk.post(f"{address}cancel/", {"version": "9"})
    assert stale.status_code == 409
    assert "berubah sejak halaman dimuat" in stale.content.decode()
    assert "Dibatalkan" in desk.post(f"{address}cancel/", {"version": "1"}, follow=True).content.decode()
    for pk in (10**9, 10**30):
        assert desk.get(f"/roster/shifts/{pk}/").status_code == 404
        assert desk.post(f"/roster/shifts/{pk}/cancel/").status_code == 404
        assert desk.post(f"/roster/shifts/{pk}/swap/").status_code == 404


def test_a_number_is_noted_as_tested(desk: Client, lina: Reader) -> None:
    form = {"place": CAIRO, "person": lina.user_id, "minutes": "5"}
    assert "nomor telepon" in desk.post("/roster/tested/", form, follow=True).content.decode()
    phone(lina, "+20100000001")
    assert "Tercatat" in desk.post("/roster/tested/", form, follow=True).content.decode()
    assert NumberTest.objects.count() == 1
    for wrong in ({"person": "x"}, {"person": str(10**30)}, {"person": str(10**9)}, {"place": "nowhere"}):
        assert desk.post("/roster/tested/", {**form, **wrong}).status_code == 404
    assert desk.post("/roster/tested/", {**form, "minutes": "٣"}).status_code == 302
    assert NumberTest.objects.count() == 1


def test_a_calendar_address_is_made_shown_and_revoked(desk: Client, people: People) -> None:
    desk.post("/roster/calendars/", {"whole_place": "1"})
    link = CalendarLink.objects.get()
    assert "http://testserver/roster/calendar/" in desk.get("/roster/").content.decode()
    assert people.client(Role.OPERATOR).post(f"/roster/calendars/{link.pk}/revoke/").status_code == 404
    desk.post(f"/roster/calendars/{link.pk}/revoke/")
    assert "/roster/calendar/" not in desk.get("/roster/").content.decode()
