"""The citizen's page in one language, its manifest, its service worker, and the numbers that it keeps."""

import json
from copy import copy
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from alerts.intake import views as intake
from alerts.sospage import queries, shell
from commandcenter.access.gate import public

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ICONS = (("sos-192.png", "192x192", "any"), ("sos-512.png", "512x512", "any"), ("sos-512.png", "512x512", "maskable"))
# One worker per state of the reference data: it names the countries of the page's list.
_worker: dict[str, bytes] = {}


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise Http404
    return language


# Exempt as the page is: a browser that keeps no cookies asks for help too.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
def page(request: HttpRequest, language: str) -> HttpResponse:
    """The page in this language, whatever was chosen before; it is chosen from now on."""
    with translation.override(_known(language)):
        answer = intake.sos(request)
    answer.headers["Content-Language"] = language
    name = settings.LANGUAGE_COOKIE_NAME
    answer.set_cookie(name, language, secure=settings.LANGUAGE_COOKIE_SECURE, samesite="Lax")
    return answer


@public
@require_GET
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """What a telephone needs to install the page."""
    with translation.override(_known(language)):
        told = {
            "id": reverse("intake:sos"),
            "name": _("Help for Indonesian citizens"),
            "short_name": _("Help"),
            "lang": language,
            "start_url": reverse("sospage:page", args=[language]),
            "scope": reverse("intake:sos"),
            "display": "standalone",
            "background_color": "#14181d",
            "theme_color": "#a80f0f",
            "icons": [
                {"src": static(f"icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in ICONS
            ],
        }
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: the pages of help alone are in its scope."""
    version = queries.version()
    if version not in _worker:
        _worker.clear()
        _worker[version] = _script(request)
    return HttpResponse(
        _worker[version], content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


def _script(request: HttpRequest) -> bytes:
    # As the worker will fetch it: without anything that this browser chose.
    bare = copy(request)
    bare.COOKIES = {}
    bare.method = "GET"
    pages = {language: reverse("sospage:page", args=[language]) for language in LANGUAGES}
    drawn = [page(bare, language).content.decode() for language in LANGUAGES]
    addresses = sorted({address for one in drawn for address in shell.shell(one)})
    told: dict[str, Any] = {
        "version": shell.version(drawn, addresses),
        "pages": pages,
        "shell": addresses,
        "numbers": reverse("sospage:numbers"),
    }
    return (
        f"import {{ serve }} from {json.dumps(static('js/ui/sos-worker.js'))};\nserve({json.dumps(told)});\n".encode()
    )


@public
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers to call, everywhere; unchanged as long as the reference data is."""
    etag = f'"{queries.version()}"'
    unchanged = get_conditional_response(request, etag=etag)
    answer = unchanged or HttpResponse(queries.numbers_json(), content_type="application/json")
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, no-cache"
    return answer
