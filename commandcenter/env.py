"""The environment, read once: every value is checked, and a bad one refuses to start with a sentence."""

import base64
import os
import re
import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The variable, stripped; empty counts as absent."""
    return os.environ.get(name, "").strip() or default


def telephone(name: str) -> str:
    """A telephone number that works from everywhere (+62...); "" when absent."""
    value = text(name)
    if value and not re.fullmatch(r"\+[1-9][0-9]{6,14}", value):
        raise ImproperlyConfigured(f"{name}={value!r} must be a number such as +628001234567.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no variable: 1/0, true/false, yes/no, on/off."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} must be 1 or 0.")


def whole(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number inside [low, high]."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name}={value!r} must be a whole number from {low} to {high}.")
    return int(value)


def items(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def origins(name: str, default: str) -> list[str]:
    """Full origins (scheme://host[:port]), as the Origin check needs them."""
    found = items(name, default)
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
            raise ImproperlyConfigured(f"{name}: {origin!r} is not an origin such as https://dcc.example.")
    return found


def template(name: str, *fields: str) -> str:
    """An https address with places to fill in ({key}); "" when absent."""
    value = text(name)
    if value:
        try:
            made = urlsplit(value.format(**dict.fromkeys(fields, "x")))
        except (KeyError, ValueError, IndexError) as error:
            raise ImproperlyConfigured(f"{name}: {value!r} may hold {fields} in braces and nothing else.") from error
        if made.scheme != "https" or not made.netloc or f"{{{fields[0]}}}" not in value:
            raise ImproperlyConfigured(f"{name}: {value!r} must be an https address with {{{fields[0]}}} in it.")
    return value


def var_folder(base: Path) -> Path:
    """Where the database, media and sockets live; made, readable by its owner alone."""
    folder = Path(text("DCC_VAR", str(base / "var"))).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """DCC_SECRET_KEY, else the installation's own key in DCC_VAR/secret_key, made at first start."""
    given = text("DCC_SECRET_KEY")
    if given:
        if len(given) < 50:
            raise ImproperlyConfigured("DCC_SECRET_KEY must have at least 50 characters.")
        return given
    return kept(folder, "secret_key", lambda: secrets.token_urlsafe(64))


def gateway_secret(name: str, folder: Path, file: str) -> str:
    """The secret in a gateway's address: the variable, else one made at first start and kept in DCC_VAR."""
    given = text(name)
    if not given:
        return kept(folder, file, lambda: secrets.token_urlsafe(32))
    if not re.fullmatch(r"[A-Za-z0-9_-]{32,200}", given):
        raise ImproperlyConfigured(f"{name} must have 32 to 200 letters, digits, - or _.")
    return given


def signing_key(name: str) -> str:
    """The key with which a gateway signs what it sends; "" when it does not sign."""
    value = text(name)
    if value and len(value) < 32:
        raise ImproperlyConfigured(f"{name} must have at least 32 characters.")
    return value


def media_key(name: str, folder: Path) -> bytes:
    """The key that seals media: 32 bytes in base64, the variable, else made at first start in DCC_VAR/media_key (0400).

    Who loses it loses every photograph and film.
    """
    given = text(name) or kept(folder, "media_key", lambda: base64.b64encode(secrets.token_bytes(32)).decode(), 0o400)
    try:
        key = base64.b64decode(given, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} must be 32 bytes in base64 (44 characters).")
    return key


def folder_of(name: str, default: Path) -> Path:
    """A folder, made when it is missing, readable by its owner alone."""
    folder = Path(text(name, str(default))).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def one_of(name: str, default: str, known: Collection[str]) -> str:
    """One of the known words, or nothing."""
    value = text(name, default)
    if value and value not in known:
        raise ImproperlyConfigured(f"{name}={value!r} must be one of: {', '.join(sorted(known))}.")
    return value


def networks(name: str, default: str) -> list[IPv4Network | IPv6Network]:
    """A list of addresses and networks."""
    try:
        return [ip_network(part) for part in items(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error


def kept(folder: Path, name: str, make: Callable[[], str], mode: int = 0o600) -> str:
    """What this installation made once and keeps in DCC_VAR, readable by its owner alone.

    Processes that start together read the same: the file gets its name only when it is whole, and only once.
    """
    path = folder / name
    if not path.exists():
        with NamedTemporaryFile("w", dir=folder, prefix=f".{name}-") as file:  # mode 0600
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), mode)
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text().strip()
