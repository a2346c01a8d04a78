"""Posts of one client_id at once, in real connections."""

import threading
import uuid
from typing import Any

from django.db import connection

from alerts.emergencies.models import Emergency
from alerts.intake.actions import Report, receive_many
from alerts.intake.schemas import EmergencyIn
from commandcenter.events.models import Event
from tests.alerts.intake.test_api import send
from tests.conftest import AT


def test_ten_at_once_store_one(open_log: None, transactional_db: None, emergency_payload: dict[str, Any]) -> None:
    answers: list[Any] = []

    def post() -> None:
        try:
            answers.append(send(emergency_payload))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.content for answer in answers}) == 1
    assert Emergency.objects.count() == Event.objects.count() == 1


def test_two_processes_with_the_same_requests_in_other_orders_store_each_once(
    open_log: None, transactional_db: None, emergency_payload: dict[str, Any]
) -> None:
    payloads = [{**emergency_payload, "client_id": str(uuid.uuid4())} for _ in range(40)]
    reports = [EmergencyIn.model_validate(payload).as_report() for payload in payloads]
    answers: dict[str, list[Any]] = {}

    def receive(name: str, batch: list[Report]) -> None:
        try:
            answers[name] = receive_many(reports=batch, at=AT, exercise="")
        finally:
            connection.close()

    orders = {"one": reports, "other": reports[::-1], "third": reports[20:] + reports[:20]}
    threads = [threading.Thread(target=receive, args=pair) for pair in orders.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [answer for batch in answers.values() for answer in batch]
    assert len(told) == 120
    assert sum(answer.created for answer in told) == 40
    assert Emergency.objects.count() == Event.objects.count() == 40
    assert {answer.number for answer in told} == {emergency.number for emergency in Emergency.objects.all()}
