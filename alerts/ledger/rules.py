"""Who may choose official figures (domain.md section 3)."""

from alerts.crises.models import Crisis
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader


def may_choose(reader: Reader, crisis: Crisis) -> bool:
    """A verifier, inside the world (live work or one exercise) that the crisis belongs to."""
    return reader.role == Role.VERIFIER and reader.exercise == crisis.exercise
