"""The crisis and its officers, a crowd of them, and the press."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from alerts.crises.models import CrisisMission
from commandcenter.access.models import User
from commandcenter.brief import press
from commandcenter.brief.printing import PROGRAM, the_press
from tests.alerts.ledger.world import a_mission, crisis, later, make_official, report, verifier

__all__ = ["crisis", "later", "make_official", "report", "verifier"]


@pytest.fixture(scope="session")
def pango():
    """Tests that print are not run where the system library is missing; bin/test says so loudly."""
    tried = subprocess.run([sys.executable, "-I", str(PROGRAM)], input=json.dumps([]), text=True, capture_output=True)
    if tried.returncode == press.MISSING:
        pytest.skip("NOT RUN: no Pango on this machine")


@pytest.fixture(autouse=True)
def nothing_printed(monkeypatch):
    """Every test prints its own, and no test judges by the clock of a busy machine."""
    the_press.kept.clear()
    monkeypatch.setattr(the_press, "seconds", 300)


@pytest.fixture
def crowd(report, crisis, people):
    """crowd(n, ...) adds missions that are asked and report, every third one with figures, the others checking."""

    def add(many, *, name="Perwakilan {}", figures=None, silent=False):
        first = CrisisMission.objects.filter(crisis=crisis, mission__code__startswith="krowd-").count()
        for number in range(first, many):
            code = f"krowd-{number}"
            a_mission(code, name.format(number)[:120])
            CrisisMission.objects.create(crisis=crisis, mission_id=code, reason_id="a", reason_en="b")
            if number % 3 == 0 and not silent:
                told = figures or {"wni.present": 10 + number, "wni.dead": number, "all.dead": 100 + number}
                report(number, told, mission=code, authorities="yes", hospitals="partial")
            else:
                report(number, {}, answer="checking", mission=code, authorities="no")

    return add


@pytest.fixture
def long_names(people):
    """Everybody has the longest name there can be."""

    def rename():
        User.objects.update(first_name="Maximilianus" * 12, last_name="Situmorangpangaribuan" * 7)

    return rename


@pytest.fixture
def fixed(monkeypatch, later):
    """The page and the brief are of one moment; fixed(minutes) moves it."""

    def at(minutes=0):
        moment = later + timedelta(minutes=minutes)
        for module in ("commandcenter.dashboard.summary", "commandcenter.brief.views"):
            monkeypatch.setattr(f"{module}.now", lambda: moment)
        return moment

    at()
    return at
