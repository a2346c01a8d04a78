"""The key with which push services know this installation (VAPID, RFC 8292): made once, kept in DCC_VAR/push_key."""

import os
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02  # type: ignore[import-untyped]
from py_vapid.utils import b64urlencode  # type: ignore[import-untyped]

from commandcenter.env import kept


def _fresh() -> str:
    raw = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32, "big")
    return str(b64urlencode(raw))


@cache
def _key(given: str, folder: str) -> Vapid02:
    return Vapid02.from_raw((given or kept(Path(folder), "push_key", _fresh)).encode())


def key() -> Vapid02:
    """DCC_PUSH_KEY (32 bytes, base64url), else the installation's own. A new one ends every subscription."""
    return _key(settings.PUSH_KEY, os.fspath(settings.VAR))


def public_key() -> str:
    """What a browser subscribes with."""
    point = key().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


def authorization(origin: str, expires: int) -> str:
    """The header that proves to one push service (scheme://host) that this is us, until `expires` (Unix time)."""
    claims = {"aud": origin, "exp": expires, "sub": settings.PUSH_CONTACT}
    return str(key().sign(claims)["Authorization"])
