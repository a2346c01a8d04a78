"""The figures a second time: plain loops over the raw log, read by SQL, sharing no line with the product."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from tests.alerts.kpi.world import as_text

GOALS = {
    "taken": 120,
    "taken_p2": 300,
    "opened": None,
    "first_action": None,
    "taking_acted": 600,
    "reply": None,
    "request_opened": 120,
    "first_contact": None,
    "first_figure": 300,
    "verified": 300,
    "next_report": 1800,
}
ACTS = (
    "emergency.noted",
    "emergency.resolved",
    "emergency.task_moved",
    "emergency.waiting",
    "emergency.offered",
)


def raw(exercise: str) -> list[dict[str, Any]]:
    """Everything the log holds of one world, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, object_id, at, topic, data FROM commandcenter_event WHERE exercise = %s ORDER BY id",
            [exercise],
        )
        rows = cursor.fetchall()
    events = []
    for pk, kind, key, at, topic, data in rows:
        when = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        if when.tzinfo is None:
            when = when.replace(tzinfo=ZoneInfo("UTC"))
        crisis = topic[7:] if topic.startswith("crisis:") else ""
        events.append({"id": pk, "kind": kind, "key": key, "at": when, "crisis": crisis, **json.loads(as_text(data))})
    return events


def outcome(clock: str, start: Any, end: Any, now: datetime, ends_early: list[tuple[str, Any]]) -> tuple[Any, str]:
    """(seconds, "") or (None, reason); seconds is inf for what never came."""
    goal = GOALS[clock]
    for reason, other in ends_early:
        if other is None or other["id"] < start["id"]:
            continue
        if end is not None and other["id"] > end["id"]:
            continue
        if goal is None or (other["at"] - start["at"]) <= timedelta(seconds=goal):
            return None, reason
    if end is None:
        if goal is not None and (now - start["at"]) <= timedelta(seconds=goal):
            return None, "running"
        return float("inf"), ""
    gone = (end["at"] - start["at"]) / timedelta(seconds=1)
    return (None, "backwards") if gone < 0 else (gone, "")


def recount(exercise: str, now: datetime) -> list[dict[str, Any]]:
    """Every span as a dictionary."""
    events = raw(exercise)
    found: list[dict[str, Any]] = []

    def put(clock: str, about: str, start: Any, end: Any, said: Any, early: Any = (), **more: Any) -> None:
        seconds, excluded = more.pop("fixed", None) or outcome(clock, start, end, now, list(early))
        found.append(
            {"clock": clock, "about": about, "start": start, "end": end, "seconds": seconds, "excluded": excluded}
            | {"note": "", "mission": "", "channel": "", "crisis": "", "priority": None}
            | said
            | more
        )

    _emergencies(events, put)
    _requests(events, put)
    _reports(events, put)
    return found


def _emergencies(events: list[Any], put: Any) -> None:
    for key in sorted({event["key"] for event in events if event["kind"].startswith("emergency.")}):
        own = [event for event in events if event["key"] == key and event["kind"].startswith("emergency.")]
        receipts = [event for event in own if event["kind"] == "emergency.received"]
        said = {name: receipts[0].get(name) for name in ("mission", "channel", "priority")} if receipts else {}
        if receipts:
            _receipt(key, receipts[0], own, said, put)
        for taken in own:
            if taken["kind"] in ("emergency.taken", "emergency.accepted"):
                _taking(key, taken, own, said, put)
        _answers(key, own, said, put)


def _acts(own: list[Any]) -> list[Any]:
    """What an officer did, opening and taking aside."""
    return [
        event
        for event in own
        if event["kind"] in ACTS or (event["kind"] == "emergency.messaged" and event["side"] != "citizen")
    ]


def _receipt(key: str, receipt: Any, own: list[Any], said: Any, put: Any) -> None:
    firsts: dict[str, Any] = {}
    for event in own:
        firsts.setdefault(event["kind"], event)
    early = [("cancelled", firsts.get("emergency.cancelled")), ("merged", firsts.get("emergency.merged"))]
    if said["priority"] in {1, None}:
        put("taken", key, receipt, firsts.get("emergency.taken"), said, early)
    if said["priority"] == 2:
        put("taken_p2", key, receipt, firsts.get("emergency.taken"), said, early)
    put("opened", key, receipt, firsts.get("emergency.opened"), said, early)
    acts = _acts(own)
    put("first_action", key, receipt, acts[0] if acts else None, said, early)


def _taking(key: str, taken: Any, own: list[Any], said: Any, put: Any) -> None:
    later = [event for event in own if event["id"] > taken["id"]]
    given_up = {"emergency.released": "released", "emergency.merged": "merged"}
    ends = [event for event in later if event["kind"] in {*given_up, "emergency.returned"}]
    first: Any = min([*_acts(later), *ends], key=lambda event: event["id"], default=None)
    if first in ends and first["kind"] in given_up:
        put("taking_acted", key, taken, None, said, fixed=(None, given_up[first["kind"]]))
    elif first in ends:
        put("taking_acted", key, taken, None, said, fixed=(float("inf"), ""), note="returned")
    else:
        put("taking_acted", key, taken, first, said)


