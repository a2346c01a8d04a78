"""Refusals and RFC 9457 problem documents: a field path and a sentence in both languages, never a stack trace."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

Words = str | Promise
API = re.compile(r"(/exercises/[-\w]+)?/api/")
PROBLEM_TYPE = "application/problem+json"
# Unicode's categories Cc and Cs, without line feed and tab.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def filled(words: Words, **values: object) -> Words:
    """The sentence with its %(name)s filled in, still spoken in whichever language it is read."""
    spoken: Words = lazy(lambda: str(words) % values, str)()
    return spoken


def both(words: Words) -> dict[str, str]:
    """The sentence in Indonesian and in English."""
    spoken = {}
    for language in ("id", "en"):
        with translation.override(language):
            spoken[language] = str(words)
    return spoken


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `field` is a dotted path, "" for the whole document."""

    field: str
    message: Words

    def as_dict(self) -> dict[str, str]:
        """The member of a problem document's `errors`."""
        return {"field": self.field, **both(self.message)}


class Refusal(Exception):
    """An action refuses: the field, the sentence, and the HTTP status it answers with."""

    def __init__(self, field: str, message: Words, *, status: int = 422, code: str = "invalid", retry: int = 0) -> None:
        super().__init__(field)
        self.error = FieldError(field, message)
        self.status = status
        self.code = code
        self.retry = retry


TITLES: dict[str, Words] = {
    "invalid": _("The data is not valid."),
    "malformed": _("The request can't be read."),
    "too-large": _("The request is too large."),
    "forbidden": _("You may not do this."),
    "missing": _("There is nothing at this address."),
    "conflict": _("Somebody else changed this first."),
    "closed": _("This is closed."),
    "gone": _("This part of the log is no longer kept; load the page again."),
    "checksum": _("This part was changed on its way; send it again."),
    "unavailable": _("The service can't store this now; try again."),
    "busy": _("Too much at once; this is taken a little later."),
    "work": _("Very many requests arrive at once; your device proves with some arithmetic that it is one."),
}

# pydantic's error types, in plain words for the person who typed the value.
WORDS: dict[str, Words] = {
    "missing": _("This field is required."),
    "extra_forbidden": _("This field is not known."),
    "uuid_parsing": _("This must be a UUID."),
    "uuid_type": _("This must be a UUID."),
    "string_too_long": _("This text is too long."),
    "enum": _("Choose one of the listed values."),
    "literal_error": _("Choose one of the listed values."),
    "finite_number": _("This must be a finite number."),
    "greater_than_equal": _("This number is too small."),
    "less_than_equal": _("This number is too large."),
    "int_parsing": _("This must be a whole number."),
    "int_type": _("This must be a whole number."),
    "int_from_float": _("This must be a whole number."),
    "float_parsing": _("This must be a number."),
    "float_type": _("This must be a number."),
    "bool_parsing": _("This must be true or false."),
    "timezone_aware": _("This time needs a zone, such as Z or +07:00."),
}
OTHER = _("This value can't be understood.")
WRAPPERS = {"body", "query", "path", "header", "payload", "form"}

# What the framework answers by itself, in our words.
CODES = {400: "malformed", 401: "forbidden", 403: "forbidden", 404: "missing", 405: "malformed", 413: "too-large"}


def problem(
    status: int, code: str, errors: Iterable[FieldError] = (), *, retry: int = 0, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """One problem document (application/problem+json); `retry` seconds later it is worth sending again."""
    title = both(TITLES[code])
    body: dict[str, Any] = {
        "type": f"urn:dcc:problem:{code}",
        "title": title["id"],
        "status": status,
        "detail": title,
        "errors": [error.as_dict() for error in errors],
        **(more or {}),
    }
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM_TYPE)
    answer["Cache-Control"] = "no-store"
    if retry or status == 503:
        answer["Retry-After"] = str(retry or 2)
    return answer


class ProblemMiddleware:
    """Every error of the API is a problem document, also those the framework makes; no cache keeps its answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if API.match(request.path_info) is None:
            return answer
        if answer.status_code >= 400 and answer.headers.get("Content-Type") != PROBLEM_TYPE:
            allowed = answer.headers.get("Allow")
            answer = problem(answer.status_code, CODES.get(answer.status_code, "unavailable"))
            if allowed:
                answer.headers["Allow"] = allowed
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def refusal_problem(refusal: Refusal) -> HttpResponse:
    """The problem document of a refusal."""
    return problem(refusal.status, refusal.code, [refusal.error], retry=refusal.retry)


def field_errors(found: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """What pydantic found, each as a path and a sentence."""
    told = []
    for item in found:
        where = [str(part) for part in item["loc"]]
        while where and where[0] in WRAPPERS:
            where.pop(0)
        message = (item.get("ctx") or {}).get("words") or WORDS.get(item["type"], OTHER)
        told.append(FieldError(".".join(where), message))
    return told


def clean_text(value: str, *, field: str, max_length: int) -> str:
    """The text normalised (NFC) and trimmed; refuses NUL and other control characters (reliability.md S4)."""
    cleaned = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if CONTROL.search(cleaned):
        raise Refusal(field, _("Remove the control characters from this text."))
    if len(cleaned) > max_length:
        raise Refusal(field, filled(_("This text is too long (at most %(n)d characters)."), n=max_length))
    return cleaned
