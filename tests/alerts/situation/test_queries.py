"""A past instant is what the pages showed then, whatever came later (a property of played worlds)."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from alerts.boards import past
from alerts.crises.models import Crisis
from alerts.situation import queries
from alerts.situation.fingerprint import content
from commandcenter.access.models import Role
from missions.headcounts.models import Headcount
from tests.alerts.ledger.world import a_crisis
from tests.alerts.situation.play import Play

pytestmark = pytest.mark.django_db
ACTS = 16


def told(reader, crisis, at, until=None):
    """Everything on the sheet: its content, and the very page."""
    sheet = queries.sheet(reader, Crisis.objects.get(pk=crisis.pk), at, until)
    context = {"sheet": sheet, "crisis": sheet.crisis, "at": at, "past": True, "today": at, "reader": reader}
    page = render_to_string("alerts/situation/_sheet.html", context)
    return content(at, sheet.crisis, sheet.answers, sheet.matrix), page


@pytest.mark.parametrize(("seed", "exercise"), [("satu", ""), ("dua", ""), ("tiga", ""), ("empat", "latihan")])
def test_every_past_instant_is_what_the_live_queries_answered_then(people, at, seed, exercise):
    crisis = a_crisis(people, at, exercise=exercise)
    play, reader = Play(people, crisis, at, seed), people.reader(Role.OPERATOR, exercise=exercise)
    live = [(name, moment, told(reader, crisis, moment)) for name, moment in play.acts(ACTS)]
    for name, moment, then in live:
        assert told(reader, crisis, moment, moment) == then, (name, moment)
    hashes = {queries.sheet(reader, crisis, moment, moment).hash for _name, moment, _then in live}
    assert len(hashes) == len(live)
    instants = {moment.at for moment in queries.moments(reader, crisis, play.at).around}
    assert instants <= {moment for _name, moment, _then in live}
    assert queries.moments(reader, crisis, play.at).total == len(live)


def test_a_query_that_forgets_the_instant_is_noticed(people, crisis, at, monkeypatch):
    """Mutants: the board of today, an official row of today, today's level."""
    play, reader = Play(people, crisis, at, "satu"), people.reader(Role.OPERATOR)
    live = [(moment, told(reader, crisis, moment)) for _name, moment in play.acts(ACTS)]
    for target, name, mutant in (
        (past, "rewound", lambda requests, until, exercise: list(requests)),
        (past, "involved_later", lambda crises, until: set()),
        (queries, "as_it_stood", lambda crisis, until: crisis),
        ("alerts.ledger.queries", "official", None),
    ):
        with monkeypatch.context() as patch:
            if mutant is None:
                from alerts.ledger import queries as ledger

                whole = ledger.official
                patch.setattr(ledger, "official", lambda crisis, until=None, whole=whole: whole(crisis))
            else:
                patch.setattr(target, name, mutant)
            assert any(told(reader, crisis, moment, moment) != then for moment, then in live), name


def test_steps_lead_from_each_moment_to_the_next(people, crisis, at):
    play, reader = Play(people, crisis, at, "dua"), people.reader(Role.OPERATOR)
    made = [moment for _name, moment in play.acts(6)]
    found = queries.moments(reader, crisis, made[2])
    assert (found.previous.at, found.next.at) == (made[1], made[3])
    assert [moment.at for moment in found.around if moment.is_shown] == [made[2]]
    between = queries.moments(reader, crisis, made[2] + timedelta(seconds=1))
    assert (between.previous.at, between.next.at) == (made[2], made[3])
    assert queries.moments(reader, crisis, made[-1]).next is None
    assert queries.moments(reader, crisis, at).previous is None


def test_a_headcount_that_came_later_is_not_known_yet(people, crisis, at):
    given = {"country_id": "HK", "scope": "country", "as_of_text": "2026", "as_of_precision": "year", "source": "KJRI"}
    for key, days, value in (("a", -1, 100), ("b", 1, 200)):
        added_at = at + timedelta(days=days)
        Headcount.objects.create(
            key=key, added_at=added_at, value=value, as_of=added_at.date(), estimator="estimate", **given
        )
    reader = people.reader(Role.OPERATOR)
    assert [row.low for row in queries.sheet(reader, crisis, at, at).answers.headcounts] == [100]
    assert [row.low for row in queries.sheet(reader, crisis, at).answers.headcounts] == [200]


def test_the_code_does_not_depend_on_the_language_and_changes_with_a_figure(people, crisis, at, report):
    reader, codes = people.reader(Role.OPERATOR), set()
    report(1, {"wni.dead": 1})
    for language in ("id", "en"):
        with translation.override(language):
            codes.add(queries.sheet(reader, crisis, at + timedelta(minutes=2), at + timedelta(minutes=2)).hash)
    assert len(codes) == 1
    [code] = codes
    assert len(code) == 16
    report(2, {"wni.dead": 1, "wni.safe": 0})
    assert queries.sheet(reader, crisis, at + timedelta(minutes=2), at + timedelta(minutes=2)).hash not in codes
