"""Who may do what in a crisis (domain.md section 3). Pure."""

from commandcenter.access.models import Role
from commandcenter.access.reader import Reader

DECLARERS = (Role.OPERATOR, Role.SUPERVISOR)
COMMANDERS = (Role.SUPERVISOR,)
# Who knows that a crisis exists: the minister reads the summary, the spokesperson the list.
WATCHERS = (Role.MINISTER, Role.SPOKESPERSON)


def may_declare(reader: Reader) -> bool:
    """Operators and supervisors declare crises and add missions to them."""
    return reader.role in DECLARERS


def may_command(reader: Reader) -> bool:
    """Only a supervisor changes the level or stands a crisis down."""
    return reader.role in COMMANDERS


def sees_all(reader: Reader) -> bool:
    """Everybody at the command centre, the minister and the spokesperson; a mission sees those that involve it."""
    return reader.is_dcc or reader.role in WATCHERS
