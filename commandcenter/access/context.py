"""What every template knows about its reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def reader(request: HttpRequest) -> dict[str, Any]:
    """`reader` (None for the public), `exercise` ("" in live work) with its name, and `demo`."""
    exercise, names = getattr(request, "exercise", ""), getattr(request, "exercise_name", {})
    return {
        "reader": getattr(request, "reader", None),
        "exercise": exercise,
        "exercise_name": names.get(get_language() or "", exercise),
        "demo": settings.DEMO,
    }
