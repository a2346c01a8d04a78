"""Who may judge a difference (domain.md section 3)."""

from alerts.crises.models import Crisis
from alerts.ledger.rules import may_choose
from commandcenter.access.reader import Reader


def may_judge(reader: Reader, crisis: Crisis) -> bool:
    """Who may choose official figures: a verifier, inside the crisis' own world."""
    return may_choose(reader, crisis)
