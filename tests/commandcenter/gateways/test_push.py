"""Web push end to end: what a real push service gets, that only the browser reads it, and what each answer means."""

import json
import stat
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from py_vapid import Vapid02
from py_vapid.utils import b64urldecode

from commandcenter.gateways import door, push, vapid
from commandcenter.gateways.push import is_push_service
from commandcenter.gateways.sending import send_due
from commandcenter.outbox import queries
from commandcenter.outbox.models import Channel, Delivery, Device, Outgoing, Reason
from tests.commandcenter.gateways.conftest import Browser, PushService
from tests.commandcenter.outbox.conftest import Queue
from tests.conftest import AT

pytestmark = pytest.mark.django_db
Subscribe = Callable[..., tuple[Browser, Device]]


def send() -> Outgoing:
    """The newest message, after one look."""
    send_due(Channel.PUSH, clock=lambda: AT)
    return Outgoing.objects.latest("pk")


def test_the_browser_reads_the_sentence_and_the_path_and_nothing_else(
    push_service: PushService, subscribe: Subscribe, queue: Queue
) -> None:
    browser, device = subscribe()
    message = queue(Channel.PUSH, text="Laporan diminta: Kebakaran", url="/report/abc/")
    assert send().state == Delivery.ACCEPTED
    [(path, headers, body)] = push_service.got
    assert browser.reads(body) == {
        "title": "Kemlu DCC",
        "body": "Laporan diminta: Kebakaran",
        "url": "/report/abc/",
        "ref": str(message.client_ref),
    }
    assert b"Laporan" not in body
    assert path == "/p/1"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert int(headers["TTL"]) == 7200
    device.refresh_from_db()
    assert device.last_ok_at is not None
    assert Outgoing.objects.get().gateway_id == "/p/1/m"


def test_another_browser_cannot_read_it(push_service: PushService, subscribe: Subscribe, queue: Queue) -> None:
    subscribe()
    queue(Channel.PUSH)
    send()
    with pytest.raises(Exception, match=r".*"):
        push_service.browser().reads(push_service.got[0][2])


def test_the_push_service_can_check_who_writes(push_service: PushService, subscribe: Subscribe, queue: Queue) -> None:
    subscribe()
    queue(Channel.PUSH)
    send()
    scheme, _space, given = push_service.got[0][1]["Authorization"].partition(" ")
    fields = dict(part.strip().split("=", 1) for part in given.split(","))
    assert scheme == "vapid"
    assert fields["k"] == vapid.public_key()
    assert Vapid02.verify(push_service.got[0][1]["Authorization"])
    claims = json.loads(b64urldecode(fields["t"].split(".")[1].encode()))
    assert claims["aud"] == push_service.url
    assert 0 < claims["exp"] - time.time() <= 24 * 3600
    assert claims["sub"].startswith("mailto:")


def test_the_key_is_made_once_and_is_its_owners_alone(push_service: PushService, settings: Any) -> None:
    first, path = vapid.public_key(), Path(settings.VAR) / "push_key"
    vapid._key.cache_clear()
    assert vapid.public_key() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    settings.PUSH_KEY = vapid._fresh()
    assert vapid.public_key() != first


@pytest.mark.parametrize("status", [404, 410])
def test_a_gone_device_is_never_written_to_again(
    push_service: PushService, subscribe: Subscribe, queue: Queue, status: int
) -> None:
    _browser, device = subscribe()
    push_service.answers = [(status, {})]
    queue(Channel.PUSH)
    assert (send().state, Outgoing.objects.get().reason) == (Delivery.UNAVAILABLE, Reason.NO_DEVICE)
    device.refresh_from_db()
    assert device.gone_at is not None
    queue(Channel.PUSH)
    assert send().state == Delivery.UNAVAILABLE
    assert len(push_service.got) == 1


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [(429, {"Retry-After": "40"}, 40), (429, {}, 5), (500, {}, 5), (503, {"Retry-After": "99999"}, 600)],
)
def test_a_busy_service_gets_it_again_later(
    push_service: PushService, subscribe: Subscribe, queue: Queue, status: int, headers: dict[str, str], wait: int
) -> None:
    subscribe()
    push_service.answers = [(status, headers)]
    queue(Channel.PUSH)
    message = send()
    assert (message.state, message.due_at) == (Delivery.QUEUED, AT + timedelta(seconds=wait))


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 413])
def test_a_refusal_is_a_failure_and_no_redirect_is_followed(
    push_service: PushService, subscribe: Subscribe, queue: Queue, status: int
) -> None:
    subscribe()
    push_service.answers = [(status, {"Location": f"{push_service.url}/elsewhere"})]
    queue(Channel.PUSH)
    message = send()
    assert (message.state, message.reason) == (Delivery.FAILED, Reason.REJECTED)
    assert [path for path, _headers, _body in push_service.got] == ["/p/1"]


