"""From the lines of the log to spans, one for each thing a clock measured: pure, no table is asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any, NamedTuple

from alerts.kpi.clocks import CLOCKS

TAKINGS = frozenset({"emergency.taken", "emergency.accepted"})  # a named person holds it from here on
# Given back or attached by a person: excluded however late, for no act was missed any more.
ENDED = {"emergency.released": "released", "emergency.merged": "merged"}
ACTS = frozenset(f"emergency.{verb}" for verb in ("noted", "resolved", "task_moved", "waiting", "offered"))


class Line(NamedTuple):
    """One event, as the log holds it; lines come in the order of their ids."""

    pk: int
    kind: str
    object_id: str
    at: datetime
    topic: str
    data: dict[str, Any]

    @property
    def crisis(self) -> str:
        """The crisis its topic names."""
        return self.topic.removeprefix("crisis:") if self.topic.startswith("crisis:") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One measurement. `seconds` is infinite while nothing came, None when it is excluded; `note` is of NOTES."""

    clock: str
    about: str
    start: Line
    end: Line | None = None
    seconds: float | None = None
    excluded: str = ""
    note: str = ""
    mission: str = ""
    channel: str = ""
    crisis: str = ""
    priority: int | None = None

    @property
    def in_goal(self) -> bool:
        """Whether it came in time; without a goal nothing is late."""
        goal = CLOCKS[self.clock].goal
        return goal is not None and self.seconds is not None and self.seconds <= goal


@dataclass(slots=True)
class _Log:
    """The lines by what they are about."""

    at: datetime
    objects: dict[tuple[str, str], list[Line]] = field(default_factory=lambda: defaultdict(list))
    stood_down: dict[str, Line] = field(default_factory=dict)
    filed: dict[tuple[str, str], list[Line]] = field(default_factory=lambda: defaultdict(list))
    chosen: dict[tuple[str, int], list[Line]] = field(default_factory=lambda: defaultdict(list))
    replaced: dict[tuple[str, int], Line] = field(default_factory=dict)


def spans(lines: Iterable[Line], at: datetime) -> Iterator[Span]:
    """Every span of every clock up to `at`; what started before the first line is the caller's to leave out."""
    log = _read(lines, at)
    for (about, _key), own in log.objects.items():
        if about == "emergency":
            yield from _of_emergency(log, own)
        elif about == "report":
            yield from _of_request(log, own)
    for (crisis, mission), filed in log.filed.items():
        yield from _of_reports(log, crisis, mission, filed)


def has_figures(filed: Line) -> bool | None:
    """Whether a report had a figure; None when its event is from before that was recorded and nothing else tells."""
    count, answer = filed.data.get("figures"), filed.data.get("answer")
    if count is not None:
        return bool(count > 0)
    # "None affected" asserts five zeros, "checking" asserts nothing.
    return {"none_affected": True, "checking": False}.get(str(answer))


def _read(lines: Iterable[Line], at: datetime) -> _Log:
    log = _Log(at)
    for line in lines:
        about = line.kind.partition(".")[0]
        log.objects[about, line.object_id].append(line)
        if line.kind == "crisis.stood_down":
            log.stood_down[line.object_id] = line
        elif line.kind == "report.filed":
            log.filed[line.crisis, line.data["mission"]].append(line)
            if line.data.get("replaces"):
                log.replaced.setdefault((line.crisis, line.data["replaces"]), line)
        elif line.kind == "figure.chosen" and line.data["report"] is not None:
            log.chosen[line.crisis, line.data["report"]].append(line)
    return log


def _judged(
    log: _Log, clock: str, start: Line, end: Line | None, stops: Iterable[tuple[str, Line | None]] = (), **more: Any
) -> Span:
    """The span of a clock: how long, or infinite, or why it can't be counted.

    What stopped it excludes it only inside the goal: a clock that was late already stays late.
    """
    goal = CLOCKS[clock].goal
    limit = None if goal is None else timedelta(seconds=goal)
    excluded, seconds = "", inf
    for reason, stop in stops:
        before = stop is not None and stop.pk > start.pk and (end is None or stop.pk < end.pk)
        if stop is not None and before and (limit is None or stop.at - start.at <= limit):
            excluded = reason
            break
    if not excluded and end is not None:
        seconds = (end.at - start.at).total_seconds()
        excluded = "backwards" if seconds < 0 else ""
    elif not excluded and limit is not None and log.at - start.at <= limit:
        excluded = "running"
    return Span(clock=clock, start=start, end=end, seconds=None if excluded else seconds, excluded=excluded, **more)


def _of_emergency(log: _Log, own: list[Line]) -> Iterator[Span]:
    received = next((line for line in own if line.kind == "emergency.received"), None)
    said = received.data if received else {}
    facts = {"about": own[0].object_id, "mission": said.get("mission", ""), "channel": said.get("channel", "")}
    facts["priority"] = said.get("priority")
    if received:
        yield from _of_receipt(log, received, own, facts)
    for place, line in enumerate(own):
        if line.kind in TAKINGS:
            yield _of_taking(log, line, own[place + 1 :], facts)
    yield from _replies(log, own, facts)


