"""What is done to personal values before anybody outside sees them: masks, and keyed digests to search by. Pure.

Encryption of the columns comes into this module: nothing outside the room reads or compares a plain value.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from django.conf import settings

from missions.registry.models import TraceKind
from missions.registry.shapes import Entry, Masked

HIDDEN = "●●●"
SHOWN_DIGITS, TAIL, START = 3, 4, 3
OTHER = re.compile(r"[^0-9a-z]+")
DIGITS = re.compile(r"\D+")


def plain(text: str) -> str:
    """Lower case, without accents: how names and documents are compared."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def words(name: str) -> list[str]:
    """The words of a name, for comparing."""
    return [word for word in OTHER.split(plain(name)) if word]


def document_of(text: str) -> str:
    """A document's number without blanks and marks."""
    return OTHER.sub("", plain(text))


def phone_of(text: str, dial_code: str = "") -> str:
    """The digits of a telephone number with its country's code; a leading 0 is the country's own."""
    digits = DIGITS.sub("", text)
    if text.strip().startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    own = DIGITS.sub("", dial_code)
    return own + digits[1:] if own and digits.startswith("0") else digits


def digest(kind: str, value: str) -> str:
    """Equal for equal values of one kind in this installation, and of no use without its key."""
    return hmac.digest(_key(kind, settings.SECRET_KEY), value.encode(), "sha256").hex()[:32]


@cache
def _key(kind: str, secret: str) -> bytes:
    return hashlib.sha256(f"registry:{kind}:{secret}".encode()).digest()


def traces(entry: Entry) -> set[tuple[str, str]]:
    """Everything a person is found by, as (kind, digest)."""
    return {(kind, digest(kind, value)) for kind, value in _traced(entry) if value}


def _traced(entry: Entry) -> Iterator[tuple[str, str]]:
    phone = phone_of(entry.phone)
    yield TraceKind.DOCUMENT, document_of(entry.document)
    yield TraceKind.PHONE, phone
    yield TraceKind.TAIL, phone[-TAIL:]
    yield TraceKind.PLACE, " ".join(words(entry.place))
    for word in words(entry.name):
        yield TraceKind.WORD, word
        yield TraceKind.START, word[:START]


def masked(entry: Entry) -> Masked:
    """The values as lists show them: "Siti A●●●", the last digits of document and telephone."""
    first, *rest = entry.name.split() or [""]
    shown = " ".join([first, *(f"{word[0]}{HIDDEN}" for word in rest)]) if rest else f"{first[:1]}{HIDDEN}"
    return Masked(shown, _tail(entry.document), _tail(entry.phone), entry.country, entry.place, entry.mission)


def _tail(value: str) -> str:
    return f"{HIDDEN}{value[-SHOWN_DIGITS:]}" if len(value) > SHOWN_DIGITS else HIDDEN if value else ""
