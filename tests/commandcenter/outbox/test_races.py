"""Two senders at once, in real connections."""

import threading

from django.db import connection

from commandcenter.outbox import actions
from commandcenter.outbox.actions import Result
from commandcenter.outbox.models import Channel, Delivery, Outgoing
from tests.conftest import AT


def test_two_senders_at_once_take_each_message_once(open_log: None, transactional_db: None) -> None:
    for number in range(40):
        actions.queue(key=str(number), channel=Channel.SMS, recipient=None, text="x", about="R-1", at=AT)
    found: list[int] = []

    def work() -> None:
        try:
            while message := actions.take_next(channel=Channel.SMS, at=AT):
                found.append(message.pk)
                actions.settle(message=message, result=Result(Delivery.ACCEPTED), at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found)) == 40
    assert set(Outgoing.objects.values_list("state", "attempts")) == {("accepted", 1)}
