"""Every change: demand reports, note that a form was opened, file a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis
from alerts.demands.deadlines import AHEAD
from alerts.demands.demand import DEFAULT_CHANNELS, Demand, demand_of, put_up, take_down
from alerts.ladders.actions import end_steps
from alerts.ladders.models import Ladder
from alerts.sitreps.models import (
    FIGURE_KEYS,
    Answer,
    Category,
    Checked,
    Contacted,
    ReportedFigure,
    ReportRequest,
    SituationReport,
    Source,
)
from alerts.sitreps.rules import may_file, may_request, refuse_closed
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, Words, clean_text
from missions.roster.queries import duty

LARGEST = 10_000_000
NOTE_LENGTH = 2000
EARLIEST_YEAR = 2000
ASSERTED_ZERO = tuple(
    f"wni.{category}"
    for category in (
        Category.DEAD,
        Category.SERIOUSLY_INJURED,
        Category.SLIGHTLY_INJURED,
        Category.MISSING,
        Category.DETAINED,
    )
)
Ends = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Filed:
    """The stored report; `created` is False when this client_id had been stored before."""

    report: SituationReport
    created: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What the officer says, checked: nothing here is stored yet."""

    answer: Answer
    figures: dict[str, Ends]
    authorities: str
    hospitals: str
    source: str
    as_of: datetime
    note: str


@transaction.atomic
def request_reports(
    *,
    actor: Reader,
    at: datetime,
    crisis: Crisis,
    mission_codes: Sequence[str],
    channels: Sequence[str] = DEFAULT_CHANNELS,
    minutes: int | None = None,
    extra_questions: Sequence[str] = (),
) -> list[ReportRequest]:
    """Demand a report from these missions. A repeat raises the attempt; the clock stays on the first demand.

    `minutes` is the deadline for first figures, else the clock's own; a mission asked again keeps its first one.
    """
    if not may_request(actor, crisis):
        raise Refusal("", _("Only operators and supervisors request reports."), status=403, code="forbidden")
    said = demand_of(channels, minutes, extra_questions)
    crisis = _locked_open(crisis)
    wanted = sorted(set(mission_codes))
    if not wanted:
        raise Refusal("missions", _("Choose at least one mission."))
    known = set(crisis.involved.filter(mission__in=wanted).values_list("mission_id", flat=True))
    if len(known) < len(wanted):
        raise Refusal("missions", _("A mission you chose is not part of this crisis."))
    return [demand(actor=actor, at=at, crisis=crisis, mission=mission, said=said) for mission in wanted]


def demand(*, actor: Reader | None, at: datetime, crisis: Crisis, mission: str, said: Demand) -> ReportRequest:
    """Ask one mission of a locked, open crisis, and put up the ladder; without an actor it is the clock that asks."""
    request, on_duty = _open_request(crisis, mission), duty(mission, at, crisis.exercise).officers
    officer = on_duty[0] if on_duty else None
    if request is None:
        request = ReportRequest.objects.create(
            crisis=crisis,
            mission_id=mission,
            officer=officer,
            requested_by_id=actor.user_id if actor else None,
            requested_at=at,
            due_at=at + said.within,
            channels=list(said.channels),
            extra_questions=list(said.extra_questions),
        )
    else:
        request.attempt += 1
        request.officer, request.channels = officer, sorted({*request.channels, *said.channels})
        request.extra_questions = list(said.extra_questions) or request.extra_questions
        _save(request, "attempt", "officer", "channels", "extra_questions")
    whom = {"mission": mission, "officer": request.officer_id}
    asked = {**whom, "attempt": request.attempt, "due_at": request.due_at, "periodic": actor is None}
    _record("report.requested", request, at=at, actor=actor, data=asked)
    put_up(request, at)
    return request


@transaction.atomic
def mark_opened(*, actor: Reader, at: datetime, request: ReportRequest) -> ReportRequest:
    """Note the first time that the mission's officer had the form open; again changes nothing."""
    _refuse_foreign(actor, request)
    request = _locked(request)
    if _takes_marks(request):
        _open(actor, at, request)
    return request


@transaction.atomic
def mark_filling(*, actor: Reader, at: datetime, request: ReportRequest) -> ReportRequest:
    """Note the first time that the officer put something into the form, which is open then; again changes nothing."""
    _refuse_foreign(actor, request)
    request = _locked(request)
    if _takes_marks(request) and request.filling_at is None:
        _open(actor, at, request)
        request.filling_at = at
        _save(request, "filling_at")
        _record("report.filling", request, at=at, actor=actor, data={"mission": request.mission_id})
    return request


