"""The brief: exactly one page, the same numbers as the page and the API, in both languages."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from alerts.answers.queries import five_answers
from alerts.crises.models import CrisisMission
from alerts.exercises.actions import start
from alerts.figures.keys import ALL_KEYS, WNI_KEYS
from commandcenter.access.models import Role
from commandcenter.brief import printing
from commandcenter.brief.document import CUTS, document_of
from commandcenter.live.kept import shelf
from tests.alerts.ledger.world import a_crisis
from tests.commandcenter.brief.reading import body_of, come_in_order, figures_of, numbers_of, pages_of, text_of

# The same on every database: what differs there are the five answers, which have tests of their own.
pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("pango", "fixed")]
URL = "/summary/wang-fuk/brief.pdf"
MORE = {
    "id": re.compile(r"dan (\d+) perwakilan lain"),
    "en": re.compile(r"and (\d+) other missions?"),
}


@pytest.fixture
def phone(people):
    """The minister's browser."""
    return people.client(Role.MINISTER)


@pytest.fixture
def speaking(phone):
    """speaking("en") is the minister's browser in that language."""

    def in_(language):
        phone.cookies["django_language"] = language
        return phone

    return in_


def sheet(client, url=URL):
    """The PDF; anything else fails."""
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), answer.content[:500]
    return answer.content


@pytest.mark.parametrize("role", [Role.MINISTER, Role.SUPERVISOR, Role.OPERATOR, Role.VERIFIER])
def test_it_is_for_the_minister_and_the_command_centre(people, crisis, role):
    assert people.client(role).get("/summary/nothing/brief.pdf").status_code == 404


def test_a_real_brief_knows_no_exercise(phone, people, at):
    a_crisis(people, at, slug="drill-crisis", exercise="drill")
    assert phone.get("/summary/drill-crisis/brief.pdf").status_code == 404


@pytest.mark.parametrize("language", ["id", "en"])
def test_page_sheet_and_api_say_the_same_numbers(speaking, report, make_official, crowd, language):
    make_official(report(1, {"wni.present": 1187, "wni.dead": 2, "wni.missing": 0, "wni.safe": 1140, "all.dead": 41}))
    report(30, {"all.dead": (38, 52), "wni.dead": 3}, source="hospital", mission="kjri-guangzhou")
    crowd(3)
    client = speaking(language)
    page = client.get("/summary/").content.decode()
    text = body_of(sheet(client))
    assert figures_of(page)
    assert come_in_order(figures_of(page), text)
    assert numbers_of(text) <= numbers_of(text_of(page))
    told = client.get("/api/v1/crises/wang-fuk/figures").json()
    separator = "." if language == "id" else ","
    for cell in told["official"].values():
        assert f"{cell['value']:,}".replace(",", separator) in figures_of(page)


def test_a_sheet_with_another_number_is_noticed(speaking, report, make_official, monkeypatch):
    """Mutant: the sheet prints one official figure otherwise than the page."""
    make_official(report(1, {"wni.present": 140, "wni.dead": 9}))
    client = speaking("id")
    page = client.get("/summary/").content.decode()

    def other(*given):
        answers = five_answers(*given)
        object.__setattr__(answers.nationals.official[0].figure, "value", 8)
        return answers

    monkeypatch.setattr("commandcenter.brief.views.five_answers", other)
    assert not come_in_order(figures_of(page), body_of(sheet(client)))


@pytest.mark.parametrize(
    ("language", "gap"), [("id", "melebihi jumlah WNI sebanyak 15"), ("en", "exceed the number of")]
)
def test_a_set_that_contradicts_is_withheld_and_its_gap_named(speaking, report, make_official, language, gap):
    make_official(report(1, {"wni.present": 140, "wni.safe": 155}))
    client = speaking(language)
    text = body_of(sheet(client))
    assert gap in text
    assert numbers_of(text) <= numbers_of(text_of(client.get("/summary/").content.decode()))
    assert not {"140", "155"} & numbers_of(text)


def test_the_ledger_line_is_the_pages_own(phone, crisis):
    page = phone.get("/summary/").content.decode()
    [line] = re.findall(r"data-ledger-line>([^<]*)<", page)
    assert line
    assert line in body_of(sheet(phone))


@pytest.mark.parametrize("language", ["id", "en"])
def test_without_any_mission_it_is_one_page(speaking, crisis, language):
    CrisisMission.objects.filter(crisis=crisis).delete()
    assert len(pages_of(sheet(speaking(language)))) == 1


def test_with_one_mission_it_is_one_page_in_large_letters(phone, report):
    report(1, {"wni.dead": 1})
    assert len(pages_of(sheet(phone))) == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_with_forty_missions_it_is_one_page_and_counts_in_words_what_does_not_fit(speaking, crowd, language):
    crowd(40, silent=True)
    client = speaking(language)
    [text] = pages_of(sheet(client))
    text = " ".join(text.split())
    silent = re.split("Evakuasi|Evacuation", text)[0]
    listed = len(re.findall(r"\bdiminta\b|\bjatuh tempo\b|\brequested\b|\bdue\b", silent))
    assert listed + int(MORE[language].findall(silent)[-1]) == 40


