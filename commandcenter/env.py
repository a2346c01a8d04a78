"""The environment, read once: every value is checked, and a bad one refuses to start with a sentence."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The variable, stripped; empty counts as absent."""
    return os.environ.get(name, "").strip() or default


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
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()
