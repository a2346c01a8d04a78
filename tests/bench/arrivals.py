"""Latencies out of a crowd's log: every delivery of every frame to every socket."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tests.bench.crowd import Log

Moments = npt.NDArray[np.float64]


def by_message(log: Log) -> list[Moments]:
    """The moments each distinct message arrived at, message by message."""
    which, moments = np.frombuffer(log.which, dtype=np.int64), np.frombuffer(log.moments, dtype=np.float64)
    order = np.argsort(which, kind="stable")
    edges = np.searchsorted(which[order], np.arange(len(log.messages) + 1))
    return [moments[order[edges[number] : edges[number + 1]]] for number in range(len(log.messages))]


def latencies_ms(log: Log, committed: Mapping[int, float]) -> Moments:
    """Milliseconds from each frame's COMMIT to each of its deliveries."""
    found = [
        moments - committed[seq]
        for heard, moments in zip(log.messages, by_message(log), strict=True)
        for seq in heard.seqs
        if seq in committed
    ]
    return np.concatenate(found) * 1000 if found else np.zeros(0)


def last_by_seq(log: Log) -> dict[int, tuple[int, float]]:
    """For each frame: how many sockets got it, and the moment the last one did."""
    found: dict[int, tuple[int, float]] = {}
    for heard, moments in zip(log.messages, by_message(log), strict=True):
        for seq in heard.seqs if len(moments) else ():
            count, last = found.get(seq, (0, 0.0))
            found[seq] = (count + len(moments), max(last, float(moments.max())))
    return found
