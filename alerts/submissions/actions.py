"""Every change: file a report through the web or by an SMS line, so that the same report told twice is one."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.crises.models import Crisis
from alerts.demands.deadlines import AT_ONCE
from alerts.demands.demand import next_report
from alerts.reporting.changes import changes
from alerts.reporting.models import Door, Submission
from alerts.sitreps import actions as sitreps
from alerts.sitreps import queries
from alerts.sitreps.actions import EARLIEST_YEAR, Ends, Filed
from alerts.sitreps.models import Answer, ReportRequest, SituationReport, Source
from alerts.sitreps.rules import may_file
from alerts.submissions import smsline
from alerts.submissions.rules import MISREAD, NO_REQUEST, NOT_YOURS, NOTHING_READ, STRANGER
from commandcenter.access.models import User
from commandcenter.access.reader import Reader, reader_of
from commandcenter.outbox.actions import queue
from commandcenter.outbox.models import Channel
from commandcenter.problems import CONTROL, Refusal, Words, filled

LINES = uuid.UUID("6f1d1f0e-5d0a-4b52-9a55-0d3a3f5f6b17")


@transaction.atomic
def file_web(*, actor: Reader, at: datetime, request: ReportRequest, client_id: uuid.UUID, **told: Any) -> Filed:
    """Store a report of the form or the API; one that its officer also sent by SMS is the same report."""
    _one_at_a_time(request)
    told = {"source": Source.MISSION, "authorities": "", "hospitals": "", "note": "", "replaces": None, **told}
    again = Submission.objects.filter(
        client_id=client_id, report__crisis=request.crisis_id, report__mission=request.mission_id
    ).first()
    if again is not None:
        return Filed(_whole(again.report_id), created=False)
    report = _twin(actor, at, request, told)
    if report is not None:
        Submission.objects.create(report=report, client_id=client_id, door=Door.WEB, at=at)
        return Filed(report, created=False)
    return sitreps.file_report(actor=actor, at=at, request=request, client_id=client_id, **told)


@transaction.atomic
def file_line(*, sender: str, at: datetime, key: str, text: str) -> SituationReport | None:
    """Read one SMS, store what it reports, and answer by SMS what was stored or why not; `key` names the message.

    Answers with the report, or None when the line was refused. The same `key` again is the same report.
    """
    # No database keeps NUL, no screen shows the others.
    text = CONTROL.sub(" ", text)
    line = smsline.read(text)
    request = queries.request_with(line.request) if line else None
    exercise = request.crisis.exercise if request else ""
    try:
        officer = _officer(sender, request, exercise)
        line, request = _understood(line, request)
        with transaction.atomic():
            filed = _file(officer, at, request, line, uuid.uuid5(LINES, key), text)
    except Refusal as refusal:
        # A stranger is answered once a day: nobody may make the command centre pay for a flood.
        once = f"{sender}:{at:%Y-%m-%d}" if refusal.error.message is STRANGER else key
        _answer(once, sender, None, at, _spoken(refusal.error.message), "", exercise)
        return None
    _answer(key, sender, officer.user_id, at, _receipt(filed, line), request.number, exercise)
    return filed.report


def _understood(line: smsline.Line | None, request: ReportRequest | None) -> tuple[smsline.Line, ReportRequest]:
    if line is None or request is None:
        raise Refusal("text", NO_REQUEST, status=404, code="missing")
    if not line.says_something:
        raise Refusal("text", filled(NOTHING_READ, unread=" ".join(line.unread)[:40] or "-"))
    return line, request


def _twin(actor: Reader, at: datetime, request: ReportRequest, told: dict[str, Any]) -> SituationReport | None:
    """The officer's SMS that said just this; a report that waited for a line is of the time it was written."""
    as_of: datetime = told["as_of"]
    if not may_file(actor, request) or told["replaces"] is not None or not EARLIEST_YEAR <= as_of.year <= at.year:
        return None
    lately = _between(actor, request, as_of - AT_ONCE, as_of + next_report()).filter(submissions__door=Door.SMS)
    rest = (told["source"], told["note"].strip())
    return next((one for one in lately if _same(one, told) and (one.source, one.note) == rest), None)


