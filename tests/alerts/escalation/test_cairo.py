"""Cairo 2011: the mission's telephone is dead for two days. With real reference data the silence shows in minutes."""

import pytest

from alerts.alarms.models import Alarm
from alerts.boards.queries import silent
from alerts.crises.models import Crisis, CrisisMission
from alerts.escalation.neighbours import neighbours
from alerts.sitreps.actions import request_reports
from alerts.sitreps.models import ReportRequest
from commandcenter.access.models import Membership, Role, User
from commandcenter.outbox.models import Outgoing
from missions.directory.queries import directory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
AREA = {"type": "Polygon", "coordinates": [[[31, 29.8], [31.6, 29.8], [31.6, 30.3], [31, 30.3], [31, 29.8]]]}


def a_crisis(people, at, *, countries, mission):
    lead = people.reader(Role.SUPERVISOR)
    box = {"west": 31, "south": 29.8, "east": 31.6, "north": 30.3}
    who = {"lead_id": lead.user_id, "declared_by_id": lead.user_id, "declared_at": at}
    fields = {"name": "Kerusuhan Kairo", "kind": "unrest", "level": 1, "area": AREA, "area_source": "draw"}
    crisis = Crisis.objects.create(slug="kairo", countries=countries, **fields, **box, **who)
    CrisisMission.objects.create(crisis=crisis, mission_id=mission, reason_id="wilayah", reason_en="area")
    return crisis


def a_person(name, role, mission):
    user = User.objects.create(username=name, phone="+201000000000")
    Membership.objects.create(user=user, role=role, mission=mission)
    return user


def test_the_two_day_cairo_silence_shows_within_minutes(people, clock, at):
    crisis = a_crisis(people, at, countries=["EG"], mission="kbri-kairo")
    a_person("kairo-1", Role.MISSION_OFFICER, "kbri-kairo")
    a_person("kairo-2", Role.MISSION_OFFICER, "kbri-kairo")
    a_person("kairo-dubes", Role.AMBASSADOR, "kbri-kairo")
    operator = people.reader(Role.OPERATOR)
    [request] = request_reports(actor=operator, at=at, crisis=crisis, mission_codes=["kbri-kairo"])
    seen = {}
    for second in [*range(0, 1200, 1), *range(1200, 2 * 86400, 300)]:
        moment = clock.sweep(seconds=second) if second < 1200 or not second % 1800 else clock.at(seconds=second)
        for alarm in Alarm.objects.all() if second <= 1200 and not second % 30 else []:
            seen.setdefault(alarm.priority, second)
        if second in {330, 660} or (second > 1200 and not second % 43200):
            assert [row.mission.code for row in silent(operator, moment)] == ["kbri-kairo"]
    assert seen == {2: 300, 1: 600}
    request.refresh_from_db()
    told = set(Outgoing.objects.values_list("recipient__username", flat=True))
    assert {"kairo-1", "kairo-2", "kairo-dubes"} <= told
    # Two days later it still climbs: nothing expired.
    assert ReportRequest.objects.get().answered_at is None
    assert Outgoing.objects.latest("made_at").made_at >= clock.at(hours=47)
    assert Alarm.objects.get().ended_at is None


def test_the_neighbour_is_another_mission_accredited_to_the_country_of_the_crisis_first():
    known = directory()
    shared = {
        iso: [mission for mission in known.serving(iso) if mission.is_open and mission.serves_citizens]
        for iso in known.countries
    }
    iso, pair = next((iso, found) for iso, found in sorted(shared.items()) if len(found) > 1)
    silent_one = pair[0].code
    found = neighbours(silent_one, [iso])
    assert found[0].mission.code == pair[1].code
    assert "terakreditasi" in found[0].reason_id
    assert silent_one not in {each.mission.code for each in found}


@pytest.mark.parametrize("code", ["kbri-kairo", "kbri-dhaka", "kbri-khartoum"])
def test_every_silent_mission_has_a_neighbour_that_is_open_and_serves_citizens(code):
    found = neighbours(code, [])
    assert found
    assert found[0].mission.is_open
    assert found[0].mission.serves_citizens
    assert found[0].mission.code != code
    assert "km" in found[0].reason_en


def test_the_neighbour_without_anybody_to_wake_is_passed_over(people, clock, at):
    crisis = a_crisis(people, at, countries=["EG"], mission="kbri-kairo")
    order = [each.mission.code for each in neighbours("kbri-kairo", ["EG"])]
    a_person("tetangga", Role.MISSION_OFFICER, order[2])
    request_reports(actor=people.reader(Role.OPERATOR), at=at, crisis=crisis, mission_codes=["kbri-kairo"])
    clock.sweep(seconds=900)
    sms = Outgoing.objects.get(recipient__username="tetangga", channel="sms")
    assert "tidak menjawab" in sms.text
    assert "/report/" not in sms.text
