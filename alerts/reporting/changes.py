"""What changed from one report to the next, in words (pure)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from alerts.sitreps.models import FIGURE_KEYS, SituationReport
from alerts.sitreps.words import figure_name, printed


def changes(old: SituationReport, new: SituationReport) -> list[str]:
    """Sentences that tell `new` from `old`, in the order of the questions; none when both say the same."""
    return [*_answer(old, new), *_figures(old, new), *_rest(old, new)]


def _answer(old: SituationReport, new: SituationReport) -> Iterator[str]:
    if old.answer != new.answer:
        yield _arrow(_("Answer"), old.get_answer_display(), new.get_answer_display())


def _figures(old: SituationReport, new: SituationReport) -> Iterator[str]:
    before = {figure.key: printed(figure.value, figure.high) for figure in old.figures.all()}
    after = {figure.key: printed(figure.value, figure.high) for figure in new.figures.all()}
    nothing = _("not reported")
    for key in FIGURE_KEYS:
        was, is_now = before.get(key, nothing), after.get(key, nothing)
        if was != is_now:
            yield _arrow(figure_name(key), was, is_now)


def _rest(old: SituationReport, new: SituationReport) -> Iterator[str]:
    nothing = _("not answered")
    for name, was, is_now in (
        (_("Local authorities contacted"), old.get_authorities_display(), new.get_authorities_display()),
        (_("Hospitals checked"), old.get_hospitals_display(), new.get_hospitals_display()),
        (_("Source of the figures"), old.get_source_display(), new.get_source_display()),
    ):
        if was != is_now:
            yield _arrow(name, was or nothing, is_now or nothing)
    if old.note != new.note:
        yield _arrow(_("Note"), old.note or "—", new.note or "—")


def _arrow(name: str, was: str, is_now: str) -> str:
    return f"{name}: {was} → {is_now}"
