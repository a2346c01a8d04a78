"""Start-up fails on a view without a gate (reliability.md 3.8: even SecureDrop shipped one)."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver

# Doors of libraries, each with its own gate: sign-in is public, django-ninja checks in its operations.
KNOWN_MODULES = ("allauth.account.", "django.views.i18n")
KNOWN_APPS = ("ninja",)


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every (pattern, callback) of the URLconf."""
    for entry in (resolver or get_resolver()).url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.app_name in KNOWN_APPS:
                continue
            yield from views(entry, where)
        elif isinstance(entry, URLPattern):
            yield where, entry.callback


def ungated(**_: Any) -> list[Error]:
    """One error for each view that neither @allow nor @public marks."""
    found = []
    for where, view in views():
        module = getattr(view, "__module__", "") or ""
        if not hasattr(view, "gate") and not module.startswith(KNOWN_MODULES):
            found.append(Error(f"The view at /{where} has no gate: add @allow(...) or @public.", id="access.E001"))
    return found


def install() -> None:
    """Register with Django's checks."""
    register(ungated)
