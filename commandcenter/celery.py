"""Celery only wakes: rows hold the work, and each task says "look" (reliability.md 2.2)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commandcenter.settings")

app = Celery("commandcenter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("commandcenter.sweep",)
app.conf.beat_schedule = {"sweep": {"task": "commandcenter.sweep.sweep", "schedule": 1.0, "options": {"expires": 2}}}
