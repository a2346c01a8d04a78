"""What proves that a registered device wrote a body: pure but for the installation's secret.

The header is `key.ticket.signature`, each in base64 for URLs: the public key as a point, what the server gave for it
when it was registered, and the signature over the body's bytes. So no row is read before a request is put in its lane.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.utils.crypto import salted_hmac

HEADER = "DCC-Device"
# One device opens one emergency in this time; what it presses more belongs to that one.
ONE_IN = timedelta(minutes=1)
# A point, a ticket, a signature and two full stops.
LENGTH = 87 + 22 + 86 + 2


def public_key_of(text: str) -> bytes:
    """The point of a registered key; ValueError for what is none on the curve."""
    point = _bytes(text.encode("ascii"), 65)
    EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    return point


def fingerprint_of(point: bytes) -> str:
    """22 characters that name a key."""
    return text_of(sha256(point).digest()[:16])


def ticket_of(point: bytes) -> str:
    """What only this installation can make of a key: that it was registered here."""
    return text_of(salted_hmac("alerts.devices.ticket", point, algorithm="sha256").digest()[:16])


def signer_of(header: bytes, body: bytes) -> str:
    """The fingerprint of the registered device that signed this body; "" for anything else: just unsigned."""
    if len(header) != LENGTH:
        return ""
    try:
        key, ticket, signature = header.split(b".")
        point, pair = _bytes(key, 65), _bytes(signature, 64)
        if not compare_digest(ticket, ticket_of(point).encode()):
            return ""
        rs = encode_dss_signature(int.from_bytes(pair[:32], "big"), int.from_bytes(pair[32:], "big"))
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point).verify(rs, body, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return ""
    return fingerprint_of(point)


def text_of(raw: bytes) -> str:
    """Base64 for URLs, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: bytes, size: int) -> bytes:
    raw = urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    if len(raw) != size:
        raise ValueError(f"{len(raw)} bytes in place of {size}")
    return raw
