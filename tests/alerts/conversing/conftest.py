"""An emergency with its citizen's token."""

from tests.alerts.dialogue.conftest import answers, emergency, held, make, officer, says, stranger

__all__ = ["answers", "emergency", "held", "make", "officer", "says", "stranger"]
