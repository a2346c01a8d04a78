"""Many crises with their requests, reports and figures, and many cases: for tests and benchmarks of growth."""

import uuid
from collections import Counter
from datetime import datetime, timedelta

from alerts.cases import actions as cases
from alerts.cases.actions import New
from alerts.cases.models import Case, CaseMessage
from alerts.casework import actions as casework
from alerts.crises.models import Crisis, CrisisMission
from alerts.ledger.models import OfficialFigure
from alerts.sitreps.models import ReportedFigure, ReportRequest, SituationReport
from commandcenter.access.models import Membership, Role, User
from commandcenter.access.reader import Reader
from missions.directory.models import Mission
from missions.registry import actions as registry
from missions.registry.shapes import Entry

HONG_KONG = {
    "type": "Polygon",
    "coordinates": [[[113.8, 22.1], [114.5, 22.1], [114.5, 22.6], [113.8, 22.6], [113.8, 22.1]]],
}
FIGURES = {"wni.present": 145, "wni.dead": 2, "wni.missing": 1, "wni.safe": 142, "all.dead": 40}


def a_user(username: str, role: Role, mission: str = "") -> User:
    """A person with a role; the same one for the same name."""
    user, made = User.objects.get_or_create(username=username, defaults={"first_name": username})
    if made:
        Membership.objects.create(user=user, role=role, mission=mission)
    return user


def some_crises(
    count: int, *, missions: int, reports: int, at: datetime, still_open: int, named: str = "krisis"
) -> None:
    """Crises over Hong Kong, each with so many missions, a request to each, and so many reports from each of them."""
    lead = a_user("large-lead", Role.SUPERVISOR)
    codes = list(Mission.objects.order_by("-is_open", "code").values_list("code", flat=True)[:missions])
    found = Crisis.objects.bulk_create(
        _crisis(f"{named}-{i}", lead, at - timedelta(hours=i), is_open=i < still_open) for i in range(count)
    )
    whole = [(crisis, code) for crisis in found for code in codes]
    CrisisMission.objects.bulk_create(
        CrisisMission(crisis=crisis, mission_id=code, reason_id="Wilayah kerja", reason_en="Consular area")
        for crisis, code in whole
    )
    asked = ReportRequest.objects.bulk_create(
        ReportRequest(
            crisis=crisis,
            mission_id=code,
            requested_by=lead,
            requested_at=at,
            due_at=at + timedelta(minutes=5),
            answered_at=at + timedelta(minutes=2) if reports else None,
        )
        for crisis, code in whole
    )
    _reports(asked, reports, lead, at)


def _crisis(slug: str, lead: User, at: datetime, *, is_open: bool) -> Crisis:
    return Crisis(
        slug=slug,
        name=slug.title(),
        kind="fire",
        level=1,
        area=HONG_KONG,
        area_source="draw",
        countries=["HK"],
        west=113.8,
        south=22.1,
        east=114.5,
        north=22.6,
        lead=lead,
        declared_by=lead,
        declared_at=at,
        stood_down_at=None if is_open else at + timedelta(hours=9),
    )


def _reports(asked: list[ReportRequest], each: int, reporter: User, at: datetime) -> None:
    """Every third mission corrects itself each time; the others report anew."""
    numbers: Counter[int] = Counter()
    before: list[SituationReport] = []
    whole: list[SituationReport] = []
    for turn in range(each):
        made = []
        for place, request in enumerate(asked):
            numbers[request.crisis_id] += 1
            when = at + timedelta(minutes=2 + turn)
            made.append(
                SituationReport(
                    crisis_id=request.crisis_id,
                    mission_id=request.mission_id,
                    request=request,
                    number=numbers[request.crisis_id],
                    client_id=uuid.uuid4(),
                    answer="figures",
                    as_of=when,
                    filed_at=when,
                    reporter=reporter,
                    authorities="yes",
                    hospitals="partial",
                    replaces=before[place] if before and place % 3 == 0 else None,
                )
            )
        before = SituationReport.objects.bulk_create(made)
        whole += before
    figures = ReportedFigure.objects.bulk_create(
        ReportedFigure(report=report, key=key, value=value) for report in whole for key, value in FIGURES.items()
    )
    newest = {(figure.report.crisis_id, figure.key): figure for figure in figures}
    OfficialFigure.objects.bulk_create(
        OfficialFigure(
            crisis_id=crisis, key=key, version=1, chosen=figure, verifier=reporter, at=at, reason="baris ini"
        )
        for (crisis, key), figure in newest.items()
    )


def some_cases(many: int, at: datetime, operator: Reader, mission: str) -> tuple[str, int]:
    """So many cases, and one with so many messages, notes and persons; all of them late."""
    begun = at - timedelta(days=9)
    for _one in range(many):
        new = New(client_id=uuid.uuid4(), category="complaint", text="Gaji", phone="+60123456789", country="MY")
        case = cases.open_case(actor=None, at=begun, new=new, exercise="")
        given = {"actor": operator, "number": case.number, "at": begun}
        casework.take(**given)
    people = [Entry(f"Siti {n}", "", f"+6012345{n:04}", "MY", "", mission) for n in range(many)]
    ids = registry.register(actor=operator, at=at, entries=people)
    for citizen in ids:
        casework.reply(client_id=uuid.uuid4(), text="Kami tangani", **given)
        casework.add_note(kind="note", text="Ditelepon", **given)
        casework.add_note(kind="document", text="Kontrak", url="https://arsip.example/1", **given)
        casework.link_person(citizen=citizen, **given)
        cases.hear(case=case, at=begun, client_id=uuid.uuid4(), text="Lagi")
    return case.number, ids[0]


def closed_cases(count: int, *, still_open: int, at: datetime) -> None:
    """So many cases after years, stored in bulk; some of them still open, with a message each."""
    codes = list(Mission.objects.order_by("code").values_list("code", flat=True))
    made = Case.objects.bulk_create(
        Case(
            client_id=uuid.uuid4(),
            category="complaint",
            mission_id=codes[key % len(codes)],
            opened_at=at - timedelta(hours=key),
            began_at=at - timedelta(hours=key),
            state="in_action" if key < still_open else "closed",
            due_at=at + timedelta(hours=key - 10) if key < still_open else None,
            answered_at=at - timedelta(hours=key),
            closed_at=None if key < still_open else at - timedelta(hours=key),
            outcome="" if key < still_open else "solved",
        )
        for key in range(count)
    )
    CaseMessage.objects.bulk_create(
        CaseMessage(case=case, client_id=uuid.uuid4(), side="applicant", text="Gaji", at=at) for case in made
    )
