"""Reads at the applicant's door: the own case, and how often somebody tried."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from alerts.casepublic import rules
from alerts.casepublic.models import CaseTry, TryKind
from alerts.cases.models import Case, Side, State
from alerts.cases.queries import by_number
from commandcenter.outbox.queries import deliveries_about
from commandcenter.problems import Words, filled


def of_world(number: str, exercise: str) -> Case | None:
    """The case of this number in a world, for the applicant's own door, which checks the telephone."""
    whole = Case.objects.filter(exercise=exercise).select_related("mission").prefetch_related("messages")
    return by_number(whole, number)


def bare(number: str, exercise: str) -> Case | None:
    """The same row alone: one question to the database, whether it is there or not."""
    return by_number(Case.objects.filter(exercise=exercise), number)


def rests(number: str, address: str, at: datetime) -> bool:
    """Whether too many wrong answers came for this number, whether it exists or not, or from this address."""
    for kind, key in ((TryKind.NUMBER, number), (TryKind.ADDRESS, address)):
        wrong = CaseTry.objects.filter(kind=kind, key=key, at__gt=at - rules.REST).count() if key else 0
        if wrong >= rules.MOST_WRONG[kind]:
            return True
    return False


def has_old_tries(at: datetime) -> bool:
    """Whether tries are kept that no window needs any more."""
    return CaseTry.objects.filter(at__lte=at - rules.KEPT_FOR).exists()


def is_crowded(address: str, at: datetime) -> bool:
    """Whether more came from this address lately than from one household."""
    lately = CaseTry.objects.filter(kind=TryKind.NEW, key=address, at__gt=at - rules.WINDOW)
    return bool(address) and lately.count() >= rules.CROWD


def has_many(phone: str, exercise: str, at: datetime) -> bool:
    """Whether this telephone number opened as many cases in the last hour as anybody needs."""
    lately = Case.objects.filter(exercise=exercise, closed_at__isnull=True, opened_at__gt=at - rules.HOUR)
    return lately.filter(phone=phone, entered_by__isnull=True).count() >= rules.MOST_NEW


class Line(NamedTuple):
    """One message as its applicant sees it: own ones with when an officer read them."""

    is_own: bool
    who: Words
    text: str
    at: datetime
    read_at: datetime | None
    copy: Words


def shown(case: Case) -> dict[str, Any]:
    """What the applicant may see: the state, three honest steps, the messages. No name, no telephone, no note."""
    copies = {row.key: row.told for row in deliveries_about([case.number]).get(case.number, ())}
    office = case.mission.name if case.mission else _("Crisis centre of the foreign ministry")
    lines = [
        Line(
            one.side == Side.APPLICANT,
            _("You") if one.side == Side.APPLICANT else office,
            one.text,
            one.at,
            one.read_at,
            copies.get(f"case:{one.pk}", "") if one.side != Side.APPLICANT else "",
        )
        for one in case.messages.all()
    ]
    words = filled(STATE_WORDS[State(case.state)], office=office)
    final = case.answered_at if case.state in {State.ANSWERED, State.CLOSED} else None
    return {"case": case, "office": office, "lines": lines, "words": words, "final_at": final}


STATE_WORDS: dict[State, Words] = {
    State.NEW: _("Waiting for an officer of %(office)s."),
    State.IN_ACTION: _("An officer of %(office)s is working on it."),
    State.WAITING: _("We asked you something and wait for your answer below."),
    State.ANSWERED: _("We have answered. If it does not help, write below: the case opens again."),
    State.CLOSED: _("This case is closed. If something is missing, write below: it opens again."),
    State.REOPENED: _("Open again. Waiting for an officer of %(office)s."),
}
