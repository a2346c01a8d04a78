"""tus 1.0 (core, creation, checksum, termination, expiration): what its headers say, and what ours answer."""

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _

from alerts.media.rules import LARGEST_CHUNK, LARGEST_FILE
from commandcenter.problems import Refusal, Words, filled

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,termination,expiration"
ALGORITHMS: dict[str, Callable[[bytes], "hashlib._Hash"]] = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}
CHUNK_TYPE = "application/offset+octet-stream"
HEX = re.compile("[0-9a-f]{64}")
MEGABYTE = 1024 * 1024


def with_headers(answer: HttpResponse) -> HttpResponse:
    """Every answer says which protocol it speaks, and is kept by no cache."""
    answer["Tus-Resumable"] = VERSION
    answer["Cache-Control"] = "no-store"
    return answer


def options() -> HttpResponse:
    """What this server can do."""
    answer = HttpResponse(status=204)
    answer["Tus-Version"] = VERSION
    answer["Tus-Extension"] = EXTENSIONS
    answer["Tus-Max-Size"] = str(LARGEST_FILE)
    answer["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    return answer


def method_of(request: HttpRequest) -> str:
    """Some networks let only GET and POST through: the override counts where it is given."""
    return (request.headers.get("X-HTTP-Method-Override") or request.method or "").upper()


def check_version(request: HttpRequest) -> None:
    """Refuse another version of the protocol: 412."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise refused(412, "malformed", _("This server speaks tus 1.0.0: send Tus-Resumable."), "Tus-Resumable")


def length_of(request: HttpRequest) -> int:
    """Upload-Length, from one byte to 200 MB."""
    length = _whole(request, "Upload-Length")
    if length == 0:
        raise refused(422, "invalid", _("This file is empty."), "Upload-Length")
    if length > LARGEST_FILE:
        words = filled(_("This file is too large (at most %(n)d MB)."), n=LARGEST_FILE // MEGABYTE)
        raise refused(413, "too-large", words, "Upload-Length")
    return length


def offset_of(request: HttpRequest) -> int:
    """Upload-Offset."""
    return _whole(request, "Upload-Offset")


def metadata_of(request: HttpRequest) -> dict[str, str]:
    """Upload-Metadata: names with values in base64; we read `client_id` and `sha256` and store no name of a file."""
    found: dict[str, str] = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _space, value = pair.strip().partition(" ")
        if name:
            try:
                found[name] = base64.b64decode(value, validate=True).decode(errors="replace")
            except ValueError:
                raise refused(400, "malformed", _("This header can't be read."), "Upload-Metadata") from None
    return found


def client_id_of(metadata: dict[str, str]) -> UUID | None:
    """The device's own name of this file; None where it gave none."""
    if "client_id" not in metadata:
        return None
    try:
        return UUID(metadata["client_id"])
    except ValueError:
        raise refused(422, "invalid", _("This must be a UUID."), "client_id") from None


def digest_of(metadata: dict[str, str]) -> str:
    """SHA-256 of the whole file in hexadecimal; "" where the device did not say."""
    digest = metadata.get("sha256", "")
    if digest and not HEX.fullmatch(digest):
        raise refused(422, "invalid", _("This must be a SHA-256 in 64 hexadecimal digits."), "sha256")
    return digest


def chunk_of(request: HttpRequest) -> bytes:
    """The bytes of a PATCH, at most 4 MB: a larger one is refused before it is read."""
    if request.content_type != CHUNK_TYPE:
        words = filled(_("A part of a file is sent as %(type)s."), type=CHUNK_TYPE)
        raise refused(415, "malformed", words, "Content-Type")
    declared = request.headers.get("Content-Length", "")
    known = int(declared) if re.fullmatch("[0-9]{1,15}", declared) else None
    too_large = filled(_("A part of a file has at most %(n)d MB."), n=LARGEST_CHUNK // MEGABYTE)
    if known is not None and known > LARGEST_CHUNK:
        raise refused(413, "too-large", too_large, "Content-Length")
    chunk: bytes = request.read(LARGEST_CHUNK + 1)
    if len(chunk) > LARGEST_CHUNK:
        raise refused(413, "too-large", too_large, "Content-Length")
    if known is not None and known != len(chunk):
        raise refused(400, "malformed", _("Fewer bytes arrived than were announced."), "Content-Length")
    return chunk


def check_sum(request: HttpRequest, chunk: bytes) -> None:
    """Upload-Checksum, where it is given: 460 when the bytes are other ones."""
    given = request.headers.get("Upload-Checksum")
    if given is None:
        return
    name, _space, value = given.partition(" ")
    algorithm = ALGORITHMS.get(name)
    try:
        wanted = base64.b64decode(value, validate=True)
    except ValueError:
        wanted = b""
    if algorithm is None or not wanted:
        words = filled(_("This checksum can't be read; known are %(names)s."), names=", ".join(ALGORITHMS))
        raise refused(400, "malformed", words, "Upload-Checksum")
    if algorithm(chunk).digest() != wanted:
        raise refused(460, "checksum", _("This part was changed on its way; send it again."), "Upload-Checksum")


def expires(moment: datetime) -> str:
    """A moment as HTTP writes it."""
    return http_date(moment.timestamp())


def refused(status: int, code: str, words: Words, field: str = "") -> Refusal:
    """A refusal of this protocol; `field` is the header that is wrong."""
    return Refusal(field, words, status=status, code=code)


def _whole(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not re.fullmatch("[0-9]{1,15}", text):
        raise refused(400, "malformed", _("This header must be a whole number."), name)
    return int(text)
