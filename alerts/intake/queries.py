"""What a citizen may know of the own emergency, and the key that proves it is the own one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Q

from alerts.devices.models import RepeatedAlarm
from alerts.devices.queries import repeats
from alerts.dialogue.queries import told_to_citizen
from alerts.duplicates.queries import taking_told
from alerts.emergencies.models import Emergency, number_of
from alerts.emergencies.queries import by_number
from commandcenter.access.models import Membership
from commandcenter.rows import present
from missions.directory.models import Mission
from missions.directory.queries import directory
from missions.directory.responsible import Answer

SIGNER = Signer(sep=".", salt="alerts.intake.token")


@dataclass(frozen=True, slots=True)
class Received:
    """A request for help as it was received: `answer` is from first_told(), `created` means that this post made it."""

    number: str
    exercise: str
    received_at: datetime
    answer: dict[str, Any]
    created: bool = False


def known_requests(client_ids: Iterable[UUID]) -> dict[UUID, Received]:
    """Those that were stored before."""
    known = present((Emergency, RepeatedAlarm), "client_id", set(client_ids))
    if not known:
        return {}
    again = repeats(known)
    found = Emergency.objects.filter(Q(client_id__in=known) | Q(pk__in=again.values()))
    columns = ("client_id", "pk", "exercise", "received_at", "answer")
    told = {
        pk: (client_id, Received(number_of(pk, received_at), exercise, received_at, answer))
        for client_id, pk, exercise, received_at, answer in found.values_list(*columns)
    }
    return {client_id: received for client_id, received in told.values() if client_id in known} | {
        client_id: told[pk][1] for client_id, pk in again.items()
    }


def first_told(answer: Answer, country: str) -> dict[str, Any]:
    """What every repeat is told again though the emergency may move: the country, and the mission that answered."""
    mission = mission_view(answer.mission, answer.reason.id[:400], answer.reason.en[:400])
    return {"country": answer.country or country, "mission": mission}


def first_answer(received: Received) -> dict[str, Any]:
    """The answer of the first post, byte for byte: PostgreSQL keeps JSON, but not the order of its keys."""
    at, mission = stamp(received.received_at), received.answer["mission"]
    return {
        "country": received.answer["country"],
        "mission": {
            "code": mission["code"],
            "name": mission["name"],
            "phones": mission["phones"],
            "reason": {"en": mission["reason"]["en"], "id": mission["reason"]["id"]},
        },
        "number": received.number,
        "receipts": [{"at": at, "step": "received"}],
        "received_at": at,
        "token": SIGNER.sign(received.number),
    }


def by_token(number: str, token: str, exercise: str) -> Emergency | None:
    """The emergency, when the token is its own; a wrong token is like a wrong number."""
    try:
        proven = SIGNER.unsign(token) == number
    except BadSignature:
        proven = False
    world = Emergency.objects.filter(exercise=exercise).select_related("mission", "duplicate_of__mission")
    return by_number(world, number) if proven else None


def stamp(moment: datetime) -> str:
    """2026-05-12T20:05:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def mission_view(mission: Mission | None, reason_id: str, reason_en: str) -> dict[str, Any]:
    """The responsible mission with its telephones, and why it; an empty code means the DCC itself."""
    return {
        "code": mission.code if mission else "",
        "name": mission.name if mission else "",
        "phones": [*mission.hotlines, *mission.phones] if mission else [],
        "reason": {"id": reason_id, "en": reason_en},
    }


def citizen_view(emergency: Emergency) -> dict[str, Any]:
    """The three receipts as they stand, the dialogue, and whom to call."""
    return {
        "number": emergency.number,
        "state": "resolved" if (emergency.duplicate_of or emergency).resolved_at else "open",
        "country": emergency.country,
        "cancelled_at": stamp(emergency.cancelled_at) if emergency.cancelled_at else None,
        "receipts": _receipts(emergency),
        "silent": emergency.silent,
        "messages": told_to_citizen(emergency),
        "mission": mission_view(emergency.mission, emergency.mission_reason_id, emergency.mission_reason_en),
    }


def _receipts(emergency: Emergency) -> list[dict[str, Any]]:
    """Each only after the act it tells of (domain.md rule 8)."""
    told: list[dict[str, Any]] = [{"step": "received", "at": stamp(emergency.received_at)}]
    if emergency.opened_at:
        told.append({"step": "opened", "at": stamp(emergency.opened_at)})
    held = taking_told(emergency)
    if held.taken_at and held.next_contact_at:
        promise = {"desk": _desk(held), "next_contact_at": stamp(held.next_contact_at)}
        told.append({"step": "taken", "at": stamp(held.taken_at), **promise})
    return told


def _desk(emergency: Emergency) -> str:
    """The desk's name for the public: its house and number, never a person's name."""
    member = Membership.objects.filter(user=emergency.taken_by).first()
    of_mission = member is not None and member.mission and emergency.mission is not None
    house = emergency.mission.name if of_mission and emergency.mission else "DCC"
    return f"{house} {emergency.taken_by_id}"


def countries() -> list[tuple[str, str]]:
    """Code and name of every country, in the order of the page's language."""
    found = [(country.iso2, country.name) for country in directory().countries.values()]
    return sorted(found, key=lambda pair: pair[1])
