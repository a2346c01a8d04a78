"""Merging attaches and keeps both whole (domain.md rule 9); parting undoes it. Nothing is deleted, no chain is made."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.duplicates.models import Merging, ToldApart
from alerts.duplicates.queries import still_waiting
from alerts.emergencies.actions import change, open_by_officer
from alerts.emergencies.climbing import WAITING
from alerts.emergencies.holding import AHEAD, HELD, clear_ahead, let_go
from alerts.emergencies.models import OVER, Emergency, State
from alerts.emergencies.queries import by_number
from alerts.emergencies.rules import may_release, over_words, refusal
from commandcenter.access.reader import Reader
from commandcenter.problems import Refusal, filled


def merge(*, actor: Reader, number: str, at: datetime, into: str) -> Emergency:
    """Attach this emergency to another open one. The earlier of two promises to the citizens stands."""
    with transaction.atomic():
        _lock_both(number, into, actor)
        duplicate = open_by_officer(actor=actor, number=number, at=at)
        whole = _target(actor, into, at)
        _refuse_wrong(actor, duplicate, whole)
        before = duplicate.next_contact_at
        clear_ahead(duplicate)
        duplicate.state, duplicate.duplicate_of, duplicate.resolved_at = State.DUPLICATE, whole, at
        duplicate.shelved_until, duplicate.shelved_by = None, None
        told = at if whole.taken_by_id == actor.user_id else None
        Merging.objects.create(duplicate=duplicate, into=whole, by_id=actor.user_id, at=at, told_at=told)
        fields = (*HELD, *AHEAD, "duplicate_of")
        change(emergency=duplicate, kind="merged", at=at, actor=actor, fields=fields, data={"into": whole.number})
        whole.duplicates_n += 1
        if before is not None and whole.next_contact_at is not None:
            whole.next_contact_at = min(before, whole.next_contact_at)
        # What nobody has answered yet goes on climbing, at the one that stays.
        whole.unanswered += duplicate.unanswered
        since = filter(None, (duplicate.unanswered_since, whole.unanswered_since))
        whole.unanswered_since = min(since, default=None)
        joined = ("duplicates_n", "next_contact_at", *WAITING)
        change(emergency=whole, kind="joined", at=at, actor=actor, fields=joined, data={"other": duplicate.number})
        return duplicate


def part(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """It was no duplicate: back in the queue as one that nobody holds; the other goes on without it."""
    with transaction.atomic():
        duplicate = open_by_officer(actor=actor, number=number, at=at)
        if duplicate.duplicate_of_id is None:
            raise refusal(409, _("It is not attached to another emergency."))
        whole = Emergency.objects.select_for_update().get(pk=duplicate.duplicate_of_id)
        Merging.objects.filter(duplicate=duplicate, parted_at__isnull=True).update(parted_at=at)
        let_go(duplicate)
        duplicate.duplicate_of = None
        fields = (*HELD, "duplicate_of")
        change(emergency=duplicate, kind="parted", at=at, actor=actor, fields=fields, data={"other": whole.number})
        whole.duplicates_n -= 1
        data = {"other": duplicate.number}
        whole.unanswered, whole.unanswered_since = still_waiting(whole)
        change(emergency=whole, kind="left", at=at, actor=actor, fields=["duplicates_n", *WAITING], data=data)
        return duplicate


def tell_taken(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Who holds the emergency tells the citizens of its duplicates too that it is taken (domain.md rule 8)."""
    with transaction.atomic():
        whole = open_by_officer(actor=actor, number=number, at=at)
        if whole.taken_by_id != actor.user_id or whole.state in OVER:
            raise refusal(403, _("Only the desk that holds it tells that it is taken."))
        standing = Merging.objects.filter(into=whole, parted_at__isnull=True, told_at__isnull=True)
        if standing.update(told_at=at):
            change(emergency=whole, kind="taking_told", at=at, actor=actor)
        return whole


def tell_apart(*, actor: Reader, number: str, at: datetime, other: str) -> ToldApart:
    """These two are not the same: they are proposed no more."""
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        second = by_number(Emergency.objects.filter(exercise=actor.exercise), other)
        if second is None or second.pk == emergency.pk:
            raise Refusal("other", _("Choose another emergency."))
        low, high = sorted((emergency.pk, second.pk))
        row, made = ToldApart.objects.get_or_create(
            first_id=low, second_id=high, defaults={"by_id": actor.user_id, "at": at}
        )
        if made:
            change(emergency=emergency, kind="told_apart", at=at, actor=actor, data={"other": second.number})
        return row


def _lock_both(number: str, into: str, actor: Reader) -> None:
    """Both rows in the order of their keys, so that two merges never wait for each other in a circle."""
    world = Emergency.objects.filter(exercise=actor.exercise)
    keys = {row.pk for row in (by_number(world, number), by_number(world, into)) if row is not None}
    list(Emergency.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _target(actor: Reader, into: str, at: datetime) -> Emergency:
    try:
        return open_by_officer(actor=actor, number=into, at=at)
    except Refusal as refused:
        raise Refusal("into", refused.error.message, status=refused.status, code=refused.code) from refused


def _refuse_wrong(actor: Reader, duplicate: Emergency, whole: Emergency) -> None:
    """No chains, no circles, no critical one behind a lesser one, no promise without a desk that keeps it."""
    if duplicate.pk == whole.pk:
        raise Refusal("into", _("An emergency is no duplicate of itself."))
    if duplicate.state in OVER:
        raise refusal(409, over_words(duplicate))
    if duplicate.duplicates_n:
        raise refusal(409, _("It has duplicates of its own: attach the other one to it instead."))
    if whole.state in OVER:
        words = _("%(number)s can take up nothing: %(why)s")
        raise refusal(409, filled(words, number=whole.number, why=over_words(whole)))
    if duplicate.priority < whole.priority:
        raise refusal(409, _("The more urgent one stays: attach the other one to it instead."))
    if duplicate.taken_by_id and whole.taken_by_id is None:
        raise refusal(409, _("Take the one that stays first: this citizen was promised a contact."))
    if duplicate.taken_by_id and not may_release(actor, duplicate):
        raise refusal(403, _("Another desk holds it: that desk or a supervisor attaches it."))
