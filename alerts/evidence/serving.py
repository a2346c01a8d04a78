"""Answers that carry a part of a file: opened chunk by chunk, a range at most, and nothing that a browser would run."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import cast

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from alerts.media import store
from alerts.media.models import Kind, MediaFile
from alerts.media.sealing import Sealed

RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")
TYPES = {store.COPY: "image/jpeg", store.THUMB: "image/jpeg", store.PREVIEW: "video/mp4"}
SUFFIXES = {Kind.JPEG: "jpg", Kind.PNG: "png", Kind.WEBP: "webp", Kind.HEIC: "heic", Kind.MP4: "mp4"} | {
    Kind.WEBM: "webm",
    Kind.THREE_GP: "3gp",
}


def answer_with(request: HttpRequest, media: MediaFile, part: str, sealed: Sealed) -> HttpResponse:
    """The part, or the range of it that was asked for; the original only to be saved, never shown."""
    span = _range(request.headers.get("Range", ""), sealed.size)
    if span is None:
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{sealed.size}"
        return _guarded(answer)
    start, end = span
    whole = (start, end) == (0, sealed.size)
    chunks = sealed.read(start, end)
    body = _awaited(chunks) if isinstance(request, ASGIRequest) else chunks
    found = StreamingHttpResponse(body, status=200 if whole else 206)
    found["Content-Type"] = TYPES.get(part, "application/octet-stream")
    found["Content-Length"] = str(end - start)
    found["Accept-Ranges"] = "bytes"
    if not whole:
        found["Content-Range"] = f"bytes {start}-{end - 1}/{sealed.size}"
    if part == store.ORIGINAL:
        name = f"{media.key.hex}.{SUFFIXES.get(Kind(media.kind), 'bin') if media.kind else 'bin'}"
        found["Content-Disposition"] = f'attachment; filename="{name}"'
    return _guarded(found)


def _guarded(answer: HttpResponse | StreamingHttpResponse) -> HttpResponse:
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store"
    return cast("HttpResponse", answer)  # the gate and the middleware need only what both have


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """One range of bytes as [start, end); the whole for none, several, or nonsense; None for one beyond the end."""
    found = RANGE.fullmatch(asked.strip())
    if found is None or not (found[1] or found[2]):
        return 0, size
    if not found[1]:
        last = min(int(found[2]), size)
        return (size - last, size) if last else None
    start, end = int(found[1]), min(int(found[2]) + 1 if found[2] else size, size)
    return (start, end) if start < end else None


async def _awaited(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Chunk by chunk in a thread: the event loop waits for no disk."""
    while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
        yield chunk
