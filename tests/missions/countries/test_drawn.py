"""What maps and frames get of an area: the same place with fewer corners."""

import json

from missions.countries import geo


def test_a_country_is_drawn_with_a_fraction_of_its_corners():
    whole = geo.countries_area(["NO", "ID"])
    drawn = geo.drawn(whole)
    assert len(json.dumps(drawn)) < len(json.dumps(whole)) / 2
    assert geo.contains(drawn, -6.2, 106.82)
    assert geo.contains(drawn, 59.91, 10.75)


def test_a_small_circle_keeps_its_shape():
    drawn = geo.drawn(geo.circle(22.45, 114.17, 5))
    assert geo.contains(drawn, 22.49, 114.17)
    assert not geo.contains(drawn, 22.5, 114.17)
