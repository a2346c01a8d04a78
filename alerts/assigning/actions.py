"""Another responsible mission, with the reason; and hand-overs: offered, taken up by a named officer, or back."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from alerts.assigning import rules
from alerts.assigning.queries import awake, house_of
from alerts.emergencies.actions import change, open_by_officer
from alerts.emergencies.holding import AHEAD, HELD, act_on, let_go
from alerts.emergencies.models import OVER, Emergency, EmergencyNote, State
from alerts.emergencies.rules import is_held, may_release, may_work, over_words, refusal, text_of
from commandcenter import wording
from commandcenter.access.models import User
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.outbox.actions import queue
from commandcenter.outbox.models import Channel
from commandcenter.problems import Refusal
from missions.directory.queries import directory
from missions.directory.responsible import responsible_mission

MISSION = ("mission", "mission_by_hand", "mission_reason_id", "mission_reason_en")
MOST_CALLED = 2


def override(
    *, actor: Reader, number: str, at: datetime, mission: str, reason: str, version: int | None = None
) -> Emergency:
    """Another mission answers for it, with the reason in words (domain.md rule 10); the old one sees it no longer."""
    words = text_of(reason, "reason")
    chosen = directory().missions.get(mission)
    if chosen is None or not rules.may_answer(chosen):
        raise Refusal("mission", _("Choose an open mission that serves citizens."))
    with transaction.atomic():
        emergency = _decided(actor, number, at, version)
        if emergency.mission_id == mission:
            raise Refusal("mission", _("This mission answers for it already."))
        EmergencyNote.objects.create(emergency=emergency, author_id=actor.user_id, text=words, at=at)
        _give(emergency, mission, rules.BY_HAND_ID, rules.BY_HAND_EN, actor=actor, at=at, by_hand=True)
        return emergency


def follow_rule(*, actor: Reader, number: str, at: datetime, version: int | None = None) -> Emergency:
    """Back to the mission that the rule chooses for where the citizen is now."""
    with transaction.atomic():
        emergency = _decided(actor, number, at, version)
        if not emergency.mission_by_hand:
            raise refusal(409, _("The rule chose this mission already."))
        answer = responsible_mission(lat=emergency.latitude, lon=emergency.longitude, country=emergency.country)
        code = answer.mission.code if answer.mission else ""
        reason = (answer.reason.id[:400], answer.reason.en[:400])
        _give(emergency, code, *reason, actor=actor, at=at, by_hand=False)
        return emergency


def offer(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Offer it to the other side: the command centre to its mission, the mission to the command centre.

    Until a named officer there takes it up, who holds it still does, and the promise to the citizen stands.
    """
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        to = rules.other_side(actor, emergency)
        if not to:
            raise refusal(409, _("No mission answers for it: choose one first."))
        if not is_held(emergency):
            raise refusal(409, over_words(emergency) or _("Take it first."))
        if not may_release(actor, emergency):
            raise refusal(403, _("Only the desk that holds it, or a supervisor, hands it over."))
        if (house_of(emergency.taken_by_id) or rules.DCC) == to:
            raise refusal(409, _("An officer there holds it already."))
        if emergency.offered_to:
            raise refusal(409, _("It is offered already and waits for an answer."))
        asked = awake(to, at, emergency.exercise)
        if not asked:
            raise refusal(409, _("Nobody there has an active account: call the mission."))
        emergency.offered_to, emergency.offered_until = to, at + rules.offer_lasts(emergency)
        _call(emergency, asked, at)
        data = {"to": to, "by": actor.user_id, "until": emergency.offered_until}
        fields = (*act_on(emergency, at), *AHEAD)
        change(emergency=emergency, kind="offered", at=at, actor=actor, fields=fields, data=data)
        return emergency


