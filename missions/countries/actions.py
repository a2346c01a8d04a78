"""Changes to countries and to the version stamp of the reference data."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models

from missions.countries.geo import REFERENCE
from missions.countries.models import Country, ReferenceVersion
from missions.countries.tables import Changes, Row, number, read_table, words

SOURCE = "world-countries (ODbL), CLDR, libphonenumber, GeoNames, tz database; see PROVENANCE.md"


def load_countries() -> Changes:
    """Bring the countries in line with their table."""
    rows = [_country(row) for row in read_table(REFERENCE / "countries.csv")]
    return bring_in_line(model=Country, rows=rows, key=["iso2"])


def _country(row: dict[str, str]) -> Row:
    lists = ("currencies", "languages", "timezones", "emergency_numbers")
    return {
        **row,
        "un_member": row["un_member"] == "1",
        "lat": number(row["lat"]),
        "lon": number(row["lon"]),
        "bbox": [float(value) for value in row["bbox"].split()],
        **{name: words(row[name]) for name in lists},
        "source": SOURCE,
    }


def stamp_reference(*, at: datetime) -> None:
    """Tell every process that its copy of the reference data is old."""
    ReferenceVersion.objects.update_or_create(
        key="reference", defaults={"token": secrets.token_hex(16), "changed_at": at}
    )


def bring_in_line(
    *,
    model: type[models.Model],
    rows: Iterable[Row],
    key: Sequence[str],
    first_only: Sequence[str] = (),
    remove: bool = False,
) -> Changes:
    """Create and update the rows of a model, keyed by `key`; `first_only` fields are never updated."""
    manager = model._default_manager  # noqa: SLF001 - Django's documented way for a model not known by name
    stored = {tuple(getattr(item, name) for name in key): item for item in manager.all()}
    changes = Changes(str(model._meta.verbose_name_plural))
    new, changed, unchanged = [], [], 0
    touched: set[str] = set()
    for row in rows:
        item = stored.pop(tuple(row[name] for name in key), None)
        if item is None:
            new.append(model(**row))
            changes.created.append(str(new[-1]))
            continue
        different = _apply(item, row, set(key) | set(first_only))
        if different:
            touched.update(different)
            changed.append(item)
            changes.updated.append(f"{item} ({', '.join(sorted(different))})")
        else:
            unchanged += 1
    manager.bulk_create(new)
    if changed:
        manager.bulk_update(changed, sorted(touched))
    left = [str(item) for item in stored.values()]
    if remove:
        manager.filter(pk__in=[item.pk for item in stored.values()]).delete()
    removed, unknown = (left, []) if remove else ([], left)
    return Changes(changes.table, changes.created, changes.updated, removed, unchanged, unknown)


def _apply(item: models.Model, row: Mapping[str, Any], skip: set[str]) -> set[str]:
    """Set what differs; return the names of those fields."""
    different = {name for name, value in row.items() if name not in skip and getattr(item, name) != value}
    for name in different:
        setattr(item, name, row[name])
    return different
