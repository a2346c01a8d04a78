"""What a sheet collects, read from the truth each time: nothing is copied before both have signed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from alerts.boards import queries as boards
from alerts.callbacks.queries import facts
from alerts.casework.queries import late_lines
from alerts.emergencies.models import Emergency, Nature
from alerts.emergencies.models import State as Stage
from alerts.emergencies.queries import IS_OPEN, message_count
from alerts.handover import rules
from alerts.handover.models import CLOSED, OPEN, Handover, HandoverItem, State
from alerts.sitreps.models import ReportRequest
from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.outbox.models import Channel, Outgoing
from missions.directory.queries import directory
from missions.roster.queries import duties, on_duty, people_of, shifts

SILENT_MARKS = {"silent", "overdue"}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a sheet. `stamp` changes with what a person must know of it; `facts` is what is kept for good."""

    key: str
    group: str
    stamp: str
    facts: dict[str, Any]
    row: HandoverItem | None = None

    @property
    def needs_tick(self) -> bool:
        """What others on duty hold is only told."""
        return self.group != rules.OTHERS

    @property
    def is_ticked(self) -> bool:
        """Ticked, and as it stands now."""
        return self.row is not None and bool(self.row.ticked_stamp) and self.row.ticked_stamp == self.stamp

    @property
    def is_changed(self) -> bool:
        """Ticked before it changed: it must be looked at again."""
        return self.row is not None and bool(self.row.ticked_stamp) and self.row.ticked_stamp != self.stamp

    @property
    def since(self) -> datetime | None:
        """Since when it waits."""
        return _moment(self.facts.get("since", ""))

    @property
    def promise(self) -> datetime | None:
        """When the citizen was promised to hear from us."""
        return _moment(self.facts.get("promise", ""))

    @property
    def nature(self) -> str:
        """What kind of trouble, in the language of the page."""
        return str(Nature(self.facts["nature"]).label)

    @property
    def stage(self) -> str:
        """Where the emergency stands, in the language of the page."""
        return str(Stage(self.facts["state"]).label)

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return "item-" + "".join(letter if letter.isalnum() else "-" for letter in self.key)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def sheet(handover: Handover, at: datetime) -> list[Item]:
    """The lines of a sheet in the order of its groups; of a closed one, as they were."""
    rows = {row.key: row for row in handover.items.all()}
    if handover.state in CLOSED:
        kept = [Item(row.key, row.facts.get("group", ""), row.ticked_stamp, row.facts, row) for row in rows.values()]
        return sorted(kept, key=_rank)
    live = collect(place=handover.place, exercise=handover.exercise, holder=handover.outgoing_id, at=at)
    return [Item(item.key, item.group, item.stamp, item.facts, rows.get(item.key)) for item in live]


def over_since(handover: Handover, items: Iterable[Item]) -> list[HandoverItem]:
    """What somebody wrote about, and is no longer open."""
    there = {item.key for item in items}
    return [row for row in handover.items.all() if row.key not in there and (row.note or row.repeat)]


def collect(*, place: str, exercise: str, holder: int, at: datetime) -> list[Item]:
    """What the next person must know: emergencies, promises, silent missions, calls, call-backs, late cases."""
    found = [*_emergencies(place, exercise, holder, at), *_silent(place, exercise, at)]
    found += [Item(f"callback:{number}", rules.CALL, stamp, said) for number, stamp, said in facts(exercise, place)]
    found += [] if place else _calls(exercise)
    found += [Item("cases:late", rules.CASES, *line) for line in late_lines(place, exercise, at)]
    return sorted(found, key=_rank)


def _rank(item: Item) -> tuple[int, int, str]:
    group = rules.GROUPS.index(item.group) if item.group in rules.GROUPS else len(rules.GROUPS)
    # The line that stands for the rest has no time of its own and comes last.
    return (group, item.facts.get("priority", 9), str(item.facts.get("since") or "~"))


