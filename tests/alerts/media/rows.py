"""Rows of media without their bytes, for tests of what pages ask the database."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from alerts.emergencies.models import Emergency
from alerts.evidence.actions import open_file
from alerts.media import actions
from alerts.media.models import Kind, Stage
from commandcenter.access.reader import Reader


def some_media(emergency: Emergency, readers: Sequence[Reader], at: datetime) -> uuid.UUID:
    """Photographs of one emergency, each opened by somebody else; answers with the key of the last."""
    for reader in readers:
        about = {"number": emergency.number, "exercise": "", "client_id": uuid.uuid4(), "size": 10}
        one, _made = actions.begin(at=at, **about)
        actions.receive_whole(media=one, at=at, was=0, sha256="0" * 64)
        taken = actions.take_next(at=at)
        assert taken is not None
        ready = actions.Examined(stage=Stage.READY, kind=Kind.JPEG, distance_m=3100)
        actions.settle(media=taken, examined=ready, at=at)
        open_file(actor=reader, number=emergency.number, key=one.key, at=at)
    return one.key
