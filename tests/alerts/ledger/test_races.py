"""Two verifiers at the same moment, in two real connections."""

import threading

from django.db import connection

from alerts.ledger.actions import choose
from alerts.ledger.models import OfficialFigure
from commandcenter.access.models import Role
from commandcenter.problems import Refusal
from tests.alerts.ledger.world import figure_of


def test_of_two_verifiers_at_once_one_chooses_and_one_is_told(
    open_log, transactional_db, people, report, crisis, later
):
    told, other = report(1, {"wni.dead": 2}), report(2, {"wni.dead": 3}, source="hospital")
    readers = [people.reader(Role.VERIFIER, username=name) for name in ("rina", "sari")]
    outcomes: list[object] = []

    def act(reader, figure):
        try:
            made = choose(
                actor=reader,
                at=later,
                crisis=crisis,
                key=figure.key,
                reported_figure=figure,
                reason="sumber paling dekat",
                expected_version=0,
            )
            outcomes.append(made)
        except Refusal as refusal:
            outcomes.append(refusal.status)
        finally:
            connection.close()

    figures = [figure_of(told, "wni.dead"), figure_of(other, "wni.dead")]
    threads = [threading.Thread(target=act, args=pair) for pair in zip(readers, figures, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(type(outcome).__name__) for outcome in outcomes) == ["OfficialFigure", "int"]
    assert 409 in outcomes
    assert OfficialFigure.objects.count() == 1
