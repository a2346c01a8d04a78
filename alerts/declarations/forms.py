"""The shape of a declaration: name, kind, level, lead, and an area given in one of four ways."""

import hashlib
import json
import re
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from alerts.crises import queries as crises
from alerts.crises.forms import cleaned
from alerts.crises.models import NAME_LENGTH, AreaSource, CrisisKind, CrisisLevel
from alerts.declarations import queries
from commandcenter.access.models import User
from commandcenter.problems import Refusal, filled
from missions.countries import geo

MAX_GEOJSON = 800_000  # bytes; under DATA_UPLOAD_MAX_MEMORY_SIZE together with the other fields
MAX_POINTS = 2_000
NUMBER = r"[+-]?\d{1,4}(?:[.,]\d{1,12})?"
POINT = re.compile(rf"\s*({NUMBER})\s*[;,\s]\s*({NUMBER})\s*", re.ASCII)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Choice of a person by the name on screens."""

    def label_from_instance(self, obj: User) -> str:
        """The name on screens."""
        return obj.shown_name


class DeclareForm(forms.Form):
    """After is_valid(), or as soon as the area alone is right: `area` (GeoJSON) and `countries` (ISO codes)."""

    name = forms.CharField(label=_("Name of the crisis"), max_length=NAME_LENGTH)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *CrisisKind.choices])
    level = forms.TypedChoiceField(
        label=_("Level"),
        choices=CrisisLevel.choices,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("Level I is the gravest"),
    )
    lead = PersonField(label=_("Lead"), queryset=User.objects.none(), empty_label=None)
    area_source = forms.ChoiceField(label=_("Area given by"), choices=AreaSource.choices, widget=forms.RadioSelect)
    points = forms.CharField(
        label=_("Corners of the area"),
        help_text=_("One corner a line: latitude, longitude. At least three."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    countries = forms.MultipleChoiceField(label=_("Countries"), required=False, widget=forms.CheckboxSelectMultiple)
    lat = forms.CharField(label=_("Latitude"), max_length=24, required=False)
    lon = forms.CharField(label=_("Longitude"), max_length=24, required=False)
    radius_km = forms.CharField(label=_("Radius (km)"), max_length=24, required=False)
    geojson = forms.CharField(
        label=_("GeoJSON text"),
        help_text=_("Polygon, MultiPolygon, Feature or FeatureCollection in WGS 84, at most 800 kB."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    geojson_file = forms.FileField(label=_("or a GeoJSON file"), required=False, allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = crises.leads()  # type: ignore[attr-defined]
        self.fields["countries"].choices = queries.country_names()  # type: ignore[attr-defined]
        for name in ("lat", "lon", "radius_km"):
            self.fields[name].widget.attrs.update(inputmode="decimal", autocomplete="off")
        self.area: geo.GeoJSON | None = None
        self.codes: list[str] = []

    @property
    def digest(self) -> str:
        """Names the area and countries, to tell whether the preview still shows what will be declared."""
        text = json.dumps([self.area, self.codes], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def clean_name(self) -> str:
        """Without control characters."""
        return cleaned(self.cleaned_data["name"], "name", NAME_LENGTH)

    def clean(self) -> dict[str, Any]:
        """Make the area in the chosen way; a refusal goes to the field it is about."""
        source = self.cleaned_data.get("area_source", "")
        makers = {
            AreaSource.DRAW: self._drawn,
            AreaSource.COUNTRIES: self._of_countries,
            AreaSource.RADIUS: self._around,
            AreaSource.GEOJSON: self._pasted,
        }
        if source in makers:
            try:
                self.area = makers[AreaSource(source)]()
                self.codes = self.codes or geo.countries_in(self.area)
            except Refusal as refusal:
                self.area = None
                self._refused(refusal, HOME_FIELD[AreaSource(source)])
        return self.cleaned_data

    def _refused(self, refusal: Refusal, home: str) -> None:
        """Put the sentence at its field; a path inside a GeoJSON document goes in front of it."""
        path = refusal.error.field
        field = path.rpartition(".")[2]
        if field in self.fields:
            self.add_error(field, str(refusal.error.message))
        elif path.partition(".")[2]:
            self.add_error(home, f"{path.partition('.')[2]}: {refusal.error.message}")
        else:
            self.add_error(home, str(refusal.error.message))

    def _drawn(self) -> geo.GeoJSON:
        lines = [line for line in self.cleaned_data.get("points", "").splitlines() if line.strip()]
        if len(lines) > MAX_POINTS:
            raise Refusal("points", filled(_("At most %(n)d corners."), n=MAX_POINTS))
        ring = [_position(line, number) for number, line in enumerate(lines, 1)]
        if len(set(ring)) < 3:
            raise Refusal("points", _("An area needs at least three corners."))
        return geo.clean_area({"type": "Polygon", "coordinates": [[list(p) for p in (*ring, ring[0])]]}, field="points")

    def _of_countries(self) -> geo.GeoJSON:
        codes = self.cleaned_data.get("countries", [])
        if not codes:
            raise Refusal("countries", _("Choose at least one country."))
        self.codes = sorted(set(codes))
        return geo.countries_area(self.codes)

    def _around(self) -> geo.GeoJSON:
        lat, lon, radius = (self._measure(name) for name in ("lat", "lon", "radius_km"))
        return geo.circle(lat, lon, radius)

    def _measure(self, field: str) -> float:
        text = self.cleaned_data.get(field, "").strip()
        if not re.fullmatch(NUMBER, text, re.ASCII):
            raise Refusal(field, _("A number is needed here, such as 22.45."))
        return float(text.replace(",", "."))

    def _pasted(self) -> geo.GeoJSON:
        file = self.cleaned_data.get("geojson_file")
        text = _text_of(file) if file else self.cleaned_data.get("geojson", "")
        if not text.strip():
            raise Refusal("geojson", _("Paste GeoJSON here, or choose a file."))
        if len(text.encode()) > MAX_GEOJSON:
            raise Refusal("geojson", _("The area is too large (at most 800 kB)."))
        if file:  # a page cannot give a file back to its form: the text goes on
            self.data = kept = cast("QueryDict", self.data).copy()
            kept["geojson"] = text
        return geo.clean_area(text, field="geojson")


HOME_FIELD = {
    AreaSource.DRAW: "points",
    AreaSource.COUNTRIES: "countries",
    AreaSource.RADIUS: "radius_km",
    AreaSource.GEOJSON: "geojson",
}


def _position(line: str, number: int) -> tuple[float, float]:
    """(longitude, latitude) of a line such as "22.45, 114.17"; a decimal comma is understood."""
    found = POINT.fullmatch(line)
    if found is None:
        raise Refusal("points", filled(_("Line %(n)d is not “latitude, longitude”."), n=number))
    lat, lon = (float(text.replace(",", ".")) for text in found.groups())
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        outside = _("Line %(n)d is outside the world: latitude -90 to 90, longitude -180 to 180.")
        raise Refusal("points", outside % {"n": number})
    return lon, lat


def _text_of(file: UploadedFile) -> str:  # type: ignore[type-arg]
    if (file.size or 0) > MAX_GEOJSON:
        raise Refusal("geojson", _("The area is too large (at most 800 kB)."))
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("geojson", _("The file is not text in UTF-8.")) from error
