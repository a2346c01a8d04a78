"""A crisis whose missions were asked for reports, and what they answered, past the application's own pages."""

from dataclasses import dataclass
from typing import Any

from tests.journeys.running import Running

ASK = """
import json
from alerts.crises import actions as crises
from alerts.reporting.tokens import make
from alerts.sitreps import actions as sitreps
from commandcenter.access.models import Membership, User
from commandcenter.access.reader import reader_of
from commandcenter.clock import now
area = {"type": "Polygon", "coordinates": [[[114.1, 22.4], [114.3, 22.4], [114.3, 22.5], [114.1, 22.5], [114.1, 22.4]]]}
supervisor, operator = (reader_of(User.objects.get(username=name)) for name in ("supervisor", "operator"))
members = Membership.objects.filter(role="mission_officer").select_related("user").order_by("mission")
officers = {member.mission: member.user for member in members}
crisis = crises.declare(
    actor=supervisor, at=now(), name=NAME, kind="fire", level=1, area=area, area_source="draw", countries=["HK"],
    lead=supervisor.user_id, mission_codes=sorted(officers),
)
made = sitreps.request_reports(actor=operator, at=now(), crisis=crisis, mission_codes=sorted(officers))
print(json.dumps([
    {
        "slug": crisis.slug, "request": one.pk, "mission": one.mission_id, "officer": officers[one.mission_id].pk,
        "path": f"/report/{make(request=one, officer=officers[one.mission_id].pk, at=now())}/",
    }
    for one in made
]))
"""
READ = """
import json
from alerts.sitreps.models import SituationReport
found = SituationReport.objects.filter(crisis__slug=SLUG).prefetch_related("figures").order_by("number")
print(json.dumps([
    {
        "number": one.number, "mission": one.mission_id, "answer": one.answer, "note": one.note,
        "replaces": one.replaces and one.replaces.number, "authorities": one.authorities, "hospitals": one.hospitals,
        "figures": {figure.key: [figure.value, figure.high] for figure in one.figures.all()},
        "late": (one.filed_at - one.as_of).total_seconds(),
    }
    for one in found
]))
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, with the named officer's link."""

    slug: str
    request: int
    mission: str
    officer: int
    path: str


def ask(running: Running, name: str) -> list[Asked]:
    """Declare a crisis of this name and ask every mission that has an officer."""
    return [Asked(**one) for one in running.script(ASK.replace("NAME", repr(name)))]


def stored(running: Running, slug: str) -> list[dict[str, Any]]:
    """Every report of the crisis, in the order of their numbers."""
    found: list[dict[str, Any]] = running.script(READ.replace("SLUG", repr(slug)))
    return found
