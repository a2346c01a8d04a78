"""What applicants do: open a case, look at it, write on it. Tries are counted in rows and forgotten soon."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.casepublic import queries, rules
from alerts.casepublic.models import CaseTry, TryKind
from alerts.cases import actions as cases
from alerts.cases.models import Case, CaseMessage
from commandcenter.problems import Refusal


@transaction.atomic
def open_by_applicant(*, at: datetime, new: cases.New, exercise: str, remote: str) -> Case:
    """Open a case from the public form. A crowd at one address is marked, never refused.

    Only who opened many within the hour with the same telephone number is asked to write in those.
    """
    if not (known := Case.objects.filter(client_id=new.client_id, exercise=exercise).first()):
        if queries.has_many(new.phone, exercise, at):
            many = _("You have sent several cases in the last hour: write in one of them, or send this one later.")
            raise Refusal("", many, status=429, code="conflict")
        key = rules.digest(rules.address_of(remote))
        crowded = queries.is_crowded(key, at)
        if key:
            CaseTry.objects.create(kind=TryKind.NEW, key=key, at=at)
        known = cases.open_case(actor=None, at=at, new=replace(new, crowded=crowded), exercise=exercise)
    return known


def look_up(*, at: datetime, number: str, phone: str, exercise: str, remote: str) -> Case:
    """The case of this number and telephone. A wrong telephone and a number that is not there answer alike."""
    wanted = number.strip().upper()
    key, address = rules.digest(f"{exercise}:{wanted}"), rules.digest(rules.address_of(remote))
    if queries.rests(key, address, at):
        raise Refusal("", _("Too many tries. Please try again in 15 minutes, or call the mission."), status=429)
    case = queries.bare(wanted, exercise)
    if not rules.same_phone(phone, case.phone if case else "") or case is None:
        note_wrong(at=at, number=key, address=address)
        raise Refusal("", _("No case fits this number and this telephone number. Look at both again."))
    return case


@transaction.atomic
def note_wrong(*, at: datetime, number: str, address: str) -> None:
    """Count a wrong answer for a number and an address, both as digests."""
    CaseTry.objects.create(kind=TryKind.NUMBER, key=number, at=at)
    if address:
        CaseTry.objects.create(kind=TryKind.ADDRESS, key=address, at=at)


@transaction.atomic
def forget_tries(*, at: datetime) -> int:
    """Nothing about tries is kept beyond the window. Returns how many were forgotten."""
    return CaseTry.objects.filter(at__lte=at - rules.KEPT_FOR).delete()[0]


def write_by_applicant(*, at: datetime, number: str, exercise: str, client_id: UUID, text: str) -> CaseMessage:
    """The applicant, who was let in by number and telephone, writes."""
    case = queries.of_world(number, exercise)
    if case is None:
        raise Refusal("", _("There is no such case."), status=404, code="missing")
    return cases.hear(case=case, at=at, client_id=client_id, text=text)
