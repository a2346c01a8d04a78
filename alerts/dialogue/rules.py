"""What a state means, what a text and a telephone number are: pure.

States are never better than what is known (ux.md 3.4). Of an officer's message: QUEUED, the server has it and nothing
has taken it further; SENT, an SMS gateway took it; DELIVERED, the telephone network reported it delivered; READ, the
citizen's device showed it. Of the citizen's: DELIVERED, the server has it; READ, a named officer had it on the screen.

On a message: `way` it came, or went beside the page; `read_by` and `read_at` of the citizen's, `shown_at` of an
officer's; `others`, so many more open emergencies had the number it came from. On an emergency `unanswered` counts the
citizen's messages since an officer answered or logged an act; the oldest of them came at `unanswered_since`.
"""

import unicodedata
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alerts.emergencies.models import EmergencyMessage, Side
from alerts.emergencies.rules import text_of
from commandcenter.outbox.models import Delivery
from commandcenter.problems import Refusal

# An SMS about a resolved emergency is a reply, and opens it again, while an officer wrote to that number so lately.
REPLY_WITHIN = timedelta(days=7)
INDONESIA, OWN_MOBILE = "62", "08"
SHORTEST, LONGEST = 7, 15
# Marks that hide, or turn around what is written; the joiners of emoji and of Persian do neither.
HIDDEN = frozenset("\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})


class Way(models.TextChoices):
    """How a message came, or was sent beside the citizen's page."""

    PAGE = "page", _("help page")
    SMS = "sms", _("SMS")


class State(models.TextChoices):
    """How far a message got (the `state` of the public contract)."""

    QUEUED = "queued", pgettext_lazy("message", "Queued")
    SENT = "sent", pgettext_lazy("message", "Sent")
    DELIVERED = "delivered", pgettext_lazy("message", "Delivered")
    READ = "read", pgettext_lazy("message", "Read")


BY_SMS = {Delivery.ACCEPTED: State.SENT, Delivery.DELIVERED: State.DELIVERED}


def state_of(message: EmergencyMessage, sms: Delivery | None) -> State:
    """How far it got, given what became of its SMS (None without one)."""
    if message.side == Side.CITIZEN:
        return State.READ if message.read_at else State.DELIVERED
    if message.shown_at:
        return State.READ
    return BY_SMS.get(sms, State.QUEUED) if sms else State.QUEUED


def is_blank(text: str) -> bool:
    """Whether nothing in it can be seen."""
    return all(unicodedata.category(sign) in UNSEEN for sign in text)


def has_hidden(text: str) -> bool:
    """Whether it holds marks that hide or turn around what is written."""
    return not HIDDEN.isdisjoint(text)


def words_of(text: str) -> str:
    """What an officer writes to a citizen, cleaned; what shows nothing is refused."""
    words = text_of(text)
    if is_blank(words):
        raise Refusal("text", _("Write something first."))
    return words


def digits_of(phone: str) -> str:
    """The digits of a number as somebody typed it, in whatever script."""
    return "".join(str(unicodedata.digit(sign)) for sign in phone if sign.isdigit())


def numbers_of(phone: str, dial_code: str) -> list[str]:
    """What a number typed in a country may mean, in E.164, the likeliest first; empty when it is none.

    Citizens write their Indonesian mobile as at home (08...), wherever they are.
    """
    digits, own = digits_of(phone), digits_of(dial_code)
    if "+" in phone[:4]:
        read = [digits]
    elif digits.startswith("00"):
        read = [digits[2:]]
    elif digits.startswith("0"):
        abroad, home = own + digits[1:] if own else "", INDONESIA + digits[1:]
        read = [home, abroad] if digits.startswith(OWN_MOBILE) else [abroad]
    else:
        whole = own and digits.startswith(own) and len(digits) > len(own) + SHORTEST
        read = [digits, own + digits] if whole or not own else [own + digits, digits]
    fitting = [one for one in read if SHORTEST <= len(one) <= LONGEST and not one.startswith("0")]
    return [f"+{one}" for one in dict.fromkeys(fitting)]