@transaction.atomic
def file_report(
    *,
    actor: Reader,
    at: datetime,
    request: ReportRequest,
    client_id: UUID,
    answer: str,
    figures: Mapping[str, Ends],
    as_of: datetime,
    authorities: str = "",
    hospitals: str = "",
    source: str = Source.MISSION,
    note: str = "",
    replaces: int | None = None,
) -> Filed:
    """Store a mission's answer under the next number of its crisis; the same client_id again changes nothing.

    `figures` holds (value, high or None) by key; `replaces` is the number of the report this one corrects.
    """
    _refuse_foreign(actor, request)
    told = _checked(answer, figures, authorities, hospitals, source, as_of, note, at)
    # Everything below happens behind the crisis's row lock: numbers have no gap, and a double tap finds the first.
    crisis = Crisis.objects.select_for_update(no_key=True).get(pk=request.crisis_id)
    earlier = SituationReport.objects.select_related("crisis").filter(client_id=client_id).first()
    if earlier is not None:
        return _again(earlier, request)
    request = _answered_request(crisis, request)
    refuse_closed(request)
    before = _replaced(request, replaces)
    try:
        with transaction.atomic():
            report = _store(actor, at, request, client_id, told, before)
    except IntegrityError:
        # The same client_id under another crisis' lock in this instant: that one was first.
        return _again(SituationReport.objects.select_related("crisis").get(client_id=client_id), request)
    _mark_answered(request, at, has_figures=bool(told.figures))
    take_down(request, at, report=report.pk, has_figures=bool(told.figures))
    _record(
        "report.filed",
        request,
        at=at,
        actor=actor,
        data={
            "mission": request.mission_id,
            "report": report.number,
            "answer": report.answer,
            "replaces": report.replaces.number if report.replaces else None,
            "figures": len(told.figures),
        },
    )
    return Filed(report, created=True)


def _locked(request: ReportRequest) -> ReportRequest:
    return ReportRequest.objects.select_related("crisis").select_for_update(of=("self",)).get(pk=request.pk)


def _takes_marks(request: ReportRequest) -> bool:
    return request.closed_at is None and request.crisis.is_open


def _open(actor: Reader, at: datetime, request: ReportRequest) -> None:
    if request.opened_at is None:
        request.opened_at = at
        _save(request, "opened_at")
        _record("report.opened", request, at=at, actor=actor, data={"mission": request.mission_id})
        end_steps(at=at, ladder=Ladder.REQUEST, ref=request.pk, need="unopened")


def _again(earlier: SituationReport, request: ReportRequest) -> Filed:
    if (earlier.crisis_id, earlier.mission_id) != (request.crisis_id, request.mission_id):
        raise Refusal("client_id", _("This client_id belongs to another report."), status=409, code="conflict")
    return Filed(earlier, created=False)


def _answered_request(crisis: Crisis, given: ReportRequest) -> ReportRequest:
    """The request this report answers: what the DCC asks now, even when it came through an older link."""
    current = _open_request(crisis, given.mission_id)
    if current is None:
        current = ReportRequest.objects.select_for_update().get(pk=given.pk)
    current.crisis = crisis
    return current


def _replaced(request: ReportRequest, number: int | None) -> SituationReport | None:
    if number is None:
        return None
    own = SituationReport.objects.filter(crisis=request.crisis_id, mission=request.mission_id)
    report = own.filter(number=number).first()
    if report is None:
        raise Refusal("replaces", _("Your mission has no report with this number in this crisis."))
    # Somebody else corrected it meanwhile: this one takes the place of what stands now, and both stay on record.
    while (by := report.replaced_by.first()) is not None:
        report = by
    return report


def _store(
    actor: Reader,
    at: datetime,
    request: ReportRequest,
    client_id: UUID,
    told: Told,
    replaces: SituationReport | None,
) -> SituationReport:
    newest = SituationReport.objects.filter(crisis=request.crisis_id).aggregate(number=Max("number"))["number"]
    report = SituationReport.objects.create(
        crisis=request.crisis,
        mission_id=request.mission_id,
        request=request,
        number=(newest or 0) + 1,
        client_id=client_id,
        answer=told.answer,
        source=told.source,
        as_of=told.as_of,
        filed_at=at,
        reporter_id=actor.user_id,
        authorities=told.authorities,
        hospitals=told.hospitals,
        note=told.note,
        replaces=replaces,
    )
    ReportedFigure.objects.bulk_create(
        ReportedFigure(report=report, key=key, value=value, high=high) for key, (value, high) in told.figures.items()
    )
    return report


