"""One night of reports for a running centre, made by the product's own actions in its database."""

import uuid
from datetime import datetime, timedelta

from alerts.crises.models import Crisis, CrisisMission
from alerts.ledger.actions import choose_row
from alerts.sitreps.actions import file_report, request_reports
from alerts.sitreps.models import ReportRequest
from commandcenter.access.models import Membership, Role, User
from commandcenter.access.reader import Reader, reader_of
from missions.directory.models import Mission

AREA = {"type": "Polygon", "coordinates": [[[85, 27], [86, 27], [86, 28], [85, 28], [85, 27]]]}
MISSIONS = ("kbri-dhaka", "kbri-new-delhi", "kjri-mumbai")


def a_night(at: datetime) -> str:
    """A crisis of 23 hours, so that it began on another day: one mission reports with pauses, two are silent."""
    start = at - timedelta(hours=23)
    crisis = _crisis(start)
    officers = {code: _officer(code, number) for number, code in enumerate(MISSIONS)}
    request_reports(actor=_reader("operator"), at=start, crisis=crisis, mission_codes=list(MISSIONS))
    for turn, minute in enumerate((4, 874, 904, 1140, 1170, 1375)):
        moment = start + timedelta(minutes=minute)
        figures = {"wni.present": 187, "wni.dead": 1 + (turn > 2), "wni.missing": 0, "all.dead": 30 + turn}
        report = _files(crisis, officers[MISSIONS[0]], moment, figures)
        keys = ["wni.present", "wni.dead", "wni.missing"]
        choose_row(
            actor=_reader("verifier"),
            at=moment + timedelta(minutes=3),
            crisis=crisis,
            report=report,
            keys=keys,
            reason="baru",
        )
    _files(crisis, officers[MISSIONS[1]], start + timedelta(minutes=930), {"all.dead": 7}, source="media")
    return crisis.slug


def _crisis(start: datetime) -> Crisis:
    lead = User.objects.get(username="supervisor")
    crisis = Crisis.objects.create(
        slug="gempa-kathmandu",
        name="Gempa Kathmandu",
        kind="earthquake",
        level=1,
        area=AREA,
        area_source="draw",
        countries=["NP"],
        west=85,
        south=27,
        east=86,
        north=28,
        lead=lead,
        declared_by=lead,
        declared_at=start,
    )
    for mission in Mission.objects.filter(code__in=MISSIONS):
        CrisisMission.objects.create(crisis=crisis, mission=mission, reason_id="wilayah kerja", reason_en="area")
    return crisis


def _files(crisis: Crisis, officer: Reader, at: datetime, figures: dict[str, int], source: str = "mission"):
    request = ReportRequest.objects.filter(crisis=crisis, mission=officer.mission).latest("pk")
    told = {key: (value, None) for key, value in figures.items()}
    more = {"client_id": uuid.uuid4(), "answer": "figures", "figures": told, "as_of": at, "source": source}
    return file_report(actor=officer, at=at, request=request, authorities="yes", hospitals="partial", **more).report


def _officer(code: str, number: int) -> Reader:
    user, made = User.objects.get_or_create(username=f"petugas-{code}", defaults={"phone": f"+62812000000{number}"})
    if made:
        Membership.objects.create(user=user, role=Role.MISSION_OFFICER, mission=code)
    return _known(user)


def _reader(username: str) -> Reader:
    return _known(User.objects.get(username=username))


def _known(user: User) -> Reader:
    found = reader_of(user)
    assert found is not None
    return found
