"""Person, Act and Move: who is in which state in one crisis, and the acts that led there."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from alerts.crises.models import Crisis
from missions.countries.models import Country
from missions.directory.models import Mission
from missions.registry.models import Citizen

REASON_LENGTH = 400


class State(models.TextChoices):
    """The fourteen states of domain.md rule 3, each exclusive of the others."""

    UNVERIFIED = "unverified", pgettext_lazy("person", "unverified")
    CONTACTED_SAFE = "contacted_safe", pgettext_lazy("person", "contacted, safe")
    NEEDS_HELP = "needs_help", pgettext_lazy("person", "needs help")
    INJURED = "injured", pgettext_lazy("person", "injured")
    MISSING = "missing", pgettext_lazy("person", "missing")
    DETAINED = "detained", pgettext_lazy("person", "detained")
    DEAD = "dead", pgettext_lazy("person", "dead")
    LEFT_EARLIER = "left_earlier", pgettext_lazy("person", "left earlier")
    SELF_EVACUATED = "self_evacuated", pgettext_lazy("person", "self-evacuated")
    REFUSED = "refused", pgettext_lazy("person", "refused evacuation")
    AT_ASSEMBLY_POINT = "at_assembly_point", pgettext_lazy("person", "at assembly point")
    IN_TRANSIT = "in_transit", pgettext_lazy("person", "in transit")
    OUT_OF_AREA = "out_of_area", pgettext_lazy("person", "out of the area")
    HOME = "home", pgettext_lazy("person", "home in Indonesia")


class Verb(models.TextChoices):
    """What somebody did to the ledger."""

    ENTERED = "entered", pgettext_lazy("ledger act", "entered")
    LISTED = "listed", pgettext_lazy("ledger act", "from a list")
    SET = "set", pgettext_lazy("ledger act", "set")
    CORRECTED = "corrected", pgettext_lazy("ledger act", "corrected")
    UNDONE = "undone", pgettext_lazy("ledger act", "undone")
    MERGED = "merged", pgettext_lazy("ledger act", "merged")
    PARTED = "parted", pgettext_lazy("ledger act", "kept apart")


class Person(models.Model):
    """One known Indonesian in one crisis: exactly one row, exactly one state. A merged row counts no longer."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="persons")
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="+")
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=18, choices=State.choices)
    version = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["crisis", "citizen"], name="person_once_per_crisis"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="person_in_a_known_state"),
        ]
        indexes: ClassVar = [models.Index(fields=["crisis", "state", "id"], name="person_by_state")]

    def __str__(self) -> str:
        return f"{self.crisis_id} {self.citizen_id} {self.state}"


class Act(models.Model):
    """One act upon the ledger of a crisis, of one person or of many; `number` is the ledger's version.

    `country` or `mission` say whom an act of entering promised to hold: all the registry has there.
    """

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=10, choices=Verb.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    as_of = models.DateTimeField()
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    report = models.PositiveIntegerField(null=True)
    country = models.ForeignKey(Country, null=True, on_delete=models.PROTECT, related_name="+")
    mission = models.ForeignKey(Mission, null=True, on_delete=models.PROTECT, related_name="+")
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["crisis", "number"], name="ledger_act_once")]

    def __str__(self) -> str:
        return f"{self.crisis_id} #{self.number} {self.verb}"


class Move(models.Model):
    """What one act did to one person; never changed. `state` "" says that the row counts no longer (merged)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="moves", db_index=False)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="moves")
    version = models.PositiveIntegerField()
    was = models.CharField(max_length=18, blank=True, default="")
    state = models.CharField(max_length=18, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "version"], name="move_once")]

    def __str__(self) -> str:
        return f"{self.person_id} v{self.version} {self.state}"


class Apart(models.Model):
    """Somebody decided that this person is not one of the others with the same document or telephone (its digest)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="apart")
    digest = models.CharField(max_length=32)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "digest"], name="apart_once")]

    def __str__(self) -> str:
        return f"{self.person_id} apart"
