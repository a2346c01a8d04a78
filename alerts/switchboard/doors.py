"""What the views of this room share: what stands beside a call, and a refusal on the next page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from alerts.callbacks import queries as callbacks
from alerts.callbacks.rules import PAUSES
from alerts.cases.models import Category
from alerts.hotline.queries import ringing
from commandcenter.access.gate import reader_from
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import Refusal


def around(request: HttpRequest) -> dict[str, Any]:
    """What stands beside every call: what rings, who waits to be called back."""
    reader = reader_from(request)
    return {
        "at": now(),
        "ringing": ringing(reader),
        "callbacks": callbacks.waiting(reader),
        "strip": callbacks.strip(reader),
        "pauses": PAUSES,
        "exchange": settings.EXCHANGE,
        "categories": Category.choices,
    }


def told_or_missing(request: HttpRequest, refusal: Refusal) -> None:
    """A refusal as a sentence on the next page; what is missing or forbidden answers so."""
    if refusal.status == 404:
        raise Http404 from refusal
    if refusal.status == 403:
        raise PermissionDenied from refusal
    messages.error(request, str(refusal.error.message))


def may_see_page(reader: Reader, mission: str) -> bool:
    """Whether the page of an emergency with this mission is this reader's."""
    return reader.is_dcc or reader.mission == mission
