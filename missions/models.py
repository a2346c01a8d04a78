"""Django finds models here; they live in the rooms."""

from missions.countries.models import Country, ReferenceVersion
from missions.directory.models import ConsularArea, Mission
from missions.headcounts.models import Headcount
from missions.registry.models import Citizen, Trace, Upload
from missions.roster.models import CalendarLink, NumberTest, Shift, ShiftSwap

__all__ = [
    "CalendarLink",
    "Citizen",
    "ConsularArea",
    "Country",
    "Headcount",
    "Mission",
    "NumberTest",
    "ReferenceVersion",
    "Shift",
    "ShiftSwap",
    "Trace",
    "Upload",
]
