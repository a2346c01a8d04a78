"""Reads about people on duty."""

from commandcenter.access.models import User


def names_of(user_ids: set[int]) -> dict[int, str]:
    """Names on screen by user id."""
    return {user.pk: user.shown_name for user in User.objects.filter(pk__in=user_ids)}


def desk_names() -> dict[int, str]:
    """Everybody's name by id, for pages whose cards name staff by id."""
    return {user.pk: user.shown_name for user in User.objects.filter(is_active=True)}
