"""Reads what the database means to do with a query: which growing tables it would read from end to end."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection

Statement = tuple[str, Any]
# These stay small whatever happens: reference data, accounts, one row of state.
SMALL = {
    *("missions_country", "missions_mission", "missions_consulararea", "missions_referenceversion"),
    *("commandcenter_user", "commandcenter_membership", "commandcenter_logstate", "commandcenter_audiencehead"),
    *("alerts_exercise", "commandcenter_cache", "commandcenter_gatewayhealth"),
}


def statements(act: Callable[[], object]) -> list[Statement]:
    """The SELECTs that an act sends, as they were sent."""
    seen: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith("SELECT"):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return seen


def read_whole(statement: Statement) -> list[str]:
    """What one SELECT reads from end to end, in words; empty when indexes answer it."""
    sql, params = statement
    growing = {model._meta.db_table for model in apps.get_models()} - SMALL
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            found = cursor.fetchone()[0]
            growing -= _short(cursor)
            plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
            return [words for words in _postgresql(plan) if words.split()[0] in growing]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        named = dict(re.findall(r'(?:FROM|JOIN) "(\w+)"()', sql)) | {
            alias: table for table, alias in re.findall(r'(?:FROM|JOIN) "(\w+)" "?([A-Z]\w*)"?(?= )', sql)
        }
        details = [row[-1] for row in cursor.fetchall()]
    return [words for words in _sqlite(details, named, limited=" LIMIT " in sql) if words.split()[0] in growing]


def _short(cursor: Any) -> set[str]:
    """Tables of a page or two, which PostgreSQL rightly reads whole; SQLite plans without counting and checks these."""
    cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples BETWEEN 0 AND 100")
    return {name for (name,) in cursor.fetchall()}


def _postgresql(plan: dict[str, Any], *, limited: bool = False) -> Iterator[str]:
    """A limit stops an ordered walk along an index, unless something in between needs every row."""
    kind, table = plan["Node Type"], plan.get("Relation Name", "")
    if kind == "Limit":
        limited = True
    elif kind in {"Sort", "Aggregate", "Hash", "WindowAgg"}:
        limited = False
    if kind == "Seq Scan":
        yield f"{table} from end to end"
    elif kind in {"Index Scan", "Index Only Scan"} and "Index Cond" not in plan:
        name = plan["Index Name"]
        if not limited and not _holds_what_is_open(name):
            yield f"{table} along the whole of {name}"
    for part in plan.get("Plans", ()):
        yield from _postgresql(part, limited=limited)


def _sqlite(details: list[str], named: dict[str, str], *, limited: bool) -> Iterator[str]:
    sorts = any("TEMP B-TREE" in line for line in details)
    for line in details:
        scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", line)
        if scan is None or scan[1] == "CONSTANT":
            continue
        table = named.get(scan[1]) or scan[1]
        if scan[2] is None:
            yield f"{table} from end to end"
        elif not (limited and not sorts) and not _holds_what_is_open(scan[2]):
            yield f"{table} along the whole of {scan[2]}"


def _holds_what_is_open(index: str) -> bool:
    """A partial index of rows that have no end yet (`... IS NULL`) does not grow with the years."""
    source = (
        "SELECT indexdef FROM pg_indexes WHERE indexname = %s"
        if connection.vendor == "postgresql"
        else "SELECT sql FROM sqlite_master WHERE name = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(source, [index])
        row = cursor.fetchone()
    return bool(row and row[0] and " IS NULL" in row[0].partition(" WHERE ")[2])


def drop_indexes(table: str, *leading: str) -> int:
    """Take away every index of a table that begins with these columns; how many there were. SQLite keeps its own."""
    dropped = 0
    with connection.cursor() as cursor:
        for name, found in connection.introspection.get_constraints(cursor, table).items():
            is_index = (found["index"] or found["unique"]) and not found["primary_key"]
            if (
                not is_index
                or tuple(found["columns"][: len(leading)]) != leading
                or name.startswith("sqlite_autoindex")
            ):
                continue
            if connection.vendor == "postgresql" and _owns(cursor, name):
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            elif not name.startswith("__"):
                cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
            dropped += 1
    return dropped


def _owns(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
    return cursor.fetchone() is not None
