"""The fast lane: group commit with an answer for each, the API's own refusals, and faults that cost nobody else."""

import asyncio
import json
import threading
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg_pool import ConnectionPool, PoolTimeout

from alerts.cells.models import Cell
from alerts.emergencies.models import Emergency
from alerts.exercises.models import Exercise
from alerts.intake import actions
from alerts.intake.schemas import LARGEST
from alerts.lane import application as lane
from alerts.lane.application import Lane
from commandcenter.events.models import Event
from tests.alerts.lane.asgi import HOST, Gate, ask, post, together
from tests.alerts.lane.conftest import Make


def stored() -> set[str]:
    return {str(client_id) for client_id in Emergency.objects.values_list("client_id", flat=True)}


def test_one_commit_answers_each_with_its_own(application: Lane, gate: Gate, make: Make) -> None:
    bodies = [make(message=f"Tolong {n}") for n in range(20)]
    answers = together(application, gate, make(), bodies)
    assert gate.batches == [1, 20]
    for body, answer in zip(bodies, answers, strict=True):
        row = Emergency.objects.get(client_id=body["client_id"])
        assert (answer.status, answer.json()["number"], row.message) == (201, row.number, body["message"])
        assert answer.json()["token"].startswith(row.number)
        assert Event.objects.get(object_id=row.number).version == row.version == 1


