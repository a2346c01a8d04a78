"""A ticket's right is asked again with every pull: what was withdrawn holds no more."""

from collections.abc import Callable

import pytest
from django.http import QueryDict

from commandcenter.access.actions import open_account
from commandcenter.access.models import Membership, Role, User
from commandcenter.access.sockets import Grant, holds
from commandcenter.dashboard import door
from commandcenter.sockets import doors

pytestmark = pytest.mark.django_db


def moved(user: User) -> None:
    open_account(username=user.username, password="x", name="Rina", role=Role.VERIFIER)


def closed(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def without_role(user: User) -> None:
    Membership.objects.filter(user=user).delete()


def gone(user: User) -> None:
    user.delete()


@pytest.mark.parametrize("withdraw", [moved, closed, without_role, gone])
def test_a_withdrawn_right_pulls_nothing(withdraw: Callable[[User], None]) -> None:
    user = open_account(username="rina", password="x", name="Rina", role=Role.OPERATOR)
    user.refresh_from_db()
    grant = Grant("dcc", user.pk, user.auth_epoch, "")
    asked = QueryDict("after=0&bbox=-180,-90,180,90&zoom=3")
    pulls = (lambda: doors._caught_up(grant, asked), lambda: door._answer(grant, asked, ""))
    assert holds(grant)
    assert [pull().status_code for pull in pulls] == [200, 200]
    withdraw(user)
    assert not holds(grant)
    assert [pull().status_code for pull in pulls] == [403, 403]
