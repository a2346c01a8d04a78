"""Reads of the outbox: what is due, what became of what, who can be reached how."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from commandcenter.access.models import User
from commandcenter.access.reader import Reader
from commandcenter.outbox import rules
from commandcenter.outbox.models import Channel, Delivery, Device, GatewayHealth, Outgoing, Reason
from commandcenter.problems import Words

MOST = 50
SIMULATION = "recording"
# What the network needs is not read where only its fate is asked.
CONTENT = ("text", "url", "address")


class Availability(NamedTuple):
    """Whether a channel can reach a person, and in words why not, or with what reserve."""

    ok: bool
    words: Words


def is_available(channel: Channel, user: User | None) -> Availability:
    """Whether this channel can reach this person now."""
    if user is None:
        return Availability(ok=False, words=_("nobody is named"))
    return availability([user])[user.pk][channel]


def availability(users: Iterable[User]) -> Mapping[int, Mapping[Channel, Availability]]:
    """The same for many people and every channel, by user id: three queries."""
    known = list(users)
    with_device = set(Device.objects.filter(user__in=known, gone_at=None).values_list("user_id", flat=True))
    sms = (
        GatewayHealth.objects.filter(name=f"sms:{settings.SMS}", rests_until__isnull=False).first()
        if settings.SMS
        else None
    )
    return {
        user.pk: {
            Channel.PUSH: _push(has_device=user.pk in with_device),
            Channel.SMS: _sms(user, sms),
            Channel.CALL: _call(user),
        }
        for user in known
    }


def _push(*, has_device: bool) -> Availability:
    return Availability(has_device, _("ready") if has_device else Reason.NO_DEVICE.label)


def _sms(user: User, resting: GatewayHealth | None) -> Availability:
    if not settings.SMS:
        return Availability(ok=False, words=Reason.NO_GATEWAY.label)
    trouble = rules.telephone_trouble(user.phone, simulated=True)
    if trouble:
        return Availability(ok=False, words=trouble.label)
    if resting:
        return Availability(ok=False, words=_("the gateway does not answer"))
    return Availability(ok=True, words=_("simulation: nothing is sent") if settings.SMS == SIMULATION else _("ready"))


def _call(user: User) -> Availability:
    if rules.telephone_trouble(user.phone, simulated=True):
        return Availability(ok=False, words=Reason.NO_ADDRESS.label)
    return Availability(ok=True, words=_("by hand, from the call list"))


def deliveries_about(about: Iterable[str]) -> dict[str, list[Outgoing]]:
    """What became of each message about these objects, oldest first, by object; one query. `row.told` says it."""
    found: dict[str, list[Outgoing]] = defaultdict(list)
    rows = Outgoing.objects.filter(about__in=list(about)).select_related("recipient").defer(*CONTENT)
    for row in rows.order_by("id"):
        found[row.about].append(row)
    return dict(found)


def newest_about(about: str, exercise: str = "") -> Outgoing | None:
    """The newest message about an object."""
    return Outgoing.objects.filter(about=about, exercise=exercise).defer(*CONTENT).order_by("-id").first()


def is_due(channel: Channel, at: datetime) -> bool:
    """Whether anything waits to be sent: looking takes no lock, and an idle sender must not queue for one."""
    return Outgoing.objects.filter(channel=channel, ended_at=None, state=Delivery.QUEUED, due_at__lte=at).exists()


def leases_ended(at: datetime) -> list[int]:
    """Messages whose sender died, at most fifty."""
    ended = Outgoing.objects.filter(state=Delivery.SENDING, lease_until__lte=at)
    return list(ended.order_by("lease_until").values_list("pk", flat=True)[:MOST])


def too_late(at: datetime) -> list[int]:
    """Messages that wait for a gateway longer than they are worth, at most fifty; calls wait for a person."""
    sent = (Channel.PUSH, Channel.SMS)
    waiting = Outgoing.objects.filter(channel__in=sent, ended_at=None, state=Delivery.QUEUED, due_at__lte=at)
    old = Q(life_safety=True, made_at__lt=at - rules.KEPT[True]) | Q(
        life_safety=False, made_at__lt=at - rules.KEPT[False]
    )
    return list(waiting.filter(old).order_by("id").values_list("pk", flat=True)[:MOST])


def devices_of(user_id: int | None) -> list[Device]:
    """Where push messages for this person go, oldest first."""
    return list(Device.objects.filter(user=user_id, gone_at=None)) if user_id else []


def is_resting(gateway: str, at: datetime) -> bool:
    """Whether this gateway failed so often that it is left alone now."""
    return GatewayHealth.objects.filter(name=gateway, rests_until__gt=at).exists()


def calls(reader: Reader) -> list[Outgoing]:
    """Whom somebody must call, those that protect lives first, then by waiting time."""
    waiting = Outgoing.objects.filter(
        channel=Channel.CALL, ended_at=None, state=Delivery.QUEUED, exercise=reader.exercise
    )
    rows = waiting.select_related("recipient__membership").prefetch_related("tries")
    return list(rows.order_by("-life_safety", "made_at", "id"))


def undecided(reader: Reader) -> list[Outgoing]:
    """Messages of which nobody knows whether they were sent, oldest first."""
    found = Outgoing.objects.filter(ended_at=None, state=Delivery.UNKNOWN, exercise=reader.exercise)
    return list(found.select_related("recipient").order_by("made_at", "id"))


class Line(NamedTuple):
    """One channel of the outbox at a glance."""

    channel: Channel
    words: Words
    failing_since: datetime | None
    counts: list[tuple[str, int]]


def overview(reader: Reader, since: datetime) -> list[Line]:
    """Each channel: its gateway in words, and how many messages since then stand where."""
    made = Outgoing.objects.filter(exercise=reader.exercise, made_at__gte=since)
    counts = made.values("channel", "state").annotate(n=Count("pk")).order_by()
    by_channel: dict[str, dict[str, int]] = defaultdict(dict)
    for row in counts:
        by_channel[row["channel"]][row["state"]] = row["n"]
    failing = _failing()
    return [
        Line(
            channel,
            _gateway_words(channel, reader.exercise, failing=channel in failing),
            failing.get(channel),
            [(str(state.label), by_channel[channel][state]) for state in Delivery if state in by_channel[channel]],
        )
        for channel in Channel
    ]


def _failing() -> dict[str, datetime]:
    """Since when the gateway of a channel does not answer; of several push services the one that began first."""
    rows = GatewayHealth.objects.filter(failures__gte=rules.FAILURES).order_by("-failing_since")
    return {row.name.split(":")[0]: row.failing_since for row in rows if row.failing_since}


def _gateway_words(channel: Channel, exercise: str, *, failing: bool) -> Words:
    if exercise:
        return Reason.EXERCISE.label
    if channel == Channel.CALL:
        return _("by hand, from the call list")
    if channel == Channel.SMS and not settings.SMS:
        return Reason.NO_GATEWAY.label
    if failing:
        return _("the gateway does not answer")
    return _("simulation: nothing is sent") if channel == Channel.SMS and settings.SMS == SIMULATION else _("ready")