@pytest.mark.parametrize("language", ["id", "en"])
def test_forty_missions_with_the_longest_names_and_figures_are_one_page(speaking, crowd, crisis, long_names, language):
    everything = {key: (8_888_880 + place, 9_999_990) for place, key in enumerate((*WNI_KEYS, *ALL_KEYS))}
    crowd(40, name="{} " + "Konsulat Jenderal Republik Indonesia yang sangat panjang namanya " * 2, figures=everything)
    long_names()
    crisis.name = "Kedaruratandikawasanperbatasan" * 4
    crisis.save(update_fields=["name"])
    [text] = pages_of(sheet(speaking(language)))
    assert "8.888.880" in text or "8,888,880" in text
    assert re.search(r"dan \d+ sumber lain|and \d+ other sources", " ".join(text.split()))


def test_every_official_figure_of_another_source_still_fits(phone, report, make_official, long_names):
    for place, key in enumerate((*WNI_KEYS, *ALL_KEYS)):
        make_official(report(place, {key: 10 + place}, source="community"), minute=place)
    long_names()
    page, text = phone.get("/summary/").content.decode(), body_of(sheet(phone))
    assert len(figures_of(page)) == 14
    assert come_in_order(figures_of(page), text)


def test_it_says_what_it_is_and_carries_its_own_letters(phone, report, tmp_path):
    report(1, {"wni.dead": 1})
    (tmp_path / "brief.pdf").write_bytes(sheet(phone))
    found = PdfReader(tmp_path / "brief.pdf")
    root, text = found.trailer["/Root"], found.pages[0].extract_text()
    assert root["/Lang"] == "id"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert found.metadata.title == "Kebakaran Wang Fuk Court · Kemlu DCC"
    assert "TERBATAS" in text
    assert "LATIHAN" not in text
    assert re.search(r"versi #\d+ · isi( [0-9a-f]{4}){8} · dibuat 13 Mei 2026 04\.05 WIB", " ".join(text.split()))
    assert "/summary/#c-wang-fuk" in text
    fonts = [font.get_object() for font in found.pages[0]["/Resources"]["/Font"].values()]
    assert any("Inter" in font["/BaseFont"] for font in fonts)
    for font in fonts:
        assert "+" in font["/BaseFont"]  # embedded, as far as it is used


def test_an_exercise_says_so(phone, people, at):
    a_crisis(people, at, slug="drill-crisis", exercise="hk-wangfuk-2025")
    start(
        actor=people.reader(Role.SUPERVISOR), at=at, scenario="hk-wangfuk-2025", name_id="Kebakaran", name_en="A fire"
    )
    answer = phone.get("/exercises/hk-wangfuk-2025/summary/drill-crisis/brief.pdf")
    assert "LATIHAN-" in answer["Content-Disposition"]
    [text] = pages_of(answer.content)
    assert "LATIHAN" in text.splitlines()[0]
    assert "/exercises/hk-wangfuk-2025/summary/" in text


def test_the_same_state_is_the_same_bytes_and_a_new_figure_is_not(phone, people, report, fixed, monkeypatch):
    report(50, {"wni.dead": 1})
    first = phone.get(URL)
    monkeypatch.setattr(printing, "printed", _no_more)
    fixed(3)
    again = people.client(Role.SUPERVISOR).get(URL)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    monkeypatch.undo()
    fixed(4)
    report(63, {"wni.dead": 2})
    assert phone.get(URL)["ETag"] != first["ETag"]


def test_a_deadline_that_passes_makes_another_sheet(phone, report, fixed):
    report(55, {"wni.dead": 1})
    first = phone.get(URL)
    fixed(26)
    assert phone.get(URL)["ETag"] != first["ETag"]


def _no_more(*_given):
    raise AssertionError("printed twice")


def test_the_layouts_ask_the_database_nothing(people, crowd, crisis, later):
    crowd(4)
    reader = people.reader(Role.MINISTER)
    made = document_of(crisis, five_answers(reader, crisis, later), version=7, at=later, exercise="")
    with CaptureQueriesContext(connection) as asked:
        assert len(made.layouts()) == len(CUTS)
    assert len(asked) == 0


def test_a_crowd_asks_the_database_no_more_often(people, crowd, crisis, later):
    def asked():
        reader = people.reader(Role.MINISTER)
        with CaptureQueriesContext(connection) as found:
            document_of(crisis, five_answers(reader, crisis, later), version=7, at=later, exercise="").layouts()
        return len(found)

    crowd(3)
    few = asked()
    crowd(24)
    assert asked() == few


def test_without_pango_the_page_says_so(phone, crisis, monkeypatch):
    def missing(*_given):
        raise printing.PressError(printing.WORDS[printing.press.MISSING])

    monkeypatch.setattr(printing, "printed", missing)
    answer = phone.get(URL)
    assert answer.status_code == 503
    assert "Pango" in answer.content.decode()
    assert phone.get("/summary/").status_code == 200


def test_a_closed_crisis_says_when_it_was_closed(phone, crisis, at):
    crisis.stood_down_at = at + timedelta(minutes=30)
    crisis.save(update_fields=["stood_down_at"])
    shelf.kept.clear()
    [text] = pages_of(sheet(phone))
    assert "Diakhiri 13 Mei 2026 03.35 WIB" in " ".join(text.split())
