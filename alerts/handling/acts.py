"""The acts an officer can do on the page of an emergency: which action, what is said afterwards, what undoes it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from alerts.assigning import actions as assigning
from alerts.dialogue import actions as dialogue
from alerts.duplicates import actions as duplicates
from alerts.emergencies import actions
from alerts.leases import actions as leases
from alerts.progress import actions as progress
from alerts.progress.rules import WAITS
from alerts.shelving import actions as shelving
from alerts.shelving.rules import SHELVES as SHELVE_MINUTES
from alerts.worklist import actions as worklist
from commandcenter.problems import Words

SHELVES = tuple(map(str, SHELVE_MINUTES))
WAIT_MINUTES = tuple(map(str, WAITS))
PROMISES = ("5", "15", "30", "60")
KEY = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Act(NamedTuple):
    """One act: its action, what is said when it is done, and the act that undoes it."""

    action: Callable[..., Any]
    done: Words = ""
    undo: str = ""


ACTS: dict[str, Act] = {
    "opened": Act(actions.open_by_officer),
    "take": Act(actions.take, _("Taken"), "release"),
    "release": Act(actions.release, _("Back in the queue")),
    "note": Act(actions.add_note, _("Noted")),
    "message": Act(dialogue.write, _("Stored for the citizen")),
    "read": Act(dialogue.read),
    "silence": Act(dialogue.set_silence, _("Noted")),
    "resolve": Act(actions.resolve, _("Resolved")),
    "reopen": Act(actions.reopen, _("Open again")),
    "shelve": Act(shelving.shelve, _("Silent for a while")),
    "unshelve": Act(shelving.unshelve, _("Sounds again")),
    "lease": Act(leases.begin_writing),
    "lease-end": Act(leases.stop_writing),
    "lease-break": Act(leases.break_lease, _("You write now")),
    "wait": Act(progress.wait, _("Waits"), "go-on"),
    "go-on": Act(progress.go_on, _("In action again")),
    "close": Act(progress.close, _("Closed for good")),
    "task": Act(worklist.move_task, _("Noted"), "task-undo"),
    "task-undo": Act(worklist.undo_task, _("Taken back")),
    "merge": Act(duplicates.merge, _("Attached as a duplicate"), "part"),
    "part": Act(duplicates.part, _("Parted: back in the queue")),
    "tell-taken": Act(duplicates.tell_taken, _("Told")),
    "tell-apart": Act(duplicates.tell_apart, _("Not proposed any more")),
    "override": Act(assigning.override, _("Another mission answers now")),
    "follow-rule": Act(assigning.follow_rule, _("The mission of the rule answers now")),
    "offer": Act(assigning.offer, _("Offered: until it is taken up you hold it"), "withdraw"),
    "accept": Act(assigning.accept, _("Taken up")),
    "decline": Act(assigning.decline, _("Declined")),
    "withdraw": Act(assigning.withdraw, _("The offer is taken back")),
}


def given(verb: str, posted: QueryDict, at: datetime) -> dict[str, Any]:
    """What the form of this act sends; what can't be understood is as if it were not sent."""
    reader = GIVEN.get(verb)
    return reader(posted, at) if reader else {}


def _number(posted: QueryDict, name: str) -> int | None:
    text = posted.get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,15}", text, re.ASCII) else None


def _among(posted: QueryDict, name: str, choices: tuple[str, ...]) -> int:
    text = posted.get(name, "")
    return int(text) if text in choices else 0


def _take(posted: QueryDict, at: datetime) -> dict[str, Any]:
    minutes = _among(posted, "minutes", PROMISES)
    return {"next_contact_at": at + timedelta(minutes=minutes)} if minutes else {}


def _message(posted: QueryDict, _at: datetime) -> dict[str, Any]:
    key, sms = posted.get("client_id", ""), posted.get("sms") == "1"
    return {"text": posted.get("text", ""), "client_id": UUID(key) if KEY.fullmatch(key) else uuid4(), "sms": sms}


def _task(posted: QueryDict, _at: datetime) -> dict[str, Any]:
    stage, _colon, result = posted.get("stage", "").partition(":")
    said = {"task": posted.get("task", ""), "stage": stage, "result": result, "words": posted.get("words", "")}
    return said | {"seen": _number(posted, "seen")}


def _reason(posted: QueryDict, _at: datetime) -> dict[str, Any]:
    return {"reason": posted.get("reason", "")}


GIVEN: dict[str, Callable[[QueryDict, datetime], dict[str, Any]]] = {
    "shelve": lambda posted, at: {"minutes": _among(posted, "minutes", SHELVES), **_reason(posted, at)},
    "take": _take,
    "note": lambda posted, _at: {"text": posted.get("text", "")},
    "message": _message,
    "read": lambda posted, _at: {"up_to": _number(posted, "up_to") or 0},
    "silence": lambda posted, _at: {"silent": posted.get("silent") == "1"},
    "resolve": lambda posted, _at: {"outcome": posted.get("outcome", ""), "version": _number(posted, "version")},
    "lease-break": _reason,
    "wait": lambda posted, _at: {
        "waiting_for": posted.get("waiting_for", ""),
        "minutes": _among(posted, "minutes", WAIT_MINUTES),
    },
    "close": lambda posted, _at: {"version": _number(posted, "version")},
    "task": _task,
    "merge": lambda posted, _at: {"into": posted.get("into", "")},
    "tell-apart": lambda posted, _at: {"other": posted.get("other", "")},
    "override": lambda posted, at: {
        "mission": posted.get("mission", ""),
        "version": _number(posted, "version"),
        **_reason(posted, at),
    },
    "follow-rule": lambda posted, _at: {"version": _number(posted, "version")},
    "decline": _reason,
}
