"""MediaFile: one photograph or film that a citizen's device sends."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.emergencies.models import Emergency


class Kind(models.TextChoices):
    """What the bytes say it is; nothing else is ever decoded."""

    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    WEBP = "webp", "WEBP"
    HEIC = "heic", "HEIC"
    MP4 = "mp4", "MP4"
    WEBM = "webm", "WEBM"
    THREE_GP = "3gp", "3GP"


class Stage(models.TextChoices):
    """Where it stands."""

    UPLOADING = "uploading", _("Being sent")
    WAITING = "waiting", _("Received, being examined")
    READY = "ready", _("Ready")
    SEALED = "sealed", _("Kept sealed")
    REFUSED = "refused", _("Refused")
    REMOVED = "removed", _("Removed by the citizen before it was sent")


class Reason(models.TextChoices):
    """Why there is no copy to look at; the original is kept all the same."""

    UNKNOWN_TYPE = "unknown_type", _("This is no photo or video of a known kind.")
    DAMAGED = "damaged", _("The file is damaged or cut off.")
    TOO_MANY_PIXELS = "too_many_pixels", _("The picture is larger than 40 million pixels.")
    TOO_LONG = "too_long", _("The video is longer than 10 minutes.")
    TOO_HEAVY = "too_heavy", _("Opening it takes more memory or time than is safe.")
    CHANGED = "changed", _("What arrived is not the file that was announced.")
    INCOMPLETE = "incomplete", _("The sending was never finished.")
    NO_SANDBOX = "no_sandbox", _("This server can't lock the video program away from the network.")
    LOST = "lost", _("The file is no longer in the store: tell whoever runs this server.")
    UNTRIED = "untried", _("Making a copy failed several times.")


PHOTOGRAPHS = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.HEIC})


class MediaFile(models.Model):
    """One file. `offset` is what is safely on disk; `digest` what the device announced, `sha256` what arrived."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    client_id = models.UUIDField(unique=True)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="media_files")
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.UPLOADING)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True, default="")
    kind = models.CharField(max_length=4, choices=Kind.choices, blank=True, default="")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration_s = models.PositiveIntegerField(null=True)
    distance_m = models.PositiveIntegerField(null=True)
    wrapped_key = models.CharField(max_length=120, blank=True, default="")
    started_at = models.DateTimeField()
    grown_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(offset__gte=0, offset__lte=models.F("size"), size__gt=0),
                name="media_offset_within_size",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage__in=("ready", "sealed", "refused")) | models.Q(wrapped_key__gt=""),
                name="media_examined_is_sealed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="media_due"),
            models.Index(fields=["grown_at"], condition=models.Q(received_at__isnull=True), name="media_arriving"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.stage}"

    @property
    def is_photograph(self) -> bool:
        """Whether the bytes are those of a picture."""
        return self.kind in PHOTOGRAPHS

    @property
    def percent(self) -> int:
        """How much of it has arrived."""
        return self.offset * 100 // self.size