def test_the_second_of_one_identifier_in_a_batch_is_a_repeat(
    application: Lane, gate: Gate, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, committed, commit = make(), [], BaseDatabaseWrapper.commit
    monkeypatch.setattr(BaseDatabaseWrapper, "commit", lambda line: (commit(line), committed.append(line))[0])
    first, again = together(application, gate, make(), [body, {**body, "message": "lain"}])
    assert len(committed) == 2
    assert (first.status, again.status, first.body) == (201, 200, again.body)
    later = post(application, body)
    assert (later.status, later.body) == (200, first.body)
    assert Emergency.objects.filter(client_id=body["client_id"]).count() == 1
    assert Event.objects.count() == 2


def test_a_refused_neighbour_costs_nobody(application: Lane, gate: Gate, make: Make) -> None:
    good, unknown, mended = make(), make(country="XX"), make()
    mended["client_id"] = unknown["client_id"]
    answers = together(application, gate, make(), [good, unknown, mended])
    assert [answer.status for answer in answers] == [201, 422, 201]
    assert answers[1].json()["errors"][0]["field"] == "country"
    assert {good["client_id"], mended["client_id"]} <= stored()


def test_an_identifier_of_an_exercise_is_refused_alone(application: Lane, gate: Gate, make: Make, people: Any) -> None:
    theirs, ours = make(), make()
    report = lane._report(json.dumps(theirs).encode())
    assert isinstance(report, actions.Report)
    actions.receive(report=report, at=lane.now(), exercise="drill")
    answers = together(application, gate, make(), [theirs, ours])
    assert [answer.status for answer in answers] == [422, 201]
    assert answers[0].json()["errors"][0]["field"] == "client_id"


def test_a_row_the_database_refuses_stands_alone(
    application: Lane, gate: Gate, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = actions._values

    def spoilt(report: Any, answer: Any, at: Any) -> Any:
        """A NULL where the table wants a number, for one of them."""
        row = values(report, answer, at)
        return (*row[:2], None, *row[3:]) if report.message == "spoilt" else row

    monkeypatch.setattr(actions, "_values", spoilt)
    bodies = [make(message="spoilt" if n == 3 else "") for n in range(9)]
    answers = together(application, gate, make(), bodies)
    assert [answer.status for answer in answers] == [503 if n == 3 else 201 for n in range(9)]
    assert len(stored()) == Event.objects.count() == 9


def test_an_identifier_another_process_stored_meanwhile_is_a_repeat(
    application: Lane, gate: Gate, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, known = make(), actions.known_requests
    gate.opened.set()
    first = post(application, body)
    blind = iter([True, True])  # what the batch, and then its half, see before the other process commits
    monkeypatch.setattr(actions, "known_requests", lambda ids: {} if next(blind, False) else known(ids))
    neighbour, repeat = together(application, gate, make(), [make(), body])
    assert (neighbour.status, repeat.status, repeat.body) == (201, 200, first.body)


def test_a_commit_nobody_heard_of_is_503_and_the_repeat_settles_it(
    application: Lane, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, commit, unheard = make(), BaseDatabaseWrapper.commit, iter([True])

    def uncertain(database: Any) -> None:
        commit(database)
        if next(unheard, False):
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(BaseDatabaseWrapper, "commit", uncertain)
    lost, again = post(application, body), post(application, body)
    assert (lost.status, lost.headers["retry-after"], again.status) == (503, "2", 200)
    assert lost.json()["type"] == "urn:dcc:problem:unavailable"
    assert stored() == {body["client_id"]}


def test_a_commit_that_fails_is_never_answered_201(
    application: Lane, gate: Gate, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_database: Any) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(BaseDatabaseWrapper, "commit", fail)
    gate.opened.set()
    assert [post(application, make()).status for _ in range(3)] == [503] * 3
    monkeypatch.undo()
    assert stored() == set()
    assert post(application, make()).status == 201


# The newest connection is the lane's.
ENDED = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY backend_start DESC LIMIT 1
"""


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no server that goes away")
def test_a_connection_that_breaks_costs_one_batch(application: Lane, make: Make) -> None:
    assert post(application, make()).status == 201
    with connection.cursor() as cursor:
        cursor.execute(ENDED)
    assert [post(application, make()).status for _ in range(3)] == [503, 201, 201]


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no pool")
def test_pages_that_use_the_pool_up_cost_no_alarm(
    application: Lane, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def used_up(*_: Any) -> None:
        raise PoolTimeout

    with monkeypatch.context() as patch:
        patch.setattr(ConnectionPool, "getconn", used_up)
        assert post(application, make()).status == 201
    assert len(stored()) == 1


@pytest.mark.parametrize("part", ["record_many", "keep"])
def test_rows_events_and_cells_are_one_transaction(
    application: Lane, make: Make, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def fail(_given: Any) -> None:
        raise IntegrityError("no room")

    monkeypatch.setattr(actions, part, fail)
    assert post(application, make()).status == 503
    assert stored() == set()
    assert Event.objects.count() == Cell.objects.count() == 0
    monkeypatch.undo()
    assert post(application, make()).status == 201
    assert {(cell.n, cell.state) for cell in Cell.objects.all()} == {(1, "new")}


def test_a_client_that_hangs_up_harms_nobody(application: Lane, gate: Gate, make: Make) -> None:
    bodies = [make() for _ in range(3)]

    async def posted() -> list[int]:
        tasks = [asyncio.create_task(ask(application, body)) for body in bodies]
        await asyncio.to_thread(gate.entered.wait, 10)
        tasks[1].cancel()
        gate.opened.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        return [getattr(answer, "status", 0) for answer in answers]

    assert asyncio.run(posted()) == [201, 0, 201]
    assert stored() == {body["client_id"] for body in bodies}


def test_malformed_posts_never_reach_a_batch(application: Lane, gate: Gate, make: Make) -> None:
    flood = [b"{", b"", b"[]", make(kind="alien"), make(message="a\0b"), "x" * LARGEST] * 20
    gate.opened.set()

    async def posted() -> list[int]:
        answers = await asyncio.gather(*(ask(application, body) for body in (*flood, make())))
        return [answer.status for answer in answers]

    assert sorted(set(asyncio.run(posted()))) == [201, 400, 413, 422]
    assert gate.batches == [1]


def test_when_too_many_wait_the_next_is_asked_to_come_back(
    application: Lane, gate: Gate, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "MOST_WAITING", 2)
    answers = together(application, gate, make(), [make() for _ in range(4)])
    assert [answer.status for answer in answers] == [201, 201, 503, 503]
    assert answers[2].headers["retry-after"]
    assert len(stored()) == 3


def test_a_batch_has_a_largest_size(application: Lane, gate: Gate, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "LARGEST_BATCH", 4)
    answers = together(application, gate, make(), [make() for _ in range(10)])
    assert {answer.status for answer in answers} == {201}
    assert gate.batches == [1, 4, 4, 2]


def test_what_was_answered_is_what_is_stored(application: Lane, make: Make) -> None:
    bodies = [make() for _ in range(60)]
    tried = [*bodies, *bodies[:20], *[make(country="XX") for _ in range(5)], b"{"]

    async def posted() -> list[Any]:
        return list(await asyncio.gather(*(ask(application, body) for body in tried)))

    answers = asyncio.run(posted())
    answered = {body["client_id"] for body, answer in zip(tried, answers, strict=True) if answer.status in {200, 201}}
    assert answered == stored() == {body["client_id"] for body in bodies}
    assert Emergency.objects.count() == Event.objects.count() == 60
    assert sorted(answer.status for answer in answers) == [200] * 20 + [201] * 60 + [400] + [422] * 5
    assert Exercise.objects.count() == 0


def test_an_idle_lane_holds_no_connection(application: Lane, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, close = threading.Event(), BaseDatabaseWrapper.close

    def seen(line: BaseDatabaseWrapper) -> None:
        close(line)
        if threading.current_thread().name == "intake":
            closed.set()

    monkeypatch.setattr(BaseDatabaseWrapper, "close", seen)
    monkeypatch.setattr(lane, "IDLE_SECONDS", 0.01)
    assert post(application, make()).status == 201
    assert closed.wait(10)


def test_a_whole_body_of_the_largest_size_is_taken(application: Lane, make: Make) -> None:
    body = json.dumps(make()).encode()
    assert post(application, body.ljust(LARGEST), chunks=7).status == 201
    assert post(application, body.ljust(LARGEST + 1), chunks=7).status == 413
    announced = (HOST, (b"content-length", b"2049"))
    assert post(application, b"", headers=announced).status == 413
