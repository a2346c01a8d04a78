"""Writers of the log in a process of their own: `-m tests.journeys.faults.writers WRITERS EACH SLEEP_MS PAUSE_MS`.

Each event is about an emergency number of its own (or ABOUT, a fifth argument), so that a frame tells which it was.
SLEEP_MS is the longest sleep between the event and its COMMIT, PAUSE_MS the longest one after it. Prints, as JSON, the
numbers tried and those committed.
"""

import json
import random
import sys
import threading
import time

FIRST = 1_000_000


def number(index: int) -> str:
    """The emergency number of an event; no such emergency exists."""
    return f"E-2026-{FIRST + index:07d}"


def main(writers: int, each: int, sleep: float, pause: float, about: str = "") -> None:
    """Write, all at once, and say what was written."""
    import django

    django.setup()
    from django.db import connection, transaction

    from commandcenter.clock import now
    from commandcenter.events.record import record

    tried: list[str] = []
    committed: list[str] = []

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for index in range(writer * each, (writer + 1) * each):
            tried.append(number(index))
            with transaction.atomic():
                record(
                    kind="emergency.opened",
                    object_id=about or number(index),
                    version=index + 1,
                    at=now(),
                    actor=None,
                    audiences=["dcc"],
                )
                time.sleep(chance.uniform(0, sleep))
            committed.append(number(index))
            time.sleep(chance.uniform(0, pause))
        connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"tried": tried, "committed": committed}))


if __name__ == "__main__":
    _, how_many, events, sleep_ms, pause_ms, *rest = sys.argv
    main(int(how_many), int(events), float(sleep_ms) / 1000, float(pause_ms) / 1000, *rest)
