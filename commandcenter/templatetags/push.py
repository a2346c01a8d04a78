"""`{% push_here %}`: what a page needs to offer push messages on this device (static/js/ui/push.js)."""

from typing import NamedTuple

from django import template
from django.template import Context
from django.urls import reverse

from commandcenter.gateways import vapid
from commandcenter.gateways.views import known_devices
from commandcenter.outbox.queries import devices_of

register = template.Library()


class Here(NamedTuple):
    """The key to subscribe with, digests of this person's devices, the service worker, whether this is the settings."""

    key: str
    known: str
    worker: str
    settings: bool


@register.simple_tag(takes_context=True)
def push_here(context: Context) -> Here:
    """For the signed-in reader of the page; the worker is the same inside an exercise, whose messages never leave."""
    request = context["request"]
    settings = request.path == reverse("gateways:notifications")
    known = known_devices(devices_of(request.reader.user_id))
    return Here(vapid.public_key(), known, "/push-worker.js", settings)
