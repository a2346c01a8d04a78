"""The shape of a registration."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from alerts.devices.rules import public_key_of
from commandcenter.problems import OTHER


def _point(value: str) -> str:
    try:
        public_key_of(value)
    except ValueError:
        raise PydanticCustomError("dcc", "dcc", {"kind": "key", "words": OTHER}) from None
    return value


class KeyIn(BaseModel):
    """A public key: the point of P-256, uncompressed, in base64 for URLs (87 characters)."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, AfterValidator(_point)]

    def point(self) -> bytes:
        """For the action."""
        return public_key_of(self.key)
