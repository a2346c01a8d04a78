"""What an applicant's address bar holds after the number and the telephone fitted: a signed number, for a while."""

from django.core import signing

SALT, RECEIPT = "alerts.casepublic.status", "alerts.casepublic.receipt"
LASTS = 30 * 60


def ticket(number: str, exercise: str) -> str:
    """Opens the status page of one case for half an hour."""
    return signing.dumps([number, exercise], salt=SALT)


def number_of(text: str, exercise: str) -> str | None:
    """The number a ticket opens in this world; None for a foreign, forged or old one."""
    return _read(text, exercise, SALT, LASTS)


def receipt(number: str, exercise: str) -> str:
    """Shows that a case was received, and its number; nothing else, so it lasts."""
    return signing.dumps([number, exercise], salt=RECEIPT)


def received(text: str, exercise: str) -> str | None:
    """The number on a receipt."""
    return _read(text, exercise, RECEIPT, None)


def _read(text: str, exercise: str, salt: str, lasts: int | None) -> str | None:
    try:
        number, world = signing.loads(text, salt=salt, max_age=lasts)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(number) if world == exercise else None
