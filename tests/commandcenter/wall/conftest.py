"""Screens in every state."""

from dataclasses import dataclass

import pytest
from django.test import Client

from commandcenter.access.devices import COOKIE
from commandcenter.access.models import Role, WallScreen
from commandcenter.wall import actions
from tests.conftest import AT, People

__all__ = ["Screen", "screen"]


@dataclass(frozen=True)
class Screen:
    """A paired screen: its row, its token, and a browser that holds it."""

    row: WallScreen
    token: str

    @property
    def browser(self) -> Client:
        """Nobody is signed in here."""
        client = Client()
        client.cookies[COOKIE] = self.token
        return client


def paired(people: People, exercise: str = "", name: str = "Dinding barat") -> Screen:
    """A screen that was added and paired."""
    supervisor = people.reader(Role.SUPERVISOR, exercise=exercise)
    row, code = actions.add_screen(actor=supervisor, at=AT, name=name, place="Ruang krisis")
    token = actions.pair(at=AT, exercise=exercise, typed=code)
    row.refresh_from_db()
    return Screen(row, token)


@pytest.fixture
def screen(people: People, reference: None) -> Screen:
    """One in live work."""
    return paired(people)
