"""What a scenario file says: who does what at which minute, and what must be official at the end."""

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerts.crises.models import CrisisKind
from alerts.emergencies.models import Nature
from alerts.figures.keys import FIGURE_KEYS, Source
from alerts.persons.models import State

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


class Persons(Step):
    """A mission enters invented persons by a list; they are called WNI LATIHAN 0001 and so on."""

    do: Literal["persons"]
    mission: Name
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    first: Annotated[int, Field(ge=1)]
    n: Annotated[int, Field(ge=1, le=5_000)]
    place: Annotated[str, Field(max_length=80)] = ""
    reason: Text


class States(Step):
    """A mission says in which state persons are now: by their numbers in a list, or all that were in one state."""

    do: Literal["states"]
    mission: Name
    first: Annotated[int, Field(ge=1)] = 1
    last: Annotated[int, Field(ge=0)] = 0
    was: State | Literal[""] = ""
    state: State
    reason: Text

    @model_validator(mode="after")
    def names_persons_one_way(self) -> Self:
        """Numbers or a state, not both and not neither."""
        if bool(self.was) == bool(self.last) or (self.last and self.last < self.first):
            raise ValueError("states names persons by first and last, or by was")
        return self


class Expect(Step):
    """What must hold at this minute: the gap of the official figures, and that they are withheld."""

    do: Literal["expect"]
    gap: int | None = None
    refused: bool = False


AnyStep = Annotated[
    Emergency | Take | Note | Declare | Request | Open | Report | Choose | Withdraw | Persons | States | Expect,
    Field(discriminator="do"),
]


Verdict = Literal["closed", "incomplete", "contradiction"]


class Flag(Shape):
    """A difference that the crisis room must name: a figure that went from one number to another."""

    key: Key
    before: Number
    after: Number


class Sum(Shape):
    """Arithmetic of the sources: a total, its parts, and the gap between them."""

    total: Number
    parts: Annotated[list[Number], Field(min_length=1)]
    gap: Number = 0


class LedgerCheck(Shape):
    """Everybody registered, the states that are not empty, the verdict, and the pages that print the same line."""

    registered: Number
    counts: dict[State, Annotated[int, Field(ge=1)]]
    state: Verdict
    pages: list[Annotated[str, Field(pattern=r"^/")]] = []


class Checks(Shape):
    """What must hold at the end: exactly these official figures, whether they make up their total, and more."""

    official: dict[Key, Number]
    reconciliation: Verdict
    gap: int | None = None
    refused: bool = False
    flagged: list[Flag] = []
    sums: list[Sum] = []
    ledger: LedgerCheck | None = None


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
        return sorted({step.mission for step in self.steps if isinstance(step, Open | Report | Persons | States)})

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

    @model_validator(mode="after")
    def ends_with_the_states_that_were_set(self) -> Self:
        """The ledger of the checks is what the steps lead to; a step may only name persons that were entered."""
        states: dict[int, State] = {}
        for step in self.steps:
            if isinstance(step, Persons):
                states |= dict.fromkeys(range(step.first, step.first + step.n), State.UNVERIFIED)
            elif isinstance(step, States):
                states |= dict.fromkeys(_moved(step, states), step.state)
        counts, check = dict(Counter(states.values())), self.checks.ledger
        if check and (counts, len(states)) != (check.counts, check.registered):
            raise ValueError(f"the steps end with {counts}, the checks say {check.counts}")
        return self


def _moved(step: States, states: dict[int, State]) -> list[int]:
    by_state = [n for n, state in states.items() if state == step.was]
    moved = by_state if step.was else list(range(step.first, step.last + 1))
    if not moved or not set(moved) <= set(states):
        raise ValueError(f"the states at minute {step.at} are of persons that were not entered")
    return moved


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
