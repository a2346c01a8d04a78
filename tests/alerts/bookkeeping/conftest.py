"""The crisis, its officers and its persons."""

from tests.alerts.ledger.world import crisis, later, report
from tests.alerts.persons.world import listed, move, officer, operator

__all__ = ["crisis", "later", "listed", "move", "officer", "operator", "report"]
