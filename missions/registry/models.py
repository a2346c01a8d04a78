"""Citizen, and the traces it is found by."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.countries.models import Country
from missions.directory.models import Mission

NAME_LENGTH, DOCUMENT_LENGTH, PHONE_LENGTH, PLACE_LENGTH = 120, 40, 20, 120


class Origin(models.TextChoices):
    """How a person came into the registry."""

    LIST = "list", _("List from a mission")
    SELF = "self", _("Registered by themselves")


class Citizen(models.Model):
    """One Indonesian abroad. Name, document and telephone are read and written in this room alone (sealing.py)."""

    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    name = models.CharField(max_length=NAME_LENGTH)
    document = models.CharField(max_length=DOCUMENT_LENGTH, blank=True, default="")
    phone = models.CharField(max_length=PHONE_LENGTH, blank=True, default="")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=PLACE_LENGTH, blank=True, default="")
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Origin.choices, default=Origin.LIST)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["exercise", "country"], name="citizen_by_country"),
            models.Index(fields=["exercise", "mission"], name="citizen_by_mission"),
        ]

    def __str__(self) -> str:
        return f"citizen {self.pk}"


class TraceKind(models.TextChoices):
    """What a trace was made of."""

    DOCUMENT = "document", "document"
    PHONE = "phone", "phone"
    TAIL = "tail", "last four digits"
    WORD = "word", "word of the name"
    START = "start", "first three letters of a word"
    PLACE = "place", "place"


class Trace(models.Model):
    """A keyed digest of one thing a person is searched by: equal things have equal digests, none can be read back."""

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="traces", db_index=False)
    kind = models.CharField(max_length=8, choices=TraceKind.choices)
    digest = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["citizen", "kind", "digest"], name="trace_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "digest"], name="trace_search")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.citizen_id}"


class Upload(models.Model):
    """A list somebody sent, kept until it is applied or replaced; then its text is emptied."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    scope = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    applied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"upload {self.pk}"
