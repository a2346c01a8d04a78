"""What the telephone exchange posts, one thing at a time. Fields it has beside these are passed over."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from alerts.hotline.actions import News
from commandcenter.problems import CONTROL, Words


def _wrong(words: Words) -> PydanticCustomError:
    return PydanticCustomError("dcc", "dcc", {"words": words})


def _name(value: str) -> str:
    if CONTROL.search(value) or not value.strip():
        raise _wrong(_("Remove the control characters from this text."))
    return value.strip()


def _link(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or CONTROL.search(value)):
        raise _wrong(_("This must be an address that begins with https:// or http://."))
    return value


Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_name)]


class ExchangeIn(BaseModel):
    """One event of one call. `from` is the caller's number; "", "anonymous" and the like are a withheld one."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    event_id: Name
    call_id: Name
    event: Literal["started", "answered", "ended", "recording"]
    at: AwareDatetime | None = None
    number: Annotated[str, Field(alias="from", max_length=200)] = ""
    recording_url: Annotated[str, Field(max_length=500), AfterValidator(_link)] = ""

    def as_news(self) -> News:
        """For the action."""
        return News(
            event_id=self.event_id,
            call_id=self.call_id,
            kind=self.event,
            said_at=self.at,
            phone=self.number,
            recording=self.recording_url if self.event == "recording" else "",
        )
