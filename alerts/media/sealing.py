"""Sealed files: AES-256-GCM in chunks, so that any part can be read without the rest.

Each file has a data key of its own, wrapped by the installation's (settings.MEDIA_KEY). The nonce holds the chunk's
number and whether it is the last: a chunk moved, left out or cut off does not open.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

MAGIC = b"DCCSEAL1"
PREFIX, TAG = 7, 16
CHUNK = 64 * 1024
HEADER = len(MAGIC) + PREFIX


class SealError(Exception):
    """It can't be opened: the key is another one, or the file was changed."""


def new_key() -> bytes:
    """A data key."""
    return AESGCM.generate_key(256)


def wrap(data_key: bytes, key: UUID) -> str:
    """The data key as it is stored: the installation's key it needs, and the ciphertext, bound to this file."""
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(settings.MEDIA_KEY).encrypt(nonce, data_key, key.bytes)
    return f"{_key_id()}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unwrap(text: str, key: UUID) -> bytes:
    """The data key again."""
    name, _, rest = text.partition(".")
    try:
        raw = base64.urlsafe_b64decode(rest)
        return AESGCM(settings.MEDIA_KEY).decrypt(raw[:12], raw[12:], key.bytes)
    except (InvalidTag, ValueError) as error:
        raise SealError(f"the key {name} is not the one this installation has ({_key_id()})") from error


def _key_id() -> str:
    return hashlib.sha256(b"dcc.media" + settings.MEDIA_KEY).hexdigest()[:8]


def seal(source: Path, target: Path, data_key: bytes, bound_to: str) -> None:
    """Write a sealed copy; it gets its name only when it is whole and on disk."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    cipher, prefix = AESGCM(data_key), secrets.token_bytes(PREFIX)
    new = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with source.open("rb") as plain, new.open("xb") as out:
            new.chmod(0o400)
            out.write(MAGIC + prefix)
            number, chunk = 0, plain.read(CHUNK)
            while True:
                following = plain.read(CHUNK)
                out.write(cipher.encrypt(_nonce(prefix, number, last=not following), chunk, bound_to.encode()))
                if not following:
                    break
                number, chunk = number + 1, following
            out.flush()
            os.fsync(out.fileno())
        new.replace(target)
        sync_folder(target.parent)
    finally:
        new.unlink(missing_ok=True)


class Sealed:
    """A sealed file, to be read in parts."""

    def __init__(self, path: Path, data_key: bytes, bound_to: str) -> None:
        self.path, self.cipher, self.bound_to = path, AESGCM(data_key), bound_to.encode()
        body = path.stat().st_size - HEADER
        self.chunks = max(1, -(-body // (CHUNK + TAG)))
        self.size = body - self.chunks * TAG
        if self.size < 0:
            raise SealError("the sealed file is too short")

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The plain bytes [start, end), chunk by chunk."""
        end = self.size if end is None else end
        with self.path.open("rb") as file:
            head = file.read(HEADER)
            if head[: len(MAGIC)] != MAGIC:
                raise SealError("this is no sealed file")
            for number in range(start // CHUNK, -(-end // CHUNK)):
                file.seek(HEADER + number * (CHUNK + TAG))
                plain = self._opened(head[len(MAGIC) :], number, file.read(CHUNK + TAG))
                at = number * CHUNK
                yield plain[max(0, start - at) : end - at]

    def _opened(self, prefix: bytes, number: int, chunk: bytes) -> bytes:
        try:
            nonce = _nonce(prefix, number, last=number == self.chunks - 1)
            return self.cipher.decrypt(nonce, chunk, self.bound_to)
        except InvalidTag as error:
            raise SealError(f"chunk {number} was changed") from error


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes([last])


def sync_folder(folder: Path) -> None:
    """A new name is on disk, too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
