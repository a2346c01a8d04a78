"""What officers do with a case. Each act is one transaction: lock, rule, state and version, named fields, event."""

import re
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.cases import queries, rules
from alerts.cases.actions import CLOCK, ENDED, PASSED_ON, change
from alerts.cases.models import (
    REASON_LENGTH,
    TEXT_LENGTH,
    URL_LENGTH,
    Case,
    CaseMessage,
    CaseNote,
    CasePerson,
    NoteKind,
    Outcome,
    Side,
    State,
)
from alerts.casework.queries import workers
from alerts.emergencies.models import Channel as Way
from alerts.emergencies.models import Emergency, Nature
from alerts.opening.actions import open_by_staff
from commandcenter.access.reader import Reader
from commandcenter.outbox import actions as outbox
from commandcenter.outbox.models import Channel as Line
from commandcenter.problems import Refusal, clean_text, filled
from missions.directory.queries import directory
from missions.registry.queries import missions_of

SMS_LENGTH = 300
# What follows a reply: nothing, a question (our clock stands still), or the final answer.
AFTER: dict[str, State | None] = {"": None, "ask": State.WAITING, "final": State.ANSWERED}


@transaction.atomic
def mark_read(*, actor: Reader, number: str, at: datetime, seen: int | None = None) -> Case:
    """An officer who may work it has it on the screen: what the applicant wrote, up to message `seen`, is read."""
    case = _worked(actor, number)
    _read(case, actor, at, seen)
    return case


@transaction.atomic
def take(*, actor: Reader, number: str, at: datetime, seen: int | None = None) -> Case:
    """A named officer takes a new case, or one that was opened again; a second one is told who was first."""
    case = _worked(actor, number)
    if case.state == State.IN_ACTION and case.owner_id == actor.user_id:
        return case
    if not rules.may_become(case, State.IN_ACTION) or case.state == State.WAITING:
        name = case.owner.shown_name if case.owner else ""
        words = filled(_("%(name)s has this case already."), name=name) if name else _("This case is closed.")
        raise rules.refusal(409, words)
    _read(case, actor, at, seen)
    case.state, case.owner_id = State.IN_ACTION, actor.user_id
    change(case=case, kind="taken", at=at, actor=actor, fields=("state", "owner"), data={"by": actor.user_id})
    return case


@transaction.atomic
def assign(*, actor: Reader, number: str, at: datetime, version: int, to: int, seen: int | None = None) -> Case:
    """Give the case to somebody who may work it; a case nobody had is in action from now on."""
    case = _worked(actor, number, version)
    if case.state == State.CLOSED:
        raise rules.refusal(409, _("This case is closed."))
    if to not in {user.pk for user in workers(case)}:
        raise Refusal("to", _("This person can't work this case."))
    data = {"by": to, "was": case.owner_id}
    _read(case, actor, at, seen)
    case.owner_id = to
    if rules.may_become(case, State.IN_ACTION) and case.state != State.WAITING:
        case.state = State.IN_ACTION
    change(case=case, kind="assigned", at=at, actor=actor, fields=("state", "owner"), data=data)
    return case


@transaction.atomic
def reply(
    *,
    actor: Reader,
    number: str,
    at: datetime,
    client_id: UUID,
    text: str,
    then: str = "",
    seen: int | None = None,
) -> CaseMessage:
    """Write to the applicant, with a copy by SMS: a word in between, a question, or the final answer (AFTER)."""
    words = rules.text_of(text, "text", TEXT_LENGTH)
    if then not in AFTER:
        raise Refusal("then", _("Choose one of the listed values."))
    case = _worked(actor, number)
    first = CaseMessage.objects.filter(client_id=client_id).first()
    if first is not None:
        if first.case_id != case.pk or first.side == Side.APPLICANT:
            raise Refusal("client_id", _("This identifier was already used elsewhere."))
        return first
    wanted = AFTER[then]
    if case.state in {State.NEW, State.REOPENED}:
        raise rules.refusal(409, _("Take the case first."))
    if case.state == State.CLOSED or (wanted and wanted != case.state and not rules.may_become(case, wanted)):
        raise rules.refusal(409, _("This case is closed: open it again first."))
    _read(case, actor, at, seen)
    message = _say(case, client_id, words, at, actor)
    _follow(case, wanted, at)
    fields = ("state", "answered_at", *CLOCK)
    data = {"message": message.pk, "side": message.side, "then": then}
    change(case=case, kind="messaged", at=at, actor=actor, fields=fields, data=data)
    _copy(case, message, at)
    return message