def _of_receipt(log: _Log, received: Line, own: list[Line], facts: dict[str, Any]) -> Iterator[Span]:
    firsts: dict[str, Line] = {line.kind: line for line in reversed(own)}
    stops = [(reason, firsts.get(f"emergency.{reason}")) for reason in ("cancelled", "merged")]
    clock = {None: "taken", 1: "taken", 2: "taken_p2"}.get(facts["priority"])
    if clock:
        yield _judged(log, clock, received, firsts.get("emergency.taken"), stops, **facts)
    yield _judged(log, "opened", received, firsts.get("emergency.opened"), stops, **facts)
    act = next((line for line in own if _is_act(line)), None)
    yield _judged(log, "first_action", received, act, stops, **facts)


def _of_taking(log: _Log, taken: Line, later: list[Line], facts: dict[str, Any]) -> Span:
    """One taking, until somebody acts, it is given back, or it falls back into the queue untouched (never in time)."""
    for line in later:
        if _is_act(line):
            return _judged(log, "taking_acted", taken, line, **facts)
        if reason := ENDED.get(line.kind):
            return Span(clock="taking_acted", start=taken, excluded=reason, **facts)
        if line.kind == "emergency.returned":
            return Span(clock="taking_acted", start=taken, seconds=inf, note="returned", **facts)
    return _judged(log, "taking_acted", taken, None, **facts)


def _replies(log: _Log, own: list[Line], facts: dict[str, Any]) -> Iterator[Span]:
    """From the first message nobody answered yet to the answer; further messages in between wait with it."""
    waiting: Line | None = None
    for line in own:
        if line.kind == "emergency.messaged" and line.data["side"] == "citizen":
            waiting = waiting or line
        elif waiting and line.kind == "emergency.messaged":
            yield _judged(log, "reply", waiting, line, **facts)
            waiting = None
        elif waiting and line.kind in {"emergency.resolved", "emergency.merged"}:
            yield _judged(log, "reply", waiting, None, [(line.kind.removeprefix("emergency."), line)], **facts)
            waiting = None
    if waiting:
        yield _judged(log, "reply", waiting, None, **facts)


def _is_act(line: Line) -> bool:
    """An act on the emergency: opening and taking are none."""
    if line.kind == "emergency.messaged":
        return bool(line.data["side"] != "citizen")
    return line.kind in ACTS


def _of_request(log: _Log, own: list[Line]) -> Iterator[Span]:
    """A repeat keeps the first clock, so only the first attempt starts one."""
    asked = next((line for line in own if line.kind == "report.requested" and line.data["attempt"] == 1), None)
    if asked is None:
        return
    facts: dict[str, Any] = {"about": asked.object_id, "mission": asked.data["mission"], "crisis": asked.crisis}
    stops = [("stood_down", log.stood_down.get(asked.crisis))]
    answers = [line for line in own if line.kind == "report.filed"]
    # Who files through a link has had the form open, whether or not its page said so.
    opened = next((line for line in own if line.kind in {"report.opened", "report.filed"}), None)
    yield _judged(log, "request_opened", asked, opened, stops, **facts)
    yield _judged(log, "first_contact", asked, answers[0] if answers else None, stops, **facts)
    yield _first_figure(log, asked, answers, stops, facts)


def _first_figure(
    log: _Log, asked: Line, answers: list[Line], stops: list[tuple[str, Line | None]], facts: dict[str, Any]
) -> Span:
    telling = next((line for line in answers if has_figures(line) is not False), None)
    if telling is not None and has_figures(telling) is None:
        return Span(clock="first_figure", start=asked, end=telling, excluded="unrecorded", **facts)
    note = "contact_only" if answers and telling is None else ""
    return _judged(log, "first_figure", asked, telling, stops, note=note, **facts)


def _of_reports(log: _Log, crisis: str, mission: str, filed: list[Line]) -> Iterator[Span]:
    """Each report with figures starts two clocks: until a figure of it is verified, and until the next one."""
    for place, line in enumerate(filed):
        if has_figures(line) is False:
            continue
        number = line.data["report"]
        facts: dict[str, Any] = {"about": f"#{number}", "mission": mission, "crisis": crisis}
        next_one = next((later for later in filed[place + 1 :] if has_figures(later) is not False), None)
        closed = ("stood_down", log.stood_down.get(crisis))
        if has_figures(line) is None:
            yield Span(clock="verified", start=line, excluded="unrecorded", **facts)
            yield Span(clock="next_report", start=line, excluded="unrecorded", **facts)
            continue
        chosen = next((each for each in log.chosen[crisis, number] if each.pk > line.pk), None)
        stops = [("replaced", log.replaced.get((crisis, number))), closed]
        yield _judged(log, "verified", line, chosen, stops, **facts)
        if next_one is not None and has_figures(next_one) is None:
            yield Span(clock="next_report", start=line, end=next_one, excluded="unrecorded", **facts)
        else:
            yield _judged(log, "next_report", line, next_one, [closed], **facts)
