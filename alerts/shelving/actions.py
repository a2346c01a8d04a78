"""Silencing an alarm and letting it sound again; the emergency itself, its queue and its ladder do not change."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.emergencies.actions import change, open_by_officer
from alerts.emergencies.holding import SHELF
from alerts.emergencies.models import Emergency, EmergencyNote, State
from alerts.emergencies.rules import refusal, text_of
from alerts.shelving import rules
from commandcenter.access.reader import Reader
from commandcenter.problems import Refusal


def shelve(*, actor: Reader, number: str, at: datetime, minutes: int, reason: str) -> Emergency:
    """Silence an alarm that nobody has taken, for some minutes and with a reason; it stays in the queue and climbs."""
    words = text_of(reason, "reason")
    if minutes not in rules.SHELVES:
        raise Refusal("minutes", _("Choose 5, 15 or 30 minutes."))
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        if not rules.may_shelve(actor, emergency):
            raise refusal(403, _("Only a supervisor silences a P1; missions silence nothing here."))
        if emergency.state != State.NEW:
            raise refusal(409, _("Only an alarm that nobody has taken can be silenced."))
        emergency.shelved_until, emergency.shelved_by_id = at + timedelta(minutes=minutes), actor.user_id
        EmergencyNote.objects.create(emergency=emergency, author_id=actor.user_id, text=words, at=at)
        data = {"by": actor.user_id, "until": emergency.shelved_until}
        change(emergency=emergency, kind="shelved", at=at, actor=actor, fields=SHELF, data=data)
        return emergency


def unshelve(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Let a shelved alarm sound again before its time; anybody who may shelve it."""
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        if not rules.may_shelve(actor, emergency):
            raise refusal(403, _("Only who may silence this alarm lets it sound again."))
        if emergency.shelved_until is not None:
            _unshelve(emergency, actor, at)
        return emergency


def unshelve_if_due(*, emergency_id: int, at: datetime) -> bool:
    """The time of a shelved alarm is over: it sounds again. True when it moved."""
    with transaction.atomic():
        late = Emergency.objects.select_for_update().filter(pk=emergency_id, shelved_until__lte=at)
        emergency = late.first()
        if emergency is None:
            return False
        _unshelve(emergency, None, at)
        return True


def _unshelve(emergency: Emergency, actor: Reader | None, at: datetime) -> None:
    emergency.shelved_until, emergency.shelved_by = None, None
    change(emergency=emergency, kind="unshelved", at=at, actor=actor, fields=SHELF)
