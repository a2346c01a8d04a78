"""The same message over many connections at once."""

import threading

from django.db import connection

from commandcenter.events.models import Event
from commandcenter.gateways import inbound
from commandcenter.gateways.inbound import Handler
from commandcenter.inbox.models import InboundMessage
from tests.commandcenter.inbox.test_api import MO, post


def test_ten_at_once_have_one_effect(open_log: None, transactional_db: None, readers: dict[str, Handler]) -> None:
    effects: list[str] = []
    inbound.register("ours", lambda message, _at: not effects.append(message.message_id))
    answers: list[int] = []

    def bring() -> None:
        try:
            answers.append(post(MO).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _each in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 10
    assert InboundMessage.objects.count() == len(effects) == 1
    assert Event.objects.count() == 2
