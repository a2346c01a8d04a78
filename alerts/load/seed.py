"""Fills the database: one transaction for all rows, then the relay's own step for the last day of the log."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_urlsafe

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from alerts.cells.recount import recount
from alerts.emergencies.models import Emergency, EmergencyNote
from alerts.load import rows
from alerts.load.history import TooFewEventsError, plan
from alerts.load.spots import spots
from alerts.load.tables import fill, without_indexes
from commandcenter.access.actions import open_account
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from commandcenter.live.models import AudienceHead, LogState
from commandcenter.relay.numbering import Relay, Step

DESKS = 8
MOST = 10_000_000


class RefusedError(Exception):
    """Why this database is not filled, in a sentence."""


def refuse(*, emergencies: int, events: int, still_open: int) -> None:
    """Raise RefusedError unless this is a database for measurements and the numbers can be had."""
    if settings.DEMO:
        raise RefusedError(
            "seed_load fills a throw-away database for measurements, never a demonstration (DCC_DEMO=1)."
        )
    if not 1 <= emergencies <= MOST:
        raise RefusedError(f"--emergencies must be from 1 to {MOST}.")
    if not 1 <= events <= 10 * MOST:
        raise RefusedError(f"--events must be from 1 to {10 * MOST}.")
    if not 0 <= still_open <= emergencies:
        raise RefusedError("--open must be a share from 0 to 1, or a number of emergencies up to --emergencies.")
    if Emergency.objects.exists() or Event.objects.exists():
        raise RefusedError(
            "This database already holds emergencies or a log: seed_load takes an empty, throw-away one."
        )


def seed(*, emergencies: int, events: int, still_open: int, at: datetime, say: Callable[[str], None]) -> None:
    """Emergencies, notes and a chained log of two years up to `at`; frames of the last day. Raises RefusedError."""
    refuse(emergencies=emergencies, events=events, still_open=still_open)
    places = spots(np.random.default_rng(1))
    if not places:
        raise RefusedError("There are no missions here yet: run manage.py prepare first.")
    try:
        story = plan(emergencies=emergencies, events=events, still_open=still_open, spots=places, desks=_desks(), at=at)
    except TooFewEventsError as error:
        raise RefusedError(str(error)) from error

    def counting(what: str) -> Callable[[int], None]:
        return lambda done: say(f"{what}: {done:,}")

    with transaction.atomic():
        state = LogState.objects.select_for_update().get(pk=LogState.the().pk)
        log = rows.Log(state.head, state.hash, {})
        with without_indexes(Emergency, EmergencyNote, Event):
            fill(Emergency, rows.EMERGENCY, rows.emergency_rows(story), counting("emergencies"))
            fill(EmergencyNote, rows.NOTE, rows.note_rows(story), counting("notes"))
            fill(Event, rows.EVENT, rows.event_rows(story, log), counting("events"))
            say("indexes ...")
        recount()
        state.head, state.hash = log.seq, log.hash
        state.save(update_fields=["head", "hash"])
        AudienceHead.objects.bulk_create(AudienceHead(audience=name, seq=seq) for name, seq in log.heads.items())
    say("the last day, by the relay ...")
    _number_the_rest(at)


def _desks() -> list[int]:
    """Officers whose passwords nobody knows, who did all the work."""
    names = [f"load-desk-{place}" for place in range(1, DESKS + 1)]
    people = [open_account(username=name, password=token_urlsafe(), name=name, role=Role.OPERATOR) for name in names]
    return [person.pk for person in people]


def _number_the_rest(at: datetime) -> None:
    """The relay's own step, until nothing is left; a relay that already runs here does it in our place."""
    relay = Relay()
    while relay.step(at) is Step.MOVED:
        pass


def refresh_statistics() -> None:
    """Fresh statistics, and on PostgreSQL the visibility map, as autovacuum would leave them."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
