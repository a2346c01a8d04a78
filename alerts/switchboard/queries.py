"""Who is calling: the registry's persons (masked), open emergencies and cases of a number, and earlier calls."""

import re
from dataclasses import dataclass

from alerts.callbacks.models import CallBack
from alerts.callbacks.queries import visible as call_backs
from alerts.cases.models import Case
from alerts.cases.queries import visible as cases
from alerts.emergencies.models import Emergency
from alerts.emergencies.queries import IS_OPEN
from alerts.emergencies.queries import visible as emergencies
from alerts.emergencies.rules import may_work
from alerts.hotline.models import Call
from alerts.hotline.queries import earlier
from alerts.hotline.rules import plain
from commandcenter.access.reader import Reader
from missions.directory.queries import directory
from missions.registry.queries import calling
from missions.registry.shapes import Masked

LEAST, MOST = 4, 5
TAIL = 8


@dataclass(frozen=True, slots=True)
class Person:
    """A citizen of the registry as lists show them, with the name of the mission."""

    citizen: int
    shown: Masked
    mission: str


@dataclass(frozen=True, slots=True)
class Match:
    """What is known of a caller's number; `searched` is False while there are too few digits."""

    searched: bool
    persons: list[Person]
    emergencies: list[Emergency]
    cases: list[Case]
    entry: CallBack | None
    before: int


def match(reader: Reader, call: Call) -> Match:
    """Everything of the number that stands in the call, of the reader's world and place."""
    digits = re.sub(r"\D", "", call.digits or plain(call.phone))
    if len(digits) < LEAST:
        return Match(searched=False, persons=[], emergencies=[], cases=[], entry=None, before=0)
    found = calling(digits, exercise=reader.exercise, mission=reader.mission)
    names = directory().missions
    return Match(
        searched=True,
        persons=[Person(pk, shown, names[shown.mission].name if shown.mission in names else "") for pk, shown in found],
        emergencies=_emergencies(reader, digits),
        cases=_cases(reader, digits),
        entry=_entry(reader, call),
        before=earlier(reader, call.digits, call.pk),
    )


def _emergencies(reader: Reader, digits: str) -> list[Emergency]:
    """Open ones of the number, the newest first."""
    alike = emergencies(reader).filter(IS_OPEN, phone__regex=_alike(digits))
    found = alike.select_related("taken_by").order_by("-received_at", "-pk")[:MOST]
    return [one for one in found if may_work(reader, one)]


def _cases(reader: Reader, digits: str) -> list[Case]:
    """Cases of the number that are not closed, the newest first."""
    alike = cases(reader).filter(closed_at__isnull=True, phone__regex=_alike(digits))
    return list(alike.order_by("-opened_at", "-pk")[:MOST])


def _alike(digits: str) -> str:
    """A telephone that ends with these digits, however it was written."""
    tail = r"\D*".join(digits.lstrip("0")[-TAIL:])
    return rf"{tail}\D*$"


def _entry(reader: Reader, call: Call) -> CallBack | None:
    """The entry of the call-back list that this number waits on."""
    if not call.digits:
        return None
    waiting = call_backs(reader).filter(closed_at__isnull=True, digits=call.digits, mission=call.mission)
    return waiting.first()
