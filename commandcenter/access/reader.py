"""The reader: who asks, in which role, for which mission, in live work or in an exercise."""

from dataclasses import dataclass

from commandcenter.access.models import DCC, MISSION, Membership, Role, User


@dataclass(frozen=True, slots=True)
class Reader:
    """What queries, rules and cards need to know about the person; `exercise` "" is live work."""

    user_id: int
    name: str
    role: Role
    mission: str = ""
    exercise: str = ""

    @property
    def is_dcc(self) -> bool:
        """Operator, supervisor or verifier."""
        return self.role in DCC

    @property
    def is_mission(self) -> bool:
        """Mission officer or ambassador."""
        return self.role in MISSION

    @property
    def audience(self) -> str:
        """The live audience of this person; "" when the role has none."""
        if self.is_dcc:
            return audience_name("dcc", self.exercise)
        if self.is_mission:
            return audience_name(f"mission:{self.mission}", self.exercise)
        if self.role == Role.MINISTER:
            return audience_name("summary", self.exercise)
        return ""


def audience_name(base: str, exercise: str = "") -> str:
    """`base`, or the exercise's own audience of that base (domain.md rule 17)."""
    return f"exercise:{exercise}:{base}" if exercise else base


def reader_of(user: User, exercise: str = "") -> Reader | None:
    """The reader a signed-in user is, or None without an active membership."""
    if not user.is_active:
        return None
    membership = Membership.objects.filter(user=user).first()
    if membership is None:
        return None
    return Reader(user.pk, user.shown_name, Role(membership.role), membership.mission, exercise)


def audiences_of(reader: Reader) -> tuple[str, ...]:
    """Every audience the person may listen to; supervisors may also open the summary."""
    if reader.role == Role.SUPERVISOR:
        return (reader.audience, audience_name("summary", reader.exercise))
    return (reader.audience,) if reader.audience else ()
