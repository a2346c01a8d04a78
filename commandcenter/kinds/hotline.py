"""The kinds of calls and of the call-back list (see catalogue.py): numbers and words stay in their own tables."""

from commandcenter.kinds.kind import Data, Kind


class Began(Data):
    """A call began: typed in at a desk, told by the exchange, or called back."""

    source: str


class Answered(Data):
    """A named desk has the call."""

    by: int


class CallEnded(Data):
    """How a call ended, and the number of what it became ("" a note)."""

    outcome: str
    about: str


class Awaited(Data):
    """A number stands on the call-back list; the number itself stays in its own table."""

    reason: str


class BackOwned(Data):
    """Who will call back; None: nobody yet."""

    by: int | None


class BackTried(Data):
    """A try to call back, or its undoing: its row, and what it came to."""

    act: int
    outcome: str


KINDS: dict[str, Kind] = {
    "call.began": Kind("call", "hotline", Began),
    "call.rang": Kind("call", "hotline"),
    "call.spoken": Kind("call", "hotline"),
    "call.answered": Kind("call", "hotline", Answered),
    "call.ended": Kind("call", "hotline"),
    "call.recorded": Kind("call", "hotline"),
    "call.closed": Kind("call", "hotline", CallEnded),
    "call.reopened": Kind("call", "hotline"),
    "callback.opened": Kind("callback", "hotline", Awaited),
    "callback.repeated": Kind("callback", "hotline", Awaited),
    "callback.owned": Kind("callback", "hotline", BackOwned),
    "callback.tried": Kind("callback", "hotline", BackTried),
    "callback.undone": Kind("callback", "hotline", BackTried),
    "callback.closed": Kind("callback", "hotline", BackTried),
}
