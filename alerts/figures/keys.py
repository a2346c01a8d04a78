"""The keys of figures: one per state of people, WNI and all nationalities apart (domain.md rule 2)."""

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from commandcenter import wording


class Category(models.TextChoices):
    """Mutually exclusive states of people (domain.md rule 2)."""

    DEAD = "dead", _("Dead")
    SERIOUSLY_INJURED = "seriously_injured", _("Seriously injured")
    SLIGHTLY_INJURED = "slightly_injured", _("Slightly injured")
    MISSING = "missing", _("Missing")
    DETAINED = "detained", _("Detained or hostage")
    NOT_REACHED = "not_reached", _("Not yet reached")
    SAFE = "safe", _("Safe")


class Source(models.TextChoices):
    """Where the mission has its figures from, in the order of the rows; never summed across (domain.md rule 1)."""

    MISSION = "mission", _("Mission")
    AUTHORITY = "authority", _("Local authority")
    HOSPITAL = "hospital", _("Hospital")
    RED_CROSS = "red_cross", _("Red Cross")
    FAMILY = "family", pgettext_lazy("source of figures", "Family")
    COMMUNITY = "community", _("Community")
    MEDIA = "media", _("Media")


PRESENT = "wni.present"
WNI_KEYS = tuple(f"wni.{category}" for category in Category)
ALL_KEYS = tuple(f"all.{category}" for category in Category)
FIGURE_KEYS = (PRESENT, *ALL_KEYS, *WNI_KEYS)
DEATHS = (f"wni.{Category.DEAD}", f"all.{Category.DEAD}")


def figure_name(key: str) -> str:
    """ "WNI · Meninggal", "Semua warga · Hilang", "WNI di wilayah"."""
    if key == PRESENT:
        return gettext("WNI in the area")
    group, _dot, category = key.partition(".")
    return f"{gettext('WNI') if group == 'wni' else gettext('All nationalities')} · {Category(category).label}"


def printed(value: int, high: int | None) -> str:
    """ "2", or a range "2-3" with an en dash."""
    return wording.number(value) if high is None else f"{wording.number(value)}–{wording.number(high)}"
