"""The crisis, its officers and its persons."""

from tests.alerts.ledger.world import crisis, later, make_official, report, verifier
from tests.alerts.persons.world import listed, move, officer, operator

__all__ = ["crisis", "later", "listed", "make_official", "move", "officer", "operator", "report", "verifier"]