def _file(
    officer: Reader, at: datetime, request: ReportRequest, line: smsline.Line, client_id: uuid.UUID, text: str
) -> Filed:
    _one_at_a_time(request)
    again = Submission.objects.filter(client_id=client_id).first()
    if again is not None:
        return Filed(_whole(again.report_id), created=False)
    told: dict[str, Any] = {
        "answer": line.answer,
        "figures": line.figures,
        "authorities": line.authorities,
        "hospitals": line.hospitals,
    }
    lately = _between(officer, request, at - AT_ONCE, at)
    filed = next((Filed(one, created=False) for one in lately if _same(one, told)), None)
    if filed is None:
        note = _spoken(filled(MISREAD, unread=" ".join(line.unread)[:200])) if line.unread else ""
        filed = sitreps.file_report(
            actor=officer, at=at, request=request, client_id=client_id, as_of=at, note=note, **told
        )
    given = {"report": filed.report, "door": Door.SMS, "text": text[: smsline.LONGEST], "at": at}
    Submission.objects.create(client_id=client_id, **given)
    return filed


def _officer(sender: str, request: ReportRequest | None, exercise: str) -> Reader:
    """Who sent it: an officer with this telephone, of the mission that the request asks."""
    users = User.objects.filter(phone=sender, is_active=True).exclude(phone="").order_by("pk")
    readers = [reader for user in users if (reader := reader_of(user, exercise))]
    if not readers:
        raise Refusal("sender", STRANGER, status=403, code="forbidden")
    if request is None:
        return readers[0]
    for reader in readers:
        if may_file(reader, request):
            return reader
    raise Refusal("request", filled(NOT_YOURS, n=request.pk), status=403, code="forbidden")


def _one_at_a_time(request: ReportRequest) -> None:
    """The crisis's row lock: what web and SMS bring in the same instant is compared one after the other."""
    Crisis.objects.select_for_update(no_key=True).get(pk=request.crisis_id)


def _between(officer: Reader, request: ReportRequest, start: datetime, end: datetime) -> Any:
    """The officer's own standing reports in this crisis that arrived between these moments, the newest first."""
    found = queries.standing().filter(crisis=request.crisis_id, reporter=officer.user_id, mission=request.mission_id)
    recent = found.filter(filed_at__gte=start, filed_at__lte=end).order_by("-number").distinct()
    return recent.select_related("crisis", "mission", "reporter", "replaces").prefetch_related("figures")


def _same(report: SituationReport, told: Mapping[str, Any]) -> bool:
    """Whether the report says just this: the same door, the same figures, the same answers."""
    if (report.answer, report.authorities, report.hospitals) != (
        told["answer"], told["authorities"], told["hospitals"],
    ):  # fmt: skip
        return False
    stored: dict[str, Ends] = {figure.key: (figure.value, figure.high) for figure in report.figures.all()}
    return report.answer != Answer.FIGURES or stored == dict(told["figures"])


def _whole(pk: int) -> SituationReport:
    found = SituationReport.objects.select_related("crisis", "mission", "reporter", "replaces", "request")
    return found.prefetch_related("figures").get(pk=pk)


def _spoken(words: Words) -> str:
    """In Indonesian: an SMS has one language."""
    with translation.override("id"):
        return str(words)


def _receipt(filed: Filed, line: smsline.Line) -> str:
    """What was stored, under which number, what differs from the report before it, what could not be read."""
    report = filed.report
    with translation.override("id"):
        words = (
            gettext_lazy("DCC has report #%(n)d: %(line)s")
            if filed.created
            else gettext_lazy("DCC had this already, report #%(n)d: %(line)s")
        )
        parts = [str(words) % {"n": report.number, "line": _line_of(line)}]
        if line.unread:
            parts.append(
                _("Not read: %(words)s. Write digits only and send the line again.")
                % {"words": " ".join(line.unread)[:60]}
            )
        before = queries.reports_of(report.crisis).filter(mission=report.mission_id, number__lt=report.number).first()
        if filed.created and before is not None:
            differ = changes(before, report)
            parts.append(_("Against #%(n)d: %(words)s") % {"n": before.number, "words": "; ".join(differ)[:240]})
        return "\n".join(parts)


def _line_of(line: smsline.Line) -> str:
    if line.answer != Answer.FIGURES:
        return str(line.answer.label)
    rest = {"authorities": line.authorities, "hospitals": line.hospitals}
    return smsline.written(line.request, figures=line.figures, **rest).partition(" ")[2].partition(" ")[2]


def _answer(key: str, sender: str, recipient: int | None, at: datetime, text: str, about: str, exercise: str) -> None:
    queue(
        key=f"sms-report:{key}"[:120],
        channel=Channel.SMS,
        recipient=recipient,
        address=sender[:400],
        text=text,
        about=about,
        at=at,
        exercise=exercise,
        life_safety=True,
    )
