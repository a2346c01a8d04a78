"""Celery only wakes: rows hold the work, and each task says "look" (reliability.md 2.2)."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commandcenter.settings")

app = Celery("commandcenter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("commandcenter.sweep",)
app.conf.beat_schedule = {"sweep": {"task": "commandcenter.sweep.sweep", "schedule": 1.0, "options": {"expires": 2}}}


@worker_process_shutdown.connect
def let_senders_finish(**_: Any) -> None:
    """A worker that is told to stop ends without Python's own farewell: what is on its way arrives first."""
    from commandcenter.gateways import sending

    sending.close()
