"""The link: one officer, one request, 24 hours, one world."""

from datetime import timedelta

import pytest

from alerts.reporting import tokens
from commandcenter.access.models import Membership, User
from commandcenter.problems import Refusal


@pytest.fixture
def token(world, at) -> str:
    return tokens.make(request=world.ask("dhaka"), officer=world.officer().user_id, at=at)


def status_of(token: str, *, at, exercise: str = "") -> int:
    with pytest.raises(Refusal) as caught:
        tokens.read(token, exercise=exercise, at=at)
    return caught.value.status


def test_a_link_opens_its_officers_request_for_a_day(token, world, at):
    for age in (timedelta(), timedelta(hours=24) - timedelta(seconds=1)):
        link = tokens.read(token, exercise="", at=at + age)
        assert (link.officer.user_id, link.request.mission_id) == (world.officer().user_id, "dhaka")


def test_a_link_ends_after_a_day(token, at):
    assert status_of(token, at=at + timedelta(hours=24)) == 410


@pytest.mark.parametrize("bad", ["", "x", "a:b", "é", "١:٢", "\ud800", "A" * 5000, "{}:sig", "a\x00b"])
def test_what_is_no_link_is_not_found(at, db, bad):
    assert status_of(bad, at=at) == 404


def test_every_changed_character_is_noticed(token, at):
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert status_of(changed, at=at) == 404


def test_a_signed_text_of_another_shape_is_not_found(at, db):
    for held in ([], {}, {"request": 1}, {"request": "x", "officer": 1, "ends": 1}, 7):
        assert status_of(tokens.SIGNER.sign_object(held), at=at) == 404


def test_a_link_does_not_open_in_another_world(token, drill, at):
    assert status_of(token, exercise="hk", at=at) == 404


def test_a_link_ends_when_the_officer_leaves(token, world, at):
    Membership.objects.filter(mission="dhaka").update(mission="newdelhi")
    assert status_of(token, at=at) == 403
    Membership.objects.filter(mission="newdelhi").update(mission="dhaka")
    User.objects.update(is_active=False)
    assert status_of(token, at=at) == 403
