"""Positions that can hardly be true are kept and flagged. The mutants: a rule that refuses, and one that is silent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.emergencies.models import Emergency
from alerts.intake.models import EmergencyPosition
from alerts.intake.rules import Place, doubt_of
from commandcenter.access.models import Role
from tests.alerts.intake.test_api import URL, as_citizen, send, sent

__all__ = ["sent"]

AT = datetime(2026, 5, 12, 20, 10, tzinfo=UTC)
HOME = Place(22.45, 114.17, AT - timedelta(minutes=10), 20)


@pytest.mark.parametrize(
    ("lat", "lon", "minutes", "accuracy", "doubt"),
    [
        (22.46, 114.17, 1, 20, ""),
        (24.46, 54.37, 2, 20, "jumped"),  # Hong Kong to Abu Dhabi, 5,900 km
        (24.46, 54.37, 2, 7_000_000, ""),  # it says itself that it knows nothing
        (22.45, 114.60, 0, 20, ""),  # 44 km in no time: masts and wireless networks do that
        (1.35, 103.99, 5 * 60, 20, ""),  # an airliner to Singapore
        (1.35, 103.99, 60, 20, "jumped"),
        (22.45, -179.9, 2, 20, "jumped"),
    ],
)
def test_farther_than_anybody_travels_is_doubted(
    lat: float, lon: float, minutes: int, accuracy: float, doubt: str
) -> None:
    fix = Place(lat, lon, HOME.fixed_at + timedelta(minutes=minutes), accuracy)
    assert doubt_of(fix, HOME, AT + timedelta(days=1)) == doubt


def test_a_time_ahead_of_ours_is_doubted_and_so_says_nothing_of_a_jump() -> None:
    ahead = HOME._replace(fixed_at=AT + timedelta(hours=48))
    assert doubt_of(ahead, None, AT) == "ahead"
    assert doubt_of(HOME._replace(lat=-30), ahead, AT) == ""
    assert doubt_of(HOME._replace(fixed_at=AT + timedelta(minutes=4)), None, AT) == ""


@pytest.mark.django_db
def test_a_jump_is_kept_flagged_and_shown_with_where_it_began(sent: dict[str, Any], people: Any) -> None:
    path = f"{URL}/{sent['number']}/positions"
    far = {"lat": 24.46, "lon": 54.37, "accuracy_m": 8, "fixed_at": "2026-05-12T20:06:00Z"}
    assert send(far, path, **as_citizen(sent)).status_code == 201
    stored = Emergency.objects.get()
    assert (stored.latitude, stored.position_doubt) == (24.46, "jumped")
    assert EmergencyPosition.objects.order_by("fixed_at").values_list("latitude", flat=True)[0] == 22.4500
    desk = people.client(Role.OPERATOR)
    page = desk.get(f"/emergencies/{sent['number']}/").content.decode()
    assert "Posisi diragukan" in page
    assert "22.45000, 114.16880" in page
    assert "Lebih jauh dari posisi sebelumnya" in page.split('id="timeline"')[-1]
    near = {"lat": 24.461, "lon": 54.37, "accuracy_m": 8, "fixed_at": "2026-05-12T20:07:00Z"}
    send(near, path, **as_citizen(sent))
    place = desk.get(f"/emergencies/{sent['number']}/panels/place/").content.decode()
    assert "24.46100, 54.37000" in place
    assert "diragukan" not in place


@pytest.mark.django_db
def test_two_days_ahead_are_kept_and_flagged_and_the_next_fix_replaces_them(emergency_payload: dict[str, Any]) -> None:
    emergency_payload["location"]["fixed_at"] = "2099-05-14T20:05:00Z"
    answer = send(emergency_payload)
    assert answer.status_code == 201
    assert Emergency.objects.get().position_doubt == "ahead"
    path = f"{URL}/{answer.json()['number']}/positions"
    true = {"lat": 22.5, "lon": 114.2, "accuracy_m": 8, "fixed_at": "2026-05-12T20:06:00Z"}
    send(true, path, **as_citizen(answer.json()))
    assert (Emergency.objects.get().latitude, Emergency.objects.get().position_doubt) == (22.5, "")
    assert EmergencyPosition.objects.count() == 2


@pytest.mark.django_db
def test_the_null_island_is_refused_with_the_field(sent: dict[str, Any]) -> None:
    nowhere = {"lat": 0, "lon": 0, "fixed_at": "2026-05-12T20:06:00Z"}
    answer = send(nowhere, f"{URL}/{sent['number']}/positions", **as_citizen(sent))
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["id"] == "Lintang 0, bujur 0 bukan posisi."
    assert not EmergencyPosition.objects.exists()
    assert Emergency.objects.get().latitude == 22.45
