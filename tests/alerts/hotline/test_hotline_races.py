"""A draft is on its way while the call is saved: on PostgreSQL both found no call and both made one, a 500."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from alerts.callbacks.models import CallBack
from alerts.hotline import actions
from alerts.hotline.models import Call
from alerts.hotline.rules import Told
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from tests.alerts.duplicates.test_queuework_races import at_once
from tests.conftest import AT, People

ROUNDS = 10


def test_drafts_and_saves_of_one_new_call_at_once_make_one_call(
    open_log: None, transactional_db: None, people: People
) -> None:
    desk = people.reader(Role.OPERATOR)
    for number in range(ROUNDS):
        told = Told(phone=f"+9677712345{number:02}")
        given = {"actor": desk, "at": AT, "client_id": uuid.uuid4(), "told": told}
        draft: Callable[[], Any] = partial(actions.draft, **given)
        save: Callable[[], Any] = partial(actions.conclude, act="dropped", **given)
        answers = at_once([draft, save, draft, save, draft])
        # A draft that comes after the saving is told that the call is finished; a second saving is the first.
        assert set(answers) <= {200, 409}
        assert answers.total() == 5
        assert answers[409] <= 3
    assert Call.objects.count() == CallBack.objects.count() == ROUNDS
    assert set(CallBack.objects.values_list("times", flat=True)) == {1}
    assert Event.objects.filter(kind="call.began").count() == ROUNDS
