"""Work that an unsigned request pays while intake is overloaded: a number whose hash begins with so many zero bits.

The server keeps nothing: the puzzle is made of the request's own client_id, so a solution is good for no other request,
and the same request again is a repeat and opens nothing.
"""

from hashlib import sha256
from hmac import compare_digest

from django.http import HttpResponse
from django.utils.crypto import salted_hmac

from alerts.devices.rules import text_of
from commandcenter.problems import problem

HEADER = b"dcc-work"
# A slow telephone may need minutes for the hardest; it may also sleep in between.
GOOD_FOR_SECONDS = 1800
LONGEST = 80


def asked(client_id: str, bits: int, at: float) -> HttpResponse:
    """428: the request is well-formed and kept by who sent it; `work` says what to solve."""
    until = int(at) + GOOD_FOR_SECONDS
    more = {"work": {"bits": bits, "until": until, "salt": _salt(client_id, bits, until)}}
    return problem(428, "work", more=more)


def is_done(header: bytes, client_id: str, at: float) -> bool:
    """Whether the header, `bits.until.salt.number`, solves what was asked of this very request."""
    parts = header.split(b".") if len(header) <= LONGEST else []
    if len(parts) != 4 or not parts[0].isdigit() or not parts[1].isdigit() or not parts[3].isalnum():
        return False
    bits, until = int(parts[0]), int(parts[1])
    ours = compare_digest(parts[2], _salt(client_id, bits, until).encode())
    found = int.from_bytes(sha256(parts[2] + b"." + parts[3]).digest()[:4], "big")
    return ours and at <= until and found >> (32 - bits) == 0


def _salt(client_id: str, bits: int, until: int) -> str:
    return text_of(salted_hmac("alerts.lane.work", f"{client_id}:{bits}:{until}", algorithm="sha256").digest()[:16])
