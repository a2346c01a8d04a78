"""Reads: the dialogue of one emergency for officers and for the citizen, and whose telephone number wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alerts.dialogue import rules, templates
from alerts.dialogue.models import Line
from alerts.dialogue.rules import State, Way
from alerts.emergencies.models import Emergency, EmergencyMessage, Side
from alerts.emergencies.queries import IS_OPEN
from commandcenter.outbox.models import Channel, Delivery, Outgoing, Reason
from commandcenter.outbox.queries import SIMULATION, is_resting
from commandcenter.outbox.rules import telephone_trouble
from commandcenter.problems import Words
from missions.directory.queries import directory

KEY = "dialogue:"
TAIL = 6


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as officers see it; `hidden`: it holds marks that can't be seen."""

    message: EmergencyMessage
    state: State
    sms: Outgoing | None
    hidden: bool

    @property
    def of_citizen(self) -> bool:
        """Whether the citizen wrote it."""
        return self.message.side == Side.CITIZEN


@dataclass(frozen=True, slots=True)
class SmsWay:
    """Whether an SMS can go to the citizen's telephone: the number as it is read, and in words why not."""

    number: str
    ok: bool
    words: Words


@dataclass(frozen=True, slots=True)
class Talk:
    """The dialogue as its panel and its form show it; `unread` is the newest message no officer has read."""

    bubbles: list[Bubble]
    unread: int
    sms: SmsWay
    ready: list[templates.Ready]
    language: str
    house: str


def talk(emergency: Emergency, at: datetime) -> Talk:
    """Everything that the panel of messages needs: two queries beside the emergency's own."""
    told = sms_of(emergency)
    bubbles = [
        Bubble(message, _state(message, told), told.get(message.pk), rules.has_hidden(message.text))
        for message in emergency.messages.all()
    ]
    unread = [each.message.pk for each in bubbles if each.of_citizen and each.state != State.READ]
    return Talk(
        bubbles=bubbles,
        unread=max(unread, default=0),
        sms=sms_way(emergency, at),
        ready=templates.ready(emergency),
        language=templates.language_of(emergency),
        house=templates.house_of(emergency),
    )


def told_to_citizen(emergency: Emergency) -> list[dict[str, Any]]:
    """The messages of the citizen's view, each with how far it got."""
    said = list(emergency.messages.all())
    by_sms = any(message.side != Side.CITIZEN and message.way == Way.SMS for message in said)
    told = sms_of(emergency) if by_sms else {}
    return [
        {
            "id": message.pk,
            "client_id": str(message.client_id),
            "side": message.side,
            "text": message.text,
            "at": message.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "state": _state(message, told).value,
        }
        for message in said
    ]


def sms_of(emergency: Emergency) -> dict[int, Outgoing]:
    """What became of each officer's message by SMS, by message."""
    found = Outgoing.objects.filter(about=emergency.number, channel=Channel.SMS, key__startswith=KEY)
    rows = found.filter(exercise=emergency.exercise).defer("text", "url")
    return {int(row.key.removeprefix(KEY)): row for row in rows}


def _state(message: EmergencyMessage, told: Mapping[int, Outgoing]) -> State:
    sms = told.get(message.pk)
    return rules.state_of(message, Delivery(sms.state) if sms else None)


def number_of(emergency: Emergency) -> str:
    """The citizen's telephone in E.164, as far as it can be read; "" when there is none."""
    read = rules.numbers_of(emergency.phone, _dial_code(emergency.country))
    return read[0] if read else ""


def sms_way(emergency: Emergency, at: datetime) -> SmsWay:
    """Whether and how an SMS would reach the citizen now."""
    number = number_of(emergency)
    if not emergency.phone:
        return SmsWay("", ok=False, words=Reason.NO_ADDRESS.label)
    trouble = telephone_trouble(number, simulated=settings.SMS == SIMULATION)
    if trouble:
        return SmsWay(number, ok=False, words=trouble.label if number else Reason.BAD_ADDRESS.label)
    if emergency.exercise:
        return SmsWay(number, ok=True, words=Reason.EXERCISE.label)
    if not settings.SMS:
        return SmsWay(number, ok=False, words=Reason.NO_GATEWAY.label)
    if is_resting(f"sms:{settings.SMS}", at):
        return SmsWay(number, ok=True, words=_("the gateway does not answer; it is tried again"))
    words = _("simulation: nothing is sent") if settings.SMS == SIMULATION else _("ready")
    return SmsWay(number, ok=True, words=words)


def callers(sender: str, exercise: str) -> list[int]:
    """The open emergencies of a telephone number (E.164), the newest first; without one the duplicates of open ones."""
    world = Emergency.objects.filter(exercise=exercise)
    attached = world.filter(duplicate_of__isnull=False, duplicate_of__resolved_at__isnull=True)
    return _called(sender, world.filter(IS_OPEN)) or _called(sender, attached)


def _called(sender: str, among: QuerySet[Emergency]) -> list[int]:
    tail = sender[-TAIL:]
    found = {
        key
        for key, phone, country in among.exclude(phone="").values_list("pk", "phone", "country")
        if rules.digits_of(phone).endswith(tail) and sender in rules.numbers_of(phone, _dial_code(country))
    }
    written = Line.objects.filter(number=sender, emergency__in=among)
    return sorted(found | set(written.values_list("emergency_id", flat=True)), reverse=True)


def written_to(sender: str, exercise: str, since: datetime) -> list[int]:
    """The newest emergency about which an officer wrote to this number since then, open or resolved; or none."""
    lines = Line.objects.filter(number=sender, emergency__exercise=exercise, at__gte=since)
    return list(lines.order_by("-emergency_id").values_list("emergency_id", flat=True)[:1])


def _dial_code(country: str) -> str:
    known = directory().countries.get(country)
    return known.dial_code if known else ""
