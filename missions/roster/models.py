"""Shift, ShiftSwap, NumberTest, CalendarLink (domain.md section 2: jaga)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a shift asks of its person; who has the duty is woken first."""

    DUTY = "duty", _("On duty")
    DEPUTY = "deputy", _("Deputy")
    STANDBY = "standby", _("Standby")


class Shift(models.Model):
    """One person's time at one place: "" is the command centre, else a mission's code. Times are UTC.

    Never deleted: what was called off keeps its row. `demo` is made by a demonstration, around its start.
    """

    client_id = models.UUIDField(unique=True, default=uuid.uuid4)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    place = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.DUTY)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=models.F("person")), name="shift_deputy_is_another"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["exercise", "ends_at", "place"], condition=Q(cancelled_at__isnull=True), name="shift_standing"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """S-17."""
        return f"S-{self.pk}"


class SwapState(models.TextChoices):
    """Where a swap stands: only the other person's yes changes the roster."""

    ASKED = "asked", _("Asked")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ShiftSwap(models.Model):
    """One person asks another to take a shift, perhaps in return for one of the other's."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps")
    in_return = models.ForeignKey(Shift, null=True, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SwapState.choices, default=SwapState.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shift"], condition=Q(state="asked"), name="swap_asked_once"),
            models.CheckConstraint(condition=~Q(asker=models.F("other")), name="swap_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.asker_id} → {self.other_id}"


class NumberTest(models.Model):
    """Somebody called a person's number and it rang; a number that changed since is untested again. Never changed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="number_tests")
    phone = models.CharField(max_length=20)
    tested_at = models.DateTimeField()
    tested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "tested_at"], name="number_test_newest")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.tested_at:%F %T}"


class CalendarLink(models.Model):
    """A private address for a calendar program: its owner's shifts, or those of the whole place. Revoked for good."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_links")
    whole_place = models.BooleanField(default=False)
    place = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.place} {self.key}"
