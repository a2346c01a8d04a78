"""Reads: the five tasks of an emergency as they stand."""

from dataclasses import dataclass

from alerts.emergencies.models import Emergency
from alerts.worklist.models import Stage, Task, TaskEntry


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task: its newest entry, None when nobody has looked at it, and how often it was tried without an answer."""

    task: Task
    last: TaskEntry | None
    tries: int

    @property
    def seen(self) -> int:
        """What a form says it has seen."""
        return self.last.pk if self.last else 0

    @property
    def is_over(self) -> bool:
        """Nothing is left to do here."""
        return self.last is not None and self.last.stage != Stage.STARTED


def tasks(emergency: Emergency) -> list[TaskRow]:
    """All five, in their order; one query."""
    standing = TaskEntry.objects.filter(emergency=emergency, undone_at__isnull=True).select_related("by")
    by_task: dict[str, list[TaskEntry]] = {}
    for entry in standing:
        by_task.setdefault(entry.task, []).append(entry)
    return [_row(task, by_task.get(task, [])) for task in Task]


def last_of(emergency: Emergency, task: str) -> TaskEntry | None:
    """Where one task stands."""
    standing = TaskEntry.objects.filter(emergency=emergency, task=task, undone_at__isnull=True)
    return standing.select_related("by").order_by("-pk").first()


def last_by(emergency: Emergency, user_id: int) -> TaskEntry | None:
    """The newest step of this person."""
    return TaskEntry.objects.filter(emergency=emergency, by=user_id, undone_at__isnull=True).order_by("-pk").first()


def _row(task: Task, entries: list[TaskEntry]) -> TaskRow:
    return TaskRow(task, entries[-1] if entries else None, sum(entry.result == "no_answer" for entry in entries))
