"""What staff enter: a call, somebody at the counter, a relative. Goes the way of change(): cells, ladder, event."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.cells.rules import stated_point
from alerts.emergencies import rules
from alerts.emergencies.actions import PLACING, change
from alerts.emergencies.models import Channel, Emergency, Nature
from commandcenter.access.reader import Reader
from commandcenter.problems import Refusal, clean_text
from missions.directory.queries import directory
from missions.directory.responsible import responsible_mission

CHANNELS = set(Channel.values) - {Channel.PANIC_BUTTON}
LENGTHS = {"phone": 32, "name": 120, "place": 120, "message": rules.MESSAGE_LENGTH, "language": 8, "country": 2}


@transaction.atomic
def open_by_staff(
    *,
    actor: Reader,
    at: datetime,
    client_id: UUID,
    channel: str,
    nature: str,
    priority: int,
    phone: str = "",
    name: str = "",
    place: str = "",
    country: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    message: str = "",
    language: str = "",
) -> Emergency:
    """Open an emergency once by its `client_id`; the directory's rule says who answers. Not taken yet."""
    if actor.role not in rules.HEADQUARTERS and not actor.is_mission:
        raise rules.refusal(403, _("You may read emergencies, not open them."))
    known = {"channel": channel in CHANNELS, "nature": nature in Nature.values, "priority": priority in {1, 2}}
    if not all(known.values()):
        raise Refusal(min(known, key=known.__getitem__), _("Choose one of the listed values."))
    said = {"phone": phone, "name": name, "place": place, "message": message, "language": language, "country": country}
    told = {field: clean_text(text, field=field, max_length=LENGTHS[field]) for field, text in said.items()}
    if told["country"].upper() not in {"", *directory().countries}:
        raise Refusal("country", _("This country is not known (two letters of ISO 3166-1)."))
    lat, lon = stated_point(latitude, longitude)
    answer = responsible_mission(lat=lat, lon=lon, country=told["country"])
    told |= {"country": answer.country or told["country"].upper(), "channel": channel, "nature": nature}
    told |= {"mission_reason_id": answer.reason.id[:400], "mission_reason_en": answer.reason.en[:400]}
    more: dict[str, Any] = {"priority": priority, "mission": answer.mission, "pressed_at": at, "received_at": at}
    more |= {"exercise": actor.exercise, "version": 0}
    more |= {"fixed_at": at, "position_source": "manual"} if lat is not None else {}
    row, made = Emergency.objects.get_or_create(client_id=client_id, defaults={**told, **more})
    if made:
        row.latitude, row.longitude = lat, lon
        data = {"channel": channel, "mission": row.mission_id or "", "rule": answer.rule, "priority": priority}
        change(emergency=row, kind="received", at=at, actor=actor, fields=PLACING, data=data)
    elif row.exercise != actor.exercise or row.channel == Channel.PANIC_BUTTON:
        raise Refusal("client_id", _("This identifier was already used elsewhere."))
    return row
