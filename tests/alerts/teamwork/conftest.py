"""The team's crisis and people."""

from tests.alerts.team.conftest import crisis, deputy, fire, officer, supervisor

__all__ = ["crisis", "deputy", "fire", "officer", "supervisor"]
