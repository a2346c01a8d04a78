"""Pages: push messages on this person's devices, and the service worker that shows them."""

from datetime import timedelta
from functools import cache
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, public, reader_from
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.gateways import actions
from commandcenter.gateways.forms import DeviceForm, label_of
from commandcenter.outbox import actions as outbox
from commandcenter.outbox.models import Channel, Delivery, Device
from commandcenter.outbox.queries import devices_of, newest_about
from commandcenter.problems import Refusal

WAITS = timedelta(minutes=1)


@allow(*DCC_ROLES, *MISSION_ROLES)
@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """Push messages on this person's devices; the state of the last test is a panel of its own."""
    at, reader = now(), reader_from(request)
    devices = devices_of(reader.user_id)
    test = newest_about(_test_of(reader), reader.exercise)
    # A receipt comes within seconds or not at all.
    waiting = test is not None and test.state != Delivery.DELIVERED and at - test.made_at < WAITS
    context = {"devices": devices, "test": test, "waiting": waiting, "at": at}
    page = "_test.html" if request.headers.get("HX-Request") else "notifications.html"
    return render(request, f"commandcenter/gateways/{page}", context)


def known_devices(devices: list[Device]) -> str:
    """Digests of the endpoints, by which a browser finds out that it is one of these."""
    return " ".join(sha256(device.endpoint.encode()).hexdigest() for device in devices)


@allow(*DCC_ROLES, *MISSION_ROLES)
@require_POST
def add_device(request: HttpRequest) -> HttpResponse:
    """This browser takes push messages from now on."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        said = "; ".join(str(error) for errors in form.errors.values() for error in errors)
        return HttpResponse(said, status=422, content_type="text/plain; charset=utf-8")
    label = label_of(request.headers.get("User-Agent", ""))
    actions.keep_device(actor=reader_from(request), at=now(), label=label, **form.cleaned_data)
    return HttpResponse(status=204)


@allow(*DCC_ROLES, *MISSION_ROLES)
@require_POST
def drop_device(request: HttpRequest, number: int) -> HttpResponse:
    """This device takes none any more."""
    try:
        actions.drop_device(actor=reader_from(request), at=now(), device_id=number)
    except Refusal as refusal:
        raise Http404 from refusal
    messages.success(request, _("This device gets no more push messages."))
    return redirect("gateways:notifications")


@allow(*DCC_ROLES, *MISSION_ROLES)
@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send this person a push message, the way every other goes."""
    at, reader = now(), reader_from(request)
    outbox.queue(
        key=f"push-test:{reader.user_id}:{at:%Y%m%d%H%M%S}",
        channel=Channel.PUSH,
        recipient=reader.user_id,
        text=_("Test: push messages reach this device."),
        about=_test_of(reader),
        url=reverse("gateways:notifications"),
        exercise=reader.exercise,
        at=at,
    )
    return redirect("gateways:notifications")


def _test_of(reader: Reader) -> str:
    return f"push-test:{reader.user_id}"


# Sent by the service worker when it showed a message; the reference came encrypted and is known to nobody else.
@csrf_exempt
@public
@require_POST
def shown(request: HttpRequest) -> HttpResponse:
    """The device's receipt."""
    try:
        ref = UUID(request.POST.get("ref", ""))
    except ValueError:
        return HttpResponse(status=400)
    outbox.note_receipt(ref=ref, told=Delivery.DELIVERED, at=now(), channel=Channel.PUSH)
    return HttpResponse(status=204)


@cache
def _worker() -> bytes:
    return bytes((settings.BASE_DIR / "static" / "js" / "push-worker.js").read_bytes())


@never_cache
@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of push messages, at the root so that it answers for the whole site."""
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
