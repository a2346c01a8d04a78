"""Cell: a count that is kept in the transaction of every change, so that the map never has to count rows."""

from typing import Any, ClassVar

from django.db import models

from alerts.cells.morton import key_of


class SquareField(models.BigIntegerField):  # type: ignore[type-arg]
    """The square of the map a row stands in, from its `latitude` and `longitude` whenever the field is saved."""

    def pre_save(self, model_instance: Any, add: bool) -> int | None:  # noqa: FBT001 (Django's signature)
        """The key at level 24; None without a position."""
        lat, lon = model_instance.latitude, model_instance.longitude
        key = None if lat is None or lon is None else key_of(lat, lon)
        setattr(model_instance, self.attname, key)
        return key


class Cell(models.Model):
    """How many emergencies of one kind stand in one square. An emptied one stays, with n 0.

    `key` says the square and its level (morton.py); `state` is new, taken or resolved; sums in millionths of a degree.
    """

    pk = models.CompositePrimaryKey("key", "exercise", "mission", "state", "priority")
    key = models.BigIntegerField()
    exercise = models.SlugField(max_length=60, db_index=False)
    mission = models.CharField(max_length=60)
    state = models.CharField(max_length=8)
    priority = models.PositiveSmallIntegerField()
    n = models.BigIntegerField()
    sum_lat = models.BigIntegerField()
    sum_lon = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return f"{self.key} {self.state} {self.n}"
