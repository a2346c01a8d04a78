"""The data of kinds about the dialogue with a citizen."""

from commandcenter.kinds.kind import Data


class Silence(Data):
    """The citizen can't speak, or can again."""

    silent: bool


class Through(Data):
    """So many messages, up to this one, were read by an officer or shown by the citizen's device."""

    message: int
    n: int


class BySms(Data):
    """What became of an officer's message on its way by SMS."""

    message: int
    state: str
    reason: str
