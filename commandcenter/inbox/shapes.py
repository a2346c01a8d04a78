"""The shapes in which gateways call: Kannel's form fields, and the JSON of Infobip's and Vonage's kind (pure).

Kannel: get-url ".../inbound/<secret>?from=%p&text=%b&ts=%t&coding=%c&charset=%C&id=%I", and a dlr-url
".../receipt/<secret>?id=<client_ref>&t=%d&fid=%F". A text may come in any encoding; none of it is thrown away.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commandcenter.outbox.models import Delivery
from commandcenter.problems import CONTROL, Refusal, filled

LONGEST_TEXT = 4000
LONGEST_SENDER = 40
MOST_AT_ONCE = 100
# Kannel's %d, a bit each; 4 (buffered) is no news.
KANNEL = {"1": Delivery.DELIVERED, "2": Delivery.FAILED, "8": Delivery.ACCEPTED, "16": Delivery.FAILED}
WORDS = {
    "delivered": Delivery.DELIVERED,
    "failed": Delivery.FAILED,
    "undeliverable": Delivery.FAILED,
    "undelivered": Delivery.FAILED,
    "expired": Delivery.FAILED,
    "rejected": Delivery.FAILED,
    "accepted": Delivery.ACCEPTED,
    "sent": Delivery.ACCEPTED,
}
CHARSETS = {
    "utf-8": "utf-8",
    "utf-16be": "utf-16-be",
    "ucs-2": "utf-16-be",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
}
SENDER, TEXT = ("from", "msisdn", "sender"), ("text", "message", "body")
NUMBER, TIME = ("id", "messageId", "message_id"), ("ts", "receivedAt", "message-timestamp")
Fields = Mapping[str, Any]


class Message(NamedTuple):
    """A message as it can be stored."""

    message_id: str
    sender: str
    text: str


class Receipt(NamedTuple):
    """What a gateway says about a message of ours; `told` None is no news, `ref` None no number of ours."""

    ref: UUID | None
    told: Delivery | None
    gateway_id: str


def entries(content_type: str, query: bytes, body: bytes) -> list[Fields]:
    """The calls in one request: its query and form, or a JSON object (its `results`, where it has them)."""
    if content_type.split(";", maxsplit=1)[0].strip().lower() != "application/json":
        return [_form(query + b"&" + body)]
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal("", _("This is not JSON."), status=400, code="malformed") from error
    found = found.get("results", found) if isinstance(found, dict) else found
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list) or not found or not all(isinstance(entry, dict) for entry in found):
        raise Refusal(
            "", _("This must be a JSON object, or a list of them in `results`."), status=400, code="malformed"
        )
    if len(found) > MOST_AT_ONCE:
        raise Refusal("results", filled(_("At most %(n)d at once."), n=MOST_AT_ONCE))
    return found


def _form(encoded: bytes) -> dict[str, str]:
    try:
        # As Latin-1 every byte stays what it was, until the fields are known that say what they mean.
        pairs = parse_qsl(encoded.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=50)
    except ValueError as error:
        raise Refusal("", _("This is not a form."), status=400, code="malformed") from error
    raw = {name: value.encode("latin-1") for name, value in pairs}
    hints = {name: raw.get(name, b"").decode("latin-1") for name in ("coding", "charset")}
    return {name: _decoded(value, **hints) if name in TEXT else _plain(value) for name, value in raw.items()}


def _decoded(value: bytes, *, coding: str, charset: str) -> str:
    """The text in the encoding that is named or shows; UCS-2 (coding 2) is recognised by its zero bytes."""
    guesses = [CHARSETS[charset.lower()]] if charset.lower() in CHARSETS else []
    guesses += ["utf-16-be", "utf-8"] if coding == "2" and b"\0" in value else ["utf-8"]
    for guess in guesses:
        try:
            return value.decode(guess)
        except UnicodeDecodeError:
            continue
    return value.decode("cp1252", errors="replace")


def _plain(value: bytes) -> str:
    return value.decode("utf-8", errors="replace")


def message_of(fields: Fields) -> Message:
    """The message, its text whole but for characters no database takes; refuses in words what can't be stored."""
    sender, text = _field(fields, SENDER).strip(), readable(_field(fields, TEXT))
    if not sender:
        raise Refusal("from", _("The sender is missing."))
    if len(sender) > LONGEST_SENDER:
        raise Refusal("from", filled(_("This text is too long (at most %(n)d characters)."), n=LONGEST_SENDER))
    if not any(name in fields for name in TEXT):
        raise Refusal("text", _("The text is missing."))
    if len(text) > LONGEST_TEXT:
        raise Refusal("text", filled(_("This text is too long (at most %(n)d characters)."), n=LONGEST_TEXT))
    number, time = _field(fields, NUMBER), _field(fields, TIME)
    if not number and not time:
        raise Refusal(
            "id", _("The message has neither a number nor a time; a repeat could not be told from a new one.")
        )
    known = readable(number) if number else f"{time}\n{sender}\n{text}"
    if not number or len(known) > 100:
        known = f"sha256:{hashlib.sha256(known.encode()).hexdigest()}"
    return Message(known, international(readable(sender)), text)


def receipt_of(fields: Fields) -> Receipt:
    """What the gateway says; refuses a receipt without a number or a status."""
    number, news = _field(fields, NUMBER), fields.get("t", fields.get("status"))
    if not number:
        raise Refusal("id", _("The number of the message is missing."))
    if isinstance(news, dict):
        news = news.get("groupName", "")
    if news is None or news == "":
        raise Refusal("status", _("The status is missing."))
    word = str(news).strip().lower()
    foreign = readable(_field(fields, ("fid",)))[:120]
    try:
        ref = UUID(number)
    except ValueError:
        ref = None
    return Receipt(ref, KANNEL.get(word) or WORDS.get(word), "" if foreign == "0" else foreign)


def _field(fields: Fields, names: tuple[str, ...]) -> str:
    found = next((fields[name] for name in names if name in fields), "")
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise Refusal(names[0], _("This must be text."))
    return str(found)


def readable(text: str) -> str:
    """The text in NFC; what no database takes (NUL and other control characters) shows as a replacement mark."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", unicodedata.normalize("NFC", text.replace("\r\n", "\n"))).strip()


def international(sender: str) -> str:
    """E.164 where it can be read so: gateways leave out the plus or write 00; a word stays as it is."""
    digits = re.sub(r"[ ().-]", "", sender)
    if digits.isascii() and re.fullmatch(r"(?:\+|00)?[1-9][0-9]{6,14}", digits):
        return "+" + digits.removeprefix("+").removeprefix("00")
    return sender