def _mark_answered(request: ReportRequest, at: datetime, *, has_figures: bool) -> None:
    request.opened_at = request.opened_at or at
    request.contact_at = request.contact_at or at
    if has_figures:
        request.answered_at = request.answered_at or at
    _save(request, "opened_at", "contact_at", "answered_at")


def _checked(
    answer: str,
    figures: Mapping[str, Ends],
    authorities: str,
    hospitals: str,
    source: str,
    as_of: datetime,
    note: str,
    at: datetime,
) -> Told:
    door = Answer(_one_of(Answer.values, answer, "answer"))
    told = Told(
        answer=door,
        figures=_figures(door, figures),
        authorities=_one_of(["", *Contacted.values], authorities, "authorities"),
        hospitals=_one_of(["", *Checked.values], hospitals, "hospitals"),
        source=_one_of(Source.values, source, "source"),
        as_of=_moment(as_of, at),
        note=clean_text(note, field="note", max_length=NOTE_LENGTH),
    )
    if door == Answer.FIGURES and not (told.figures or told.authorities or told.hospitals or told.note):
        raise Refusal("figures", _("Fill in at least one answer, or choose “Not known yet, checking”."))
    return told


def _figures(door: Answer, figures: Mapping[str, Ends]) -> dict[str, Ends]:
    """None affected asserts five zeros, checking asserts nothing; both refuse figures of their own."""
    if door != Answer.FIGURES and figures:
        raise Refusal("figures", _("This answer carries no figures."))
    if door == Answer.NONE_AFFECTED:
        return dict.fromkeys(ASSERTED_ZERO, (0, None))
    for key, (value, high) in figures.items():
        if key not in FIGURE_KEYS:
            raise Refusal(f"figures.{key[:40]}", _("This figure is not known."))
        for number in (value, high if high is not None else value):
            if not 0 <= number <= LARGEST:
                raise Refusal(f"figures.{key}", _("This must be a whole number from 0 to 10,000,000."))
        if high is not None and high <= value:
            raise Refusal(f"figures.{key}", _("The upper end of a range must be larger than the lower."))
    return dict(figures)


def _moment(as_of: datetime, at: datetime) -> datetime:
    if as_of.year < EARLIEST_YEAR:
        raise Refusal("as_of", _("This time is too long ago."))
    if as_of > at + AHEAD:
        raise Refusal("as_of", _("This time is in the future."))
    return min(as_of, at)


def _one_of(values: Sequence[str], value: str, field: str) -> str:
    if value not in values:
        raise Refusal(field, _("Choose one of the listed values."))
    return value


def _refuse_foreign(actor: Reader, request: ReportRequest) -> None:
    if not may_file(actor, request):
        words: Words = _("This request was made to another mission.")
        raise Refusal("", words, status=403, code="forbidden")


def _locked_open(crisis: Crisis) -> Crisis:
    locked = Crisis.objects.select_for_update(no_key=True).get(pk=crisis.pk)
    if not locked.is_open:
        raise Refusal("", _("This crisis is closed."), status=409, code="closed")
    return locked


def _open_request(crisis: Crisis, mission: str) -> ReportRequest | None:
    still = ReportRequest.objects.filter(crisis=crisis, mission=mission, answered_at=None, closed_at=None)
    found = still.select_for_update().first()
    if found is not None:
        found.crisis = crisis
    return found


def _save(request: ReportRequest, *fields: str) -> None:
    request.version += 1
    request.save(update_fields=[*fields, "version"])


def _record(kind: str, request: ReportRequest, *, at: datetime, actor: Reader | None, data: dict[str, Any]) -> None:
    crisis = request.crisis
    record(
        kind=kind,
        object_id=request.number,
        version=request.version,
        at=at,
        actor=actor,
        audiences=[
            audiences.dcc(crisis.exercise),
            audiences.mission(request.mission_id, crisis.exercise),
            audiences.summary(crisis.exercise),
        ],
        exercise=crisis.exercise,
        crisis=crisis.slug,
        data=data,
    )
