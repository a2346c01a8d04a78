"""Reads for the page of alarms: what stands, what climbs, how healthy the alarms are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Sum

from alerts.alarms.models import Alarm
from alerts.alarms.queries import raised_since
from alerts.callbacks.rules import WORKERS
from alerts.emergencies.models import Emergency
from alerts.ladders.models import DueStep, Ladder, Standing, Watch
from alerts.ladders.queries import said
from commandcenter.access.reader import Reader
from commandcenter.live.models import LogState
from missions.directory.queries import directory

MOST = 200
MEASURED = 5000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Climb:
    """One object on a ladder: the last step done and the next one."""

    ladder: str
    about: str
    address: str
    last: str
    last_at: datetime | None
    next: str
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A raised alarm with the names of its mission and its page."""

    alarm: Alarm
    mission: str
    address: str


@dataclass(frozen=True, slots=True)
class Health:
    """Figures of the last 24 hours, from rows alone; None where there is nothing to measure."""

    p1: int
    p2: int
    share_p1: int | None
    returned: int
    steps: int
    late_p50: float | None
    late_p99: float | None
    late_worst: float | None
    swept_at: datetime | None
    audited_at: datetime | None


def shown(alarms: Iterable[Alarm], reader: Reader) -> list[Shown]:
    """Alarms with words for their mission, and the pages that the reader may open."""
    names = directory().missions
    return [
        Shown(
            alarm,
            names[alarm.mission].name if alarm.mission in names else "",
            address_of(alarm.about, reader, alarm.room),
        )
        for alarm in alarms
    ]


def address_of(about: str, reader: Reader, room: str = "") -> str:
    """The page of an object by its number, inside the reader's world; "" where the reader has none to open."""
    if about.startswith("E-"):
        return f"emergencies/{about}/"
    if about.startswith("B-"):
        return "hotline/" if reader.role in WORKERS else ""
    if about.startswith("K-"):
        return f"cases/{about}/"
    slug = room or (about.partition("/")[0] if not about.startswith("R-") else "")
    return f"crises/{slug}/" if slug else ""


def climbing(reader: Reader) -> list[Climb]:
    """What is on a ladder in the reader's world, the next step first: two queries. Cases are counted, not listed."""
    ahead: dict[tuple[str, int], DueStep] = {}
    waiting = DueStep.objects.filter(exercise=reader.exercise, done_at__isnull=True).exclude(ladder=Ladder.CASE)
    for step in waiting.order_by("due_at", "id")[:MOST]:
        ahead.setdefault((step.ladder, step.ref), step)
    done: dict[tuple[str, int], DueStep] = {}
    ladders, refs = {ladder for ladder, _ref in ahead}, {ref for _ladder, ref in ahead}
    fired = DueStep.objects.filter(ladder__in=ladders, ref__in=refs, state=Standing.FIRED)
    for step in fired.order_by("done_at", "id"):
        done[step.ladder, step.ref] = step
    return [_climb(step, done.get(key), reader) for key, step in ahead.items()]


def _climb(step: DueStep, last: DueStep | None, reader: Reader) -> Climb:
    same = last if last is not None and last.run == step.run else None
    return Climb(
        ladder=str(Ladder(step.ladder).label),
        about=step.about,
        address=address_of(step.about, reader),
        last=said(step.ladder, same.step) if same else "",
        last_at=same.done_at if same else None,
        next=said(step.ladder, step.step),
        next_at=step.due_at,
    )


def health(reader: Reader, at: datetime) -> Health:
    """How the alarms did in the last 24 hours of the reader's world."""
    since = at - DAY
    received = Emergency.objects.filter(exercise=reader.exercise, received_at__gte=since).order_by()
    found = received.values_list("priority").annotate(n=Count("pk"), back=Sum("returned_times"))
    emergencies = {priority: (n, back or 0) for priority, n, back in found}
    raised = dict(raised_since(reader, since).order_by().values_list("priority").annotate(n=Count("pk")))
    counts = [emergencies.get(each, (0, 0))[0] + raised.get(each, 0) for each in (1, 2)]
    late = _lateness(reader, since)
    return Health(
        p1=counts[0],
        p2=counts[1],
        share_p1=round(100 * counts[0] / sum(counts)) if sum(counts) else None,
        returned=sum(back for _n, back in emergencies.values()),
        steps=len(late),
        late_p50=_at_share(late, 0.5),
        late_p99=_at_share(late, 0.99),
        late_worst=late[-1] if late else None,
        swept_at=LogState.objects.values_list("swept_at", flat=True).filter(pk=1).first(),
        audited_at=Watch.objects.values_list("audited_at", flat=True).filter(pk=1).first(),
    )


def _lateness(reader: Reader, since: datetime) -> list[float]:
    fired = DueStep.objects.filter(exercise=reader.exercise, state=Standing.FIRED, done_at__gte=since)
    pairs = fired.order_by("-done_at").values_list("due_at", "done_at")[:MEASURED]
    return sorted(max(0.0, (done - due).total_seconds()) for due, done in pairs if done)


def _at_share(late: list[float], share: float) -> float | None:
    return late[min(len(late) - 1, int(share * len(late)))] if late else None
