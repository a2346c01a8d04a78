"""Every change to exercises."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alerts.exercises.models import Exercise
from alerts.exercises.rules import may_start
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal

LONGEST_SLUG = 60
TRIES = 5


def start(*, actor: Reader, at: datetime, scenario: str, name_id: str, name_en: str) -> Exercise:
    """Open a world of its own for a scenario; the address is its name, with -2, -3, ... when it ran before."""
    _refuse_strangers(actor)
    for _attempt in range(TRIES):
        try:
            return _start(actor, at, scenario, name_id, name_en)
        except IntegrityError:  # somebody else took the same address in this instant
            continue
    raise Refusal("", _("Somebody else starts exercises at this moment; try again."), status=409, code="conflict")


@transaction.atomic
def _start(actor: Reader, at: datetime, scenario: str, name_id: str, name_en: str) -> Exercise:
    taken = set(Exercise.objects.filter(slug__startswith=scenario).values_list("slug", flat=True))
    endings = ["", *(f"-{number}" for number in range(2, len(taken) + 3))]
    slug = next(slug for ending in endings if (slug := scenario[: LONGEST_SLUG - len(ending)] + ending) not in taken)
    made = Exercise.objects.create(
        slug=slug, scenario=scenario, name_id=name_id, name_en=name_en, started_by_id=actor.user_id, started_at=at
    )
    _record("exercise.started", made, 1, actor, at)
    return made


@transaction.atomic
def end(*, actor: Reader, at: datetime, slug: str) -> Exercise:
    """End an exercise; its rows stay readable under its own address. Ending twice changes nothing."""
    _refuse_strangers(actor)
    found = Exercise.objects.select_for_update().filter(slug=slug).first()
    if found is None:
        raise Refusal("slug", _("There is no such exercise."), status=404, code="missing")
    if found.ended_at is None:
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        _record("exercise.ended", found, 2, actor, at)
    return found


def _refuse_strangers(actor: Reader) -> None:
    if not may_start(actor):
        words = _("Only operators and supervisors start and end exercises.")
        raise Refusal("", words, status=403, code="forbidden")


def _record(kind: str, exercise: Exercise, version: int, actor: Reader, at: datetime) -> None:
    record(
        kind=kind,
        object_id=exercise.slug,
        version=version,
        at=at,
        actor=actor,
        audiences=[audiences.dcc(exercise.slug)],
        exercise=exercise.slug,
    )
