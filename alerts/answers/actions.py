"""Every change of this room: what a person has seen."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from alerts.answers.models import LastSeen
from alerts.answers.rules import VISIT
from alerts.crises.models import Crisis
from commandcenter.access.reader import Reader


@transaction.atomic
def see(*, actor: Reader, at: datetime, crises: Iterable[Crisis]) -> None:
    """The person had these crises' answers, as they stood at `at`, on the screen.

    Told again and again while the page is visible, by any number of tabs, in any order; never moves backwards. It is no
    event: nothing changed for anybody else.
    """
    shown = [crisis.pk for crisis in crises]
    mine = LastSeen.objects.filter(user=actor.user_id, crisis__in=shown)
    mine.filter(seen_at__lte=at - VISIT).update(before_at=F("seen_at"), seen_at=at)
    mine.filter(seen_at__lt=at).update(seen_at=at)
    first = [LastSeen(user_id=actor.user_id, crisis_id=pk, seen_at=at) for pk in shown]
    LastSeen.objects.bulk_create(first, ignore_conflicts=True)
