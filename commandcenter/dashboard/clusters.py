"""What the map shows of a view when a page can't hold all emergencies: clusters, or points when they are few."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Avg, Count, F, Min, Q, QuerySet

from alerts.cells import queries as cells
from alerts.cells.morton import DEEPEST
from alerts.cells.queries import Box
from alerts.cells.rules import LEVELS, MICRO, Group, coarser
from alerts.crises.queries import open_crises
from alerts.emergencies.models import DRAWN, Emergency, State
from alerts.queue.queries import QueueFilter, narrowed
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader

# Both stay below 50 KB: a point takes at most 64 bytes, a cell 36.
MOST_POINTS = 750
MOST_CELLS = 1350
# Views of at most 50 KB: together 6 MB.
REMEMBERED = 128
STATES = {
    "open": ("new", "taken"),
    "new": ("new",),
    "taken": ("taken",),
    "resolved": ("resolved",),
    "all": ("new", "taken", "resolved"),
}


def view(reader: Reader, wanted: QueueFilter, box: Box, zoom: int, *, head: str) -> bytes:
    """The view as JSON, at most 50 KB whatever the number of rows; `total` is how many stand in it.

    `head` is the newest frame of the reader's audience, read before: who looks at the same view meanwhile gets the same
    text, made once.
    """
    role = Role.OPERATOR if reader.is_dcc else Role.MISSION_OFFICER
    anybody = Reader(reader.user_id if wanted.state == "mine" else 0, "", role, reader.mission, reader.exercise)
    return _view(anybody, wanted, box, zoom, head).encode()


@lru_cache(maxsize=REMEMBERED)
def _view(reader: Reader, wanted: QueueFilter, box: Box, zoom: int, _head: str) -> str:
    found = _inside(box, _groups(reader, wanted, box, zoom))
    total = sum([n for _key, _lat, _lon, n, *_how in found])
    if total <= MOST_POINTS:
        rows = list(_points(reader, wanted, box)[: MOST_POINTS + 1])
        if len(rows) <= MOST_POINTS:
            return _points_json(rows)
    while len(found) > MOST_CELLS:
        found = coarser(found)
    return _cells_json(found, total, zoom)


def _groups(reader: Reader, wanted: QueueFilter, box: Box, zoom: int) -> list[Group]:
    """From the cells where they know the answer; else the rows of the view are counted (any filter, slower)."""
    mission = reader.mission if reader.is_mission else wanted.mission or None
    own = reader.is_dcc or (reader.mission and wanted.mission in {"", reader.mission})
    unknown = wanted.country or wanted.crisis or wanted.q or wanted.state not in STATES
    if unknown or not own or zoom >= LEVELS[-1]:
        return _counted(reader, wanted, box, zoom)
    return cells.groups(
        box, zoom, exercise=reader.exercise, states=STATES[wanted.state], mission=mission, priority=wanted.priority
    )


def _counted(reader: Reader, wanted: QueueFilter, box: Box, zoom: int) -> list[Group]:
    square = F("key").bitrightshift(2 * (DEEPEST - min(DEEPEST, zoom + 2)))
    rows = _rows(reader, wanted, box).order_by().values(square=square)
    sums = {"n": Count("pk"), "lat": Avg("latitude"), "lon": Avg("longitude")}
    worst = {"untaken": Min("priority", filter=Q(state="new")), "worst": Min("priority")}
    rows = rows.annotate(**sums, **worst)
    return [
        Group(key, round(lat * n * MICRO), round(lon * n * MICRO), n, untaken or any_, untaken is not None)
        for key, n, lat, lon, untaken, any_ in rows.values_list("square", *sums, *worst)
    ]


def _rows(reader: Reader, wanted: QueueFilter, box: Box) -> QuerySet[Emergency]:
    crisis = next((each for each in open_crises(reader) if each.slug == wanted.crisis), None) if wanted.crisis else None
    return narrowed(reader, wanted, area=crisis.area if crisis else None).filter(cells.within(box))


def _points(reader: Reader, wanted: QueueFilter, box: Box) -> QuerySet[Emergency]:
    east, west = Q(longitude__lte=box.east), Q(longitude__gte=box.west)
    beside = east & west if box.west <= box.east else east | west
    return _rows(reader, wanted, box).filter(beside, latitude__range=(box.south, box.north)).order_by("pk")


def _inside(box: Box, found: list[Group]) -> list[Group]:
    """Those whose middle lies in the view: sums are compared with the edges' times n."""
    west, south, east, north = (edge * MICRO for edge in box)
    found = [one for one in found if south * one[3] <= one[1] <= north * one[3]]
    if west <= east:
        return [one for one in found if west * one[3] <= one[2] <= east * one[3]]
    return [one for one in found if one[2] >= west * one[3] or one[2] <= east * one[3]]


def _cells_json(found: Iterable[Group], total: int, zoom: int) -> str:
    """[longitude, latitude, how many, priority, 1 if any is not taken]; a hundredth of a pixel needs no more digits."""
    digits = 2 + max(0, zoom - 4) // 3
    cell = f"[%.{digits}f,%.{digits}f,%d,%d,%d]"
    parts = [
        cell % (sum_lon / n / MICRO, sum_lat / n / MICRO, n, priority, untaken)
        for _key, sum_lat, sum_lon, n, priority, untaken in found
    ]
    return f'{{"kind":"cells","total":{total},"cells":[{",".join(parts)}]}}'


def _points_json(rows: list[Emergency]) -> str:
    """[number, longitude, latitude, priority, state, version, accuracy in metres or null]."""
    parts = [_point(row) for row in rows]
    return f'{{"kind":"points","total":{len(parts)},"points":[{",".join(parts)}]}}'


def _point(row: Emergency) -> str:
    accuracy: Any = "null" if row.accuracy_m is None else min(99_999, round(row.accuracy_m))
    state = DRAWN[State(row.state)]
    where = f"{row.longitude:.5f},{row.latitude:.5f}"
    return f'["{row.number}",{where},{row.priority},"{state}",{row.version},{accuracy}]'
