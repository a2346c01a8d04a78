"""The words of the codes that cards carry, in the language of the page."""

from typing import Any

from django.utils.translation import gettext, gettext_lazy, pgettext

from alerts.crises.models import CrisisKind, CrisisLevel
from alerts.emergencies.models import Nature
from alerts.sitreps.words import MARK_WORDS
from commandcenter.access.queries import desk_names
from missions.directory.models import Kind, Precision
from missions.directory.queries import directory
from missions.headcounts.models import Estimator

# Seconds until the age of a queue row is marked: the goals of domain.md section 5 and ux.md 3.5.
LIMITS = {1: 120, 2: 300}
RESULT_STOPPED = gettext_lazy("More than {n} emergencies; {m} of those listed on the map, {k} without coordinates")
RESULT = gettext_lazy("{n} emergencies, {m} on the map, {k} without coordinates")


def names() -> dict[str, dict[Any, str]]:
    """Words by table and code: the browser prints these, it has none of its own."""
    held = directory()
    return {
        "natures": _labels(Nature),
        "priorities": {
            1: pgettext("priority", "Critical"),
            2: pgettext("priority", "High"),
            3: pgettext("priority", "Medium"),
            4: pgettext("priority", "Info"),
        },
        "countries": {code: country.name for code, country in held.countries.items()} | {"": gettext("Place unknown")},
        "missions": {code: mission.name for code, mission in held.missions.items()} | {"": gettext("DCC")},
        "desks": dict(desk_names()),
        "kinds": _labels(Kind),
        "precisions": _labels(Precision),
        "marks": {mark: str(word) for mark, word in MARK_WORDS.items()},
        "estimators": _labels(Estimator),
        "levels": _labels(CrisisLevel),
        "crises": _labels(CrisisKind),
    }


def _labels(choices: Any) -> dict[Any, str]:
    return {value: str(label) for value, label in choices.choices}
