"""Every step of a task is a row and an act on the emergency."""

from datetime import datetime

from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from alerts.emergencies.actions import change, open_by_officer
from alerts.emergencies.holding import act_on
from alerts.emergencies.models import OVER, Emergency
from alerts.emergencies.rules import MESSAGE_LENGTH, over_words, refusal
from alerts.worklist import rules
from alerts.worklist.models import Result, Stage, Task, TaskEntry
from alerts.worklist.queries import last_by, last_of
from commandcenter import wording
from commandcenter.access.reader import Reader
from commandcenter.problems import Refusal, Words, clean_text, filled


def move_task(
    *, actor: Reader, number: str, at: datetime, task: str, stage: str, result: str = "", words: str = "",
    seen: int | None = None,
) -> TaskEntry:  # fmt: skip
    """One step of a task. `seen` is the entry the page showed (0: none): refused when another one came since."""
    if task not in Task.values:
        raise Refusal("task", _("Choose one of the tasks."))
    if stage not in Stage.values or result not in Result.values:
        raise Refusal("stage", _("Choose what became of it."))
    said = clean_text(words, field="words", max_length=MESSAGE_LENGTH)
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        if emergency.state in OVER:
            raise refusal(409, over_words(emergency))
        last = last_of(emergency, task)
        before = last.stage if last else ""
        if seen is not None and seen != (last.pk if last else 0):
            raise refusal(409, _other_words(last, at))
        if not rules.may_follow(before, stage):
            raise refusal(409, _other_words(last, at))
        if not rules.says_enough(stage, result, said):
            raise Refusal("words", _("Say in words what came of it, or why it is not needed."))
        entry = TaskEntry.objects.create(
            emergency=emergency, task=task, stage=stage, result=result, words=said, by_id=actor.user_id, at=at
        )
        data = {"task": task, "stage": stage, "entry": entry.pk}
        acted = act_on(emergency, at)
        change(emergency=emergency, kind="task_moved", at=at, actor=actor, fields=acted, data=data)
        return entry


def undo_task(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Take back the own newest step, as long as nothing followed it; the row stays and says so."""
    with transaction.atomic():
        emergency = open_by_officer(actor=actor, number=number, at=at)
        mine = last_by(emergency, actor.user_id)
        if mine is None:
            raise refusal(409, _("There is nothing of yours to take back."))
        last = last_of(emergency, mine.task)
        if last is None or last.pk != mine.pk:
            raise refusal(409, _other_words(last, at))
        mine.undone_at = at
        mine.save(update_fields=["undone_at"])
        before = last_of(emergency, mine.task)
        data = {"task": mine.task, "stage": before.stage if before else "", "entry": mine.pk}
        change(emergency=emergency, kind="task_undone", at=at, actor=actor, data=data)
        return emergency


def _other_words(last: TaskEntry | None, at: datetime) -> Words:
    """What the other one wrote: who asks again reads both texts."""
    if last is None:
        return _("This step was taken back meanwhile: look again.")
    told = lazy(lambda: str(last.words or last.get_result_display()), str)()
    stage = lazy(lambda: str(last.get_stage_display()), str)()
    ago = lazy(lambda: wording.ago_text(at - last.at), str)()
    words = _("%(name)s wrote first, %(ago)s: %(stage)s, “%(told)s”. Your words are kept below.")
    return filled(words, name=last.by.shown_name, ago=ago, stage=stage, told=told)
