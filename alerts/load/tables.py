"""Many rows into one table as fast as the database takes them: COPY on PostgreSQL, executemany on SQLite."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

Value = str | int | float | None
CHUNK = 50_000


def fill(
    model: type[Model], named: tuple[str, ...], rows: Iterable[tuple[Value, ...]], told: Callable[[int], None]
) -> None:
    """Insert rows of the named columns; every other column gets its field's default. `told` hears the count so far.

    Values are plain text and numbers that both databases read: times are "2026-05-12 20:05:00" in UTC.
    """
    fields = model._meta.concrete_fields
    others = {field.column: field.get_db_prep_save(field.get_default(), connection) for field in fields}
    rest = {column: value for column, value in others.items() if column not in named and column != "id"}
    # An empty JSON default arrives as an adapter object of the driver; its text is what COPY wants.
    constant = tuple("{}" if type(value).__name__.startswith("Json") else value for value in rest.values())
    columns = ", ".join(f'"{column}"' for column in (*named, *rest))
    table = model._meta.db_table
    whole = (row + constant for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f'COPY "{table}" ({columns}) FROM STDIN', whole, told)
            last = f'SELECT max(id) FROM "{table}"'  # noqa: S608 (a table of ours)
            cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), ({last}))", [table])
        else:
            marks = ", ".join("?" * len((*named, *rest)))
            _execute_many(cursor, f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', whole, told)  # noqa: S608


def _copy(cursor: Any, statement: str, rows: Iterable[tuple[Value, ...]], told: Callable[[int], None]) -> None:
    with cursor.copy(statement) as copy:
        for done, row in enumerate(rows, 1):
            copy.write_row(row)
            if done % CHUNK == 0:
                told(done)


def _execute_many(cursor: Any, statement: str, rows: Iterator[tuple[Value, ...]], told: Callable[[int], None]) -> None:
    done = 0
    while chunk := list(islice(rows, CHUNK)):
        # The driver's own method: Django would translate the placeholders of every row.
        cursor.connection.executemany(statement, chunk)
        done += len(chunk)
        told(done)


@contextmanager
def without_indexes(*models: type[Model]) -> Iterator[None]:
    """Take indexes and what is checked row by row off these empty tables, and put all of it back at the end.

    Inside the caller's transaction. Primary keys stay, and on SQLite whatever is part of the table itself.
    """
    tables = [model._meta.db_table for model in models]
    held = _held_postgresql(tables) if connection.vendor == "postgresql" else _held_sqlite(tables)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for drop, _make in held:
            cursor.execute(drop)
        yield
        for _drop, make in held:
            cursor.execute(make)


def _held_postgresql(tables: list[str]) -> list[tuple[str, str]]:
    """Constraints first: a unique one owns its index. Foreign keys last when made again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype IN ('u', 'f') AND conrelid::regclass::text = ANY(%s) ORDER BY contype DESC, conname",
            [tables],
        )
        constraints = [
            (
                f'ALTER TABLE {table} DROP CONSTRAINT "{name}"',
                f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}',
            )
            for table, name, definition in cursor.fetchall()
        ]
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname",
            [tables],
        )
        indexes = [(f'DROP INDEX "{name}"', definition) for name, definition in cursor.fetchall()]
    return indexes + constraints


def _held_sqlite(tables: list[str]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(tables))
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",  # noqa: S608
            tables,
        )
        return [(f'DROP INDEX "{name}"', definition) for name, definition in cursor.fetchall()]
