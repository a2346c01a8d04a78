"""What each audience sees of a ledger: how many are in which state."""

from dataclasses import dataclass

from django.db.models import Count, Max

from alerts.persons.models import Act, Person
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register


class LedgerCard(Card):
    """The counts of one crisis by state, from its rows; a state without anybody is left out."""

    crisis: str
    total: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """One ledger at its newest act."""

    crisis: str
    version: int
    counts: dict[str, int]


def _counted(slugs: list[str], exercise: str) -> dict[str, Counts]:
    acts = Act.objects.filter(crisis__slug__in=slugs, crisis__exercise=exercise)
    newest = dict(acts.values_list("crisis__slug").annotate(Max("number")))
    held = Person.objects.filter(crisis__slug__in=slugs, crisis__exercise=exercise, merged_into__isnull=True)
    counts: dict[str, dict[str, int]] = {slug: {} for slug in newest}
    for slug, state, n in held.values_list("crisis__slug", "state").annotate(Count("pk")).order_by("state"):
        counts[slug][state] = n
    return {slug: Counts(slug, version, counts[slug]) for slug, version in newest.items()}


def load(ids: list[str], exercise: str) -> dict[str, Counts]:
    """Ledgers by the slug of their crisis."""
    return _counted(ids, exercise)


def current(audience: Audience) -> dict[str, Counts]:
    """The ledgers of the open crises, by slug."""
    acts = Act.objects.filter(crisis__exercise=audience.exercise, crisis__stood_down_at__isnull=True)
    return _counted(sorted(set(acts.values_list("crisis__slug", flat=True))), audience.exercise)


def make(ledger: Counts, audience: str) -> Card | None:
    """The same card for dcc and summary; missions hear that the ledger changed, and ask for their own rows."""
    if audience == "mission":
        return None
    return LedgerCard(crisis=ledger.crisis, total=sum(ledger.counts.values()), counts=ledger.counts)


def register_cards() -> None:
    """Tell the relay."""
    register("ledger", load=load, make=make, current=current)