def test_a_service_that_hangs_is_left_after_the_deadline_then_left_alone(
    push_service: PushService, subscribe: Subscribe, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "DEADLINE", 0.2)
    monkeypatch.setattr(push, "now", lambda: AT)
    subscribe()
    push_service.answers = [(0, {})] * 9
    for _each in range(5):
        queue(Channel.PUSH)
    begun = time.monotonic()
    assert send_due(Channel.PUSH, clock=lambda: AT) == 5
    assert time.monotonic() - begun < door.DEADLINE
    assert len(push_service.got) == 3, "the breaker opens after the third"
    assert set(Outgoing.objects.values_list("state", flat=True)) == {Delivery.QUEUED}
    assert queries.is_resting(f"push:{push_service.url.removeprefix('http://')}", AT)


def test_one_device_that_takes_it_is_enough(push_service: PushService, subscribe: Subscribe, queue: Queue) -> None:
    subscribe("/p/1"), subscribe("/p/2")
    push_service.answers = [(410, {}), (201, {})]
    queue(Channel.PUSH)
    assert send().state == Delivery.ACCEPTED
    assert Device.objects.filter(gone_at=None).count() == 1


def test_a_person_without_a_device_is_not_available(push_service: PushService, queue: Queue) -> None:
    queue(Channel.PUSH)
    message = send()
    assert (message.state, message.reason) == (Delivery.UNAVAILABLE, Reason.NO_DEVICE)


def test_a_key_that_is_none_is_refused_and_stops_no_other(
    push_service: PushService, subscribe: Subscribe, queue: Queue
) -> None:
    _browser, device = subscribe()
    Device.objects.filter(pk=device.pk).update(p256dh="AAAA")
    queue(Channel.PUSH)
    assert send().state in {Delivery.FAILED, Delivery.UNKNOWN}
    subscribe("/p/2")
    queue(Channel.PUSH)
    assert send().state == Delivery.ACCEPTED


LISTED = ["fcm.googleapis.com", "*.push.apple.com"]
OUTSIDE = [
    "http://fcm.googleapis.com/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/fcm.googleapis.com",
    "https://fcm.googleapis.com@evil.example/",
    "https://user:pw@fcm.googleapis.com/",
    "https://fcm.googleapis.com:8443/x",
    "https://evilfcm.googleapis.com/x",
    "https://push.apple.com/x",
    "https://127.0.0.1/x",
    "http://localhost:8000/x",
    "https://[::1]/x",
    "https://169.254.169.254/latest",
    "https://fcm.googleapis.com\\@evil.example/",
    "https://fcm.googleapis.com\t.evil.example/",
    "https://fcm.googleapis.com#@evil.example",
    "https://ｆcm.googleapis.com/x",
    "ftp://fcm.googleapis.com/x",
    "//fcm.googleapis.com/x",
    "https://fcm.googleapis.com:99999/x",
    "https://[fcm.googleapis.com/x",
    "",
]


@pytest.mark.parametrize("endpoint", OUTSIDE)
def test_nothing_but_a_listed_service_is_written_to(settings: Any, endpoint: str) -> None:
    settings.PUSH_HOSTS = LISTED
    assert not is_push_service(endpoint)


@pytest.mark.parametrize("endpoint", ["https://fcm.googleapis.com/fcm/send/x", "https://web.push.apple.com:443/Q"])
def test_listed_services_are(settings: Any, endpoint: str) -> None:
    settings.PUSH_HOSTS = LISTED
    assert is_push_service(endpoint)


def test_a_stored_endpoint_that_left_the_list_is_not_written_to(
    push_service: PushService, subscribe: Subscribe, queue: Queue, settings: Any
) -> None:
    subscribe()
    settings.PUSH_HOSTS = LISTED
    queue(Channel.PUSH)
    assert send().state == Delivery.UNAVAILABLE
    assert push_service.got == []
