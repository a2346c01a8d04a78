"""Emergencies and who may work them."""

from tests.alerts.emergencies.conftest import emergency, make, officer, stranger

__all__ = ["emergency", "make", "officer", "stranger"]
