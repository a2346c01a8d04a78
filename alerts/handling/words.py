"""What happened to an emergency, in words: one sentence for each kind of event."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from alerts.emergencies.models import Channel, Doubt, Outcome, Wait
from alerts.ladders.models import Ladder
from alerts.ladders.queries import said
from alerts.worklist.models import Stage, Task
from commandcenter import wording
from commandcenter.events.models import Event
from missions.directory.queries import directory


def words(event: Event, before: str = "") -> str:
    """The sentence of an event; `before` is the name of who held it before."""
    plain = _plain(event)
    if plain:
        return plain
    told = TOLD.get(event.kind.removeprefix("emergency."))
    return told(event, before) if told else event.kind


def _plain(event: Event) -> str:
    return {
        "emergency.received": _("entered it; it came by: %(channel)s") % {"channel": _channel(event)}
        if event.actor_id
        else _("asked for help; received by the server"),
        "emergency.opened": _("opened it"),
        "emergency.released": _("gave it back to the queue"),
        "emergency.moved": _moved(event),
        "emergency.cancelled": _("pressed cancel"),
        "emergency.repeated": _("pressed again"),
        "emergency.media_received": _("sent a photo or video"),
        "emergency.media_removed": _("took back a file that was not sent whole"),
        "emergency.media_examined": _("A file that was sent can't be shown; it is kept sealed"),
        "emergency.silence_set": _("can't speak") if event.data.get("silent") else _("can speak again"),
        "emergency.unshelved": _("let it sound again") if event.actor_id else _("Sounds again: its time is over"),
        "emergency.reopened": _("opened it again") if event.actor_id else _("Open again: the citizen wrote"),
        "emergency.continued": _("goes on with it"),
        "emergency.closed": _("closed it, having looked at the outcome"),
        "emergency.taking_told": _("told the citizens of the duplicates that it is taken"),
        "emergency.echoed": _("Something came in of a duplicate"),
        "emergency.leased": _("began to write"),
        "emergency.lease_ended": _("stopped writing"),
    }.get(event.kind, "")


def _moved(event: Event) -> str:
    doubt = event.data.get("doubt") if event.kind == "emergency.moved" else ""
    return f"{_('sent a newer position')}. {Doubt(doubt).label}" if doubt else _("sent a newer position")


def _channel(event: Event) -> str:
    code = event.data["channel"] if event.kind == "emergency.received" else ""
    return str(dict(Channel.choices).get(code, code))


def _until(event: Event, name: str = "until") -> str:
    return wording.in_wib(datetime.fromisoformat(event.data[name]), now=event.at).text


def _mission(code: str) -> str:
    found = directory().missions.get(code)
    return found.name if found else _("the DCC")


def _task(event: Event, _before: str) -> str:
    task = Task(event.data["task"]).label
    stage = event.data["stage"]
    told = {"task": task, "stage": Stage(stage).label if stage else _("Not looked at")}
    return _("task “%(task)s”: %(stage)s") % told


def _reassigned(event: Event, _before: str) -> str:
    names = {"was": _mission(event.data["was"]), "mission": _mission(event.data["mission"])}
    if event.data["by_hand"]:
        return _("chose another responsible mission: from %(was)s to %(mission)s") % names
    return _("went back to the mission of the rule: from %(was)s to %(mission)s") % names


def _waited_out(event: Event, _before: str) -> str:
    return _("Back in the queue: waited long enough for %(whom)s") % {"whom": Wait(event.data["waiting_for"]).label}


TOLD: dict[str, Callable[[Event, str], str]] = {
    "taken": lambda event, _b: _("took it · next contact %(time)s") % {"time": _until(event, "next_contact_at")},
    "handed_over": lambda event, before: (
        _("took it over from %(name)s at the change of shift · next contact %(time)s")
        % {"name": before, "time": _until(event, "next_contact_at")}
    ),
    "accepted": lambda event, before: (
        _("took it up from %(name)s · next contact %(time)s")
        % {"name": before, "time": _until(event, "next_contact_at")}
    ),
    "shelved": lambda event, _b: _("silenced the alarm until %(time)s") % {"time": _until(event)},
    "returned": lambda event, _b: (
        _("Back in the queue: taken without an action for 10 minutes (%(n)s×)") % {"n": event.data["times"]}
    ),
    "escalated": lambda event, _b: (
        _("Nobody answered: %(step)s") % {"step": said(Ladder.EMERGENCY, event.data["step"])}
    ),
    "resolved": lambda event, _b: _("resolved it: %(outcome)s") % {"outcome": Outcome(event.data["outcome"]).label},
    "lease_broken": lambda _e, before: _("took over the writing from %(name)s") % {"name": before},
    "waiting": lambda event, _b: (
        _("waits until %(time)s for %(whom)s") % {"time": _until(event), "whom": Wait(event.data["waiting_for"]).label}
    ),
    "waited_out": _waited_out,
    "task_moved": _task,
    "task_undone": lambda event, before: _("took a step back: %(task)s") % {"task": _task(event, before)},
    "merged": lambda event, _b: _("attached it as a duplicate to %(number)s") % {"number": event.data["into"]},
    "joined": lambda event, _b: _("attached the duplicate %(number)s") % {"number": event.data["other"]},
    "parted": lambda event, _b: _("parted it from %(number)s: no duplicate") % {"number": event.data["other"]},
    "left": lambda event, _b: _("parted %(number)s from it: no duplicate") % {"number": event.data["other"]},
    "told_apart": lambda event, _b: _("says that %(number)s is another one") % {"number": event.data["other"]},
    "reassigned": _reassigned,
    "offered": lambda event, _b: (
        _("offered it to %(place)s until %(time)s") % {"place": _mission(event.data["to"]), "time": _until(event)}
    ),
    "offer_declined": lambda _e, _b: _("declined the offer"),
    "offer_withdrawn": lambda _e, _b: _("took the offer back"),
    "offer_lapsed": lambda event, _b: (
        _("Back in the queue: %(place)s did not take up the offer in time") % {"place": _mission(event.data["to"])}
    ),
}

# Told by a note, a message or the page itself, or of no interest afterwards.
UNTOLD = frozenset({"noted", "messaged", "echoed", "leased", "lease_ended", "media_started"})


def step_words(entry: Any) -> str:
    """What came of a step of a task."""
    parts = [entry.get_result_display() if entry.result else "", entry.words]
    return " · ".join(part for part in parts if part)
