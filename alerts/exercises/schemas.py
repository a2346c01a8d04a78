"""What a scenario file says: who does what at which minute, and what must be official at the end."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerts.crises.models import CrisisKind
from alerts.emergencies.models import Nature
from alerts.figures.keys import FIGURE_KEYS, Source

Key = Literal["wni.present"] | Annotated[str, Field(pattern=r"^(wni|all)\.[a-z_]+$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Number = Annotated[int, Field(ge=0, le=10_000_000)]
Text = Annotated[str, Field(min_length=1, max_length=400)]
MARK = "[LATIHAN]"


class Shape(BaseModel):
    """Unknown fields are refused: a misspelt one would silently change the drill."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(Shape):
    """Something somebody does, so many scenario minutes after the start."""

    at: Annotated[float, Field(ge=0, le=10_080)]


class Emergency(Step):
    """A citizen asks for help through the public API. Invented: never a real person's name or number."""

    do: Literal["emergency"]
    key: Name
    kind: Nature
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy_m: Annotated[float, Field(ge=1, le=5000)] = 20
    place: Annotated[str, Field(max_length=120)] = ""
    message: Text
    silent: bool = False


class Take(Step):
    """The operator takes an emergency."""

    do: Literal["take"]
    emergency: Name


class Note(Step):
    """The operator logs an act."""

    do: Literal["note"]
    emergency: Name
    text: Text


class Declare(Step):
    """The supervisor declares the crisis, with a circle as its area."""

    do: Literal["declare"]
    name: Text
    kind: CrisisKind
    level: Literal[1, 2, 3]
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    radius_km: Annotated[float, Field(gt=0, le=500)]


class Request(Step):
    """The operator demands a report from missions."""

    do: Literal["request"]
    missions: Annotated[list[Name], Field(min_length=1)]


class Open(Step):
    """A mission's officer opens the form."""

    do: Literal["open"]
    mission: Name


class Report(Step):
    """A mission's officer sends the form. `real_as_of` and `url` say where the facts are from."""

    do: Literal["report"]
    key: Name
    mission: Name
    answer: Literal["none_affected", "figures", "checking"] = "figures"
    source: Source = Source.MISSION
    minutes_ago: Literal[0, 5, 15, 60] = 0
    figures: dict[Key, Number] = {}
    authorities: Literal["", "yes", "no", "unknown"] = ""
    hospitals: Literal["", "all", "partial", "none", "unknown"] = ""
    note: Annotated[str, Field(max_length=2000)] = ""
    real_as_of: str = ""
    url: str = ""


class Choose(Step):
    """The verifier makes figures of a report official; without `keys` the whole row."""

    do: Literal["choose"]
    report: Name
    keys: list[Key] = []
    reason: Text


class Withdraw(Step):
    """The verifier takes an official figure back."""

    do: Literal["withdraw"]
    key: Key
    reason: Text


AnyStep = Annotated[
    Emergency | Take | Note | Declare | Request | Open | Report | Choose | Withdraw, Field(discriminator="do")
]


class Checks(Shape):
    """What must hold at the end: exactly these official figures, and whether they make up their total."""

    official: dict[Key, Number]
    reconciliation: Literal["closed", "incomplete", "contradiction"]


class Scenario(Shape):
    """One drill."""

    id: Name
    name_id: Annotated[str, Field(max_length=120)]
    name_en: Annotated[str, Field(max_length=120)]
    about_id: str
    about_en: str
    facts: str
    choices: list[str]
    steps: Annotated[list[AnyStep], Field(min_length=1)]
    checks: Checks

    @property
    def minutes(self) -> float:
        """Its length."""
        return self.steps[-1].at

    @property
    def missions(self) -> list[str]:
        """The missions whose officers act in it."""
        return sorted({step.mission for step in self.steps if isinstance(step, Open | Report)})

    @model_validator(mode="after")
    def is_played_in_order(self) -> Self:
        """Steps rise in time and name only what came before; messages say that they are a drill."""
        seen: dict[str, set[str]] = {"emergency": set(), "report": set()}
        for before, step in zip([None, *self.steps], self.steps, strict=False):
            if before is not None and step.at < before.at:
                raise ValueError(f"a step at {step.at} stands after one at {before.at}")
            _refuse_unknown(step, seen)
            if isinstance(step, Emergency | Report):
                if step.key in seen[step.do]:
                    raise ValueError(f"{step.do} {step.key} comes twice")
                seen[step.do].add(step.key)
        return self

    @model_validator(mode="after")
    def ends_with_what_was_chosen(self) -> Self:
        """The checks are the last chosen figures, so that the file can't promise what it does not play."""
        reports = {step.key: step for step in self.steps if isinstance(step, Report)}
        official: dict[str, int] = {}
        for step in self.steps:
            if isinstance(step, Choose):
                told = reports[step.report].figures
                official |= {key: told[key] for key in step.keys or told}
            elif isinstance(step, Withdraw):
                official.pop(step.key, None)
        if official != self.checks.official:
            raise ValueError(f"the steps end with {official}, the checks say {self.checks.official}")
        return self


def _refuse_unknown(step: AnyStep, seen: dict[str, set[str]]) -> None:
    if isinstance(step, Emergency) and not step.message.startswith(MARK):
        raise ValueError(f"the message of {step.key} must begin with {MARK}")
    if isinstance(step, Take | Note) and step.emergency not in seen["emergency"]:
        raise ValueError(f"no emergency {step.emergency} before minute {step.at}")
    if isinstance(step, Choose) and step.report not in seen["report"]:
        raise ValueError(f"no report {step.report} before minute {step.at}")
    keys = step.figures if isinstance(step, Report) else step.keys if isinstance(step, Choose) else ()
    for key in keys:
        if key not in FIGURE_KEYS:
            raise ValueError(f"there is no figure {key}")
