"""The shapes of the public contract (architecture.md section 4). Unknown fields are refused; texts are cleaned."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from alerts.cells.rules import NOWHERE
from alerts.emergencies.models import Nature
from alerts.emergencies.rules import MESSAGE_LENGTH
from alerts.intake.actions import Fix, Report
from commandcenter.problems import Refusal, Words, clean_text

# No body has more bytes than this.
LARGEST = 2048
# Whatever the zone it is shown in, a moment this far inside datetime's range stays inside.
EDGE = timedelta(days=3)
FIRST, LAST = datetime.min.replace(tzinfo=UTC) + EDGE, datetime.max.replace(tzinfo=UTC) - EDGE
HALF_THE_EARTH_M = 20_040_000


def wrong(kind: str, words: Words) -> PydanticCustomError:
    """A field error in our own words."""
    return PydanticCustomError("dcc", "dcc", {"kind": kind, "words": words})


def text(max_length: int) -> Callable[[str], str]:
    """What cleans a text of at most so many characters, or refuses it in words."""

    def clean(value: str) -> str:
        try:
            return clean_text(value, field="", max_length=max_length)
        except Refusal as refusal:
            raise wrong("text", refusal.error.message) from None

    return clean


def _written(value: Any) -> Any:
    """A time is text with a zone; a bare number of seconds says neither."""
    if not isinstance(value, str | datetime):
        raise wrong("time", _("This must be a time such as 2026-05-12T20:05:00Z."))
    return value


def _storable(value: datetime) -> datetime:
    if not FIRST <= value <= LAST:
        raise wrong("time", _("This time can't be stored."))
    return value.astimezone(UTC)


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_storable)]
Degrees = Annotated[float, Field(allow_inf_nan=False, strict=True)]


class Shape(BaseModel):
    """Base of every body."""

    model_config = ConfigDict(extra="forbid")


class Location(Shape):
    """A position, WGS 84, with its accuracy in metres. (0, 0) is no position."""

    lat: Annotated[Degrees, Field(ge=-90, le=90)]
    lon: Annotated[Degrees, Field(ge=-180, le=180)]
    accuracy_m: Annotated[Degrees, Field(ge=0, le=HALF_THE_EARTH_M)] | None = None
    fixed_at: Moment
    source: Literal["gps", "network", "manual", "photo"] = "gps"

    @model_validator(mode="after")
    def is_somewhere(self) -> "Location":
        """Refuse the null island."""
        if abs(self.lat) < NOWHERE and abs(self.lon) < NOWHERE:
            raise wrong("nowhere", _("Latitude 0, longitude 0 is not a position."))
        return self

    def as_fix(self) -> Fix:
        """For the action."""
        return Fix(self.lat, self.lon, self.fixed_at, self.source, self.accuracy_m)


class EmergencyIn(Shape):
    """A request for help. Only the first three fields are needed."""

    client_id: UUID
    pressed_at: Moment
    kind: Nature
    location: Location | None = None
    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")] | None = None
    place: Annotated[str, AfterValidator(text(120))] = ""
    message: Annotated[str, AfterValidator(text(MESSAGE_LENGTH))] = ""
    phone: Annotated[str, AfterValidator(text(32))] = ""
    name: Annotated[str, AfterValidator(text(120))] = ""
    language: Annotated[str, Field(pattern=r"^[A-Za-z-]{0,8}$")] = ""
    silent: Annotated[bool, Field(strict=True)] = False

    def as_report(self) -> Report:
        """For the action."""
        return Report(
            client_id=self.client_id,
            pressed_at=self.pressed_at,
            kind=self.kind.value,
            location=self.location.as_fix() if self.location else None,
            country=(self.country or "").upper(),
            place=self.place,
            message=self.message,
            phone=self.phone,
            name=self.name,
            language=self.language,
            silent=self.silent,
        )
