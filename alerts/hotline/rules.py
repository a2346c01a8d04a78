"""Who may take calls, what a telephone number is, when a call was left: pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from alerts.callbacks.rules import WORKERS, may_work
from alerts.hotline.models import LENGTHS, Call, Caller, Safe, State
from commandcenter.problems import CONTROL, Refusal, filled
from missions.registry.sealing import phone_of

__all__ = ["WORKERS", "may_work"]
LEAST_DIGITS, MOST_DIGITS = 3, 15
# Between the digits people write these; what can't be seen (marks of direction, zero width) is no part of a number.
BETWEEN = re.compile(r"[\s().\-/\u2010-\u2015\u2212]+")
NUMBER = re.compile(r"\+?[0-9]+")
# The exchange told of a ring and then nothing; a desk opened a draft and never came back to it.
RINGS_FOR, LEFT_AFTER = timedelta(minutes=3), timedelta(minutes=30)
# So long after the last keystroke of its desk nobody else takes a draft over.
HELD_FOR, UNDO = timedelta(minutes=2), timedelta(minutes=2)


class Telephone(NamedTuple):
    """A number as it is shown, and the digits it is recognised by."""

    shown: str
    digits: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller said, as it was typed."""

    phone: str = ""
    caller: str = Caller.SELF
    name: str = ""
    country: str = ""
    place: str = ""
    safe: str = ""
    nature: str = "other"
    text: str = ""


def plain(text: str) -> str:
    """The text with digits of every script as 0-9 and without what can't be seen."""
    seen = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in seen).strip()


def telephone(text: str, dial_code: str = "") -> Telephone:
    """The number; "" is a withheld one. Raises Refusal naming the field when it is none."""
    bare = BETWEEN.sub("", plain(text))
    if not bare:
        return Telephone("", "")
    if CONTROL.search(bare) or not NUMBER.fullmatch(bare):
        raise Refusal("phone", _("A telephone number has digits only, with a + in front if you like."))
    digits = phone_of(bare, dial_code)
    if len(bare) < LEAST_DIGITS or not LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
        words = _("A telephone number has %(least)d to %(most)d digits.")
        raise Refusal("phone", filled(words, least=LEAST_DIGITS, most=MOST_DIGITS))
    return Telephone(f"+{digits}" if _is_international(bare, dial_code) else digits, digits)


def _is_international(bare: str, dial_code: str) -> bool:
    return bare.startswith(("+", "00")) or bool(dial_code and bare.startswith("0"))


def kept(text: str) -> str:
    """What was typed in place of a number, as a draft keeps it until it is corrected."""
    return CONTROL.sub("", plain(text))[: LENGTHS["phone"]]


def composed(call: Call) -> str:
    """What the caller said as one text, Indonesian first: who calls, whether safe, and the words."""
    with override("id"):
        facts = [str(Caller(call.caller).label)]
        if call.safe:
            facts.append(str(filled(_("safe now: %(safe)s"), safe=Safe(call.safe).label)))
    return f"[{' · '.join(facts)}] {call.text}".strip()


def is_empty(call: Call) -> bool:
    """Nothing that could be acted on was written."""
    return not any((call.phone, call.name, call.place, call.text, call.country))


def is_left(call: Call, at: datetime) -> bool:
    """It rings no more though nobody said so, or its desk never came back; words without a number wait for a person."""
    if call.state == State.RINGING:
        return call.touched_at <= at - RINGS_FOR
    return call.state == State.OPEN and call.touched_at <= at - LEFT_AFTER and bool(call.digits or is_empty(call))
