"""Who may do what with requests and reports (domain.md section 3); pure."""

from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis
from alerts.sitreps.models import ReportRequest
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.problems import Refusal

REQUESTERS = (Role.OPERATOR, Role.SUPERVISOR)


def may_request(reader: Reader, crisis: Crisis) -> bool:
    """Operators and supervisors demand reports, in the world the crisis belongs to."""
    return reader.role in REQUESTERS and reader.exercise == crisis.exercise


def may_file(reader: Reader, request: ReportRequest) -> bool:
    """Officers and ambassadors answer for their own mission, in the world the crisis belongs to."""
    own = reader.is_mission and reader.mission == request.mission_id
    return own and reader.exercise == request.crisis.exercise


def sees_all(reader: Reader) -> bool:
    """Missions see their own row and reports; everybody else who gets here sees all of them."""
    return not reader.is_mission


def refuse_closed(request: ReportRequest) -> None:
    """A request of a closed crisis, or closed itself, takes no reports; it says which."""
    if not request.crisis.is_open:
        raise Refusal("", _("This crisis is closed; reports are no longer accepted."), status=409, code="closed")
    if request.closed_at is not None:
        raise Refusal("", _("This request is closed."), status=409, code="closed")
