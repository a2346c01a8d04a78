"""How cases begin, hear from the applicant, and change: each act is one transaction that ends in an event.

What officers do is in alerts/casework; it changes a case through change() alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alerts.cases import library, queries, rules
from alerts.cases.models import TEXT_LENGTH, Case, CaseMessage, CaseTime, Category, Channel, Side, State
from alerts.emergencies import actions as emergencies
from alerts.emergencies.models import Emergency
from alerts.emergencies.models import Side as Speaker
from alerts.ladders.actions import end_steps, plan
from alerts.ladders.models import Ladder
from commandcenter.access.reader import Reader
from commandcenter.events.record import record
from commandcenter.problems import Refusal, both, clean_text
from missions.countries.tables import Changes
from missions.directory.queries import directory
from missions.directory.responsible import responsible_mission

CLOCK = ("began_at", "due_at", "left_seconds", "late_at", "late_runs")
ENDED = ("closed_at", "outcome")
# What the citizen's own message on an emergency may hold.
PASSED_ON = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """What a case begins with; `client_id` was made when the form was, so that it is opened once."""

    client_id: UUID
    category: str
    channel: str = Channel.WEB
    topic: str = ""
    text: str = ""
    name: str = ""
    phone: str = ""
    country: str = ""
    place: str = ""
    language: str = "id"
    crowded: bool = False


@transaction.atomic
def open_case(*, actor: Reader | None, at: datetime, new: New, exercise: str) -> Case:
    """Open a case for the responsible mission; None is the applicant. The same `client_id` again is the same case."""
    given = _cleaned(new)
    if (first := _known(new.client_id, exercise)) is not None:
        return first
    if actor is not None and not (actor.role in rules.DESKS or actor.is_mission):
        raise rules.refusal(403, _("Only operators, supervisors and missions enter cases."))
    text = given.pop("text")
    answer = _responsible(actor, given["country"])
    case = Case(client_id=new.client_id, exercise=exercise, opened_at=at, crowded=new.crowded, **given, **answer)
    case.entered_by_id = actor.user_id if actor else None
    rules.start(case, at, queries.hours_of(case.category))
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:
        # A double tap: its other half was first in this instant.
        if (first := _known(new.client_id, exercise)) is None:
            raise
        return first
    if text:
        _say(case, uuid5(new.client_id, "text"), text, at)
    data = {"channel": case.channel, "category": case.category, "mission": case.mission_id or ""}
    _tell(case, "opened", at, actor, data)
    _climb(case, at)
    return case


def _known(client_id: UUID, exercise: str) -> Case | None:
    first = Case.objects.filter(client_id=client_id).first()
    if first is not None and first.exercise != exercise:
        raise Refusal("client_id", _("This identifier was already used elsewhere."))
    return first


@transaction.atomic
def hear(*, case: Case, at: datetime, client_id: UUID, text: str) -> CaseMessage:
    """The applicant writes on a case found by its number and telephone: our clock goes on, or begins again."""
    words = rules.text_of(text, "text", TEXT_LENGTH)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    first = CaseMessage.objects.filter(client_id=client_id).first()
    if first is not None:
        if first.case_id != case.pk or first.side != Side.APPLICANT:
            raise Refusal("client_id", _("This identifier was already used elsewhere."))
        return first
    message = _say(case, client_id, words, at)
    again = case.state in {State.ANSWERED, State.CLOSED}
    if case.state == State.WAITING:
        case.state = State.IN_ACTION
        rules.go_on(case, at)
    elif again:
        rules.begin_again(case, at, queries.hours_of(case.category))
    fields = ("state", "runs", *CLOCK, *ENDED)
    data = {"message": message.pk, "side": Side.APPLICANT, "then": "reopened" if again else ""}
    change(case=case, kind="messaged", at=at, actor=None, fields=fields, data=data)
    _pass_on(case, message, at)
    return message


def mark_late(*, case: Case, at: datetime) -> bool:
    """The time of a locked case is over and the next step is still ours: P3, once a run. False when it is not so."""
    if not rules.miss(case, at):
        return False
    change(case=case, kind="overdue", at=at, actor=None, fields=("late_at", "late_runs"), data={"runs": case.runs})
    return True


def load_times(*, at: datetime) -> Changes:
    """Store the times that are not there yet; a row that exists is somebody's decision and stays."""
    stored = set(CaseTime.objects.values_list("category", flat=True))
    new = [CaseTime(**row) for row in queries.shipped() if row["category"] not in stored]
    CaseTime.objects.bulk_create(new)
    return Changes("case times", created=[str(time) for time in new], unchanged=len(stored))


