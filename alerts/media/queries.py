"""Reads: the files of an emergency, one of them for its device or for an officer, and what is due."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Sum

from alerts.emergencies.models import Emergency
from alerts.media.models import MediaFile, Stage
from alerts.media.rules import IDLE, may_open
from commandcenter.access.reader import Reader


def files_of(emergency: Emergency) -> list[MediaFile]:
    """What officers see of an emergency: everything but what the citizen took back, the oldest first."""
    return list(emergency.media_files.exclude(stage=Stage.REMOVED))


def one(reader: Reader, key: UUID) -> MediaFile | None:
    """The file of this key with its emergency, if the reader may look at it; a foreign one is a missing one."""
    found = MediaFile.objects.select_related("emergency").filter(key=key).exclude(stage=Stage.REMOVED).first()
    return found if found is not None and may_open(reader, found.emergency) else None


def of_device(emergency: Emergency, key: UUID) -> MediaFile | None:
    """The file of this key, if it belongs to this emergency."""
    return emergency.media_files.filter(key=key).first()


def totals(emergency: Emergency) -> tuple[int, int]:
    """How many files an emergency holds or announced, and how many bytes."""
    found = emergency.media_files.exclude(stage=Stage.REMOVED).aggregate(n=Count("pk"), bytes=Sum("size"))
    return found["n"], found["bytes"] or 0


def is_due(at: datetime) -> bool:
    """Whether a file waits to be examined."""
    return MediaFile.objects.filter(due_at__isnull=False, due_at__lte=at).exists()


def idle(at: datetime) -> list[int]:
    """Sendings that nobody continued for two weeks."""
    arriving = MediaFile.objects.filter(received_at__isnull=True, stage=Stage.UPLOADING)  # the words of its index
    old = arriving.filter(grown_at__lte=at - IDLE).order_by("grown_at")
    return list(old.values_list("pk", flat=True)[:20])


def needed_plain(keys: Iterable[UUID]) -> set[UUID]:
    """Those of the keys whose unsealed file is still needed."""
    open_ = MediaFile.objects.filter(key__in=list(keys), stage__in=(Stage.UPLOADING, Stage.WAITING))
    return set(open_.values_list("key", flat=True))
