"""Each act on a crisis: works, refuses, rolls back, records."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from alerts.crises import actions
from alerts.crises.models import Crisis, CrisisMission
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.alerts.crises.conftest import TAI_PO
from tests.conftest import AT, People

LATER = AT + timedelta(minutes=5)


@pytest.fixture
def crisis(fire: dict[str, Any]) -> Crisis:
    return actions.declare(**fire)


def refused(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


def test_declare_stores_the_area_its_box_and_the_missions_that_follow(fire: dict[str, Any]) -> None:
    crisis = actions.declare(**fire)
    stored = Crisis.objects.get()
    assert (stored.slug, stored.name, stored.level, stored.declared_at) == ("kebakaran-tai-po", fire["name"], 2, AT)
    assert (stored.west, stored.south, stored.east, stored.north) == (114.1, 22.4, 114.2, 22.5)
    assert "HK" in stored.countries
    row = crisis.involved.get(mission_id="kjri-hongkong")
    assert "KJRI Hongkong" in row.reason_id
    assert row.reason_id != row.reason_en


def test_declare_records_one_event_for_everybody_concerned(fire: dict[str, Any]) -> None:
    crisis = actions.declare(**fire)
    event = Event.objects.get()
    assert (event.kind, event.object_id, event.version, event.topic) == (
        "crisis.declared",
        crisis.slug,
        1,
        f"crisis:{crisis.slug}",
    )
    assert {"dcc", "summary", "mission:kjri-hongkong"} <= set(event.audiences)
    assert event.data["missions"] == sorted(crisis.involved.values_list("mission_id", flat=True))


def test_declare_takes_only_the_chosen_missions(fire: dict[str, Any]) -> None:
    crisis = actions.declare(**fire, mission_codes=["kbri-manila"])
    assert [row.mission_id for row in crisis.involved.all()] == ["kbri-manila"]
    assert crisis.involved.get().reason_id == actions.CHOSEN_ID


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.MINISTER, Role.SPOKESPERSON, Role.AUDITOR, Role.ADMINISTRATOR])
def test_declare_refuses_other_roles(role: Role, fire: dict[str, Any], people: People) -> None:
    refusal = refused(lambda: actions.declare(**fire | {"actor": people.reader(role)}))
    assert refusal.status == 403
    assert not Crisis.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"kind": "party"}, "kind"),
        ({"level": 0}, "level"),
        ({"level": 4}, "level"),
        ({"area_source": "guess"}, "area_source"),
        ({"area": {"type": "Polygon", "coordinates": []}}, "area.coordinates"),
        ({"area": None}, "area"),
        ({"countries": ["HK", "ZZ"]}, "countries"),
        ({"lead": 999_999}, "lead"),
        ({"mission_codes": ["nowhere"]}, "missions"),
        ({"mission_codes": ["no\0where"]}, "missions"),
    ],
)
def test_declare_refuses_by_field_and_stores_nothing(change: dict[str, Any], field: str, fire: dict[str, Any]) -> None:
    assert refused(lambda: actions.declare(**fire | change)).error.field == field
    assert not Crisis.objects.exists()
    assert not Event.objects.exists()


def test_declare_refuses_a_lead_outside_the_command_centre(fire: dict[str, Any], people: People) -> None:
    officer = people.reader(Role.MISSION_OFFICER, "kjri-hongkong")
    assert refused(lambda: actions.declare(**fire | {"lead": officer.user_id})).error.field == "lead"


def test_declare_twice_is_one_crisis(fire: dict[str, Any], crisis: Crisis) -> None:
    refusal = refused(lambda: actions.declare(**fire | {"name": "kebakaran TAI PO"}))
    assert (refusal.error.field, refusal.status) == ("name", 409)
    assert Crisis.objects.count() == 1


def test_declare_again_after_the_end_gets_another_address(
    fire: dict[str, Any], crisis: Crisis, supervisor: Reader
) -> None:
    actions.stand_down(actor=supervisor, at=LATER, slug=crisis.slug, version=1)
    assert actions.declare(**fire).slug == "kebakaran-tai-po-2"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("大埔火災", "fire-2026-05-12"), ("Declare", "declare-2"), ("Ribbon", "ribbon-2"), ("x" * 120, "x" * 50)],
)
def test_declare_finds_an_address_for_any_name(name: str, slug: str, fire: dict[str, Any]) -> None:
    assert actions.declare(**fire | {"name": name}).slug == slug


def test_declare_in_an_exercise_stays_there(fire: dict[str, Any], crisis: Crisis, people: People) -> None:
    actor = people.reader(Role.OPERATOR, exercise="drill")
    drilled = actions.declare(**fire | {"actor": actor})
    assert (drilled.slug, drilled.exercise) == (crisis.slug, "drill")
    event = Event.objects.latest("id")
    assert event.exercise == "drill"
    assert all(name.startswith("exercise:drill:") for name in event.audiences)


def test_declare_rolls_back_when_the_event_fails(fire: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(RuntimeError):
        actions.declare(**fire)
    assert not Crisis.objects.exists()
    assert not CrisisMission.objects.exists()


def broken(**_: Any) -> None:
    raise RuntimeError


def test_change_level_works_and_records(crisis: Crisis, supervisor: Reader) -> None:
    changed = actions.change_level(actor=supervisor, at=LATER, slug=crisis.slug, version=1, level=1)
    assert (changed.level, changed.version) == (1, 2)
    event = Event.objects.latest("id")
    assert (event.kind, event.version, event.data) == ("crisis.level_changed", 2, {"was": 2, "level": 1})
    assert {"dcc", "summary", "mission:kjri-hongkong"} <= set(event.audiences)


def test_stand_down_works_and_records(crisis: Crisis, supervisor: Reader) -> None:
    ended = actions.stand_down(actor=supervisor, at=LATER, slug=crisis.slug, version=1)
    assert (ended.stood_down_at, ended.is_open, ended.version) == (LATER, False, 2)
    assert Event.objects.latest("id").kind == "crisis.stood_down"


def test_only_a_supervisor_changes_the_level_or_ends_a_crisis(crisis: Crisis, operator: Reader) -> None:
    here = {"actor": operator, "at": LATER, "slug": crisis.slug, "version": 1}
    assert refused(lambda: actions.change_level(**here, level=1)).status == 403
    assert refused(lambda: actions.stand_down(**here)).status == 403
    assert Event.objects.count() == 1


def test_a_changed_crisis_refuses_who_saw_the_old_one(crisis: Crisis, supervisor: Reader) -> None:
    here: dict[str, Any] = {"actor": supervisor, "at": LATER, "slug": crisis.slug, "version": 1}
    actions.change_level(**here, level=1)
    assert refused(lambda: actions.change_level(**here, level=3)).code == "conflict"
    assert refused(lambda: actions.stand_down(**here)).status == 409
    crisis.refresh_from_db()
    assert (crisis.level, crisis.is_open) == (1, True)


def test_the_same_level_is_no_change(crisis: Crisis, supervisor: Reader) -> None:
    same = {"actor": supervisor, "at": LATER, "slug": crisis.slug, "version": 1, "level": 2}
    assert refused(lambda: actions.change_level(**same)).error.field == "level"


def test_a_closed_crisis_refuses_every_act(crisis: Crisis, supervisor: Reader) -> None:
    here: dict[str, Any] = {"actor": supervisor, "at": LATER, "slug": crisis.slug}
    actions.stand_down(**here, version=1)
    for act in (
        lambda: actions.stand_down(**here, version=2),
        lambda: actions.change_level(**here, version=2, level=1),
        lambda: actions.add_mission(**here, mission="kbri-manila", reason="Tetangga"),
    ):
        assert refused(act).code == "closed"


def test_a_crisis_of_another_world_is_missing(crisis: Crisis, people: People) -> None:
    actor = people.reader(Role.SUPERVISOR, exercise="drill")
    refusal = refused(lambda: actions.stand_down(actor=actor, at=LATER, slug=crisis.slug, version=1))
    assert refusal.status == 404


def test_add_mission_works_and_tells_the_new_mission(crisis: Crisis, operator: Reader) -> None:
    actions.add_mission(actor=operator, at=LATER, slug=crisis.slug, mission="kbri-manila", reason="Pekerja pindahan")
    row = crisis.involved.get(mission_id="kbri-manila")
    assert row.reason_id == row.reason_en == "Pekerja pindahan"
    event = Event.objects.latest("id")
    assert (event.kind, event.version, event.data) == ("crisis.mission_added", 2, {"mission": "kbri-manila"})
    assert "mission:kbri-manila" in event.audiences


@pytest.mark.parametrize(
    ("mission", "reason", "field"),
    [
        ("nowhere", "x", "mission"),
        ("kjri-hongkong", "x", "mission"),
        ("kbri-manila", " ", "reason"),
        ("kbri-manila", "\x01", "reason"),
    ],
)
def test_add_mission_refuses(mission: str, reason: str, field: str, crisis: Crisis, operator: Reader) -> None:
    act = {"actor": operator, "at": LATER, "slug": crisis.slug, "mission": mission, "reason": reason}
    assert refused(lambda: actions.add_mission(**act)).error.field == field
    assert Event.objects.count() == 1


def test_add_mission_refuses_a_mission_officer(crisis: Crisis, people: People) -> None:
    officer = people.reader(Role.MISSION_OFFICER, "kjri-hongkong")
    act = {"actor": officer, "at": LATER, "slug": crisis.slug, "mission": "kbri-manila", "reason": "x"}
    assert refused(lambda: actions.add_mission(**act)).status == 403


def test_every_act_rolls_back_when_the_event_fails(
    crisis: Crisis, supervisor: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "record", broken)
    here: dict[str, Any] = {"actor": supervisor, "at": LATER, "slug": crisis.slug}
    for act in (
        lambda: actions.stand_down(**here, version=1),
        lambda: actions.change_level(**here, version=1, level=1),
        lambda: actions.add_mission(**here, mission="kbri-manila", reason="x"),
    ):
        with pytest.raises(RuntimeError):
            act()
    stored = Crisis.objects.get()
    assert (stored.version, stored.level, stored.is_open) == (1, 2, True)
    assert not stored.involved.filter(mission_id="kbri-manila").exists()


def test_the_area_may_be_any_geojson(fire: dict[str, Any]) -> None:
    feature = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": TAI_PO, "properties": {}}]}
    assert actions.declare(**fire | {"area": feature}).area["type"] == "MultiPolygon"
