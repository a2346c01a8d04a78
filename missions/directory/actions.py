"""Changes to missions and consular areas."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from missions.countries.actions import bring_in_line, stamp_reference
from missions.countries.tables import Changes, Row, number, read_table, words
from missions.directory.models import ConsularArea, Mission

REFERENCE = Path(__file__).parent / "reference"


def load_missions() -> Changes:
    """Bring the missions in line with their table; whether one is open is only set once."""
    rows = [_mission(row) for row in read_table(REFERENCE / "missions.csv")]
    return bring_in_line(model=Mission, rows=rows, key=["code"], first_only=["is_open"])


def load_consular_areas() -> Changes:
    """Bring the consular areas in line with their table; rows that left the table are removed."""
    rows = [_area(row) for row in read_table(REFERENCE / "consular_areas.csv")]
    return bring_in_line(
        model=ConsularArea, rows=rows, key=["mission_id", "country_id", "part", "relation"], remove=True
    )


@transaction.atomic
def set_open(*, mission: Mission, is_open: bool, at: datetime) -> None:
    """Open or close a mission; the choice of the responsible mission follows at once."""
    Mission.objects.filter(pk=mission.pk).update(is_open=is_open)
    mission.is_open = is_open
    stamp_reference(at=at)


def _mission(row: dict[str, str]) -> Row:
    plain = {name: value for name, value in row.items() if name not in {"host_country", "operating_country"}}
    return {
        **plain,
        "host_country_id": row["host_country"],
        "operating_country_id": row["operating_country"],
        "lat": number(row["lat"]),
        "lon": number(row["lon"]),
        "phones": words(row["phones"], ";"),
        "hotlines": words(row["hotlines"], ";"),
        "organisations": words(row["organisations"], ";"),
        "is_open": row["is_open"] == "1",
    }


def _area(row: dict[str, str]) -> Row:
    return {
        "mission_id": row["mission"],
        "country_id": row["country"],
        "part": row["part"],
        "part_name": row["part_name"],
        "relation": row["relation"],
        "verified": row["verified"] == "1",
        "source": row["source"],
        "note_id": row["note_id"],
        "note_en": row["note_en"],
    }
