"""The shapes of these doors."""

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field

from alerts.dialogue.rules import is_blank
from alerts.emergencies.rules import MESSAGE_LENGTH
from alerts.intake.schemas import Shape, text, wrong

# The longest text fits in every script.
LARGEST_MESSAGE = 8192
LARGEST_ID = 2**63 - 1


def _visible(value: str) -> str:
    """Blanks and marks that nobody sees are no message."""
    if is_blank(value):
        raise wrong("empty", _("Write something first."))
    return value


class MessageIn(Shape):
    """One message of the citizen."""

    client_id: UUID
    text: Annotated[str, AfterValidator(text(MESSAGE_LENGTH)), AfterValidator(_visible)]


class SeenIn(Shape):
    """The newest message that the device showed."""

    up_to: Annotated[int, Field(ge=1, le=LARGEST_ID, strict=True)]


class SilentIn(Shape):
    """Whether the citizen can't speak now."""

    silent: Annotated[bool, Field(strict=True)]