@transaction.atomic
def add_note(
    *,
    actor: Reader,
    number: str,
    at: datetime,
    kind: str,
    text: str,
    url: str = "",
    seen: int | None = None,
) -> CaseNote:
    """Note something, plan the next step, or say where a document lies; the applicant sees none of it."""
    words = rules.text_of(text, "text", TEXT_LENGTH)
    if kind not in {NoteKind.NOTE, NoteKind.STEP, NoteKind.DOCUMENT}:
        raise Refusal("kind", _("Choose one of the listed values."))
    link = clean_text(url, field="url", max_length=URL_LENGTH) if kind == NoteKind.DOCUMENT else ""
    if link and not re.fullmatch(r"https?://[^\s<>\"']+", link):
        raise Refusal("url", _("A link begins with https:// and has no blanks."))
    case = _worked(actor, number)
    _read(case, actor, at, seen)
    note = _note(case, NoteKind(kind), words, actor, at, link)
    change(case=case, kind="noted", at=at, actor=actor, data={"note": note.pk, "what": kind})
    return note


@transaction.atomic
def close(*, actor: Reader, number: str, at: datetime, version: int, outcome: str) -> Case:
    """Close it with an outcome; refused when something arrived that the page did not show."""
    if outcome not in set(Outcome.values) - {Outcome.EMERGENCY}:
        raise Refusal("outcome", _("Choose how it ended."))
    case = _worked(actor, number, version)
    if not rules.may_become(case, State.CLOSED):
        closed = case.state == State.CLOSED
        raise rules.refusal(409, _("This case is closed.") if closed else _("Take the case first."))
    _close(case, outcome, at)
    fields = ("state", *CLOCK, *ENDED)
    change(case=case, kind="closed", at=at, actor=actor, fields=fields, data={"outcome": outcome})
    return case


@transaction.atomic
def reopen(*, actor: Reader, number: str, at: datetime, version: int, reason: str) -> Case:
    """Open an answered or closed case again, with the reason: the whole time begins anew."""
    words = rules.text_of(reason, "reason", REASON_LENGTH, _("Say why."))
    case = _worked(actor, number, version)
    if not rules.may_become(case, State.REOPENED):
        raise rules.refusal(409, _("This case is open already."))
    note = _note(case, NoteKind.REASON, words, actor, at)
    rules.begin_again(case, at, queries.hours_of(case.category))
    fields = ("state", "runs", *CLOCK, *ENDED)
    change(case=case, kind="reopened", at=at, actor=actor, fields=fields, data={"note": note.pk})
    return case


@transaction.atomic
def move(*, actor: Reader, number: str, at: datetime, version: int, mission: str, reason: str) -> Case:
    """Another mission answers for it ("" is the command centre), with the reason; the old one sees it no more."""
    words = rules.text_of(reason, "reason", REASON_LENGTH, _("Say why."))
    known = directory().missions.get(mission)
    if mission and (known is None or not known.is_open):
        raise Refusal("mission", _("Choose a mission from the list."))
    case = _worked(actor, number, version)
    if (case.mission_id or "") == mission:
        raise Refusal("mission", _("This mission answers for it already."))
    if case.state == State.CLOSED:
        raise rules.refusal(409, _("This case is closed."))
    was, before = case.mission_id or "", queries.hearing(case)
    note = _note(case, NoteKind.REASON, words, actor, at)
    case.mission_id, case.mission_reason_id, case.mission_reason_en = mission or None, words, words
    fields = ["mission", "mission_reason_id", "mission_reason_en"]
    if case.owner_id and case.owner_id not in {user.pk for user in workers(case)}:
        # Its officer can't see it any more: it waits for somebody of the new mission, on the clock it has.
        case.owner = None
        case.state = State.NEW if case.state == State.IN_ACTION else case.state
        fields += ["owner", "state"]
    data = {"was": was, "mission": mission, "note": note.pk}
    withdrawn = set(before) - set(queries.hearing(case))
    change(case=case, kind="moved", at=at, actor=actor, fields=fields, data=data, withdrawn=withdrawn)
    return case


@transaction.atomic
def link_person(*, actor: Reader, number: str, at: datetime, citizen: int) -> CasePerson:
    """The case concerns this person of the registry; a mission links its own."""
    case = _worked(actor, number)
    mission = missions_of([citizen]).get(citizen)
    if mission is None or (actor.is_mission and mission != actor.mission):
        raise Refusal("citizen", _("There is no such person."), status=404, code="missing")
    row, made = CasePerson.objects.get_or_create(
        case=case, citizen_id=citizen, removed_at=None, defaults={"by_id": actor.user_id, "at": at}
    )
    if made:
        change(case=case, kind="linked", at=at, actor=actor, data={"citizen": citizen})
    return row


