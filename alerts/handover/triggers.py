"""The log of handovers can't change: what is signed or left behind is closed to UPDATE and DELETE, by trigger."""

from typing import Any

from django.db import connections

SHEETS, ITEMS = "alerts_handover", "alerts_handoveritem"
CLOSED = "IN ('signed', 'left')"


def _of(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {SHEETS} WHERE id = {row}.handover_id AND state {CLOSED})"  # noqa: S608 - our own names


SQLITE = "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} WHEN {when} "
    "BEGIN SELECT RAISE(ABORT, 'the log of handovers is append-only'); END;\n"
    for table, verb, when in (
        (SHEETS, "UPDATE", f"OLD.state {CLOSED}"),
        (SHEETS, "DELETE", f"OLD.state {CLOSED}"),
        (ITEMS, "INSERT", _of("NEW")),
        (ITEMS, "UPDATE", _of("OLD")),
        (ITEMS, "DELETE", _of("OLD")),
    )
)

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION handover_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state {CLOSED} THEN RAISE EXCEPTION 'the log of handovers is append-only'; END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION handover_item_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF {_of("NEW")} THEN RAISE EXCEPTION 'the log of handovers is append-only'; END IF;
    RETURN NEW;
  END IF;
  IF {_of("OLD")} THEN RAISE EXCEPTION 'the log of handovers is append-only'; END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS handover_guard ON {SHEETS};
CREATE TRIGGER handover_guard BEFORE UPDATE OR DELETE ON {SHEETS} FOR EACH ROW EXECUTE FUNCTION handover_guard();
DROP TRIGGER IF EXISTS handover_item_guard ON {ITEMS};
CREATE TRIGGER handover_item_guard BEFORE INSERT OR UPDATE OR DELETE ON {ITEMS}
FOR EACH ROW EXECUTE FUNCTION handover_item_guard();
"""


def guard_the_handovers(*, using: str, **_: Any) -> None:
    """Put the triggers in place; runs after every migrate and does nothing twice."""
    connection = connections[using]
    if ITEMS not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.connection.executescript(SQLITE)
        else:
            cursor.execute(POSTGRESQL)
