"""Django finds models here; they live in the rooms."""

from missions.countries.models import Country, ReferenceVersion
from missions.directory.models import ConsularArea, Mission
from missions.headcounts.models import Headcount

__all__ = ["ConsularArea", "Country", "Headcount", "Mission", "ReferenceVersion"]