def open_emergencies(place: str, exercise: str) -> QuerySet[Emergency]:
    """P1 and P2 that are open: of the whole world for the command centre, its own for a mission."""
    found = Emergency.objects.filter(IS_OPEN, exercise=exercise, priority__lte=2)
    return found.filter(mission_id=place) if place else found


def _emergencies(place: str, exercise: str, holder: int, at: datetime) -> list[Item]:
    whole = open_emergencies(place, exercise).select_related("taken_by")
    taken = whole.exclude(state=Stage.NEW).annotate(notes_n=Count("notes"), said=message_count())
    held = list(taken.order_by("priority", "received_at", "pk"))
    there, names = awake(held, place, exercise, at), mission_names()
    items = [_item(one, _group(one, holder, there), names) for one in held]
    new = whole.filter(state=Stage.NEW).annotate(notes_n=Count("notes"), said=message_count())
    waiting = new.order_by("priority", "received_at", "pk")
    urgent = list(waiting.filter(priority=1))
    less = list(waiting.filter(priority=2)[: rules.MOST_UNTAKEN])
    items += [_item(one, rules.UNTAKEN, names) for one in (*urgent, *less)]
    rest = waiting.filter(priority=2).count() - len(less) if len(less) == rules.MOST_UNTAKEN else 0
    if rest > 0:
        items.append(Item("queue:rest", rules.UNTAKEN, "rest", {"kind": "rest", "n": rest, "priority": 2, "since": ""}))
    return items


def _group(emergency: Emergency, holder: int, there: Collection[int]) -> str:
    if emergency.taken_by_id == holder:
        return rules.HELD
    return rules.OTHERS if emergency.taken_by_id in there else rules.ORPHANED


def awake(held: Iterable[Emergency], place: str, exercise: str, at: datetime) -> set[int]:
    """User ids of who is on duty: at the command centre, and at the missions of these emergencies."""
    missions = {one.mission_id for one in held if one.mission_id} | ({place} if place else set())
    of_missions = {user.pk for one in duties(missions, at, exercise).values() for user in one.officers}
    return of_missions | {user.pk for user in on_duty(at, exercise)}


def _item(emergency: Emergency, group: str, names: dict[str, str]) -> Item:
    """Its stamp leaves positions out: a telephone that moves would make the line new every few seconds."""
    promise = emergency.next_contact_at
    parts = (
        *(emergency.state, emergency.priority, emergency.taken_by_id or 0, promise.isoformat() if promise else ""),
        *(emergency.returned_times, emergency.said, emergency.notes_n, emergency.cancelled_at is not None),  # type: ignore[attr-defined]
    )
    facts = {
        "kind": "emergency",
        "number": emergency.number,
        "priority": emergency.priority,
        "nature": emergency.nature,
        "state": emergency.state,
        "mission": names.get(emergency.mission_id or "", ""),
        "since": emergency.received_at.isoformat(),
        "promise": promise.isoformat() if promise else "",
        "by": emergency.taken_by.shown_name if emergency.taken_by else "",
        "returned": emergency.returned_times,
    }
    return Item(f"emergency:{emergency.number}", group, ".".join(map(str, parts)), facts)


def _silent(place: str, exercise: str, at: datetime) -> list[Item]:
    seer = Reader(0, "", Role.MISSION_OFFICER if place else Role.SUPERVISOR, place, exercise)
    rows = boards.silent(seer, at)
    return [_silence(row, row.request) for row in rows if row.mark in SILENT_MARKS and row.request is not None]


def _silence(row: boards.BoardRow, asked: ReportRequest) -> Item:
    facts = {
        "kind": "silent",
        "crisis": row.crisis.slug,
        "crisis_name": row.crisis.name,
        "mission": row.mission.name,
        "since": asked.requested_at.isoformat(),
        "mark": row.mark,
        "attempt": asked.attempt,
        "phones": list(row.mission.hotlines or row.mission.phones)[:2],
    }
    last = row.last.number if row.last else 0
    return Item(f"silent:{row.crisis.slug}:{row.mission.code}", rules.SILENT, f"{row.mark}.{asked.pk}.{last}", facts)


