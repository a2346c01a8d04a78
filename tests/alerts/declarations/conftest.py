"""The same crisis as the room of crises."""

from tests.alerts.crises.conftest import fire, supervisor

__all__ = ["fire", "supervisor"]
