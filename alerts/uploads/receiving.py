"""One part of a file on its way to the disk: never torn, whoever is cut off, killed, or comes second."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from alerts.media import actions, store
from alerts.media.models import MediaFile, Reason, Stage
from alerts.uploads.protocol import refused
from commandcenter.problems import Words

OVER: dict[str, Words] = {
    Stage.REMOVED: _("This file was taken back."),
    Reason.INCOMPLETE: _("This file was not continued for two weeks; what had arrived is kept."),
}


def offset_now(media: MediaFile) -> int:
    """Where the device goes on: what the row says is on disk, and is."""
    if media.stage != Stage.UPLOADING:
        return media.offset
    path = store.arriving(media.key)
    return min(media.offset, path.stat().st_size if path.exists() else 0)


def check_open(media: MediaFile) -> None:
    """Refuse what was taken back or given up: 410."""
    words = OVER.get(media.stage) or OVER.get(media.reason)
    if words:
        raise refused(410, "closed", words)


def receive_chunk(media: MediaFile, offset: int, chunk: bytes, at: datetime) -> int:
    """Store a part that begins at `offset`; answers with the new offset.

    The file's lock comes first, then the row is read again: of two that send at once the second is told so (423), and
    one that was held up sees what the other wrote (409). Bytes behind the row's offset were never promised: they go.
    """
    if offset + len(chunk) > media.size:
        raise refused(413, "too-large", _("This part goes beyond the length that was announced."), "Upload-Offset")
    try:
        store.check_room(len(chunk))
        with store.held(media.key) as handle:
            media.refresh_from_db()
            check_open(media)
            known = media.offset if media.stage != Stage.UPLOADING else min(media.offset, store.length_of(handle))
            if offset != known:
                raise refused(409, "conflict", _("This part does not begin where the file ends."), "Upload-Offset")
            if chunk:
                store.append(handle, offset, chunk)
                _note(media, handle, offset + len(chunk), at)
    except store.Busy:
        raise refused(423, "conflict", _("Another part of this file is being stored; try again.")) from None
    except store.StoreFull:
        raise refused(503, "unavailable", _("There is no room for files just now; keep it and try again.")) from None
    return offset + len(chunk)


def _note(media: MediaFile, handle: int, offset: int, at: datetime) -> None:
    """The row learns what is on disk; with the last byte the file is received."""
    if offset < media.size:
        moved = actions.grow(media=media, at=at, was=media.offset, offset=offset)
    else:
        whole = actions.receive_whole(media=media, at=at, was=media.offset, sha256=store.digest_of(handle))
        moved = whole is not None
        if whole is not None and whole.reason == Reason.CHANGED:
            words = _("What arrived is not the file that was announced. It is kept; send the right one as a new file.")
            raise refused(460, "checksum", words)
    if not moved:
        raise refused(409, "conflict", _("This part does not begin where the file ends."), "Upload-Offset")
