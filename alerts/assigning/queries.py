"""Reads: missions that can be chosen, and offers whose time is over."""

from datetime import datetime

from alerts.assigning.rules import DCC, may_answer
from alerts.emergencies.models import Emergency
from commandcenter.access.models import Membership, User
from missions.directory.models import Mission
from missions.directory.queries import directory
from missions.roster.queries import duty, on_duty


def choices(emergency: Emergency) -> list[Mission]:
    """Open missions that serve citizens, by name, without the present one."""
    found = [each for each in directory().missions.values() if may_answer(each) and each.code != emergency.mission_id]
    return sorted(found, key=lambda mission: mission.name)


def house_of(user_id: int | None) -> str:
    """The mission of a desk; "" for the command centre and for nobody."""
    found = Membership.objects.filter(user=user_id).values_list("mission", flat=True).first()
    return found or ""


def awake(place: str, at: datetime, exercise: str) -> list[User]:
    """Whom to call at a side that is asked: those on duty first; empty where nobody has an account."""
    return list(on_duty(at, exercise)) if place == DCC else list(duty(place, at, exercise).officers)


def not_accepted(at: datetime) -> list[int]:
    """Offers that nobody has taken up in time."""
    late = Emergency.objects.filter(offered_until__lte=at)
    return list(late.order_by("offered_until").values_list("pk", flat=True))
