"""The media store: what arrives grows in `arriving/`, what was examined lies sealed in `sealed/`.

Names are made of the random key of the row alone. Who writes holds the file's lock (flock), which ends with its
process however that dies; the bytes are on disk before the row says so.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from alerts.media.sealing import Sealed, seal, sync_folder, unwrap

# What is kept of a file: the original, a copy to look at, a small one, and of a film a short one.
ORIGINAL, COPY, THUMB, PREVIEW = "original", "copy", "thumb", "preview"


class StoreFull(Exception):
    """The store takes no more just now."""


class Busy(Exception):
    """Another process is writing this file."""


def arriving(key: UUID) -> Path:
    """Where a file grows."""
    return _folder("arriving") / key.hex


def sealed(key: UUID, part: str) -> Path:
    """Where a sealed part lies."""
    return settings.MEDIA_STORE / "sealed" / key.hex[:2] / f"{key.hex}.{part}"


def workbench(key: UUID) -> Path:
    """An empty folder to make copies in."""
    folder = _folder("work") / key.hex
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def check_room(wanted: int) -> None:
    """Raise StoreFull before the disk is: the database may live on the same one."""
    try:
        free = shutil.disk_usage(_folder("arriving")).free
    except OSError as error:
        raise StoreFull from error
    if free - wanted < settings.MEDIA_RESERVE:
        raise StoreFull


@contextmanager
def held(key: UUID) -> Iterator[int]:
    """The growing file, for one writer at a time; raises Busy, or StoreFull where it can't even be opened."""
    path = arriving(key)
    fresh = not path.exists()
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreFull from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        if fresh:
            sync_folder(path.parent)
        yield handle
    finally:
        os.close(handle)


def append(handle: int, offset: int, data: bytes) -> None:
    """Write at this offset and sync; whatever a writer that died left behind it goes first. Whole or not at all."""
    try:
        os.ftruncate(handle, offset)
        done = 0
        while done < len(data):
            done += os.pwrite(handle, data[done:], offset + done)
        os.fsync(handle)
    except OSError as error:
        with suppress(OSError):
            os.ftruncate(handle, offset)
        raise StoreFull from error


def length_of(handle: int) -> int:
    """How many bytes the file has."""
    return os.fstat(handle).st_size


def digest_of(handle: int) -> str:
    """SHA-256 of a whole file."""
    known, at = hashlib.sha256(), 0
    while block := os.pread(handle, 1024 * 1024, at):
        known.update(block)
        at += len(block)
    return known.hexdigest()


def seal_part(key: UUID, part: str, source: Path, data_key: bytes) -> None:
    """Seal one part under its name."""
    seal(source, sealed(key, part), data_key, f"{key.hex}.{part}")


def open_part(key: UUID, part: str, wrapped: str) -> Sealed:
    """A sealed part; raises FileNotFoundError or SealError."""
    return Sealed(sealed(key, part), unwrap(wrapped, key), f"{key.hex}.{part}")


def forget_plain(key: UUID) -> None:
    """The unsealed file and what was made from it go."""
    arriving(key).unlink(missing_ok=True)
    shutil.rmtree(settings.MEDIA_STORE / "work" / key.hex, ignore_errors=True)


def plain_keys() -> list[UUID]:
    """Every file that lies here unsealed."""
    return [UUID(path.name) for path in _folder("arriving").iterdir() if len(path.name) == 32]


def _folder(name: str) -> Path:
    folder: Path = settings.MEDIA_STORE / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
