"""Every change to the rows of media. Bytes are written beside (store.py): first on disk, then in the row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.emergencies.actions import change, reopen_by_citizen
from alerts.emergencies.models import Emergency
from alerts.emergencies.queries import by_number
from alerts.media import queries, rules
from alerts.media.models import Kind, MediaFile, Reason, Stage
from alerts.media.sealing import new_key, wrap
from commandcenter.problems import Refusal, filled


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a file that was looked at; `distance_m` is between the place it states and the GPS position."""

    stage: Stage
    reason: Reason | None = None
    kind: Kind | None = None
    width: int | None = None
    height: int | None = None
    duration_s: int | None = None
    distance_m: int | None = None


def begin(
    *, number: str, exercise: str, at: datetime, client_id: UUID, size: int, digest: str = ""
) -> tuple[MediaFile, bool]:
    """Announce a file of `size` bytes; the same client_id again is the same file, and another file is refused.

    `digest` is the SHA-256 of the whole file in hexadecimal where the device knows it. True when it is new.
    """
    with transaction.atomic():
        emergency = _locked(number, exercise)
        known = MediaFile.objects.filter(client_id=client_id).first()
        if known is not None:
            _check_same(known, emergency, size, digest)
            return known, False
        _check_caps(emergency, size)
        made = MediaFile.objects.create(
            client_id=client_id, emergency=emergency, size=size, digest=digest, started_at=at, grown_at=at
        )
        _tell("media_started", made, emergency, at)
        return made, True


def grow(*, media: MediaFile, at: datetime, was: int, offset: int) -> bool:
    """So many bytes are on disk now; False when the row says something else than `was`."""
    waiting = MediaFile.objects.filter(pk=media.pk, stage=Stage.UPLOADING, offset=was)
    return waiting.update(offset=offset, grown_at=at) == 1


def receive_whole(*, media: MediaFile, at: datetime, was: int, sha256: str) -> MediaFile | None:
    """The last byte is on disk: from here on it is kept, and examined as soon as somebody has time.

    None when the row says something else than `was`. Sent after the emergency was closed, it opens it again.
    """
    with transaction.atomic():
        emergency, media = _both(media)
        if media.stage != Stage.UPLOADING or media.offset != was:
            return None
        media.sha256, media.offset = sha256, media.size
        changed = media.digest not in {"", sha256}
        _to_examine(media, emergency, at, Reason.CHANGED if changed else None)
        if emergency.resolved_at is not None and media.started_at >= emergency.resolved_at:
            reopen_by_citizen(emergency=emergency, at=at)
        return media


def end_idle(*, media_id: int, at: datetime) -> bool:
    """Nobody continued it for two weeks: what arrived is kept sealed. True when it moved."""
    with transaction.atomic():
        emergency, media = _both(MediaFile.objects.get(pk=media_id))
        if media.stage != Stage.UPLOADING or media.grown_at > at - rules.IDLE:
            return False
        if media.offset == 0:
            _take_away(media, emergency, at)
        else:
            _to_examine(media, emergency, at, Reason.INCOMPLETE)
        return True


def remove(*, media: MediaFile, at: datetime) -> None:
    """The citizen takes a file back that has not been sent whole; what was received stays."""
    with transaction.atomic():
        emergency, media = _both(media)
        if media.stage == Stage.REMOVED:
            return
        if media.stage != Stage.UPLOADING:
            raise Refusal("", _("This file has been received and can't be taken back."), status=403, code="forbidden")
        _take_away(media, emergency, at)


@transaction.atomic
def take_next(*, at: datetime) -> MediaFile | None:
    """Take the next file that is to be examined: nobody else does for six minutes. None when nothing is due.

    Two never take the same one: the row is locked (PostgreSQL, where the other skips it) or the whole database is.
    """
    due = MediaFile.objects.filter(due_at__isnull=False, due_at__lte=at).order_by("due_at", "pk")
    media = due.select_for_update(skip_locked=True).first()
    if media is None:
        return None
    media.attempts += 1
    media.due_at = at + rules.LEASE
    # Made once: should two examine it after all, both seal with the same key.
    media.wrapped_key = media.wrapped_key or wrap(new_key(), media.key)
    media.save(update_fields=["attempts", "due_at", "wrapped_key"])
    return media


def settle(*, media: MediaFile, examined: Examined, at: datetime) -> bool:
    """Write down what became of a file; False when another one took it over meanwhile."""
    with transaction.atomic():
        emergency, row = _both(media)
        if row.stage != Stage.WAITING or row.attempts != media.attempts:
            return False
        row.stage, row.reason, row.kind = examined.stage, examined.reason or "", examined.kind or ""
        row.width, row.height, row.duration_s = examined.width, examined.height, examined.duration_s
        row.distance_m, row.ended_at, row.due_at = examined.distance_m, at, None
        shown = ("width", "height", "duration_s", "distance_m")
        row.save(update_fields=["stage", "reason", "kind", *shown, "ended_at", "due_at"])
        _tell("media_examined", row, emergency, at)
        return True


def _take_away(media: MediaFile, emergency: Emergency, at: datetime) -> None:
    media.stage = Stage.REMOVED
    media.save(update_fields=["stage"])
    _tell("media_removed", media, emergency, at)


def _to_examine(media: MediaFile, emergency: Emergency, at: datetime, reason: Reason | None) -> None:
    media.stage, media.reason = Stage.WAITING, reason or ""
    media.received_at = media.due_at = at
    media.save(update_fields=["stage", "reason", "sha256", "offset", "received_at", "due_at"])
    emergency.media += 1
    _tell("media_received", media, emergency, at, fields=("media",))


def _tell(kind: str, media: MediaFile, emergency: Emergency, at: datetime, fields: tuple[str, ...] = ()) -> None:
    data = {"media": media.pk, "stage": media.stage, "reason": media.reason}
    change(emergency=emergency, kind=kind, at=at, actor=None, fields=fields, data=data)


def _locked(number: str, exercise: str) -> Emergency:
    emergency = by_number(Emergency.objects.select_for_update().filter(exercise=exercise), number)
    if emergency is None:
        raise Refusal("", _("There is no such emergency."), status=404, code="missing")
    return emergency


def _both(media: MediaFile) -> tuple[Emergency, MediaFile]:
    """The emergency and the file, locked in this order everywhere."""
    emergency = Emergency.objects.select_for_update().get(pk=media.emergency_id)
    return emergency, MediaFile.objects.select_for_update().get(pk=media.pk)


def _check_same(known: MediaFile, emergency: Emergency, size: int, digest: str) -> None:
    if known.emergency_id != emergency.pk:
        raise Refusal("client_id", _("This identifier was already used elsewhere."))
    if known.size != size or (digest and known.digest and known.digest != digest):
        words = _("Another file was begun under this identifier; choose the same file again, or send it as a new one.")
        raise Refusal("client_id", words, status=409, code="conflict")


def _check_caps(emergency: Emergency, size: int) -> None:
    n, held = queries.totals(emergency)
    if n >= rules.MOST_FILES:
        words = filled(_("This request already holds %(n)d files; no more can be added."), n=rules.MOST_FILES)
        raise Refusal("", words, status=413, code="too-large")
    if held + size > rules.MOST_BYTES:
        words = _("The files of this request are too large together; no more can be added.")
        raise Refusal("", words, status=413, code="too-large")
