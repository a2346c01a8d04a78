"""Reads: what differs now or at a past instant, which of it is settled, what differed before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis
from alerts.differences.models import DifferenceVerdict, Verdict
from alerts.differences.shapes import Item, Judged, State
from alerts.figures import detectors
from alerts.figures.detectors import Chosen, Difference, Row
from alerts.figures.keys import PRESENT, WNI_KEYS
from alerts.ledger import queries as ledger
from alerts.ledger.models import OfficialFigure
from alerts.sitreps.models import ReportedFigure, SituationReport
from commandcenter.problems import filled


@dataclass(frozen=True, slots=True)
class _Past:
    """All that a crisis' differences follow from: reported figures, choices and verdicts, oldest first."""

    rows: tuple[Row, ...]
    corrections: dict[int, tuple[int, datetime]]
    choices: tuple[OfficialFigure, ...]
    verdicts: tuple[DifferenceVerdict, ...]

    def rows_at(self, at: datetime | None, among: Sequence[Row]) -> list[Row]:
        """Those that had arrived, each knowing whether it still stood."""
        arrived = [row for row in among if at is None or (row.filed_at or at) <= at]
        return [self._stood(row, at) for row in arrived]

    def _stood(self, row: Row, at: datetime | None) -> Row:
        number, filed_at = self.corrections.get(row.report, (0, None))
        if filed_at is None or (at is not None and filed_at > at):
            return row
        return replace(row, stands=False, replaced_by=number)

    def official_at(self, at: datetime | None) -> dict[str, OfficialFigure]:
        """The newest version of each cell; a withdrawn one has none chosen."""
        return {row.key: row for row in self.choices if at is None or row.at <= at}

    def verdicts_at(self, at: datetime | None) -> dict[str, DifferenceVerdict]:
        """The newest verdict on each difference."""
        return {row.about: row for row in self.verdicts if at is None or row.at <= at}


def differences(crisis: Crisis, until: datetime | None = None) -> list[Item]:
    """Everything that does not fit (as it stood at `until`), the gravest kind first; settled ones say by whom."""
    past = _past(crisis)
    rows = past.rows_at(until, past.rows)
    official, verdicts = past.official_at(until), past.verdicts_at(until)
    found = detectors.find(rows, _cells(official.values()))
    return [_judged(one, _since(one, rows), official, verdicts) for one in found]


def unsettled(crisis: Crisis, until: datetime | None = None) -> list[Item]:
    """What nobody settled yet."""
    return [item for item in differences(crisis, until) if item.is_open]


def differences_on_official(crisis: Crisis, at: datetime) -> list[Item]:
    """Unsettled differences on an official figure at that moment: each is an alarm P2 (ux.md 3.5), due since `since`.

    Differences of a set count when one of the set's figures is official.
    """
    official = {
        key: cell.report for key, cell in ledger.official(crisis, at).items() if cell.value is not None and cell.report
    }
    return [item for item in unsettled(crisis, at) if _touches(item.difference, official)]


def _touches(difference: Difference, official: dict[str, int]) -> bool:
    if difference.kind != "exceed":
        return difference.key in official
    return any(official.get(key) in difference.reports for key in (PRESENT, *WNI_KEYS))


def between(crisis: Crisis, first: int, second: int) -> list[Item]:
    """What differs, or differed once, between two reports."""
    return [item for item in history(crisis) if set(item.reports) == {first, second}]


def history(crisis: Crisis, until: datetime | None = None) -> list[Item]:
    """Every difference there ever was (by `until`), the newest first; those that stand are as `differences` says.

    Figures of two missions are compared only through an official one, so each mission is replayed by itself, and
    each figure that ever was official.
    """
    past = _past(crisis)
    now = {item.difference.about: item for item in differences(crisis, until)}
    seen: dict[str, Item] = {}
    moments = sorted({row.filed_at for row in past.rows if row.filed_at} | {row.at for row in past.choices})
    moments = [moment for moment in moments if until is None or moment <= until]
    for mission in sorted({row.mission for row in past.rows}):
        _replay(past, [row for row in past.rows if row.mission == mission], "", moments, seen)
    for key in sorted({row.key for row in past.choices}):
        _replay(past, [row for row in past.rows if row.key == key], key, moments, seen)
    told = [now.get(about) or item for about, item in seen.items()]
    return sorted(told, key=lambda item: (item.since, item.difference.second.report), reverse=True)


def _replay(past: _Past, mine: list[Row], key: str, moments: list[datetime], seen: dict[str, Item]) -> None:
    """What these rows differed in at each moment that concerns them; with a key only against its official cell."""
    own = {row.filed_at for row in mine} | {row.at for row in past.choices if row.key == key}
    own |= {filed_at for _number, filed_at in past.corrections.values()}
    open_before: set[str] = set()
    for moment in (one for one in moments if one in own):
        rows, official, verdicts = past.rows_at(moment, mine), past.official_at(moment), past.verdicts_at(moment)
        cells = _cells([official[key]] if key in official else [])
        found = list(detectors.official_older(rows, cells)) if key else detectors.find(rows)
        for one in found:
            seen[one.about] = _judged(one, _since(one, rows), official, verdicts)
        stands = {one.about for one in found}
        for about in open_before - stands:
            seen[about] = _ended(seen[about], moment, past)
        open_before = stands