def change(
    *,
    case: Case,
    kind: str,
    at: datetime,
    actor: Reader | None,
    fields: Collection[str] = (),
    data: dict[str, Any] | None = None,
    withdrawn: Iterable[str] = (),
) -> None:
    """Save the named fields of a locked case with the next version, keep its ladder, record it for all who may see."""
    case.version += 1
    case.save(update_fields=[*fields, "version"])
    _tell(case, kind, at, actor, data, withdrawn)
    if "due_at" in fields:
        _climb(case, at)


def _tell(
    case: Case, kind: str, at: datetime, actor: Reader | None, data: dict[str, Any] | None, gone: Iterable[str] = ()
) -> None:
    record(
        kind=f"case.{kind}",
        object_id=case.number,
        version=case.version,
        at=at,
        actor=actor,
        audiences=queries.hearing(case),
        withdrawn=gone,
        exercise=case.exercise,
        data=data,
    )


def _climb(case: Case, at: datetime) -> None:
    """One step waits at the end of our time while the clock runs; a clock that stands still has none."""
    ahead = queries.step_ahead(case)
    if case.due_at is not None and ahead is not None and ahead.due_at == case.due_at:
        return
    end_steps(at=at, ladder=Ladder.CASE, ref=case.pk)
    if case.due_at is not None and case.late_at is None:
        plan(at=at, subject=queries.subject(case), due_at=case.due_at)


def _say(case: Case, client_id: UUID, text: str, at: datetime) -> CaseMessage:
    return CaseMessage.objects.create(case=case, client_id=client_id, side=Side.APPLICANT, text=text, at=at)


def _pass_on(case: Case, message: CaseMessage, at: datetime) -> None:
    """What somebody in danger writes here is heard where the danger is handled, while that is open."""
    if case.emergency_id is None:
        return
    emergency = Emergency.objects.select_for_update(of=("self",)).get(pk=case.emergency_id)
    if emergency.resolved_at is None:
        emergencies.say(
            emergency=emergency,
            client_id=uuid5(message.client_id, "emergency"),
            side=Speaker.CITIZEN,
            text=message.text[:PASSED_ON],
            at=at,
            actor=None,
        )


def _cleaned(new: New) -> dict[str, Any]:
    """The fields of a case with their texts cleaned; needs a way to the applicant, or what it is about."""
    given = asdict(new)
    lengths = {"text": TEXT_LENGTH, "name": 120, "phone": 32, "place": 120, "language": 8}
    for name, length in lengths.items():
        given[name] = clean_text(given[name], field=name, max_length=length)
    given["phone"] = rules.e164(given["phone"]) or given["phone"]
    if given["category"] not in Category.values:
        raise Refusal("category", _("Choose one of the listed values."))
    if given["channel"] not in Channel.values:
        raise Refusal("channel", _("Choose one of the listed values."))
    topic = library.topic(given["topic"])
    if given["topic"] and (topic is None or topic.category != given["category"]):
        raise Refusal("topic", _("Choose a subject that belongs to the category."))
    if given["country"] and given["country"] not in directory().countries:
        raise Refusal("country", _("Choose a country from the list."))
    if not given["text"] and not given["phone"]:
        raise Refusal("phone", _("Give a telephone number, or say what it is about."))
    del given["client_id"], given["crowded"]
    return given


def _responsible(actor: Reader | None, country: str) -> dict[str, Any]:
    """Whose case it is, with the reason in words: a mission keeps what comes to its own counter."""
    if actor is not None and actor.is_mission:
        words = both(_("Entered at this mission"))
        return {"mission_id": actor.mission, "mission_reason_id": words["id"], "mission_reason_en": words["en"]}
    answer = responsible_mission(lat=None, lon=None, country=country)
    return {
        "mission_id": answer.mission.code if answer.mission else None,
        "mission_reason_id": answer.reason.id[:400],
        "mission_reason_en": answer.reason.en[:400],
    }
