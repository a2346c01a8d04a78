"""Exercise."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Exercise(models.Model):
    """A drill: same product, its own world. Rows of an exercise carry its slug."""

    slug = models.SlugField(max_length=60, unique=True)
    name_id = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    scenario = models.SlugField(max_length=60)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-started_at"]

    def __str__(self) -> str:
        return self.slug