def _ended(item: Item, at: datetime, past: _Past) -> Item:
    """The difference after the report or the choice that ended it."""
    fixes = [past.corrections[number] for number in item.reports if number in past.corrections]
    fixed = next((number for number, filed_at in fixes if filed_at <= at), None)
    words: str | Promise = _("A newer report came.")
    if any(row.at == at for row in past.choices):
        words = _("The official figure was chosen anew.")
    elif fixed:
        words = filled(_("Corrected by report #%(n)d."), n=fixed)
    verdict = past.verdicts_at(at).get(item.difference.about)
    judged = _verdict(verdict) if verdict and verdict.verdict == Verdict.ACCEPTED else item.judged
    return replace(item, state="ended", judged=judged, ended_at=at, ended_by=words)


def _past(crisis: Crisis) -> _Past:
    """Three queries, whatever there is."""
    figures = ReportedFigure.objects.filter(report__crisis=crisis).select_related("report__replaces")
    told = list(figures.order_by("report__number", "key"))
    fixes = SituationReport.objects.filter(crisis=crisis, replaces__isnull=False).order_by("number")
    corrections = {
        was: (number, filed_at) for was, number, filed_at in fixes.values_list("replaces__number", "number", "filed_at")
    }
    choices = OfficialFigure.objects.filter(crisis=crisis).select_related("chosen__report", "verifier")
    verdicts = DifferenceVerdict.objects.filter(crisis=crisis).select_related("verifier")
    return _Past(
        rows=tuple(_plain(figure) for figure in told),
        corrections=corrections,
        choices=tuple(choices.order_by("version")),
        verdicts=tuple(verdicts.order_by("version")),
    )


def _plain(figure: ReportedFigure) -> Row:
    report = figure.report
    return Row(
        report=report.number,
        mission=report.mission_id,
        source=report.source,
        as_of=report.as_of,
        key=figure.key,
        value=figure.value,
        high=figure.high,
        replaced_as_of=report.replaces.as_of if report.replaces else None,
        filed_at=report.filed_at,
    )


def _cells(official: Iterable[OfficialFigure]) -> list[Chosen]:
    return [Chosen(row.key, row.chosen.report.number, row.at) for row in official if row.chosen]


def _since(difference: Difference, rows: Sequence[Row]) -> datetime:
    """When both sides had said what they say now; an official figure has always been said."""
    sides = [difference.second] if difference.kind == "official" else [difference.first, difference.second]
    begun = [_begun(side, rows) for side in sides]
    return max(moment for moment in begun if moment is not None)


def _begun(side: Row, rows: Sequence[Row]) -> datetime | None:
    """The arrival of the first of the reports that say the same without a break up to this one."""
    own = [row for row in rows if row.report == side.report]
    filed_at = next((row.filed_at for row in own), side.filed_at)
    same = [row for row in rows if (row.mission, row.source, row.key) == (side.mission, side.source, side.key)]
    for row in sorted(same, key=lambda row: (row.as_of, row.report), reverse=True):
        if (row.as_of, row.report) > (side.as_of, side.report) or not row.stands:
            continue
        if (row.value, row.top) != (side.value, side.top):
            break
        filed_at = min(filed_at, row.filed_at) if filed_at and row.filed_at else filed_at
    return filed_at


def _judged(
    difference: Difference,
    since: datetime,
    official: dict[str, OfficialFigure],
    verdicts: dict[str, DifferenceVerdict],
) -> Item:
    """Settled by a verdict, or by a choice that was made when both sides were known."""
    verdict = verdicts.get(difference.about)
    state: State = "open"
    judged = Judged(version=verdict.version if verdict else 0)
    cell = official.get(difference.key)
    if verdict and verdict.verdict == Verdict.ACCEPTED:
        state, judged = "accepted", _verdict(verdict)
    elif difference.kind != "exceed" and cell and cell.chosen_id and cell.at >= max(since, _reopened(verdict, since)):
        state = "chosen"
        judged = Judged(cell.verifier.shown_name, cell.at, cell.reason, judged.version)
    return Item(difference, since, state, judged)


def _reopened(verdict: DifferenceVerdict | None, since: datetime) -> datetime:
    """A verifier who opens a difference again opens it also for earlier choices."""
    return verdict.at if verdict else since


def _verdict(row: DifferenceVerdict) -> Judged:
    return Judged(row.verifier.shown_name, row.at, row.reason, row.version)
