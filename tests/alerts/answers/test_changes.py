"""What is new since a moment: each figure old and new, missions, contacts; nothing that is withheld."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.answers.changes import changes
from alerts.answers.queries import five_answers
from alerts.ledger import actions
from alerts.persons.models import State
from commandcenter.access.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def minister(people):
    """The minister."""
    return people.reader(Role.MINISTER)


@pytest.fixture
def told(minister, crisis, at):
    """told(since minute, until minute) is what the list says, without names."""

    def ask(since, until=120):
        moment = at + timedelta(minutes=until)
        answers = five_answers(minister, crisis, moment)
        found = changes(minister, crisis, answers, at + timedelta(minutes=since))
        return [
            (change.name, change.old.value, change.new.value) if change.new else (change.name, change.was, change.word)
            for change in found
        ]

    return ask


def figures(found):
    return [line for line in found if line[0].startswith(("WNI", "Semua"))]


def test_nothing_happened_and_nothing_is_listed(report, told):
    report(1, {"wni.dead": 1})
    assert figures(told(10)) == []


def test_an_official_figure_that_was_raised_is_old_and_new(report, make_official, told):
    make_official(report(1, {"wni.dead": 1}))
    make_official(report(62, {"wni.dead": 2}), minute=5)
    assert figures(told(62)) == [("WNI · Meninggal", 1, 2)]


def test_a_figure_nobody_had_said_before_was_not_zero(report, make_official, told):
    make_official(report(1, {"wni.missing": 4}))
    assert figures(told(30)) == [("WNI · Hilang", None, 4)]


def test_a_withdrawn_figure_is_listed(report, make_official, verifier, crisis, later, told):
    make_official(report(1, {"all.dead": 7}))
    when = later + timedelta(minutes=10)
    actions.withdraw(actor=verifier, at=when, crisis=crisis, key="all.dead", reason="salah")
    assert ("Semua warga · Meninggal", 7, None) in figures(told(65))


def test_a_source_without_official_figures_is_compared_with_itself(report, told):
    report(1, {"all.dead": 1}, source="authority")
    report(2, {"all.dead": 9}, source="hospital")
    report(40, {"all.dead": 2}, source="authority")
    assert figures(told(10)) == [("Semua warga · Meninggal · Otoritas setempat · KJRI Hongkong", 1, 2)]


def test_a_set_that_contradicts_itself_changes_no_number(report, make_official, told):
    make_official(report(1, {"wni.present": 140, "wni.safe": 130}))
    make_official(report(62, {"wni.present": 140, "wni.safe": 155}), minute=5)
    assert figures(told(62)) == []


def test_a_withdrawal_out_of_a_withheld_set_is_not_listed(report, make_official, verifier, crisis, later, told):
    make_official(report(1, {"wni.present": 140, "wni.safe": 155, "wni.dead": 3}))
    actions.withdraw(actor=verifier, at=later + timedelta(minutes=9), crisis=crisis, key="wni.dead", reason="salah")
    assert figures(told(65)) == []


def test_a_contact_that_was_made_is_listed_with_what_was_said_before(report, told):
    report(1, {}, answer="checking", authorities="no")
    report(30, {}, answer="checking", authorities="yes", hospitals="partial")
    found = told(10)
    assert ("Otoritas setempat dihubungi · KJRI Hongkong", "Belum", "Ya") in found
    assert ("Rumah sakit dicek · KJRI Hongkong", "belum dilaporkan", "Sebagian") in found


def test_missions_that_answered_or_fell_silent_are_listed(report, told, people, crisis, at):
    report(5, {"wni.dead": 1})
    report(90, {}, answer="checking", mission="kjri-guangzhou")
    found = told(4, until=97)
    assert ("KJRI Hongkong", "", "sudah lapor (00:00)") in found
    assert [line for line in found if line[0] == "KJRI Guangzhou"] == [("KJRI Guangzhou", "", "Lewat tenggat")]


def test_the_newest_comes_first(report, make_official, told):
    make_official(report(1, {"wni.dead": 1, "wni.missing": 1}))
    make_official(report(62, {"wni.dead": 2}), minute=5)
    make_official(report(66, {"wni.missing": 3}), minute=9)
    assert [name for name, *_ in figures(told(62))] == ["WNI · Hilang", "WNI · Meninggal"]


def test_people_who_moved_in_the_ledger_are_listed_as_old_and_new(told, operator, listed, move):
    rows = listed(3)
    move(rows[:1], State.CONTACTED_SAFE)
    found = [line for line in told(10) if line[0].startswith("Buku besar")]
    assert found == [("Buku besar · belum diverifikasi", 3, 2), ("Buku besar · dihubungi, aman", 0, 1)]


def test_many_reports_ask_the_database_no_more_often(minister, crisis, report, at):
    def asked():
        moment = at + timedelta(minutes=300)
        with CaptureQueriesContext(connection) as queries:
            changes(minister, crisis, five_answers(minister, crisis, moment), at + timedelta(minutes=10))
        return len(queries)

    for minute in (1, 20):
        report(minute, {"wni.dead": minute, "all.dead": minute}, authorities="yes", hospitals="all")
        report(minute, {"wni.dead": minute}, mission="kjri-guangzhou", authorities="no")
    few = asked()
    for minute in range(30, 200, 10):
        report(minute, {"wni.dead": minute, "all.dead": minute}, authorities="yes", hospitals="all")
        report(minute, {"wni.dead": minute}, mission="kjri-guangzhou", authorities="no", source="hospital")
    assert asked() <= few
