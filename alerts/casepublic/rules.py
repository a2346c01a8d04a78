"""Whose case it is, how often somebody may try, what is marked in a flood: pure."""

import hashlib
import hmac
import re
from datetime import timedelta
from ipaddress import ip_network

from django.conf import settings

# A telephone is compared by at least so many last digits; a country's code or a leading zero does not matter then.
LEAST_DIGITS = 6
NOT_DIGITS = re.compile(r"[^0-9]+")
# Wrong answers for one number, and from one network address, before both rest for a while.
MOST_WRONG = {"number": 5, "address": 30}
REST = timedelta(minutes=15)
# From one address more than so many new cases in the window are marked, none is refused: many share an address.
CROWD, WINDOW = 5, timedelta(minutes=15)
# One telephone number has so many new cases in an hour; then its owner is asked to write in those.
MOST_NEW, HOUR = 5, timedelta(hours=1)
# No trace of an address is kept longer.
KEPT_FOR = timedelta(hours=1)


def digits_of(phone: str) -> str:
    """The digits without leading zeros: "+62 812" and "0062812" are alike at their end."""
    return NOT_DIGITS.sub("", phone).lstrip("0")


def same_phone(typed: str, stored: str) -> bool:
    """Whether the typed number, or its last six digits or more, is the stored one; takes as long for any answer."""
    given, known = digits_of(typed), digits_of(stored)
    long = min(len(given), len(known))
    mine = hashlib.sha256(given[-long:].encode() if long else b"").digest()
    theirs = hashlib.sha256(known[-long:].encode() if long else b"-").digest()
    return hmac.compare_digest(mine, theirs) & (long >= LEAST_DIGITS)


def address_of(remote: str) -> str:
    """The network (commandcenter/peers.py) as a key; "" for our own proxy and other private ones, which are all."""
    try:
        return remote if ip_network(remote).is_global else ""
    except ValueError:
        return ""


def digest(text: str) -> str:
    """Equal for equal texts in this installation; "" of nothing."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"case-try:{text}".encode(), "sha256").hex() if text else ""
