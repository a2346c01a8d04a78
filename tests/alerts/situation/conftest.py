"""The crisis and its officers."""

from tests.alerts.ledger.world import crisis, later, make_official, report, verifier

__all__ = ["crisis", "later", "make_official", "report", "verifier"]