@transaction.atomic
def unlink_person(*, actor: Reader, number: str, at: datetime, citizen: int) -> None:
    """It does not concern this person: the link ends, the row stays."""
    case = _worked(actor, number)
    row = case.persons.filter(citizen_id=citizen, removed_at__isnull=True).first()
    if row is not None:
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        change(case=case, kind="unlinked", at=at, actor=actor, data={"citizen": citizen})


@transaction.atomic
def convert(
    *,
    actor: Reader,
    number: str,
    at: datetime,
    version: int,
    nature: str,
    priority: int,
    reason: str,
    seen: int | None = None,
) -> Emergency:
    """A life may hang on it: an emergency is opened with what the case knows, and each has the way to the other."""
    words = rules.text_of(reason, "reason", REASON_LENGTH, _("Say why."))
    if nature not in Nature.values:
        raise Refusal("nature", _("Choose one of the listed values."))
    if priority not in {1, 2}:
        raise Refusal("priority", _("Choose one of the listed values."))
    case = _worked(actor, number, version)
    if case.emergency is not None:
        raise rules.refusal(409, filled(_("It became %(number)s already."), number=case.emergency.number))
    _read(case, actor, at, seen)
    wrote = case.messages.filter(side=Side.APPLICANT).order_by("-id").first()
    emergency = open_by_staff(
        actor=actor,
        at=at,
        client_id=uuid5(case.client_id, "emergency"),
        channel=Way.CASE,
        nature=nature,
        priority=priority,
        phone=case.phone,
        name=case.name,
        place=case.place,
        country=case.country,
        message=wrote.text[:PASSED_ON] if wrote else "",
        language=case.language,
    )
    note = _note(case, NoteKind.REASON, words, actor, at)
    case.emergency = emergency
    _close(case, Outcome.EMERGENCY, at)
    fields = ("state", "emergency", *CLOCK, *ENDED)
    data = {"emergency": emergency.number, "note": note.pk}
    change(case=case, kind="converted", at=at, actor=actor, fields=fields, data=data)
    return emergency


def _worked(actor: Reader, number: str, version: int | None = None) -> Case:
    """The locked case, for somebody who may work it. A foreign one is missing."""
    among = Case.objects.select_for_update(of=("self",)).filter(exercise=actor.exercise)
    case = queries.by_number(among.select_related("owner", "emergency"), number)
    if case is None or not rules.may_see(actor, case):
        raise rules.refusal(404, _("There is no such case."))
    if not rules.may_work(actor, case):
        raise rules.refusal(403, _("You may read this case, not work it."))
    if version is not None and version != case.version:
        raise rules.refusal(409, _("Something arrived since this page was loaded: read it first."))
    return case


def _read(case: Case, actor: Reader, at: datetime, seen: int | None) -> None:
    """What the applicant wrote has been read by an officer who acted: never what came after the page was drawn."""
    unread = case.messages.filter(side=Side.APPLICANT, read_at__isnull=True)
    unread = unread if seen is None else unread.filter(pk__lte=seen)
    read = unread.update(read_at=at, read_by=actor.user_id)
    if read or (case.read_at is None and seen is None):
        case.read_at = case.read_at or at
        change(case=case, kind="read", at=at, actor=actor, fields=("read_at",))


def _say(case: Case, client_id: UUID, text: str, at: datetime, actor: Reader) -> CaseMessage:
    side = Side.MISSION if actor.is_mission else Side.DCC
    return CaseMessage.objects.create(
        case=case, client_id=client_id, side=side, author_id=actor.user_id, text=text, at=at
    )


def _note(case: Case, kind: NoteKind, text: str, actor: Reader, at: datetime, url: str = "") -> CaseNote:
    return CaseNote.objects.create(case=case, kind=kind, author_id=actor.user_id, text=text, url=url, at=at)


def _follow(case: Case, wanted: State | None, at: datetime) -> None:
    """What a reply does to the state and the clock."""
    if wanted is None or wanted == case.state:
        return
    if wanted == State.WAITING:
        rules.stop(case, at)
    else:
        rules.end(case, at)
        case.answered_at = at
    case.state = wanted


def _close(case: Case, outcome: str, at: datetime) -> None:
    rules.end(case, at)
    case.state, case.closed_at, case.outcome = State.CLOSED, at, outcome


def _copy(case: Case, message: CaseMessage, at: datetime) -> None:
    """A copy by SMS where a number is known; what becomes of it is the outbox's to say."""
    if not case.phone:
        return
    text = f"{case.number}: {message.text}"
    outbox.queue(
        key=f"case:{message.pk}",
        channel=Line.SMS,
        recipient=None,
        text=text if len(text) <= SMS_LENGTH else f"{text[: SMS_LENGTH - 1]}…",
        about=case.number,
        at=at,
        address=case.phone,
        exercise=case.exercise,
    )
