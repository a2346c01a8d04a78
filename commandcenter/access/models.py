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
    """A person who signs in. `auth_epoch` grows with every change of rights and ends open sockets."""

    auth_epoch = models.PositiveIntegerField(default=1)

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
