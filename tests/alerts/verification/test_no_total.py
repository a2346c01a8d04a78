"""Red Cross 1 dead, government 2 dead: 3 is printed nowhere (domain.md section 6). Every page and door is walked."""

import json
import re

import pytest
from django.test import Client

from alerts.answers.queries import five_answers
from alerts.differences import queries as differences
from alerts.ledger import queries as ledger
from alerts.situation.queries import sheet
from alerts.verification.queries import matrix
from commandcenter.access.checks import views
from commandcenter.access.models import Role

pytestmark = pytest.mark.django_db
CRISIS = "crises/<slug:slug>/"
# What is printed of a number: alone, not part of a time, a date, a report's number, a version or a telephone.
ALONE = re.compile(r"(?<![\w.:,+/#-])3(?![\w.:,/-]\d|\w)")
TAGS = re.compile(r"<[^>]*>")
LARGE = re.compile(r"(?<![\d.,])3[.,]?333(?![\d.,])")


@pytest.fixture
def landslide(report, make_official):
    """The fixture, and beside it the same with numbers that nothing else on a page can look like."""
    report(2, {"all.dead": 1, "wni.missing": 1111}, source="red_cross")
    told = report(6, {"all.dead": 2, "wni.missing": 2222}, source="authority")
    report(7, {"all.dead": 2}, source="media", mission="kjri-guangzhou")
    make_official(told, "all.dead")


def walked(slug: str) -> list[str]:
    """Every address of a crisis that answers a GET, and those that show all crises."""
    filled = {"slug:slug": slug, "int:number": "1", "int:first": "1", "int:second": "2", "str:key": "all.dead"}
    own = [where for where, _view in views() if where.startswith(CRISIS)]
    for name, value in filled.items():
        own = [where.replace(f"<{name}>", value) for where in own]
    return [f"/{where}" for where in own if "<" not in where] + [
        "/", "/crises/", "/summary/", "/summary/panel/", "/live/snapshot?audience=dcc",
        f"/api/v1/crises/{slug}/figures",
    ]  # fmt: skip


def figures_of(text: str) -> list[str]:
    return re.findall(r'<data class="figure[^>]*\bvalue="(\d*)"', text)


def faults(text: str) -> list[str]:
    """Where the sum of two sources stands."""
    found = LARGE.findall(text)
    if "<html" in text or "<section" in text:
        found += [value for value in figures_of(text) if value == "3"]
    return found


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.SUPERVISOR, Role.MINISTER, Role.MISSION_OFFICER])
def test_one_and_two_never_print_three(people, crisis, landslide, role):
    client = people.client(role, "kjri-hongkong" if role == Role.MISSION_OFFICER else "")
    pages = {address: client.get(address) for address in walked(crisis.slug)}
    told = {address: page.content.decode() for address, page in pages.items() if page.status_code == 200}
    assert {address: faults(text) for address, text in told.items() if faults(text)} == {}
    assert len(told) >= {Role.MINISTER: 2, Role.MISSION_OFFICER: 8}.get(role, 12), sorted(told)


def test_the_matrix_and_the_situation_print_one_and_two_and_no_three(people, crisis, landslide):
    client: Client = people.client(Role.VERIFIER)
    for name in ("matrix", "situation", "differences"):
        text = client.get(f"/crises/{crisis.slug}/{name}/").content.decode()
        if name != "differences":
            values = figures_of(text)
            assert {"1", "2"} <= set(values)
        dead = re.search(r'id="source-all-kjri-hongkong-red_cross".*?</tr>', text, re.DOTALL)
        assert name != "matrix" or (dead and figures_of(dead[0])[0] == "1")
        rows = re.findall(
            r'<table class="matrix matrix--all">.*?</table>|<ul class="differences".*?</ul>', text, re.DOTALL
        )
        assert rows
        for row in rows:
            assert not ALONE.search(re.sub(r"#\d+", "", TAGS.sub(" ", row))), TAGS.sub(" ", row)


def test_no_query_holds_the_sum(people, crisis, landslide, later):
    reader = people.reader(Role.VERIFIER)
    answers = five_answers(reader, crisis, later)
    values = [
        line.figure.value
        for answer in (answers.present, answers.victims, answers.nationals)
        for line in (*answer.official, *(line for told in answer.reported for line in told.lines))
    ]
    cells = [
        cell.figure.value
        for table in matrix(reader, crisis).tables
        for cells in (table.official, *(row.cells for row in table.rows))
        for cell in cells
    ]
    rows = [
        row.value for item in differences.history(crisis) for row in (item.difference.first, item.difference.second)
    ]
    official = [cell.value for cell in ledger.official(crisis).values()]
    told = {*values, *cells, *rows, *official}
    assert {1, 2} <= told
    assert told.isdisjoint({3, 3333})
    seen = sheet(reader, crisis, later, later)
    assert {line.figure.value for line in seen.answers.victims.official} == {2}


def test_the_api_gives_each_source_its_own(people, crisis, landslide):
    told = json.loads(people.client(Role.VERIFIER).get(f"/api/v1/crises/{crisis.slug}/figures").content)
    dead = {(row["mission"], row["source"]): row["figures"]["all.dead"]["value"] for row in told["reported"]}
    assert dead == {
        ("kjri-hongkong", "red_cross"): 1,
        ("kjri-hongkong", "authority"): 2,
        ("kjri-guangzhou", "media"): 2,
    }
    assert told["official"]["all.dead"]["value"] == 2


def test_a_sum_of_sources_would_be_noticed(people, crisis, landslide, monkeypatch):
    """Mutant: one row for all sources of a mission."""
    whole = ledger.latest_figures

    def summed(*given):
        figures = whole(*given)
        for figure in figures:
            same = [one.value for one in figures if one.key == figure.key and one.report.mission_id == "kjri-hongkong"]
            figure.value = sum(same) if figure.key == "wni.missing" else figure.value
        return figures

    monkeypatch.setattr(ledger, "latest_figures", summed)
    text = people.client(Role.VERIFIER).get(f"/crises/{crisis.slug}/matrix/").content.decode()
    assert faults(text)
