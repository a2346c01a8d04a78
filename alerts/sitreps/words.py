"""How this room says things: names of figures, ranges, marks."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alerts.demands.deadlines import Mark
from alerts.figures.keys import figure_name, printed
from alerts.sitreps.models import FIGURE_KEYS, ReportedFigure, SituationReport
from commandcenter.figures import Figure

__all__ = ["MARK_WORDS", "figure_name", "figures_of", "missing_of", "printed"]

MARK_WORDS: dict[Mark, str | Promise] = {
    "silent": _("Has not reported"),
    "overdue": _("Overdue"),
    "waiting": pgettext_lazy("report request", "Waiting"),
    "checking": _("Checking"),
    "none": _("Not asked"),
    "reported": pgettext_lazy("report request", "Reported"),
}


def figures_of(report: SituationReport) -> list[tuple[str, Figure]]:
    """Every figure of a report with its name, in the order of the questions."""
    told = {figure.key: figure for figure in report.figures.all()}
    return [(figure_name(key), _figure(report, told[key])) for key in FIGURE_KEYS if key in told]


def missing_of(report: SituationReport) -> list[str]:
    """The names of figures that the report leaves open."""
    told = {figure.key for figure in report.figures.all()}
    return [figure_name(key) for key in FIGURE_KEYS if key not in told]


def _figure(report: SituationReport, figure: ReportedFigure) -> Figure:
    return Figure(
        value=figure.value,
        high=figure.high,
        source=report.get_source_display(),
        status="reported",
        as_of=report.as_of,
        reporter=report.reporter.shown_name,
        version=report.number,
    )
