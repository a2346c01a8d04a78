"""Scenarios of media: a file is announced, received, examined, taken back or given up."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from alerts.emergencies import actions as emergencies
from alerts.emergencies.models import Outcome
from alerts.media import actions as media
from alerts.media.models import Kind, MediaFile, Reason, Stage
from tests.journeys.faults.scenarios import Stage as Scene
from tests.journeys.faults.scenarios import scenario


@scenario(media.begin)
def begin(stage: Scene) -> Iterator[None]:
    number = stage.emergency().number
    yield
    _begun(stage, number)


@scenario(media.receive_whole)
def receive_whole(stage: Scene) -> Iterator[None]:
    # One in the queue, and one begun after its emergency was closed: that opens it again.
    open_, closed = stage.emergency().number, stage.taken().number
    emergencies.resolve(actor=stage.operator, number=closed, at=stage.at, outcome=Outcome.values[0])
    begun = [_begun(stage, number) for number in (open_, closed)]
    yield
    for one in begun:
        assert media.receive_whole(media=one, at=stage.at, was=0, sha256="0" * 64)


@scenario(media.end_idle)
def end_idle(stage: Scene) -> Iterator[None]:
    some, none = (_begun(stage, stage.emergency().number) for _each in range(2))
    media.grow(media=some, at=stage.at, was=0, offset=5)
    yield
    for one in (some, none):
        assert media.end_idle(media_id=one.pk, at=stage.at + timedelta(days=15))


@scenario(media.remove)
def remove(stage: Scene) -> Iterator[None]:
    begun = _begun(stage, stage.emergency().number)
    yield
    media.remove(media=begun, at=stage.at)


@scenario(media.settle)
def settle(stage: Scene) -> Iterator[None]:
    ends = (
        media.Examined(stage=Stage.READY, kind=Kind.JPEG, distance_m=3100),
        media.Examined(stage=Stage.REFUSED, reason=Reason.UNKNOWN_TYPE),
    )
    taken = []
    for _end in ends:
        begun = _begun(stage, stage.emergency().number)
        media.receive_whole(media=begun, at=stage.at, was=0, sha256="0" * 64)
        MediaFile.objects.filter(pk=begun.pk).update(due_at=stage.at - timedelta(days=1))
        taken.append(media.take_next(at=stage.at))
    yield
    for one, end in zip(taken, ends, strict=True):
        assert one is not None
        assert media.settle(media=one, examined=end, at=stage.at)


def _begun(stage: Scene, number: str) -> MediaFile:
    about = {"number": number, "exercise": stage.exercise, "client_id": uuid.uuid4(), "size": 10}
    return media.begin(at=stage.at, **about)[0]
