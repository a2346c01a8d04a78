"""Web push (RFC 8030, 8188, 8291): encrypted for one browser and handed to its push service.

Endpoints come from browsers, so they are checked when they are stored and again when they are used: a push service of
the list, https, no redirects. The payload is a short sentence and the path it opens; it names nobody.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from pywebpush import WebPusher, WebPushException  # type: ignore[import-untyped]

from commandcenter.clock import now
from commandcenter.gateways import vapid
from commandcenter.gateways.actions import note_device
from commandcenter.gateways.door import DEADLINE, Door, Letter
from commandcenter.outbox.actions import Result, note_health
from commandcenter.outbox.models import Delivery, Device, Reason
from commandcenter.outbox.queries import is_resting

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
LIVES = timedelta(hours=2)
SENTENCE = 180
LONGEST_WAIT = timedelta(minutes=10)
TIMEOUT = httpx.Timeout(5.0, connect=3.0)


class Answer(NamedTuple):
    """What a push service said about one device; status 0: nothing."""

    device: Device
    status: int
    location: str = ""
    again_in: timedelta | None = None


def is_push_service(endpoint: str) -> bool:
    """Whether this address belongs to a listed push service. Plain http only to this machine, and only if listed."""
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not endpoint.isascii() or parts.fragment:
        return False
    if host in LOOPBACK:
        return f"{host}:{port}" in settings.PUSH_HOSTS and parts.scheme in {"http", "https"}
    listed = any(fnmatchcase(host, pattern) for pattern in settings.PUSH_HOSTS)
    return listed and parts.scheme == "https" and port in {None, 443}


def payload(letter: Letter) -> bytes:
    """What the service worker shows: a sentence, the path it opens, and the reference that its receipt names."""
    said = letter.text if len(letter.text) <= SENTENCE else letter.text[: SENTENCE - 1] + "…"
    return json.dumps(
        {"title": _("Kemlu DCC"), "body": said, "url": letter.url or "/", "ref": str(letter.ref)}
    ).encode()


class Push(Door):
    """Every device of one person at once; accepted when one push service took it."""

    name = "push"

    def carry(self, letter: Letter) -> Result:
        """Encrypt for each device, post, and keep what the services said about the devices themselves."""
        at = now()
        usable = [device for device in letter.devices if is_push_service(device.endpoint)]
        if not usable:
            return Result(Delivery.UNAVAILABLE, Reason.NO_DEVICE, self.name)
        awake = [device for device in usable if not is_resting(service(device), at)]
        if not awake:
            return Result(Delivery.QUEUED, Reason.BUSY, self.name)
        answers = asyncio.run(_post_all(awake, letter, int(at.timestamp())))
        for answer in answers:
            _remember(answer, at)
        return _whole(answers)


def service(device: Device) -> str:
    """The name of a device's push service, for its breaker."""
    return f"push:{urlsplit(device.endpoint).netloc}"[:80]


async def _post_all(devices: list[Device], letter: Letter, at: int) -> list[Answer]:
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT) as client:
        return await asyncio.gather(*(_post(client, device, letter, at) for device in devices))


async def _post(client: httpx.AsyncClient, device: Device, letter: Letter, at: int) -> Answer:
    """One POST inside the deadline; of the answer only its head is read."""
    keys = {"p256dh": device.p256dh, "auth": device.auth}
    parts = urlsplit(device.endpoint)
    try:
        body = WebPusher({"endpoint": device.endpoint, "keys": keys}).encode(payload(letter))["body"]
    except (ValueError, WebPushException):
        return Answer(device, 400)
    headers = {
        "Authorization": vapid.authorization(f"{parts.scheme}://{parts.netloc}", at + 3600),
        "Content-Encoding": "aes128gcm",
        "TTL": str(int(LIVES.total_seconds())),
        "Urgency": "high",
        "Topic": letter.ref.hex,
    }
    try:
        async with (
            asyncio.timeout(DEADLINE),
            client.stream("POST", device.endpoint, content=body, headers=headers) as said,
        ):
            return Answer(device, said.status_code, said.headers.get("Location", "")[:120], _again_in(said.headers))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
        return Answer(device, 0)


def _again_in(headers: Mapping[str, str]) -> timedelta | None:
    """Retry-After, as seconds or as a date, within reason."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 7:
        wait = timedelta(seconds=int(said))
    else:
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            return None
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now()
    return min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)


def _remember(answer: Answer, at: datetime) -> None:
    """A device that is gone is not written to again; a service that fails is left alone for a while."""
    taken = 200 <= answer.status < 300
    if taken or answer.status in {404, 410}:
        note_device(device_id=answer.device.pk, works=taken, at=at)
    note_health(gateway=service(answer.device), works=0 < answer.status < 500, at=at)


def _whole(answers: list[Answer]) -> Result:
    """One word for all devices: one that took it is enough; then those that may take it later; then the refusals."""
    taken = next((answer for answer in answers if 200 <= answer.status < 300), None)
    if taken:
        return Result(Delivery.ACCEPTED, "", Push.name, taken.location)
    later = [answer for answer in answers if answer.status in {0, 408, 429} or answer.status >= 500]
    if later:
        waits = [answer.again_in for answer in later if answer.again_in]
        return Result(Delivery.QUEUED, Reason.BUSY, Push.name, again_in=min(waits, default=None))
    if all(answer.status in {404, 410} for answer in answers):
        return Result(Delivery.UNAVAILABLE, Reason.NO_DEVICE, Push.name)
    return Result(Delivery.FAILED, Reason.REJECTED, Push.name)
