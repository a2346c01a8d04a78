"""Opening a file is noted in the read-log, with the reason where a sealed original is asked for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.emergencies.rules import refusal
from alerts.evidence import queries
from alerts.media.models import MediaFile
from alerts.media.queries import one
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.problems import Refusal, clean_text

REASON_LENGTH = 200


def open_file(*, actor: Reader, number: str, key: UUID, at: datetime) -> MediaFile:
    """Look at a file's copy; who did is shown beside it."""
    with transaction.atomic():
        media = _found(actor, number, key)
        log_read(actor=actor, at=at, screen=queries.SCREEN, object_id=queries.object_of(media))
        return media


def open_original(*, actor: Reader, number: str, key: UUID, at: datetime, reason: str) -> MediaFile:
    """Ask for a sealed original: a supervisor, with a reason that everybody can read."""
    words = clean_text(reason, field="reason", max_length=REASON_LENGTH)
    if not words:
        raise Refusal("reason", _("Write why you need the original."))
    with transaction.atomic():
        media = _found(actor, number, key)
        if not queries.may_have_original(actor, media):
            raise refusal(403, _("Only a supervisor opens a sealed original."))
        screen = queries.ORIGINAL_SCREEN
        log_read(actor=actor, at=at, screen=screen, object_id=queries.object_of(media), reason=words)
        return media


def _found(actor: Reader, number: str, key: UUID) -> MediaFile:
    media = one(actor, key)
    if media is None or media.emergency.number != number:
        raise refusal(404, _("There is no such file."))
    return media