def accept(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """A named officer of the side that was asked takes it up: a taking, under the promise that was given before."""
    with transaction.atomic():
        emergency = _offered(actor, number, at)
        if not rules.is_asked(actor, emergency):
            raise refusal(403, _("Only an officer of the side that was asked takes it up."))
        was, promise = emergency.taken_by_id, emergency.next_contact_at
        emergency.taken_by_id, emergency.taken_at, emergency.acted_at = actor.user_id, at, None
        emergency.state, emergency.waiting_until, emergency.waiting_for = State.TAKEN, None, ""
        emergency.offered_to, emergency.offered_until = "", None
        data = {"was": was, "by": actor.user_id, "next_contact_at": promise}
        change(emergency=emergency, kind="accepted", at=at, actor=actor, fields=HELD, data=data)
        return emergency


def decline(*, actor: Reader, number: str, at: datetime, reason: str) -> Emergency:
    """The side that was asked can't; who holds it is told why and goes on holding it."""
    words = text_of(reason, "reason")
    with transaction.atomic():
        emergency = _offered(actor, number, at)
        if not rules.is_asked(actor, emergency):
            raise refusal(403, _("Only an officer of the side that was asked declines."))
        EmergencyNote.objects.create(emergency=emergency, author_id=actor.user_id, text=words, at=at)
        _end_offer(emergency, "offer_declined", actor, at)
        return emergency


def withdraw(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Who offered it takes the offer back."""
    with transaction.atomic():
        emergency = _offered(actor, number, at)
        if not may_release(actor, emergency):
            raise refusal(403, _("Only the desk that holds it, or a supervisor, takes the offer back."))
        _end_offer(emergency, "offer_withdrawn", actor, at)
        return emergency


def lapse_if_due(*, emergency_id: int, at: datetime) -> bool:
    """Nobody took it up in time: back to the queue, where it sounds and climbs. True when it moved."""
    with transaction.atomic():
        emergency = Emergency.objects.select_for_update().filter(pk=emergency_id, offered_until__lte=at).first()
        if emergency is None:
            return False
        data = {"to": emergency.offered_to, "was_taken_by": emergency.taken_by_id}
        let_go(emergency)
        change(emergency=emergency, kind="offer_lapsed", at=at, actor=None, fields=HELD, data=data)
        return True


def hand_over(*, actor: Reader, at: datetime, was: int, handover: int) -> list[Emergency]:
    """At the change of shift the actor takes over all that `was` holds: state, promise and clocks stay."""
    with transaction.atomic():
        held = Emergency.objects.select_for_update().filter(
            exercise=actor.exercise, taken_by=was, resolved_at__isnull=True
        )
        moved = [emergency for emergency in held.order_by("pk") if may_work(actor, emergency)]
        for emergency in moved:
            emergency.taken_by_id, emergency.offered_to, emergency.offered_until = actor.user_id, "", None
            promise = emergency.next_contact_at
            data = {"was": was, "by": actor.user_id, "handover": handover, "next_contact_at": promise}
            change(emergency=emergency, kind="handed_over", at=at, actor=actor, fields=("taken_by", *AHEAD), data=data)
        return moved


def _decided(actor: Reader, number: str, at: datetime, version: int | None) -> Emergency:
    """The locked emergency, for who may say which mission answers."""
    emergency = open_by_officer(actor=actor, number=number, at=at)
    if not rules.may_override(actor, emergency):
        raise refusal(403, _("Only the command centre chooses another mission."))
    if emergency.state in OVER:
        raise refusal(409, over_words(emergency))
    if version is not None and version != emergency.version:
        raise refusal(409, _("Something arrived since this page was loaded: read it first."))
    return emergency


def _give(
    emergency: Emergency, mission: str, reason_id: str, reason_en: str, *, actor: Reader, at: datetime, by_hand: bool
) -> None:
    """Change the mission. What an officer of the old one holds goes back to the queue: they see it no longer."""
    was = emergency.mission_id or ""
    if was and was != mission and house_of(emergency.taken_by_id) == was:
        let_go(emergency)
        change(emergency=emergency, kind="released", at=at, actor=actor, fields=HELD)
    emergency.offered_to, emergency.offered_until = "", None
    emergency.mission = directory().missions.get(mission)
    emergency.mission_by_hand = by_hand
    emergency.mission_reason_id, emergency.mission_reason_en = reason_id, reason_en
    gone = [audiences.mission(was, emergency.exercise)] if was and was != mission else []
    data = {"was": was, "mission": mission, "by_hand": by_hand}
    fields = (*MISSION, *AHEAD)
    change(emergency=emergency, kind="reassigned", at=at, actor=actor, fields=fields, data=data, withdrawn=gone)


def _offered(actor: Reader, number: str, at: datetime) -> Emergency:
    emergency = open_by_officer(actor=actor, number=number, at=at)
    if not emergency.offered_to:
        raise refusal(409, over_words(emergency) or _("It is not offered to anybody now."))
    return emergency


def _end_offer(emergency: Emergency, kind: str, actor: Reader, at: datetime) -> None:
    data = {"to": emergency.offered_to}
    emergency.offered_to, emergency.offered_until = "", None
    change(emergency=emergency, kind=kind, at=at, actor=actor, fields=AHEAD, data=data)


def _call(emergency: Emergency, asked: list[User], at: datetime) -> None:
    """Who is on duty on the side that is asked hears of it at once: push and SMS, without a name of the citizen."""
    page = f"/emergencies/{emergency.number}/"
    url = f"/exercises/{emergency.exercise}{page}" if emergency.exercise else page
    for person in asked[:MOST_CALLED]:
        for channel in (Channel.PUSH, Channel.SMS):
            is_sms = channel == Channel.SMS
            queue(
                key=f"offer:{emergency.pk}:{emergency.version}:{person.pk}:{channel}",
                channel=channel,
                recipient=person.pk,
                address=person.phone if is_sms else "",
                text=_text(emergency, at) + (f" {settings.ORIGINS[0]}{url}" if is_sms else ""),
                url=url,
                about=emergency.number,
                at=at,
                exercise=emergency.exercise,
                life_safety=True,
            )


def _text(emergency: Emergency, at: datetime) -> str:
    until = emergency.offered_until or at
    with translation.override("id"):
        ends = wording.in_wib(until, now=at).text
    return f"DCC: {emergency.number} (P{emergency.priority}) diserahkan kepada Anda. Terima sebelum {ends}."
