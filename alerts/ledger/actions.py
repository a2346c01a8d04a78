"""Every change to the official figures: a named verifier chooses, with a reason; nothing is ever overwritten."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis
from alerts.crises.queries import hearing
from alerts.figures.keys import FIGURE_KEYS
from alerts.ladders.actions import end_steps
from alerts.ladders.models import Ladder
from alerts.ledger.models import OfficialFigure
from alerts.ledger.rules import may_choose
from alerts.sitreps.models import ReportedFigure, SituationReport
from commandcenter.access.reader import Reader
from commandcenter.events.record import record
from commandcenter.problems import Refusal, clean_text

LONGEST_REASON = 400


@transaction.atomic
def choose(
    *,
    actor: Reader,
    at: datetime,
    crisis: Crisis,
    key: str,
    reported_figure: ReportedFigure,
    reason: str,
    expected_version: int | None = None,
) -> OfficialFigure:
    """Make one reported figure the official one of its cell.

    `expected_version` is the version the verifier saw (0: none yet); a newer one refuses with 409.
    Choosing what is already chosen changes nothing.
    """
    why = _reason(reason)
    _refuse_strangers(actor, crisis)
    locked = Crisis.objects.select_for_update(no_key=True).get(pk=crisis.pk)
    _refuse_foreign(locked, key, reported_figure)
    return _append(actor, at, locked, key, reported_figure, why, expected_version)


@transaction.atomic
def choose_row(
    *,
    actor: Reader,
    at: datetime,
    crisis: Crisis,
    report: SituationReport,
    keys: Iterable[str],
    reason: str,
    expected_versions: Mapping[str, int] | None = None,
) -> list[OfficialFigure]:
    """Make several figures of one report official at once, all or none of them."""
    why = _reason(reason)
    _refuse_strangers(actor, crisis)
    locked = Crisis.objects.select_for_update(no_key=True).get(pk=crisis.pk)
    figures = {figure.key: figure for figure in report.figures.select_related("report")}
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        raise Refusal("keys", _("Choose at least one figure."))
    if not set(wanted) <= set(figures):
        raise Refusal("keys", _("The report has no such figure."))
    for key in wanted:
        _refuse_foreign(locked, key, figures[key])
    seen = expected_versions or {}
    return [_append(actor, at, locked, key, figures[key], why, seen.get(key)) for key in wanted]


@transaction.atomic
def withdraw(
    *, actor: Reader, at: datetime, crisis: Crisis, key: str, reason: str, expected_version: int | None = None
) -> OfficialFigure:
    """Take one official figure back: a new version without a value. It reads "not yet reported", never 0."""
    why = _reason(reason)
    _refuse_strangers(actor, crisis)
    locked = Crisis.objects.select_for_update(no_key=True).get(pk=crisis.pk)
    current = _current(locked, key)
    if current is None or current.chosen_id is None:
        raise Refusal("key", _("No official figure was chosen here."), status=409, code="conflict")
    return _append(actor, at, locked, key, None, why, expected_version)


def _reason(reason: str) -> str:
    why = clean_text(reason, field="reason", max_length=LONGEST_REASON)
    if not why:
        raise Refusal("reason", _("Say why, in a few words."))
    return why


def _refuse_strangers(actor: Reader, crisis: Crisis) -> None:
    if not may_choose(actor, crisis):
        raise Refusal("", _("Only a verifier may choose official figures."), status=403, code="forbidden")


def _refuse_foreign(crisis: Crisis, key: str, figure: ReportedFigure) -> None:
    if key not in FIGURE_KEYS or figure.key != key or figure.report.crisis_id != crisis.pk:
        raise Refusal("figure", _("This figure does not belong to this cell of this crisis."))
    newer = figure.report.replaced_by.order_by("number").first()
    if newer is not None:
        words = format_lazy(_("This report was replaced by report #{number}."), number=newer.number)
        raise Refusal("figure", words, status=409, code="conflict")


def _current(crisis: Crisis, key: str) -> OfficialFigure | None:
    newest = OfficialFigure.objects.filter(crisis=crisis, key=key).order_by("-version")
    return newest.select_related("chosen", "verifier").first()


def _append(
    actor: Reader,
    at: datetime,
    crisis: Crisis,
    key: str,
    figure: ReportedFigure | None,
    reason: str,
    expected: int | None,
) -> OfficialFigure:
    """The next version of a cell, and its event; the caller holds the lock on the crisis."""
    current = _current(crisis, key)
    version = current.version if current else 0
    if current and figure and current.chosen_id == figure.pk:
        return current
    if current and expected is not None and expected != version:
        raise _overtaken(current)
    made = OfficialFigure.objects.create(
        crisis=crisis, key=key, version=version + 1, chosen=figure, verifier_id=actor.user_id, at=at, reason=reason
    )
    end_steps(at=at, ladder=Ladder.VERIFICATION, ref=crisis.pk)
    record(
        kind="figure.chosen",
        object_id=f"{crisis.slug}/{key}",
        version=made.version,
        at=at,
        actor=actor,
        audiences=hearing(crisis),
        exercise=crisis.exercise,
        data={"key": key, "figure": made.pk, "report": figure.report.number if figure else None},
        crisis=crisis.slug,
    )
    return made


def _overtaken(current: OfficialFigure) -> Refusal:
    name = current.verifier.shown_name
    if current.chosen is None:
        words = format_lazy(
            _("{name} withdrew this figure meanwhile (v{version})."), name=name, version=current.version
        )
    else:
        value, version = current.chosen.value, current.version
        words = format_lazy(_("{name} chose {value} meanwhile (v{version})."), name=name, value=value, version=version)
    return Refusal("expected_version", words, status=409, code="conflict")
