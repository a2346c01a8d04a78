"""Reads: does a step's need still hold, which alarms are open, what is overdue now, how healthy the alarms are."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from alerts.alarms.models import Alarm
from alerts.callbacks.models import CallBack
from alerts.callbacks.rules import subject as waiting_call
from alerts.cases import queries as cases
from alerts.cases.models import Case
from alerts.crises.models import Crisis, CrisisMission
from alerts.emergencies.climbing import subject, unread
from alerts.emergencies.models import HELD_STATES, Emergency, State, number_of
from alerts.ladders.models import DueStep, Ladder, Standing, Subject
from alerts.ladders.queries import after, clocks
from alerts.ledger.models import OfficialFigure
from alerts.shelving.rules import FLOOD_AT, FLOOD_WINDOW
from alerts.sitreps.models import ReportedFigure, ReportRequest, SituationReport
from missions.roster.queries import on_duty

# A fresh P1 gets its steps this long before the first of them is due: most are taken before that.
AHEAD = timedelta(seconds=30)
# Older ones without a step are the auditor's: something went wrong.
LATEST = timedelta(seconds=10)
PAGE, MOST_PAGES = 500, 20
FRESH = ("priority", "state", "returned_times")
Q_OPEN = Q(answered_at__isnull=True, closed_at__isnull=True, crisis__stood_down_at__isnull=True)


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """One object that must have a step ahead of it; `since` is when its clock began, as far as the rows tell."""

    subject: Subject
    since: datetime
    due_at: datetime | None = None


def locked_request(pk: int) -> ReportRequest | None:
    """The request, locked; None while somebody else works on it (the step comes again in the next turn)."""
    found = ReportRequest.objects.select_related("crisis", "mission", "officer")
    return _locked(found, of=("self",)).filter(pk=pk).first()


def locked_emergency(pk: int) -> Emergency | None:
    """The emergency, locked, or None as above."""
    return _locked(Emergency.objects.select_related("mission"), of=("self",)).filter(pk=pk).first()


def locked_emergencies(pks: Iterable[int]) -> list[Emergency]:
    """Those of them that nobody else works on, locked."""
    found = Emergency.objects.select_related("mission").filter(pk__in=list(pks)).order_by("pk")
    return list(_locked(found, of=("self",)))


def locked_case(pk: int) -> Case | None:
    """The case, locked, or None as above."""
    return _locked(Case.objects.all(), of=("self",)).filter(pk=pk).first()


def locked_crisis(pk: int) -> Crisis | None:
    """The crisis, locked, or None as above."""
    return _locked(Crisis.objects.all(), of=("self",)).filter(pk=pk).first()


def locked_callback(pk: int) -> CallBack | None:
    """The entry of the call-back list, locked, or None as above."""
    return _locked(CallBack.objects.all(), of=("self",)).filter(pk=pk).first()


def _locked(found: QuerySet, *, of: tuple[str, ...]) -> QuerySet:  # type: ignore[type-arg]
    if connection.features.has_select_for_update_skip_locked:
        return found.select_for_update(skip_locked=True, of=of, no_key=True)
    return found


def unverified(crisis: Crisis, since: datetime) -> bool:
    """Whether no verifier has chosen anything in this open crisis since then."""
    return crisis.is_open and not OfficialFigure.objects.filter(crisis=crisis, at__gte=since).exists()


def owes_report(crisis: int, mission: str) -> bool:
    """Whether an open request stands there already."""
    return ReportRequest.objects.filter(Q_OPEN, crisis=crisis, mission=mission).exists()


def fresh(at: datetime) -> list[OpenAlarm]:
    """P1 that nobody has taken and whose first step is near: they get their steps now."""
    first = after(Ladder.EMERGENCY, "supervisor")
    newest, oldest = at - max(first - AHEAD, timedelta()), at - first - LATEST
    near: list[tuple[int, datetime, str]] = []
    # By primary key, which grows with receipt: no index of its own is needed for what arrives now.
    latest = Emergency.objects.order_by("-pk").values_list("pk", "received_at", "exercise", *FRESH)
    for page in range(MOST_PAGES):
        rows = list(latest[page * PAGE : (page + 1) * PAGE])
        near += [
            (pk, received, exercise)
            for pk, received, exercise, *how in rows
            if how == [1, State.NEW, 0] and oldest <= received <= newest
        ]
        if len(rows) < PAGE or rows[-1][1] < oldest:
            break
    planned = DueStep.objects.filter(ladder=Ladder.EMERGENCY, ref__in=[pk for pk, *_rest in near])
    known = set(planned.values_list("ref", flat=True))
    return [
        OpenAlarm(Subject(Ladder.EMERGENCY, pk, number_of(pk, received), exercise), received)
        for pk, received, exercise in near
        if pk not in known
    ]


def without_steps(at: datetime) -> list[OpenAlarm]:
    """Open alarms that have no step ahead of them; and requests of whose steps any is not there."""
    emergencies = (*_emergencies(at), *_messages())
    found = (*_requests(), *_members(), *emergencies, *_crises(), *_callbacks(), *_cases())
    return [alarm for alarm in found if alarm.since <= at]


def _ahead(ladder: Ladder) -> Exists:
    return Exists(DueStep.objects.filter(ladder=ladder, ref=OuterRef("pk"), done_at__isnull=True))


def _requests() -> list[OpenAlarm]:
    needed = len(clocks(Ladder.REQUEST))
    rows = ReportRequest.objects.filter(Q_OPEN).select_related("crisis")
    steps: dict[int, set[str]] = {}
    ahead: set[int] = set()
    planned = DueStep.objects.filter(ladder=Ladder.REQUEST, ref__in=[row.pk for row in rows])
    for ref, step, state in planned.values_list("ref", "step", "state"):
        steps.setdefault(ref, set()).add(step)
        if state == Standing.WAITING:
            ahead.add(ref)
    wrong = [row for row in rows if row.pk not in ahead or len(steps.get(row.pk, ())) < needed]
    return [OpenAlarm(_demanded(row), row.requested_at, row.due_at) for row in wrong]


def _demanded(row: ReportRequest) -> Subject:
    return Subject(Ladder.REQUEST, row.pk, row.number, row.crisis.exercise, row.crisis_id)


def _members() -> list[OpenAlarm]:
    """Missions that have reported in an open crisis, are asked nothing now, and have no next report ahead."""
    asked = ReportRequest.objects.filter(crisis=OuterRef("crisis"), mission=OuterRef("mission"))
    open_now = asked.filter(answered_at__isnull=True, closed_at__isnull=True)
    rows = CrisisMission.objects.filter(Exists(asked.filter(answered_at__isnull=False)), crisis__stood_down_at=None)
    rows = rows.exclude(Exists(open_now)).exclude(_ahead(Ladder.NEXT)).select_related("crisis")
    found = []
    for row in rows:
        last = SituationReport.objects.filter(crisis=row.crisis, mission=row.mission_id).order_by("-number").first()
        if last is not None:
            name = f"{row.crisis.slug}/{row.mission_id}"
            due = Subject(Ladder.NEXT, row.pk, name, row.crisis.exercise, row.crisis_id, last.pk)
            found.append(OpenAlarm(due, last.filed_at))
    return found


def _emergencies(at: datetime) -> list[OpenAlarm]:
    first = after(Ladder.EMERGENCY, "supervisor")
    old = Emergency.objects.filter(resolved_at__isnull=True, state=State.NEW, priority=1, received_at__lte=at - first)
    rows = old.exclude(_ahead(Ladder.EMERGENCY)).order_by("received_at")[:PAGE]
    return [OpenAlarm(subject(row, Ladder.EMERGENCY, row.version), row.received_at) for row in rows]


def _messages() -> list[OpenAlarm]:
    held = Emergency.objects.filter(resolved_at__isnull=True, priority=1, unanswered__gt=0, state__in=HELD_STATES)
    rows = held.exclude(_ahead(Ladder.MESSAGE)).order_by("pk")[:PAGE]
    return [
        OpenAlarm(subject(row, Ladder.MESSAGE, -row.version), row.unanswered_since)
        for row in rows
        if row.unanswered_since is not None
    ]


def _crises() -> list[OpenAlarm]:
    """Open crises with figures that arrived after the last choice of a verifier."""
    rows = Crisis.objects.filter(stood_down_at__isnull=True).annotate(chosen=Max("official__at"))
    told = ReportedFigure.objects.order_by("report__filed_at").select_related("report")
    found = []
    for row in rows.exclude(_ahead(Ladder.VERIFICATION)):
        newer = told.filter(report__crisis=row.pk)
        first = (newer.filter(report__filed_at__gt=row.chosen) if row.chosen else newer).first()
        if first is not None:
            late = Subject(Ladder.VERIFICATION, row.pk, row.slug, row.exercise, row.pk, first.report_id)
            found.append(OpenAlarm(late, first.report.filed_at))
    return found


def _callbacks() -> list[OpenAlarm]:
    """Numbers on the call-back list that nothing will remind of."""
    rows = CallBack.objects.filter(closed_at__isnull=True).exclude(_ahead(Ladder.CALLBACK)).order_by("pk")[:PAGE]
    return [OpenAlarm(waiting_call(row), row.due_at) for row in rows]


def _cases() -> list[OpenAlarm]:
    """Cases whose clock runs without a step at its end; its own deadline stands."""
    rows = cases.without_step()
    return [OpenAlarm(cases.subject(row), row.began_at, row.due_at) for row in rows]


def locked_member(pk: int) -> CrisisMission | None:
    """One mission of one crisis, the crisis locked, or None as above."""
    found = CrisisMission.objects.get(pk=pk)
    crisis = locked_crisis(found.crisis_id)
    if crisis is None:
        return None
    found.crisis = crisis
    return found


def channels_of(crisis: int, mission: str) -> list[str]:
    """The channels the mission was asked over the last time."""
    asked = ReportRequest.objects.filter(crisis=crisis, mission=mission).order_by("-requested_at", "-pk")
    return next(iter(asked.values_list("channels", flat=True)[:1]), [])


def still_caused(alarms: Collection[Alarm]) -> set[str]:
    """The keys of those alarms whose cause still stands, in two queries whatever their number."""
    refs: dict[str, list[int]] = {"request": [], "crisis": [], "callback": [], "message": []}
    raised = {alarm.key: alarm.raised_at for alarm in alarms}
    for alarm in alarms:
        kind, _colon, ref = alarm.key.partition(":")
        refs[kind].append(int(ref))
    asked = ReportRequest.objects.filter(Q_OPEN, pk__in=refs["request"]) if refs["request"] else []
    crises = Crisis.objects.filter(pk__in=refs["crisis"], stood_down_at__isnull=True) if refs["crisis"] else []
    late = {f"crisis:{crisis.pk}" for crisis in crises if _has_unverified(crisis)}
    waiting = CallBack.objects.filter(closed_at__isnull=True, pk__in=refs["callback"]) if refs["callback"] else []
    # A try moved the moment at which it is due beyond the alarm: its cause is gone, and the next one is another.
    late |= {f"callback:{row.pk}" for row in waiting if row.due_at <= raised[f"callback:{row.pk}"]}
    held = Emergency.objects.filter(pk__in=refs["message"]) if refs["message"] else []
    unanswered = {f"message:{emergency.pk}" for emergency in held if unread(emergency)}
    return {f"request:{request.pk}" for request in asked} | late | unanswered


def floods(at: datetime) -> set[str]:
    """The worlds in which more P1 and P2 arrived lately than the desks on duty can hear."""
    newest = Emergency.objects.order_by("-pk").values_list("exercise", "priority", "received_at")[:PAGE]
    since = at - FLOOD_WINDOW
    loud = Counter(exercise for exercise, priority, received in newest if priority <= 2 and received > since)
    return {exercise for exercise, n in loud.items() if n > FLOOD_AT * max(1, len(on_duty(at, exercise)))}


def _has_unverified(crisis: Crisis) -> bool:
    last = OfficialFigure.objects.filter(crisis=crisis).aggregate(at=Max("at"))["at"]
    told = SituationReport.objects.filter(crisis=crisis, figures__isnull=False)
    return (told.filter(filed_at__gt=last) if last else told).exists()
