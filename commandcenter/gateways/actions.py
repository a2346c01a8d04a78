"""Every change to a person's devices."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commandcenter.access.reader import Reader
from commandcenter.outbox import rules
from commandcenter.outbox.models import Device
from commandcenter.problems import Refusal


@transaction.atomic
def keep_device(*, actor: Reader, at: datetime, endpoint: str, p256dh: str, auth: str, label: str = "") -> Device:
    """This browser takes push messages for this person from now on; the same browser again is the same device."""
    if not rules.may_hold_devices(actor):
        raise Refusal(
            "", _("Push messages go to mission officers and the command centre."), status=403, code="forbidden"
        )
    given = {"user_id": actor.user_id, "p256dh": p256dh, "auth": auth, "label": label, "made_at": at, "gone_at": None}
    device, _made = Device.objects.update_or_create(endpoint=endpoint, defaults=given)
    mine = list(Device.objects.filter(user=actor.user_id, gone_at=None).order_by("-made_at", "-id"))
    for older in mine[rules.MOST_DEVICES :]:
        _gone(older, at)
    return device


@transaction.atomic
def drop_device(*, actor: Reader, at: datetime, device_id: int) -> None:
    """Its owner takes no messages on this device any more."""
    device = Device.objects.filter(pk=device_id, user=actor.user_id).first()
    if device is None:
        raise Refusal("", _("There is no such device."), status=404, code="missing")
    _gone(device, at)


@transaction.atomic
def note_device(*, device_id: int, works: bool, at: datetime) -> None:
    """The push service took a message for this device, or says that it is gone for good."""
    device = Device.objects.filter(pk=device_id).first()
    if device is not None and works:
        device.last_ok_at = at
        device.save(update_fields=["last_ok_at"])
    elif device is not None:
        _gone(device, at)


def _gone(device: Device, at: datetime) -> None:
    device.gone_at = device.gone_at or at
    device.save(update_fields=["gone_at"])
