"""Every change to a wall screen: added by a supervisor, paired at the wall, seen, revoked."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from commandcenter.access.devices import digest_of
from commandcenter.access.models import Role, WallScreen
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, clean_text
from commandcenter.wall import rules

SEEN_EVERY = timedelta(minutes=1)


def add_screen(*, actor: Reader, at: datetime, name: str, place: str) -> tuple[WallScreen, str]:
    """A new screen and its pairing code, which nobody can read a second time. Two open screens of one name: refused."""
    _require(actor)
    title = clean_text(name, field="name", max_length=rules.NAME_LENGTH)
    if not title:
        raise Refusal("name", _("Give the screen a name."))
    where = clean_text(place, field="place", max_length=rules.PLACE_LENGTH)
    code = "".join(secrets.choice(rules.ALPHABET) for _place in range(rules.LENGTH))
    try:
        with transaction.atomic():
            screen = WallScreen.objects.create(
                exercise=actor.exercise,
                name=title,
                place=where,
                code=digest_of(code),
                code_until=at + rules.CODE_LIVES,
                made_by_id=actor.user_id,
                made_at=at,
            )
            _record("added", screen, at=at, actor=actor)
    except IntegrityError as error:
        raise Refusal("name", _("A screen already has this name."), status=409, code="conflict") from error
    return screen, code


@transaction.atomic
def pair(*, at: datetime, exercise: str, typed: str) -> str:
    """The token of the screen whose code was typed; a code works once and for ten minutes."""
    code = rules.read(typed)
    waiting = WallScreen.objects.select_for_update().filter(
        exercise=exercise, revoked_at__isnull=True, code_until__gt=at
    )
    screen = waiting.filter(code=digest_of(code)).first() if code else None
    if screen is None:
        raise Refusal("code", _("This code does not fit, or it is older than ten minutes. Ask for a new one."))
    token = secrets.token_urlsafe(32)
    screen.code, screen.token, screen.paired_at, screen.seen_at = None, digest_of(token), at, at
    _save(screen, "code", "token", "paired_at", "seen_at")
    _record("paired", screen, at=at, actor=None)
    return token


@transaction.atomic
def revoke(*, actor: Reader, at: datetime, screen: int) -> None:
    """End a screen's right: its next look is refused, its socket closes within 30 s. Again changes nothing."""
    _require(actor)
    found = WallScreen.objects.select_for_update().filter(pk=screen, exercise=actor.exercise).first()
    if found is None:
        raise Refusal("", _("There is no such screen."), status=404, code="missing")
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by_id = at, actor.user_id
        _save(found, "revoked_at", "revoked_by")
        _record("revoked", found, at=at, actor=actor)


def mark_seen(*, at: datetime, screen: WallScreen) -> None:
    """Note that the screen lives, at most once a minute; no event, nothing anybody decided."""
    if screen.seen_at is None or at - screen.seen_at >= SEEN_EVERY:
        WallScreen.objects.filter(pk=screen.pk).update(seen_at=at)


def _require(actor: Reader) -> None:
    if actor.role != Role.SUPERVISOR:
        raise Refusal("", _("You may not do this."), status=403, code="forbidden")


def _save(screen: WallScreen, *fields: str) -> None:
    screen.version += 1
    screen.save(update_fields=[*fields, "version"])


def _record(verb: str, screen: WallScreen, *, at: datetime, actor: Reader | None) -> None:
    record(
        kind=f"wall.{verb}",
        object_id=str(screen.pk),
        version=screen.version,
        at=at,
        actor=actor,
        audiences=[audiences.dcc(screen.exercise)],
        exercise=screen.exercise,
    )
