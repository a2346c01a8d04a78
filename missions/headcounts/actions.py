"""The one change to headcounts: adding a row. None is ever overwritten or removed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

from missions.countries.tables import Changes, Row, read_table
from missions.headcounts.models import Headcount

REFERENCE = Path(__file__).parent / "reference"
# What makes a row itself: another number, date or source is another row; a note put better is not.
IDENTITY = ("country", "mission", "estimator", "scope", "value", "low", "high", "what_en", "as_of", "source")


def load_headcounts(*, at: datetime) -> Changes:
    """Add the rows of the table that are not stored yet."""
    stored = set(Headcount.objects.values_list("key", flat=True))
    rows = {row["key"]: row for row in map(_headcount, read_table(REFERENCE / "headcounts.csv"))}
    new = [Headcount(**row, added_at=at) for key, row in rows.items() if key not in stored]
    Headcount.objects.bulk_create(new)
    return Changes("headcounts", created=[str(item) for item in new], unchanged=len(rows) - len(new))


def _headcount(row: dict[str, str]) -> Row:
    return {
        "country_id": row["country"] or None,
        "mission_id": row["mission"] or None,
        "estimator": row["estimator"],
        "scope": row["scope"],
        "value": _count(row["value"]),
        "low": _count(row["low"]),
        "high": _count(row["high"]),
        "what_id": row["what_id"],
        "what_en": row["what_en"],
        "as_of": date.fromisoformat(row["as_of"]),
        "as_of_text": row["as_of_text"],
        "as_of_precision": row["as_of_precision"],
        "source": row["source"],
        "url": row["url"],
        "note_id": row["note_id"],
        "note_en": row["note_en"],
        "key": hashlib.sha256("\x1f".join(row[name] for name in IDENTITY).encode()).hexdigest(),
    }


def _count(text: str) -> int | None:
    return int(text) if text else None
