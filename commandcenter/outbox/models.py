"""Outgoing: one message to one person over one channel; the tries of a call; a person's devices; gateways' health."""

import re
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commandcenter.problems import Words, filled

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# Set aside by the numbering plan, given to nobody: demonstrations use it, and no real gateway is handed one.
FICTITIOUS = "+999"


class Channel(models.TextChoices):
    """The way to a person. A call is a task for somebody at the command centre."""

    PUSH = "push", _("Push message")
    SMS = "sms", _("SMS")
    CALL = "call", _("Phone call")


class Delivery(models.TextChoices):
    """What became of it (reliability.md 3.4). Unavailable: nobody could even try (no gateway, no number)."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    ACCEPTED = "accepted", _("Accepted by the gateway")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", pgettext_lazy("delivery", "Not known")
    UNAVAILABLE = "unavailable", _("Not available")
    CALLED_OFF = "called_off", _("No longer needed")


class Reason(models.TextChoices):
    """Why it ended so."""

    NO_GATEWAY = "no_gateway", _("no gateway is connected")
    NO_ADDRESS = "no_address", _("no telephone number")
    BAD_ADDRESS = "bad_address", _("the telephone number is not valid")
    FICTITIOUS = "fictitious", _("the telephone number is fictitious")
    NO_DEVICE = "no_device", _("no device receives push messages")
    EXERCISE = "exercise", _("EXERCISE: nothing is sent")
    REJECTED = "rejected", _("the gateway refused it")
    NOT_DELIVERED = "not_delivered", _("the network could not deliver it")
    BUSY = "busy", _("the gateway does not take it now")
    TOO_LATE = "too_late", _("given up, too late to matter")
    LOST = "lost", _("it may have been sent")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    NO_ANSWER = "no_answer", _("no answer")


class Outgoing(models.Model):
    """A row that holds the work: whoever sweeps sends it. `key` makes each message once, however often it is asked.

    `about` is the object it is about ("R-17"). A row of an exercise is never sent: its wall is in the gateway.
    `version` counts what boards are told, `attempts` what was tried; `repeats` a second sending that may be a double.
    """

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=400, blank=True, default="")
    text = models.TextField()
    url = models.CharField(max_length=400, blank=True, default="")
    about = models.CharField(max_length=120, blank=True, default="")
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    life_safety = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.QUEUED)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True, default="")
    client_ref = models.UUIDField(default=uuid.uuid4, unique=True)
    gateway = models.CharField(max_length=80, blank=True, default="")
    gateway_id = models.CharField(max_length=120, blank=True, default="")
    simulated = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        # Open and ended apart by a null test: SQLite takes a partial index only where the query repeats its words.
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "due_at"], condition=models.Q(ended_at__isnull=True), name="outgoing_to_send"
            ),
            models.Index(fields=["lease_until"], condition=models.Q(lease_until__isnull=False), name="outgoing_leases"),
            models.Index(
                fields=["exercise", "made_at"], condition=models.Q(ended_at__isnull=True), name="outgoing_open"
            ),
            models.Index(fields=["exercise", "made_at"], name="outgoing_made"),
            models.Index(fields=["about", "channel"], name="outgoing_about"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """M-17."""
        return f"M-{self.pk}"

    @property
    def telephone(self) -> str:
        """The number as it is now: the message's own, else the person's; "" when nobody knows one."""
        return self.address or (self.recipient.phone if self.recipient else "")

    @property
    def told(self) -> Words:
        """What became of it in a few words, honest about what nobody knows."""
        words: Words = WORDS.get((self.channel, self.state)) or Delivery(self.state).label
        if self.channel == Channel.CALL and self.state == Delivery.QUEUED and self.attempts:
            words = filled(_("No answer (%(n)d×)"), n=self.attempts)
        elif self.reason:
            words = filled(_("%(state)s: %(reason)s"), state=words, reason=Reason(self.reason).label)
        return filled(_("SIMULATED, not sent (%(state)s)"), state=words) if self.simulated else words


WORDS: dict[tuple[str, str], Words] = {
    (Channel.CALL, Delivery.QUEUED): _("Waiting to be called"),
    (Channel.CALL, Delivery.DELIVERED): _("Reached by telephone"),
    (Channel.PUSH, Delivery.ACCEPTED): _("Accepted by the push service"),
    (Channel.PUSH, Delivery.DELIVERED): _("On the device"),
}


class CallOutcome(models.TextChoices):
    """What a call came to."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class CallTry(models.Model):
    """One call that a person made; never changed."""

    message = models.ForeignKey(Outgoing, on_delete=models.PROTECT, related_name="tries")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=CallOutcome.choices)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.message} {self.outcome}"


class Device(models.Model):
    """A browser that takes push messages for a person: where its push service is, and the keys to write to it with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    label = models.CharField(max_length=80, blank=True, default="")
    made_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"device {self.pk} of {self.user}"


class GatewayHealth(models.Model):
    """How a gateway fares, for all senders: after failures in a row it is left alone until `rests_until`."""

    name = models.CharField(max_length=80, unique=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
