"""Reads about people on duty."""

from commandcenter.access.models import MISSION, Membership, Role, User


def officer_of(mission: str) -> User | None:
    """The mission's named person for a report: an officer before the ambassador; None when nobody has an account."""
    members = Membership.objects.filter(mission=mission, role__in=MISSION, user__is_active=True).select_related("user")
    ranked = sorted(members, key=lambda member: (member.role != Role.MISSION_OFFICER, member.user_id))
    return ranked[0].user if ranked else None


def names_of(user_ids: set[int]) -> dict[int, str]:
    """Names on screen by user id."""
    return {user.pk: user.shown_name for user in User.objects.filter(pk__in=user_ids)}


def desk_names() -> dict[int, str]:
    """Everybody's name by id, for pages whose cards name staff by id."""
    return {user.pk: user.shown_name for user in User.objects.filter(is_active=True)}
