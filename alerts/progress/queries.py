"""Reads: what time has brought back."""

from datetime import datetime

from alerts.emergencies.models import Emergency, State
from alerts.emergencies.rules import UNTOUCHED


def taken_without_action(at: datetime) -> list[int]:
    """Those taken ten minutes ago or earlier and not acted on (domain.md rule 7)."""
    untouched = Emergency.objects.filter(acted_at__isnull=True, resolved_at__isnull=True)
    late = untouched.filter(state=State.TAKEN, taken_at__lte=at - UNTOUCHED)
    return list(late.order_by("taken_at").values_list("pk", flat=True))


def waited_long_enough(at: datetime) -> list[int]:
    """Those whose time of waiting is over."""
    return list(Emergency.objects.filter(waiting_until__lte=at).order_by("waiting_until").values_list("pk", flat=True))
