"""What is new in the five answers since a moment: old, new, and when. Reads what the page shows, and the past."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alerts.answers.people import counted
from alerts.answers.queries import contacts, ledger_changed_at
from alerts.answers.shapes import Answers, ContactAnswer, FigureAnswer
from alerts.boards.queries import BoardRow
from alerts.crises.models import Crisis
from alerts.figures.course import Step
from alerts.figures.keys import PRESENT, WNI_KEYS, figure_name
from alerts.ledger.shapes import Line
from alerts.persons.queries import ledger
from alerts.persons.shapes import Ledger
from commandcenter.access.reader import Reader
from commandcenter.figures import Figure


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise than it was. A figure has `old` and `new`, anything else says it in words."""

    at: datetime
    name: str
    old: Figure | None = None
    new: Figure | None = None
    was: str = ""
    word: str = ""


def changes(reader: Reader, crisis: Crisis, answers: Answers, since: datetime) -> list[Change]:
    """Everything that changed after `since`, the newest first. A set that is withheld changes nothing on the page."""
    found = [*_figures(answers, since), *_withdrawn(answers, since), *_missions(answers, since)]
    found += _ledger(answers.ledger, ledger(crisis, at=since), ledger_changed_at(crisis))
    for field, name in (("authorities", _("Local authorities contacted")), ("hospitals", _("Hospitals checked"))):
        now: tuple[ContactAnswer, ...] = getattr(answers, field)
        found += _contacts(name, now, contacts(reader, crisis, field, since), since)
    return sorted(found, key=lambda change: change.at, reverse=True)


def _figures(answers: Answers, since: datetime) -> Iterator[Change]:
    for answer in (answers.present, answers.victims, answers.nationals):
        for line in _lines(answer):
            at = line.course.changed_at
            if at is not None and at > since:
                yield Change(at, _name(line), _as_figure(line.course.known(since), line), line.figure)


def _lines(answer: FigureAnswer) -> Iterator[Line]:
    yield from answer.official
    for told in answer.reported:
        yield from told.lines


def _name(line: Line) -> str:
    name = figure_name(line.column.key)
    return name if line.chosen_at else f"{name} · {line.figure.source}"


def _as_figure(step: Step | None, line: Line) -> Figure:
    """What stood then, as a figure of the same source; null when nobody had said it yet."""
    if step is None or step.value is None:
        return Figure(None, line.figure.source)
    return Figure(step.value, line.figure.source, line.figure.status, step.as_of, "", step.number, step.high)


def _withdrawn(answers: Answers, since: datetime) -> Iterator[Change]:
    """Official figures that a verifier took back."""
    hidden = {PRESENT, *WNI_KEYS} if answers.nationals.withheld else set()
    for key, course in answers.courses.items():
        step, before = course.steps[-1], course.known(since)
        gone = step.value is None and step.at > since
        if gone and before is not None and before.value is not None and key not in hidden:
            source = pgettext("change", "official")
            old = Figure(before.value, source, "verified", before.as_of, "", before.number, before.high)
            yield Change(step.at, figure_name(key), old, Figure(None))


def _ledger(now: Ledger, before: Ledger, at: datetime | None) -> Iterator[Change]:
    """States with another number of people; a ledger that contradicts itself, now or then, is no set to compare."""
    if at is None or now.check.is_contradiction or before.check.is_contradiction:
        return
    was = {one.state: one.n for one in before.counts}
    for one in now.counts:
        if one.n != was.get(one.state, 0):
            name = f"{_('Ledger')} · {one.word}"
            yield Change(at, name, counted(before, was.get(one.state, 0)), counted(now, one.n))


def _missions(answers: Answers, since: datetime) -> Iterator[Change]:
    """Missions that answered, and missions whose time ran out."""
    for row in answers.asked:
        request = row.request
        if request is not None and request.answered_at is not None and request.answered_at > since:
            yield Change(request.answered_at, row.mission.name, word=_("has reported (%(took)s)") % {"took": row.took})
        late = _late_since(row)
        if late is not None and late > since:
            yield Change(late, row.mission.name, word=str(row.word))


def _late_since(row: BoardRow) -> datetime | None:
    """Since when the mission owes a report that is late."""
    if row.mark not in {"silent", "overdue"} or row.request is None:
        return None
    return row.next_due_at or row.request.due_at


def _contacts(
    name: str, now: tuple[ContactAnswer, ...], before: tuple[ContactAnswer, ...], since: datetime
) -> Iterator[Change]:
    known = {answer.mission: answer.word for answer in before}
    for answer in now:
        if answer.word != known.get(answer.mission):
            was = known.get(answer.mission, _("not yet reported"))
            yield Change(answer.filed_at, f"{name} · {answer.mission}", was=was, word=answer.word)
