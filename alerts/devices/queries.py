"""Which emergency a device opened lately, and which one a further press belongs to."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from alerts.devices.models import RepeatedAlarm
from alerts.devices.rules import ONE_IN
from alerts.emergencies.models import Emergency


def opened_lately(devices: Collection[str], at: datetime, exercise: str) -> dict[str, tuple[int, int]]:
    """By device: the emergency (key, priority) it opened in the last minute, unless that is cancelled or resolved."""
    found = Emergency.objects.filter(
        device__in=devices, exercise=exercise, received_at__gt=at - ONE_IN, cancelled_at=None, resolved_at=None
    )
    rows = found.order_by("received_at", "pk").values_list("device", "pk", "priority")
    return {device: (key, priority) for device, key, priority in rows}


def repeats(client_ids: Collection[UUID]) -> dict[UUID, int]:
    """Those that were presses in a row, with the emergency each belongs to."""
    found = RepeatedAlarm.objects.filter(client_id__in=client_ids)
    return dict(found.values_list("client_id", "emergency_id"))
