"""The log is append-only by trigger: no DELETE; UPDATE only gives seq and hash, once (reliability.md 3.2)."""

from typing import Any

from django.db import connections

TABLE = "commandcenter_event"

SQLITE = f"""
CREATE TRIGGER IF NOT EXISTS event_no_delete BEFORE DELETE ON {TABLE}
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS event_number_once BEFORE UPDATE ON {TABLE}
WHEN OLD.seq IS NOT NULL OR OLD.hash IS NOT NULL OR NEW.seq IS NULL OR NEW.hash IS NULL
  OR OLD.id IS NOT NEW.id OR OLD.kind IS NOT NEW.kind OR OLD.object_type IS NOT NEW.object_type
  OR OLD.object_id IS NOT NEW.object_id OR OLD.version IS NOT NEW.version OR OLD.topic IS NOT NEW.topic
  OR OLD.at IS NOT NEW.at OR OLD.actor_id IS NOT NEW.actor_id OR OLD.audiences IS NOT NEW.audiences
  OR OLD.withdrawn IS NOT NEW.withdrawn OR OLD.exercise IS NOT NEW.exercise OR OLD.data IS NOT NEW.data
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND OLD.hash IS NULL AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL
     AND to_jsonb(OLD) - 'seq' - 'hash' = to_jsonb(NEW) - 'seq' - 'hash' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the log is append-only';
END $$;
DROP TRIGGER IF EXISTS event_guard ON {TABLE};
CREATE TRIGGER event_guard BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION event_guard();
"""


def guard_the_log(*, using: str, **_: Any) -> None:
    """Put the triggers in place; runs after every migrate and does nothing twice."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.connection.executescript(SQLITE)
        else:
            cursor.execute(POSTGRESQL)
