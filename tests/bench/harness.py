"""What every benchmark is made of: samples in interleaved rounds, ratios with their spread, targets, one table.

A benchmark is a module of this folder with `def run(options: Options) -> Report`:

    report = Report("catchup", options)
    section = report.section("10,000 frames behind", unit="frame")
    section.rounds({"ours": ours, "SELECT": select})        # each a Callable[[], Sample]; A B A B ..., after a warm-up
    section.judge("SELECT", Target("wall_us", at_most=3.0))  # the median of the pairs' ratios, ours / baseline
    section.bound("ours", Target("p99_ms", at_most=150))     # the median of our own samples
    return report

A sample says how much was asked for and how much was done; what is missing is a loss, and a loss is a failure.
Figures are named with their unit at the end: cpu_us (of the server, a unit), p99_ms, last_ms, memory_mb; rate is a
second's.
"""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

# Where the baseline itself spreads wider than this, only CPU time is judged (performance.md).
WIDEST_SPREAD = 0.30
PAIRS_FOR_THE_RECORD = 7
QUICK_PAIRS = 3


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for, and the servers that bin/bench started."""

    pairs: int = PAIRS_FOR_THE_RECORD
    quick: bool = False
    profile: bool = False
    postgres: str = ""  # a URL of the temporary PostgreSQL; "" where there is none
    nchan: str = ""  # the path of nginx's nchan module; "" where there is none

    @property
    def for_the_record(self) -> bool:
        """Whether the numbers may be quoted."""
        return not self.quick and not self.profile and self.pairs >= PAIRS_FOR_THE_RECORD

    def either(self, whole: int, quick: int) -> int:
        """The amount of work: `whole`, or `quick` while developing."""
        return quick if self.quick else whole


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one side: units asked for, units verified as done, and figures by name."""

    asked: int
    done: int
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Ours and the baseline, run one after the other."""

    ours: Sample
    baseline: Sample

    def ratio(self, figure: str) -> float:
        """Ours over the baseline's; infinite over nothing."""
        below = self.baseline.figures[figure]
        return self.ours.figures[figure] / below if below else float("inf")


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and how much or how little of it is wanted; exactly one limit."""

    figure: str
    at_most: float | None = None
    at_least: float | None = None

    def __post_init__(self) -> None:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(f"{self.figure}: a target has one limit, at_most or at_least.")

    def met(self, value: float) -> bool:
        """Whether the value is on the right side of the limit, or on it."""
        return value <= self.at_most if self.at_most is not None else value >= (self.at_least or 0.0)

    def __str__(self) -> str:
        return f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judged line: met, missed, or not judged because the baseline was too unsteady."""

    what: str
    target: str
    value: float
    low: float
    high: float
    outcome: str  # "met", "missed" or "unsteady"


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median, third quartile (inclusive method); of one value, thrice that value."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def spread(values: Sequence[float]) -> float:
    """Interquartile range over median: 0.3 means that half of the values lie within 30 % of it."""
    low, middle, high = quartiles(values)
    return (high - low) / middle if middle else float("inf")


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all are not above; of nothing, 0."""
    ordered = sorted(values)
    return ordered[max(1, math.ceil(len(ordered) * percent / 100)) - 1] if ordered else 0.0


@dataclass(slots=True)
class Section:
    """One workload: samples by side, what was judged, what was lost."""

    title: str
    unit: str
    options: Options
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lossy: set[str] = field(default_factory=set)

    def rounds(self, sides: Mapping[str, Callable[[], Sample]], *, lossy: Sequence[str] = ()) -> None:
        """Run every side once to warm up, then all in turn, pair after pair. What `lossy` sides lose is only said."""
        self.lossy.update(lossy)
        for side in sides.values():
            side()
        for _ in range(self.options.pairs):
            for name, side in sides.items():
                self.samples.setdefault(name, []).append(side())

    def pairs(self, baseline: str) -> list[Pair]:
        """Ours with this baseline, in the order they ran; rounds of other baselines are left out."""
        theirs = self.samples[baseline]
        return [Pair(ours, other) for ours, other in zip(self.samples["ours"], theirs, strict=True)]

    def judge(self, baseline: str, *targets: Target) -> None:
        """Ratios against a baseline; a baseline that was not run is a target that was not met."""
        for target in targets:
            what = f"{target.figure} / {baseline}"
            if baseline not in self.samples:
                self.verdicts.append(Verdict(f"{what} (not run)", str(target), 0.0, 0.0, 0.0, "missed"))
                continue
            pairs = self.pairs(baseline)
            low, middle, high = quartiles([pair.ratio(target.figure) for pair in pairs])
            outcome = "met" if target.met(middle) else "missed"
            if not target.figure.startswith("cpu"):
                unsteady = spread([pair.baseline.figures[target.figure] for pair in pairs])
                outcome = "unsteady" if unsteady > WIDEST_SPREAD else outcome
            self.verdicts.append(Verdict(what, str(target), middle, low, high, outcome))

    def bound(self, side: str, *targets: Target) -> None:
        """The median of one side's own figure against an absolute limit."""
        for target in targets:
            low, middle, high = quartiles([sample.figures[target.figure] for sample in self.samples[side]])
            outcome = "met" if target.met(middle) else "missed"
            self.verdicts.append(Verdict(f"{target.figure} of {side}", str(target), middle, low, high, outcome))

    def lost(self, side: str) -> int:
        """Units of a side that were asked for and not done, and those that were done and not asked for."""
        return sum(abs(sample.asked - sample.done) for sample in self.samples[side])

    @property
    def ok(self) -> bool:
        """Whether no target was missed, not all were left unjudged, and nothing was lost."""
        outcomes = {verdict.outcome for verdict in self.verdicts}
        lost = any(self.lost(side) for side in self.samples if side not in self.lossy)
        return not lost and "missed" not in outcomes and outcomes != {"unsteady"}


@dataclass(slots=True)
class Report:
    """A benchmark's sections."""

    name: str
    options: Options
    sections: list[Section] = field(default_factory=list)
    profiles: list[str] = field(default_factory=list)

    def section(self, title: str, unit: str) -> Section:
        """Add a workload."""
        made = Section(title, unit, self.options)
        self.sections.append(made)
        return made

    @property
    def ok(self) -> bool:
        """Whether every section is; a report without a section shows nothing and is not."""
        return bool(self.sections) and all(section.ok for section in self.sections)

    def as_dict(self) -> dict[str, object]:
        """For JSON: samples, verdicts and notes of every section."""
        return {
            "name": self.name,
            "ok": self.ok,
            "for_the_record": self.options.for_the_record,
            "sections": [
                {
                    "title": section.title,
                    "unit": section.unit,
                    "samples": {side: [asdict(one) for one in found] for side, found in section.samples.items()},
                    "lost": {side: section.lost(side) for side in section.samples},
                    "verdicts": [asdict(verdict) for verdict in section.verdicts],
                    "notes": section.notes,
                }
                for section in self.sections
            ],
        }
