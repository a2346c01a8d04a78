"""Push settings: who may, what is refused, the test message, the device's own receipt, the service worker."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commandcenter.gateways.forms import label_of
from commandcenter.gateways.sending import send_due
from commandcenter.outbox.models import Channel, Delivery, Device, Outgoing
from tests.commandcenter.gateways.conftest import Browser, PushService
from tests.commandcenter.outbox.conftest import Queue
from tests.conftest import AT, People

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"


def given(browser: Browser) -> dict[str, str]:
    return {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth}


def test_a_browser_is_kept_once_and_belongs_to_who_pressed_last(push_service: PushService, people: People) -> None:
    browser = push_service.browser()
    first, second = people.client("mission_officer", "kjri-hongkong"), people.client("operator")
    for client in (first, first, second):
        assert client.post("/notifications/devices/", given(browser), headers={"User-Agent": CHROME}).status_code == 204
    device = Device.objects.get()
    assert (device.user.username, device.label, device.gone_at) == ("operator", "Chrome, Android", None)


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://evil.example/x"},
        {"endpoint": ""},
        {"endpoint": "https://x/" + "a" * 2000},
        {"endpoint": "\0"},
        {"p256dh": "AAAA"},
        {"p256dh": "*" * 87},
        {"p256dh": "A" * 87},
        {"p256dh": "é"},
        {"auth": "AAAA"},
        {"auth": "💥"},
        {"auth": ""},
    ],
)
def test_what_no_browser_would_send_is_refused_in_words(
    push_service: PushService, people: People, change: dict[str, str]
) -> None:
    answer = people.client("operator").post("/notifications/devices/", {**given(push_service.browser()), **change})
    assert answer.status_code == 422
    assert len(answer.content) > 10
    assert not Device.objects.exists()


def test_nobody_drops_a_foreign_device(subscribe: Callable[..., tuple[Browser, Device]], people: People) -> None:
    _browser, device = subscribe()
    assert people.client("operator").post(f"/notifications/devices/{device.pk}/").status_code == 404
    mine = people.client("mission_officer", "kjri-hongkong")
    assert mine.post(f"/notifications/devices/{device.pk}/").status_code == 302
    device.refresh_from_db()
    assert device.gone_at is not None


def test_a_person_has_ten_devices_at_most_and_the_oldest_go(
    subscribe: Callable[..., tuple[Browser, Device]],
) -> None:
    for number in range(12):
        subscribe(f"/p/{number}")
    kept = Device.objects.filter(gone_at=None).values_list("endpoint", flat=True)
    assert len(kept) == 10
    assert not any(endpoint.endswith(("/p/0", "/p/1")) for endpoint in kept)


def test_the_test_message_goes_the_way_every_other_goes_and_tells_its_state(
    subscribe: Callable[..., tuple[Browser, Device]], push_service: PushService, people: People
) -> None:
    browser, _device = subscribe()
    client = people.client("mission_officer", "kjri-hongkong")
    assert client.post("/notifications/test/").status_code == 302
    assert "Antre" in client.get("/notifications/").content.decode()
    send_due(Channel.PUSH)
    assert "Diterima layanan push" in client.get("/notifications/", headers={"HX-Request": "true"}).content.decode()
    ref = browser.reads(push_service.got[0][2])["ref"]
    assert Client().post("/notifications/shown/", {"ref": ref}).status_code == 204
    page = client.get("/notifications/").content.decode()
    assert "Sampai di perangkat" in page
    assert "every 2s" not in page


@pytest.mark.parametrize("ref", ["", "x", "\0", "1" * 500, "00000000-0000-0000-0000-000000000000"])
def test_a_receipt_for_nothing_changes_nothing(queue: Queue, ref: str) -> None:
    queue(Channel.PUSH)
    assert Client().post("/notifications/shown/", {"ref": ref}).status_code in {204, 400}
    assert Outgoing.objects.get().state == Delivery.QUEUED


def test_a_device_tells_nothing_about_an_sms(queue: Queue, settings: Any, tmp_path: Any) -> None:
    settings.VAR, settings.SMS = tmp_path, "recording"
    message = queue()
    send_due(Channel.SMS, clock=lambda: AT)
    Client().post("/notifications/shown/", {"ref": str(message.client_ref)})
    assert Outgoing.objects.get().state == Delivery.ACCEPTED


def test_the_service_worker_stands_at_the_root_and_is_never_kept() -> None:
    answer = Client().get("/push-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-store" in answer["Cache-Control"]
    assert b"showNotification" in answer.content
    assert "worker-src" in answer["Content-Security-Policy"]


def test_officers_are_offered_push_where_their_requests_are(push_service: PushService, people: People) -> None:
    page = people.client("mission_officer", "kjri-hongkong").get("/reports/").content.decode()
    assert 'data-module="push"' in page
    assert "js/ui/push.js" in page


@pytest.mark.parametrize(("agent", "label"), [(CHROME, "Chrome, Android"), ("", ""), ("curl/8 \0<b>", "")])
def test_a_device_is_labelled_by_what_it_says_it_is(agent: str, label: str) -> None:
    assert label_of(agent) == label
