"""The product's addresses, and two pages with nothing on them behind the same gate and the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_GET

from commandcenter.access.gate import EVERYONE, allow
from commandcenter.urls import urlpatterns as product

NOTHING = engines["django"].from_string("")
FRAME = engines["django"].from_string('{% extends "base.html" %}')


@require_GET
@allow(*EVERYONE, live="own")
def empty(request: HttpRequest) -> HttpResponse:
    """A template with nothing in it."""
    return HttpResponse(NOTHING.render({}, request))


@require_GET
@allow(*EVERYONE, live="own")
def frame(request: HttpRequest) -> HttpResponse:
    """The frame of every page (base.html: head, bars, strip) with nothing in its blocks."""
    return HttpResponse(FRAME.render({}, request))


urlpatterns = [path("bench/empty/", empty), path("bench/frame/", frame), *product]
