"""Links of a minute: one part of one file, for one person in one world. Whoever else has it holds nothing."""

from typing import NamedTuple
from uuid import UUID

from django.core import signing
from django.urls import reverse

from alerts.media.models import MediaFile
from alerts.media.rules import LINK_SECONDS
from commandcenter.access.reader import Reader

SIGNER = signing.TimestampSigner(salt="alerts.evidence.link")
LONGEST = 200


class Ticket(NamedTuple):
    """What a link opens."""

    key: UUID
    part: str


def link_to(reader: Reader, media: MediaFile, part: str) -> str:
    """The address of a part, for this reader and the next sixty seconds."""
    token = SIGNER.sign(f"{media.key.hex}.{part}.{reader.user_id}.{reader.exercise}")
    return reverse("evidence:part", args=[token])


def read(reader: Reader, token: str) -> Ticket | None:
    """What the link opens; None when it is forged, older than a minute, or somebody else's."""
    try:
        text = SIGNER.unsign(token[:LONGEST], max_age=LINK_SECONDS)
        key, part, user, exercise = text.split(".")
    except (signing.BadSignature, ValueError):
        return None
    if (user, exercise) != (str(reader.user_id), reader.exercise):
        return None
    return Ticket(UUID(key), part)
