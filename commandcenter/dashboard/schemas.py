"""The shape of what the map asks."""

import math

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from alerts.cells.queries import Box
from commandcenter.problems import Refusal

CLOSEST = 20


class ViewIn(Schema):
    """A view of the map; the other fields narrow it as the filter bar does."""

    bbox: str = Field(description="west,south,east,north in degrees; west above east crosses the antimeridian")
    zoom: int = Field(ge=0, le=CLOSEST, description="as web maps count it: 256 px hold the world at 0")
    state: str = "open"
    priority: str = ""
    country: str = ""
    mission: str = ""
    crisis: str = ""
    q: str = ""

    def as_box(self) -> Box:
        """The view, or a refusal that says what is wrong with it."""
        try:
            west, south, east, north = (float(part) for part in self.bbox.split(","))
        except ValueError:
            raise Refusal("bbox", _("Give four numbers: west,south,east,north.")) from None
        if not all(math.isfinite(edge) for edge in (west, south, east, north)):
            raise Refusal("bbox", _("This must be a finite number."))
        if not (-180 <= west <= 180 and -180 <= east <= 180):
            raise Refusal("bbox", _("West and east lie from -180 to 180."))
        if not -90 <= south <= north <= 90:
            raise Refusal("bbox", _("South and north lie from -90 to 90, south not above north."))
        return Box(west, south, east, north)
