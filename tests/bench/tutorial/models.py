"""One table."""

from typing import ClassVar

from django.db import models


class Message(models.Model):
    """What was posted."""

    client_id = models.UUIDField(unique=True)
    body = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label: ClassVar = "tutorial"

    def __str__(self) -> str:
        return str(self.client_id)
