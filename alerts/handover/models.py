"""Handover and its items (domain.md section 2: serah terima)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a sheet stands; what is signed, or left behind, never changes again (triggers.py)."""

    DRAFT = "draft", _("Draft")
    OFFERED = "offered", _("Signed by the outgoing person")
    SIGNED = "signed", _("Signed by both")
    LEFT = "left", _("Left without handover")


OPEN = (State.DRAFT, State.OFFERED)
CLOSED = (State.SIGNED, State.LEFT)


class Handover(models.Model):
    """One sheet from an outgoing person to an incoming one, at the command centre ("") or at a mission (its code)."""

    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    place = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    outgoing = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    incoming = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, default="")
    begun_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(incoming__isnull=True) | ~Q(incoming=F("outgoing")), name="handover_between_two"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(incoming__isnull=False, offered_at__isnull=False, closed_at__isnull=False),
                name="handover_signed_by_both",
            ),
            models.UniqueConstraint(
                fields=["outgoing", "exercise"], condition=Q(state__in=["draft", "offered"]), name="handover_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """H-17."""
        return f"H-{self.pk}"


class HandoverItem(models.Model):
    """What both said about one thing. `facts` is how it stood when the sheet was closed; until then it is read anew.

    `ticked_stamp` is the state of the thing that the incoming person ticked: when it changes, the tick no longer holds.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="items")
    key = models.CharField(max_length=160)
    note = models.TextField(blank=True, default="")
    repeat = models.CharField(max_length=200, blank=True, default="")
    ticked_at = models.DateTimeField(null=True)
    ticked_stamp = models.CharField(max_length=200, blank=True, default="")
    facts = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["handover", "key"], name="handover_item_once")]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.key}"

    @property
    def subject(self) -> str:
        """The number or code of what it is about."""
        return self.key.partition(":")[2]
