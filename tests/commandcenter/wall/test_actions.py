"""Screens: added, paired once, seen, revoked; digests only are stored, and every act is in the log."""

from datetime import timedelta

import pytest

from commandcenter.access.devices import device_with
from commandcenter.access.models import Role, WallScreen
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from commandcenter.wall import actions, rules
from tests.commandcenter.wall.conftest import Screen, paired
from tests.conftest import AT, People

pytestmark = pytest.mark.django_db


def refused(field: str, status: int, **wanted: object) -> None:
    with pytest.raises(Refusal) as told:
        actions.pair(**wanted)  # type: ignore[arg-type]
    assert (told.value.error.field, told.value.status) == (field, status)


def test_a_code_pairs_once_within_ten_minutes_however_it_is_typed(people: People) -> None:
    supervisor = people.reader(Role.SUPERVISOR)
    row, code = actions.add_screen(actor=supervisor, at=AT, name="Barat", place="")
    late = {"at": AT + rules.CODE_LIVES, "exercise": "", "typed": code}
    refused("code", 422, **late)
    refused("code", 422, at=AT, exercise="latihan", typed=code)
    refused("code", 422, at=AT, exercise="", typed=code[:-1])
    token = actions.pair(at=AT, exercise="", typed=f" {rules.spelled(code).lower()} ")
    assert device_with(token, "") == row
    refused("code", 422, at=AT, exercise="", typed=code)


def test_nothing_stored_is_a_code_or_a_token(people: People) -> None:
    row, code = actions.add_screen(actor=people.reader(Role.SUPERVISOR), at=AT, name="Barat", place="")
    assert code not in str(vars(WallScreen.objects.get()))
    token = actions.pair(at=AT, exercise="", typed=code)
    assert token not in str(vars(WallScreen.objects.get(pk=row.pk)))


@pytest.mark.parametrize("typed", ["", "-", "A" * 5000, "ÄÖÜ", "0000-0000", "ABCD\0EFG", "1234567O"])
def test_what_cannot_be_a_code_is_refused_in_words(typed: str) -> None:
    refused("code", 422, at=AT, exercise="", typed=typed)


def test_two_open_screens_have_two_names(people: People) -> None:
    supervisor = people.reader(Role.SUPERVISOR)
    first = paired(people)
    with pytest.raises(Refusal) as told:
        actions.add_screen(actor=supervisor, at=AT, name=first.row.name, place="")
    assert (told.value.error.field, told.value.status) == ("name", 409)
    actions.revoke(actor=supervisor, at=AT, screen=first.row.pk)
    assert actions.add_screen(actor=supervisor, at=AT, name=first.row.name, place="")


@pytest.mark.parametrize(("name", "place", "field"), [(" ", "", "name"), ("x" * 61, "", "name"), ("a", "\0", "place")])
def test_a_screen_needs_a_readable_name(people: People, name: str, place: str, field: str) -> None:
    with pytest.raises(Refusal) as told:
        actions.add_screen(actor=people.reader(Role.SUPERVISOR), at=AT, name=name, place=place)
    assert told.value.error.field == field
    assert not WallScreen.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("role", set(Role) - {Role.SUPERVISOR, Role.MISSION_OFFICER, Role.AMBASSADOR})
def test_only_a_supervisor_adds_and_revokes(people: People, screen: Screen, role: Role) -> None:
    for act in (
        lambda: actions.add_screen(actor=people.reader(role), at=AT, name="x", place=""),
        lambda: actions.revoke(actor=people.reader(role), at=AT, screen=screen.row.pk),
    ):
        with pytest.raises(Refusal) as told:
            act()
        assert told.value.status == 403


def test_a_revoked_screen_is_nobody_and_stays_in_the_list(people: People, screen: Screen) -> None:
    supervisor = people.reader(Role.SUPERVISOR)
    for _again in range(2):
        actions.revoke(actor=supervisor, at=AT, screen=screen.row.pk)
    assert device_with(screen.token, "") is None
    assert WallScreen.objects.get().revoked_by_id == supervisor.user_id
    assert list(Event.objects.order_by("id").values_list("kind", "version", "actor_id")) == [
        ("wall.added", 1, supervisor.user_id),
        ("wall.paired", 2, None),
        ("wall.revoked", 3, supervisor.user_id),
    ]


def test_a_supervisor_ends_no_screen_of_another_world(people: People, screen: Screen) -> None:
    with pytest.raises(Refusal) as told:
        actions.revoke(actor=people.reader(Role.SUPERVISOR, exercise="latihan"), at=AT, screen=screen.row.pk)
    assert told.value.status == 404


def test_last_seen_is_written_once_a_minute(screen: Screen) -> None:
    moments = []
    for seconds in (30, 59, 61):
        actions.mark_seen(at=AT + timedelta(seconds=seconds), screen=WallScreen.objects.get())
        moments.append(WallScreen.objects.get().seen_at)
    assert moments == [AT, AT, AT + timedelta(seconds=61)]
