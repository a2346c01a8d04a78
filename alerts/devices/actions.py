"""Registering a key. It records no event: nothing happened to anybody, and a key is no secret and no person."""

from datetime import datetime

from alerts.devices import rules
from alerts.devices.models import DeviceKey


def register(*, actor: None, at: datetime, public_key: bytes) -> tuple[DeviceKey, bool]:
    """Keep the key of somebody's device, once; True when it was not known."""
    fingerprint = rules.fingerprint_of(public_key)
    kept = {"public_key": rules.text_of(public_key), "registered_at": at}
    return DeviceKey.objects.get_or_create(fingerprint=fingerprint, defaults=kept)
