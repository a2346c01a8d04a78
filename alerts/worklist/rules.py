"""Which step may follow which; pure."""

from alerts.worklist.models import Result, Stage

# "" is a task that nobody has looked at. Started again is a further try.
NEXT: dict[str, frozenset[str]] = {
    "": frozenset({Stage.STARTED, Stage.DONE, Stage.DROPPED}),
    Stage.STARTED: frozenset({Stage.STARTED, Stage.DONE, Stage.DROPPED}),
    Stage.DONE: frozenset({Stage.STARTED}),
    Stage.DROPPED: frozenset({Stage.STARTED}),
}


def may_follow(before: str, stage: str) -> bool:
    """Whether a task at this stage may go there."""
    return stage in NEXT[before]


def says_enough(stage: str, result: str, words: str) -> bool:
    """Done needs a result, not needed the reason in words; no answer is a try, never the end of it."""
    if stage == Stage.DONE:
        return result != Result.NO_ANSWER and bool(result or words)
    return bool(words) if stage == Stage.DROPPED else True
