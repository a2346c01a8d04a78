"""User, Role, Membership (domain.md section 3)."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do; domain.md section 3."""

    OPERATOR = "operator", _("Operator")
    SUPERVISOR = "supervisor", _("Supervisor")
    VERIFIER = "verifier", _("Verifier")
    MISSION_OFFICER = "mission_officer", _("Mission officer")
    AMBASSADOR = "ambassador", _("Ambassador")
    SPOKESPERSON = "spokesperson", _("Spokesperson")
    MINISTER = "minister", _("Minister")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


DCC = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.VERIFIER})
MISSION = frozenset({Role.MISSION_OFFICER, Role.AMBASSADOR})
DCC_ROLES = tuple(sorted(DCC))
MISSION_ROLES = tuple(sorted(MISSION))
EVERYONE = tuple(Role)


class User(AbstractUser):
    """A person who signs in. `auth_epoch` grows with every change of rights and ends open sockets; `phone` is E.164."""

    auth_epoch = models.PositiveIntegerField(default=1)
    phone = models.CharField(_("telephone"), max_length=20, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["username"]

    @property
    def shown_name(self) -> str:
        """The name on screens."""
        return self.get_full_name() or self.username


class Membership(models.Model):
    """One person's role, at headquarters (mission "") or at one mission (its code)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    role = models.CharField(max_length=20, choices=Role.choices)
    mission = models.SlugField(max_length=60, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=MISSION_ROLES, mission__gt="")
                | ~models.Q(role__in=MISSION_ROLES) & models.Q(mission=""),
                name="membership_mission_fits_role",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["mission", "role"])]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.mission}".strip()


class WallScreen(models.Model):
    """A wall screen: a token instead of a person. `code` and `token` are digests; neither is kept in clear."""

    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=80, blank=True, default="")
    code = models.CharField(max_length=64, null=True, unique=True)
    code_until = models.DateTimeField()
    token = models.CharField(max_length=64, null=True, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    paired_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["exercise", "name"], condition=models.Q(revoked_at__isnull=True), name="device_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
