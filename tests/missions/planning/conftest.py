"""The same people and shifts as in the room of rosters."""

from tests.missions.roster.conftest import lina, maya, planned, supervisor

__all__ = ["lina", "maya", "planned", "supervisor"]