def _calls(exercise: str) -> list[Item]:
    """Calls that somebody at the command centre still has to make."""
    waiting = Outgoing.objects.filter(channel=Channel.CALL, exercise=exercise, ended_at__isnull=True)
    rows = waiting.select_related("recipient").order_by("due_at", "pk")
    return [Item(f"call:{row.pk}", rules.CALL, f"{row.state}.{row.version}", _call(row)) for row in rows]


def _call(row: Outgoing) -> dict[str, Any]:
    to = row.recipient.shown_name if row.recipient else ""
    phone = row.address or (row.recipient.phone if row.recipient else "")
    return {"kind": "call", "about": row.about, "since": row.due_at.isoformat(), "to": to, "phone": phone}


def orphans(*, place: str, exercise: str, at: datetime, hands: Collection[int]) -> list[Emergency]:
    """Open P1 that nobody on duty has, and neither of these hands; the oldest first."""
    urgent = list(
        open_emergencies(place, exercise).filter(priority=1).select_related("taken_by").order_by("received_at")
    )
    there = awake([one for one in urgent if one.taken_by_id], place, exercise, at) | set(hands)
    return [one for one in urgent if one.state == Stage.NEW or one.taken_by_id not in there]


def held_rows(handover: Handover) -> QuerySet[Emergency]:
    """What the outgoing person of a sheet holds, bare."""
    return Emergency.objects.filter(IS_OPEN, taken_by=handover.outgoing_id, exercise=handover.exercise)


def held_by(user_id: int, exercise: str) -> list[Emergency]:
    """Open emergencies this person holds, the most urgent first."""
    mine = Emergency.objects.filter(IS_OPEN, taken_by=user_id, exercise=exercise)
    return list(mine.order_by("priority", "received_at", "pk"))


def forsaken(reader: Reader, at: datetime) -> list[Emergency]:
    """Open emergencies whose holder is not on duty: somebody else takes them over."""
    held = list(open_emergencies(reader.mission, reader.exercise).exclude(state=Stage.NEW).select_related("taken_by"))
    there = awake(held, reader.mission, reader.exercise, at)
    return [one for one in held if one.taken_by_id not in there]


def handover(reader: Reader, pk: int) -> Handover | None:
    """One sheet that this reader may see: open ones only for the two it is between."""
    found = _all(reader).filter(pk=pk).first()
    if found is None or not rules.may_see(reader, found.place):
        return None
    ours = reader.user_id in {found.outgoing_id, found.incoming_id}
    return found if ours or found.state in CLOSED else None


def my_open(reader: Reader) -> Handover | None:
    """The reader's own sheet that is not closed yet."""
    return _all(reader).filter(outgoing=reader.user_id, state__in=OPEN).first()


def waiting_for(reader: Reader) -> list[Handover]:
    """Sheets that were signed to this reader and wait for the second signature."""
    return list(_all(reader).filter(incoming=reader.user_id, state=State.OFFERED).order_by("offered_at"))


def log(reader: Reader) -> QuerySet[Handover]:
    """Closed sheets of the reader's place, for the command centre of every place; the newest first."""
    mine = Q() if reader.is_dcc else Q(place=reader.mission)
    return _all(reader).filter(mine, state__in=CLOSED).annotate(n=Count("items")).order_by("-closed_at", "-pk")


def successors(reader: Reader, at: datetime) -> list[User]:
    """Who may take over: those on the roster now or next at this place first."""
    ahead = shifts(at, at + rules.NEXT_SHIFT, reader.exercise, place=reader.mission)
    order = [shift.person_id for shift in reversed(ahead)]
    able = [
        user
        for user in people_of(reader.mission)
        if user.pk != reader.user_id and user.membership.role in rules.HOLDERS
    ]
    return sorted(able, key=lambda user: order.index(user.pk) if user.pk in order else len(order))


def mission_names() -> dict[str, str]:
    """Names of missions by code."""
    return {code: mission.name for code, mission in directory().missions.items()}


def _all(reader: Reader) -> QuerySet[Handover]:
    return Handover.objects.filter(exercise=reader.exercise).select_related("outgoing", "incoming")
