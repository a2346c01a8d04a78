"""The one table that a benchmark prints."""

from tests.bench.harness import Report, Section, quartiles
from tests.bench.machine import describe


def rendered(report: Report) -> str:
    """Title, sections, machine, verdict."""
    lines = [f"bin/bench {report.name}"]
    if not report.options.for_the_record:
        lines.append(f"NOT FOR THE RECORD: {report.options.pairs} pairs, {_why(report)}")
    for section in report.sections:
        lines += ["", *_section(section)]
    lines += [f"\nProfile of {profile}" for profile in report.profiles]
    lines += ["", *describe(), "", f"bin/bench {report.name}: {'met' if report.ok else 'NOT met'}"]
    return "\n".join(lines)


def _why(report: Report) -> str:
    reasons = {"quick": report.options.quick, "profiled": report.options.profile}
    return ", ".join(reason for reason, so in reasons.items() if so) or "too few"


def _section(section: Section) -> list[str]:
    figures = list(dict.fromkeys(name for found in section.samples.values() for name in found[0].figures))
    head = ["", *figures, "done", "lost"]
    rows = [
        [side, *(_median(section, side, figure) for figure in figures), _done(section, side), f"{section.lost(side):,}"]
        for side in section.samples
    ]
    verdicts = [
        [one.what, one.target, f"{one.value:.3g}", f"{one.low:.3g}..{one.high:.3g}", one.outcome]
        for one in section.verdicts
    ]
    title = f"== {section.title} (medians of {section.options.pairs} runs; cpu a {section.unit}) =="
    judged = [["judged", "target", "median", "quartiles", ""], *verdicts] if verdicts else []
    return [title, *_aligned([head, *rows]), *_aligned(judged), *(f"   {note}" for note in section.notes)]


def _median(section: Section, side: str, figure: str) -> str:
    values = [sample.figures[figure] for sample in section.samples[side] if figure in sample.figures]
    return _short(quartiles(values)[1]) if values else "-"


def _done(section: Section, side: str) -> str:
    return f"{sum(sample.done for sample in section.samples[side]):,}"


def _short(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _aligned(rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    first, *others = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(("  ", row[0].ljust(first), *map(str.rjust, row[1:], others))) for row in rows]
