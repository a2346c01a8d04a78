"""Who may do what in a crisis team (domain.md section 3); pure."""

from alerts.crises.models import Crisis
from alerts.team.models import TeamTask
from commandcenter.access.models import DCC_ROLES, MISSION_ROLES, Role
from commandcenter.access.reader import Reader

LEADERS = (Role.OPERATOR, Role.SUPERVISOR)
TEAM_ROLES = (*DCC_ROLES, *MISSION_ROLES)


def may_lead(reader: Reader, crisis: Crisis) -> bool:
    """Operators and supervisors call people, note decisions, hand out tasks, in the world the crisis belongs to."""
    return reader.role in LEADERS and reader.exercise == crisis.exercise


def may_end(reader: Reader, task: TeamTask) -> bool:
    """Who leads the team, and the task's owner, say what became of it."""
    own = task.owner_id == reader.user_id and reader.exercise == task.crisis.exercise
    return own or may_lead(reader, task.crisis)