def _answers(key: str, own: list[Any], said: Any, put: Any) -> None:
    open_since = None
    for event in own:
        if event["kind"] == "emergency.messaged":
            if event["side"] == "citizen":
                if open_since is None:
                    open_since = event
            elif open_since is not None:
                put("reply", key, open_since, event, said)
                open_since = None
        if event["kind"] in ("emergency.resolved", "emergency.merged") and open_since is not None:
            put("reply", key, open_since, None, said, fixed=(None, event["kind"][len("emergency.") :]))
            open_since = None
    if open_since is not None:
        put("reply", key, open_since, None, said)


def _figures(event: Any) -> str:
    """yes, no, or unknown."""
    if event.get("figures") is not None:
        return "yes" if event["figures"] >= 1 else "no"
    if event["answer"] == "none_affected":
        return "yes"
    return "no" if event["answer"] == "checking" else "unknown"


def _closing(events: list[Any], crisis: str) -> Any:
    last = None
    for event in events:
        if event["kind"] == "crisis.stood_down" and event["key"] == crisis:
            last = event
    return last


def _requests(events: list[Any], put: Any) -> None:
    for asked in events:
        if asked["kind"] != "report.requested" or asked["attempt"] != 1:
            continue
        own = [event for event in events if event["key"] == asked["key"] and event["kind"].startswith("report.")]
        filed = [event for event in own if event["kind"] == "report.filed"]
        opened = [event for event in own if event["kind"] in ("report.opened", "report.filed")]
        said = {"mission": asked["mission"], "crisis": asked["crisis"]}
        early = [("stood_down", _closing(events, asked["crisis"]))]
        put("request_opened", asked["key"], asked, opened[0] if opened else None, said, early)
        put("first_contact", asked["key"], asked, filed[0] if filed else None, said, early)
        figures = [event for event in filed if _figures(event) != "no"]
        if figures and _figures(figures[0]) == "unknown":
            put("first_figure", asked["key"], asked, figures[0], said, fixed=(None, "unrecorded"))
        else:
            note = "contact_only" if filed and not figures else ""
            put("first_figure", asked["key"], asked, figures[0] if figures else None, said, early, note=note)


def _reports(events: list[Any], put: Any) -> None:
    filed = [event for event in events if event["kind"] == "report.filed"]
    for report in filed:
        if _figures(report) == "no":
            continue
        about, said = f"#{report['report']}", {"mission": report["mission"], "crisis": report["crisis"]}
        if _figures(report) == "unknown":
            put("verified", about, report, None, said, fixed=(None, "unrecorded"))
            put("next_report", about, report, None, said, fixed=(None, "unrecorded"))
            continue
        same = [event for event in filed if event["crisis"] == report["crisis"]]
        chosen = corrected = None
        for event in events:
            mine = event["crisis"] == report["crisis"]
            if mine and event["kind"] == "figure.chosen" and event["report"] == report["report"]:
                chosen = chosen or (event if event["id"] > report["id"] else None)
            if mine and event["kind"] == "report.filed" and event.get("replaces") == report["report"]:
                corrected = corrected or event
        closed = ("stood_down", _closing(events, report["crisis"]))
        put("verified", about, report, chosen, said, [("replaced", corrected), closed])
        after = [event for event in same if event["mission"] == report["mission"] and event["id"] > report["id"]]
        after = [event for event in after if _figures(event) != "no"]
        if after and _figures(after[0]) == "unknown":
            put("next_report", about, report, after[0], said, fixed=(None, "unrecorded"))
        else:
            put("next_report", about, report, after[0] if after else None, said, [closed])


def summed(spans: list[Any], clock: str) -> dict[str, Any]:
    """What one clock comes to, as the page writes it."""
    own = [span for span in spans if span["clock"] == clock]
    times = sorted(span["seconds"] for span in own if span["seconds"] is not None)
    count, goal = len(times), GOALS[clock]
    middle = (times[(count - 1) // 2] + times[count // 2]) / 2 if times else None
    high = None
    for place, value in enumerate(times, 1):
        if high is None and place * 10 >= count * 9:
            high = value
    reasons: dict[str, int] = {}
    for span in own:
        if span["excluded"]:
            reasons[span["excluded"]] = reasons.get(span["excluded"], 0) + 1
    return {
        "goal_s": "" if goal is None else str(goal),
        "n": str(count),
        "median_s": written(middle),
        "p90_s": written(high),
        "in_goal": "" if goal is None else str(len([value for value in times if value <= goal])),
        "silent": str(len([value for value in times if value == float("inf")])),
        "excluded": str(sum(reasons.values())),
        "reasons": {reason: str(many) for reason, many in reasons.items()},
        "notes": _notes(own),
    }


def _notes(own: list[Any]) -> dict[str, str]:
    notes: dict[str, int] = {}
    for span in own:
        if span["note"] and not span["excluded"]:
            notes[span["note"]] = notes.get(span["note"], 0) + 1
    return {note: str(many) for note, many in notes.items()}


def written(seconds: float | None) -> str:
    """As files and attributes write a duration."""
    if seconds is None:
        return ""
    return "inf" if seconds == float("inf") else "%.3f" % seconds  # noqa: UP031 (not as the product writes it)
