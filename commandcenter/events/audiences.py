"""Names of audiences, for actions that record events."""

from typing import NamedTuple

from commandcenter.access.reader import audience_name


class Audience(NamedTuple):
    """An audience's name in its parts: the exercise ("" is live work), the base, and the mission's code ("" else)."""

    exercise: str
    base: str
    mission: str


def dcc(exercise: str = "") -> str:
    """Everybody at the command centre."""
    return audience_name("dcc", exercise)


def mission(code: str, exercise: str = "") -> str:
    """Everybody at one mission."""
    return audience_name(f"mission:{code}", exercise)


def summary(exercise: str = "") -> str:
    """The minister's page."""
    return audience_name("summary", exercise)


def parts_of(audience: str) -> Audience:
    """What the name says."""
    parts = audience.split(":")
    exercise = parts[1] if parts[0] == "exercise" else ""
    base, code = [*parts[2 if exercise else 0 :], ""][:2]
    return Audience(exercise, base, code)


def base_of(audience: str) -> str:
    """`dcc`, `mission` or `summary`, whatever the exercise and the mission."""
    return parts_of(audience).base
