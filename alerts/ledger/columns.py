"""The columns of the figures: Indonesians in the area and the seven categories, with their short heads (ux.md 6)."""

from django.utils.translation import gettext, pgettext

from alerts.figures.keys import ALL_KEYS, PRESENT, WNI_KEYS, Category, figure_name
from alerts.ledger.shapes import Column


def _short() -> dict[str, str]:
    return {
        Category.DEAD: pgettext("column", "Dead"),
        Category.SERIOUSLY_INJURED: pgettext("column", "Serious"),
        Category.SLIGHTLY_INJURED: pgettext("column", "Slight"),
        Category.MISSING: pgettext("column", "Missing"),
        Category.DETAINED: pgettext("column", "Detained"),
        Category.NOT_REACHED: pgettext("column", "Not reached"),
        Category.SAFE: pgettext("column", "Safe"),
    }


def column(key: str) -> Column:
    """The column of one figure key, in the language of the page."""
    if key == PRESENT:
        return Column(key, pgettext("column", "In the area"), gettext("WNI in the area"), figure_name(key))
    category = key.partition(".")[2]
    return Column(key, _short()[Category(category)], str(Category(category).label), figure_name(key))


NATIONALS = (PRESENT, *WNI_KEYS)
EVERYBODY = ALL_KEYS
