"""The kinds of events about cases: ids and codes only (see catalogue.py)."""

from commandcenter.kinds.kind import Data, Kind


class CaseClosed(Data):
    """How it ended."""

    outcome: str


class CaseOpened(Data):
    """A case was opened; `mission` "" is the command centre."""

    channel: str
    category: str
    mission: str


class CaseGiven(Data):
    """Somebody has the case; `was` had it before."""

    by: int
    was: int | None = None


class CaseMessaged(Data):
    """Somebody wrote; `then` is what followed: ask, final, reopened or nothing."""

    message: int
    side: str
    then: str


class CaseNoted(Data):
    """An officer noted something; `what` is the kind of note."""

    note: int
    what: str


class Noted(Data):
    """The reason stays in a note of its own table."""

    note: int


class CaseMoved(Noted):
    """Another mission answers for the case."""

    was: str
    mission: str


class CasePerson(Data):
    """A person of the registry was linked, or no longer is."""

    citizen: int


class CaseConverted(Noted):
    """A case became an emergency."""

    emergency: str


class CaseOverdue(Data):
    """The time of this run of the case is over."""

    runs: int


KINDS: dict[str, Kind] = {
    "case.opened": Kind("case", "cases", CaseOpened),
    "case.read": Kind("case", "cases"),
    "case.taken": Kind("case", "cases", CaseGiven),
    "case.assigned": Kind("case", "cases", CaseGiven),
    "case.messaged": Kind("case", "cases", CaseMessaged),
    "case.noted": Kind("case", "cases", CaseNoted),
    "case.closed": Kind("case", "cases", CaseClosed),
    "case.reopened": Kind("case", "cases", Noted),
    "case.moved": Kind("case", "cases", CaseMoved),
    "case.linked": Kind("case", "cases", CasePerson),
    "case.unlinked": Kind("case", "cases", CasePerson),
    "case.converted": Kind("case", "cases", CaseConverted),
    "case.overdue": Kind("case", "cases", CaseOverdue),
}
