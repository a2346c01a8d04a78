"""Every change to the registry, and every opening of a person, which is logged."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commandcenter import rows
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.problems import Refusal, clean_text
from missions.registry.models import Citizen, Trace, Upload
from missions.registry.queries import entry_of, traces_of_many
from missions.registry.shapes import Entry

BATCH = 500
KEPT_FOR = timedelta(hours=24)
LONGEST_REASON = 200


@transaction.atomic
def register(*, actor: Reader, at: datetime, entries: Sequence[Entry]) -> list[int]:
    """Add persons with what they are searched by; the new ids are in the order of the entries."""
    made = Citizen.objects.bulk_create(
        [
            Citizen(
                exercise=actor.exercise,
                name=entry.name,
                document=entry.document,
                phone=entry.phone,
                country_id=entry.country,
                place=entry.place,
                mission_id=entry.mission,
                entered_by_id=actor.user_id,
                entered_at=at,
            )
            for entry in entries
        ],
        batch_size=BATCH,
    )
    kept = zip(made, traces_of_many(entries), strict=True)
    marked = [(citizen.pk, str(kind), mark) for citizen, marks in kept for kind, mark in sorted(marks)]
    if marked:
        rows.insert(Trace, ("citizen_id", "kind", "digest"), marked)
    return [citizen.pk for citizen in made]


@transaction.atomic
def open_person(*, actor: Reader, at: datetime, citizen: int, screen: str, reason: str) -> Entry:
    """The plain values of one person of the reader's world, with the reading logged; refuses without a reason."""
    why = clean_text(reason, field="reason", max_length=LONGEST_REASON)
    if not why:
        raise Refusal("reason", _("Say why you read this person's data."))
    found = Citizen.objects.filter(pk=citizen, exercise=actor.exercise).first()
    if found is None:
        raise Refusal("", _("There is no such person."), status=404, code="missing")
    log_read(actor=actor, at=at, screen=screen, object_id=f"citizen:{found.pk}", reason=why)
    return entry_of(found)


@transaction.atomic
def keep_upload(*, actor: Reader, at: datetime, scope: str, text: str) -> UUID:
    """Keep a list until it is applied; the same person's earlier one and forgotten ones are deleted."""
    waiting = Upload.objects.filter(applied_at__isnull=True)
    waiting.filter(by_id=actor.user_id, exercise=actor.exercise, scope=scope).delete()
    waiting.filter(at__lt=at - KEPT_FOR).delete()
    made = Upload.objects.create(exercise=actor.exercise, scope=scope, by_id=actor.user_id, at=at, text=text)
    return made.pk


@transaction.atomic
def close_upload(*, at: datetime, key: UUID) -> bool:
    """The list was applied: its text is emptied. False when somebody applied it before."""
    waiting = Upload.objects.filter(pk=key, applied_at__isnull=True)
    return waiting.update(applied_at=at, text="") == 1
