"""Who may start and end exercises."""

from commandcenter.access.models import Role
from commandcenter.access.reader import Reader

STARTERS = (Role.OPERATOR, Role.SUPERVISOR)


def may_start(reader: Reader) -> bool:
    """Operators and supervisors, from live work: an exercise holds no other."""
    return reader.role in STARTERS and not reader.exercise
