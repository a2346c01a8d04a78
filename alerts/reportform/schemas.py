"""The JSON of a report, as the API takes and gives it."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from alerts.demands.demand import next_report
from alerts.sitreps.actions import LARGEST, NOTE_LENGTH
from alerts.sitreps.models import FIGURE_KEYS, Answer, Checked, Contacted, SituationReport, Source
from commandcenter.problems import Refusal

# A report may wait on a telephone for three days before it is wiped there; the oldest chip is an hour.
LONGEST_WAIT = 4 * 24 * 3600
WHOLE = _("This must be a whole number from 0 to 10,000,000.")
REQUIRED = _("This field is required.")
RANGE = _('This must be a whole number, null, or a range {"value": 2, "high": 3}.')


def ends(given: Any) -> tuple[int, int | None] | None:
    """2 → (2, None), {"value": 2, "high": 3} → (2, 3), null → not reported. Text, fractions and true are refused."""
    if given is None:
        return None
    given = given if isinstance(given, dict) else {"value": given}
    if not {"value"} <= set(given) <= {"value", "high"}:
        raise PydanticCustomError("range", "range", {"words": RANGE})
    low, high = given["value"], given.get("high")
    for number in (low, low if high is None else high):
        if type(number) is not int or not 0 <= number <= LARGEST:
            raise PydanticCustomError("whole", "whole", {"words": WHOLE})
    return low, high


def known_key(key: Any) -> Any:
    """One of the fifteen figures of the five questions."""
    if key not in FIGURE_KEYS:
        raise PydanticCustomError("key", "key", {"words": _("This figure is not known.")})
    return key


Ends = Annotated[tuple[int, int | None] | None, BeforeValidator(ends)]
Key = Annotated[str, BeforeValidator(known_key)]


class ReportIn(Schema):
    """A situation report. A figure that is null or left out was not reported; 0 is an assertion.

    What the figures are of: `as_of`, or `age_s` seconds before the server receives it (a telephone that waited for a
    line knows how long it waited even when its clock is wrong).
    """

    model_config = ConfigDict(extra="forbid")

    client_id: UUID
    answer: Answer
    as_of: AwareDatetime | None = None
    age_s: int | None = Field(None, ge=0, le=LONGEST_WAIT, strict=True)
    source: Source = Source.MISSION
    figures: dict[Key, Ends] = Field(default_factory=dict, max_length=len(FIGURE_KEYS))
    authorities: Contacted | Literal[""] = ""
    hospitals: Checked | Literal[""] = ""
    note: str = Field("", max_length=NOTE_LENGTH)
    replaces: int | None = Field(None, ge=1, le=2**31 - 1, strict=True)


class Range(Schema):
    """A figure; `high` is null unless it is a range."""

    value: int
    high: int | None


class ReportOut(Schema):
    """What the command centre has; the same for every submit of one client_id."""

    number: int
    crisis: str
    mission: str
    answer: str
    source: str
    as_of: datetime
    received_at: datetime
    next_due_at: datetime
    figures: dict[str, Range]
    authorities: str
    hospitals: str
    note: str
    replaces: int | None


def told(report: SituationReport) -> ReportOut:
    """The stored report as JSON."""
    return ReportOut(
        number=report.number,
        crisis=report.crisis.slug,
        mission=report.mission_id,
        answer=report.answer,
        source=report.source,
        as_of=report.as_of,
        received_at=report.filed_at,
        next_due_at=report.filed_at + next_report(),
        figures={figure.key: Range(value=figure.value, high=figure.high) for figure in report.figures.all()},
        authorities=report.authorities,
        hospitals=report.hospitals,
        note=report.note,
        replaces=report.replaces.number if report.replaces else None,
    )


def moment_of(given: ReportIn, at: datetime) -> datetime:
    """What the figures are of; refuses a report that does not say."""
    if given.age_s is not None:
        return at - timedelta(seconds=given.age_s)
    if given.as_of is None:
        raise Refusal("as_of", REQUIRED)
    return given.as_of
