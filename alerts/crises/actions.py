"""Every change to a crisis: declare, change the level, stand down, add a mission."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from alerts.crises import queries, rules
from alerts.crises.models import NAME_LENGTH, REASON_LENGTH, AreaSource, Crisis, CrisisKind, CrisisLevel, CrisisMission
from alerts.ladders.actions import end_crisis
from commandcenter.access.reader import Reader
from commandcenter.events.record import record
from commandcenter.problems import Refusal, clean_text, filled
from missions.countries import geo
from missions.countries.models import Country
from missions.directory.models import Mission

SLUG_LENGTH = 50
# The words after /crises/ that are pages.
RESERVED = frozenset({"declare", "ribbon"})
CHOSEN_ID = "Dipilih oleh pusat komando saat krisis dinyatakan."
CHOSEN_EN = "Chosen by the command centre when the crisis was declared."


def declare(
    *,
    actor: Reader,
    at: datetime,
    name: str,
    kind: str,
    level: int,
    area: object,
    area_source: str,
    countries: Iterable[str],
    lead: int,
    mission_codes: Iterable[str] | None = None,
) -> Crisis:
    """Declare a crisis; missions follow from consular areas, or are those of `mission_codes`.

    `area` is GeoJSON; `countries` are ISO codes, and when empty those that the area covers. Raises Refusal by field.
    """
    _require(rules.may_declare(actor))
    title = _required(name, field="name", max_length=NAME_LENGTH)
    _known(kind, CrisisKind.values, field="kind")
    _known(level, CrisisLevel.values, field="level")
    _known(area_source, AreaSource.values, field="area_source")
    cleaned = geo.clean_area(area)
    codes = _countries(countries, cleaned)
    missions = _missions(cleaned, codes, mission_codes)
    if not queries.leads().filter(pk=lead).exists():
        raise Refusal("lead", _("The lead must be somebody of the command centre."))
    west, south, east, north = geo.bbox(cleaned)
    fields: dict[str, Any] = {
        "name": title,
        "kind": kind,
        "level": level,
        "area": cleaned,
        "area_source": area_source,
        "countries": codes,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "lead_id": lead,
    }
    return _store(actor=actor, at=at, fields=fields, missions=missions)


@transaction.atomic
def _store(*, actor: Reader, at: datetime, fields: dict[str, Any], missions: list[tuple[Mission, str, str]]) -> Crisis:
    """Write the crisis, its missions and the event. An open crisis of that name refuses, so a second click does too."""
    world = Crisis.objects.filter(exercise=actor.exercise)
    taken = Refusal("name", _("An open crisis already has this name."), status=409, code="conflict")
    if world.filter(stood_down_at__isnull=True, name__iexact=fields["name"]).exists():
        raise taken
    slug = _free_slug(fields["name"], fields["kind"], at, set(world.values_list("slug", flat=True)))
    try:
        with transaction.atomic():
            crisis = Crisis.objects.create(
                slug=slug, exercise=actor.exercise, declared_by_id=actor.user_id, declared_at=at, **fields
            )
    except IntegrityError as error:  # two people declared it in the same instant
        raise taken from error
    CrisisMission.objects.bulk_create(
        CrisisMission(crisis=crisis, mission=mission, reason_id=reason_id, reason_en=reason_en)
        for mission, reason_id, reason_en in missions
    )
    codes = sorted(mission.code for mission, _id, _en in missions)
    data = {"kind": crisis.kind, "level": crisis.level, "missions": codes}
    _tell("crisis.declared", crisis, actor=actor, at=at, data=data)
    return crisis


@transaction.atomic
def change_level(*, actor: Reader, at: datetime, slug: str, version: int, level: int) -> Crisis:
    """Raise or lower the level of an open crisis; only a supervisor."""
    _require(rules.may_command(actor))
    _known(level, CrisisLevel.values, field="level")
    crisis = _open(actor, slug, version)
    if crisis.level == level:
        raise Refusal("level", _("The crisis already has this level."))
    was, crisis.level = crisis.level, level
    crisis.version += 1
    crisis.save(update_fields=["level", "version"])
    _tell("crisis.level_changed", crisis, actor=actor, at=at, data={"was": was, "level": level})
    return crisis


@transaction.atomic
def stand_down(*, actor: Reader, at: datetime, slug: str, version: int) -> Crisis:
    """End a crisis; only a supervisor. Its figures and its log stay."""
    _require(rules.may_command(actor))
    crisis = _open(actor, slug, version)
    crisis.stood_down_at = at
    crisis.version += 1
    crisis.save(update_fields=["stood_down_at", "version"])
    end_crisis(at=at, crisis=crisis.pk)
    _tell("crisis.stood_down", crisis, actor=actor, at=at)
    return crisis


@transaction.atomic
def add_mission(*, actor: Reader, at: datetime, slug: str, mission: str, reason: str) -> Crisis:
    """Involve a mission by hand, with the reason in words; the crisis keeps every mission it had."""
    _require(rules.may_declare(actor))
    words = _required(reason, field="reason", max_length=REASON_LENGTH)
    crisis = _open(actor, slug)
    added = Mission.objects.filter(code=mission).first()
    if added is None:
        raise Refusal("mission", _("There is no such mission."))
    if crisis.involved.filter(mission=added).exists():
        raise Refusal("mission", _("This mission is already involved."), status=409, code="conflict")
    # The words are an officer's own: they stand as written in both languages.
    CrisisMission.objects.create(crisis=crisis, mission=added, reason_id=words, reason_en=words)
    crisis.version += 1
    crisis.save(update_fields=["version"])
    _tell("crisis.mission_added", crisis, actor=actor, at=at, data={"mission": added.code})
    return crisis


def _tell(kind: str, crisis: Crisis, *, actor: Reader, at: datetime, data: dict[str, Any] | None = None) -> None:
    """One event to the command centre, the summary and every mission involved."""
    record(
        kind=kind,
        object_id=crisis.slug,
        version=crisis.version,
        at=at,
        actor=actor,
        audiences=queries.hearing(crisis),
        exercise=crisis.exercise,
        data=data,
    )


def _open(actor: Reader, slug: str, version: int | None = None) -> Crisis:
    """The crisis, locked; refuses a foreign, a closed and a changed one."""
    crisis = Crisis.objects.select_for_update().filter(exercise=actor.exercise, slug=slug).first()
    if crisis is None:
        raise Refusal("crisis", _("There is no such crisis."), status=404, code="missing")
    if not crisis.is_open:
        raise Refusal("crisis", _("This crisis was stood down."), status=409, code="closed")
    if version is not None and crisis.version != version:
        changed = _("Somebody else changed this crisis first: look at it again.")
        raise Refusal("version", changed, status=409, code="conflict")
    return crisis


def _require(permitted: bool) -> None:  # noqa: FBT001 - one fact, read aloud at the call
    if not permitted:
        raise Refusal("", _("You may not do this."), status=403, code="forbidden")


def _required(value: str, *, field: str, max_length: int) -> str:
    cleaned = clean_text(value, field=field, max_length=max_length)
    if not cleaned:
        raise Refusal(field, _("This is needed."))
    return cleaned


def _known(value: object, values: Iterable[object], *, field: str) -> None:
    if value not in set(values):
        raise Refusal(field, _("This is not one of the choices."))


def _countries(asked: Iterable[str], area: object) -> list[str]:
    codes = sorted(set(asked)) or geo.countries_in(area)
    known = set(Country.objects.filter(pk__in=codes).values_list("pk", flat=True))
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Refusal("countries", filled(_("There is no such country: %(code)s."), code=", ".join(unknown)[:80]))
    return codes


def _missions(area: object, countries: list[str], chosen: Iterable[str] | None) -> list[tuple[Mission, str, str]]:
    """Missions with their reasons: all that follow from the area, or the chosen ones."""
    following = {row.mission.code: row for row in queries.followers(area, countries)}
    if chosen is None:
        return [(row.mission, row.reason_id, row.reason_en) for row in following.values()]
    codes = set(chosen)
    # PostgreSQL refuses a NUL byte; no mission has one (reliability.md S4).
    known = Mission.objects.filter(pk__in=[code for code in codes if "\0" not in code])
    found = {mission.code: mission for mission in known}
    if codes - set(found):
        raise Refusal("missions", _("There is no such mission."))
    reasons = {code: (row.reason_id, row.reason_en) for code, row in following.items()}
    return [(found[code], *reasons.get(code, (CHOSEN_ID, CHOSEN_EN))) for code in sorted(codes)]


def _free_slug(name: str, kind: str, at: datetime, taken: set[str]) -> str:
    """From the name; a name without Latin letters gets the kind and the day."""
    base = slugify(name)[:SLUG_LENGTH].strip("-_") or f"{slugify(kind)}-{at:%Y-%m-%d}"
    numbers = range(2, len(taken) + 3)
    candidates = [base, *(f"{base}-{number}" for number in numbers)]
    return next(slug for slug in candidates if slug not in taken and slug not in RESERVED)
