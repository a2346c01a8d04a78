"""How hard intake is pressed: overloaded once 95 of 100 answers in a second took over a second, ten seconds on end."""

from threading import Lock

LATE_SECONDS = 1.0
FOR_SECONDS = 10
# Work that was asked for keeps others away: it is asked for a while longer, or the flood would come and go.
STAYS_SECONDS = 30
LEAST_BITS, MOST_BITS = 16, 20
# What waits first, at which 95th percentile in seconds (reliability.md 3.7: media, then positions, then messages).
SHED_AT = {"media": LATE_SECONDS, "position": LATE_SECONDS, "message": 3.0}


class Pressure:
    """The last seconds' answers of this process. Times are seconds of any clock that only runs forward."""

    def __init__(self) -> None:
        self.second, self.judged, self.took = 0, 0, list[float]()
        self.late_since: int | None = None
        self.p95, self.until = 0.0, 0.0
        self.lock = Lock()

    def note(self, at: float, took: float) -> None:
        """One request was answered after this long."""
        with self.lock:
            self._turn(int(at))
            self.took.append(took)

    def overloaded(self, at: float) -> bool:
        """Whether intake itself can't keep up."""
        with self.lock:
            self._turn(int(at))
            return at < self.until

    def bits(self, at: float) -> int:
        """How much work an unsigned request costs now: 0, or 16 to 20 by load."""
        return min(MOST_BITS, LEAST_BITS + int(max(0.0, self.p95 - LATE_SECONDS))) if self.overloaded(at) else 0

    def sheds(self, what: str, at: float) -> bool:
        """Whether media, positions or messages have to wait, so that requests for help need not."""
        return self.overloaded(at) and self.p95 >= SHED_AT[what]

    def _turn(self, second: int) -> None:
        """A new second: judge the one before. Some without answers change nothing, ten are a new beginning."""
        if second == self.second:
            return
        if self.took:
            self.took.sort()
            self.p95 = self.took[int(0.95 * (len(self.took) - 1))]
            self.took = []
            if self.p95 <= LATE_SECONDS:
                self.late_since = None
            elif self.late_since is None or self.second - self.judged > FOR_SECONDS:
                self.late_since = self.second
            self.judged = self.second
            if self.late_since is not None and self.second + 1 - self.late_since >= FOR_SECONDS:
                self.until = self.second + 1 + STAYS_SECONDS
        self.second = second


pressure = Pressure()
