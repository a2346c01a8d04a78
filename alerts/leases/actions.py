"""Beginning to write, stopping, and taking over from somebody who is writing: each is seen by all within a second.

A lease changes nothing an act could collide with, so the version of the emergency stays, but for a break.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.emergencies.actions import change, open_by_officer
from alerts.emergencies.holding import LEASE
from alerts.emergencies.models import Emergency, EmergencyNote
from alerts.emergencies.rules import hearing, refusal, refuse_leased, text_of
from alerts.leases import rules
from commandcenter.access.reader import Reader
from commandcenter.events.record import record


def begin_writing(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Take or renew the lease; refused with name and end while somebody else is writing."""
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        refuse_leased(actor, emergency, at)
        if not rules.is_fresh(emergency, actor.user_id, at):
            emergency.leased_by_id, emergency.leased_until = actor.user_id, at + rules.LASTS
            data = {"by": actor.user_id, "until": emergency.leased_until}
            _tell(emergency, "leased", at, actor, data)
        return emergency


def stop_writing(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Give up the own lease before its end; nobody else's."""
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        if emergency.leased_by_id == actor.user_id:
            emergency.leased_by, emergency.leased_until = None, None
            _tell(emergency, "lease_ended", at, actor, {})
        return emergency


def break_lease(*, actor: Reader, number: str, at: datetime, reason: str) -> Emergency:
    """Take over from somebody who is writing, with a reason that stays in the timeline."""
    words = text_of(reason, "reason")
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        was = emergency.leased_by_id
        if was is None or was == actor.user_id or not rules.is_leased(emergency, at):
            raise refusal(409, _("Nobody else is writing here now."))
        EmergencyNote.objects.create(emergency=emergency, author_id=actor.user_id, text=words, at=at)
        emergency.leased_by_id, emergency.leased_until = actor.user_id, at + rules.LASTS
        data = {"was": was, "by": actor.user_id, "until": emergency.leased_until}
        change(emergency=emergency, kind="lease_broken", at=at, actor=actor, fields=LEASE, data=data)
        return emergency


def _tell(emergency: Emergency, kind: str, at: datetime, actor: Reader, data: dict[str, Any]) -> None:
    emergency.save(update_fields=LEASE)
    record(
        kind=f"emergency.{kind}",
        object_id=emergency.number,
        version=emergency.version,
        at=at,
        actor=actor,
        audiences=hearing(emergency),
        exercise=emergency.exercise,
        data=data,
    )
