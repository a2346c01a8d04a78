"""Waiting, going on, closing; and the returns that time makes. Each act is one transaction on the locked emergency."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.emergencies.actions import change, open_by_officer
from alerts.emergencies.holding import AHEAD, HELD, let_go
from alerts.emergencies.models import Emergency, State, Wait
from alerts.emergencies.rules import UNTOUCHED, may_become, may_release, over_words, refusal
from alerts.progress import rules
from commandcenter.access.reader import Reader
from commandcenter.problems import Refusal


def wait(*, actor: Reader, number: str, at: datetime, waiting_for: str, minutes: int) -> Emergency:
    """Put it off, until when and for whom; who holds it still does, and the promise to the citizen stands."""
    if waiting_for not in Wait.values:
        raise Refusal("waiting_for", _("Say for whom you wait."))
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        if minutes not in rules.waits(emergency):
            raise Refusal("minutes", _("Choose how long; a critical one waits at most an hour."))
        if not may_become(emergency, State.WAITING):
            waits = emergency.state == State.WAITING
            raise refusal(409, over_words(emergency) or (_("It waits already.") if waits else _("Take it first.")))
        if not may_release(actor, emergency):
            raise refusal(403, _("Only the desk that holds it, or a supervisor, puts it off."))
        emergency.state, emergency.acted_at = State.WAITING, emergency.acted_at or at
        emergency.waiting_until, emergency.waiting_for = at + timedelta(minutes=minutes), waiting_for
        data = {"until": emergency.waiting_until, "waiting_for": waiting_for}
        fields = ("state", "acted_at", *AHEAD)
        change(emergency=emergency, kind="waiting", at=at, actor=actor, fields=fields, data=data)
        return emergency


def go_on(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Go on before the time of waiting is over."""
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        if emergency.state != State.WAITING:
            raise refusal(409, over_words(emergency) or _("It does not wait."))
        emergency.state, emergency.waiting_until, emergency.waiting_for = State.IN_ACTION, None, ""
        change(emergency=emergency, kind="continued", at=at, actor=actor, fields=("state", *AHEAD))
        return emergency


def close(*, actor: Reader, number: str, at: datetime, version: int | None = None) -> Emergency:
    """A supervisor closes what is resolved, having looked at the outcome; nothing closes by itself."""
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        if not rules.may_close(actor, emergency):
            raise refusal(403, _("Only a supervisor closes."))
        if emergency.state != State.RESOLVED:
            raise refusal(409, over_words(emergency) or _("Resolve it first, with an outcome."))
        if version is not None and version != emergency.version:
            raise refusal(409, _("Something arrived since this page was loaded: read it first."))
        emergency.state = State.CLOSED
        change(emergency=emergency, kind="closed", at=at, actor=actor, fields=("state",))
        return emergency


def return_if_untouched(*, emergency_id: int, at: datetime) -> bool:
    """Taken without an action for ten minutes: back to the queue, counted (domain.md rule 7). True when it moved."""
    late = {"state": State.TAKEN, "acted_at__isnull": True, "taken_at__lte": at - UNTOUCHED}
    with transaction.atomic():
        emergency = Emergency.objects.select_for_update().filter(pk=emergency_id, **late).first()
        if emergency is None:
            return False
        emergency.returned_times += 1
        data = {"was_taken_by": emergency.taken_by_id, "times": emergency.returned_times}
        let_go(emergency)
        fields = (*HELD, "returned_times")
        change(emergency=emergency, kind="returned", at=at, actor=None, fields=fields, data=data)
        return True


def return_if_due(*, emergency_id: int, at: datetime) -> bool:
    """The time of waiting is over: back to the queue, where it sounds and climbs like a new one. True when it moved."""
    with transaction.atomic():
        emergency = Emergency.objects.select_for_update().filter(pk=emergency_id, waiting_until__lte=at).first()
        if emergency is None:
            return False
        data = {"was_taken_by": emergency.taken_by_id, "waiting_for": emergency.waiting_for}
        let_go(emergency)
        change(emergency=emergency, kind="waited_out", at=at, actor=None, fields=HELD, data=data)
        return True
