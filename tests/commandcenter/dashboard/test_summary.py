"""The minister's page."""

import gzip
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from commandcenter.access.models import Role, User
from missions.headcounts.models import Headcount
from tests.alerts.ledger.world import a_crisis, crisis, later, make_official, report, verifier

__all__ = ["crisis", "later", "make_official", "report", "verifier"]
pytestmark = pytest.mark.django_db
URL = "/summary/"


@pytest.fixture
def phone(people):
    """The minister's browser, in Indonesian."""
    return people.client(Role.MINISTER)


@pytest.mark.parametrize("role", [Role.MINISTER, Role.SUPERVISOR])
def test_the_minister_and_the_supervisor_may_look(people, crisis, role):
    assert people.client(role).get(URL).status_code == 200
    assert people.client(role).get(URL + "panel/").status_code == 200


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VERIFIER, Role.SPOKESPERSON, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_are_refused(people, crisis, role):
    assert people.client(role).get(URL).status_code == 403
    assert people.client(role).get(URL + "panel/").status_code == 403


def test_a_mission_is_refused(people, crisis):
    assert people.client(Role.AMBASSADOR, "kjri-hongkong").get(URL).status_code == 403


def test_without_an_open_crisis_it_says_so(phone):
    text = phone.get(URL).content.decode()
    assert "state--empty" in text
    assert "<article" not in text


def test_every_number_has_its_source_and_as_of(phone, report, make_official):
    make_official(report(1, {"wni.present": 140, "wni.dead": 9}), "wni.present")
    text = phone.get(URL).content.decode()
    figures = re.findall(r'<data class="figure[^>]*>', text)
    values = {re.search(r' value="(\d*)"', figure)[1]: figure for figure in figures}
    assert {"140", "9"} <= set(values)
    for figure in values.values():
        assert 'data-source="KJRI Hongkong"' in figure
        assert re.search(r'data-as-of="2026-05-12T20:06:00Z"', figure)
    assert 'data-status="verified"' in values["140"]
    assert 'data-status="reported"' in values["9"]


def test_what_nobody_reported_is_never_zero(phone, crisis):
    text = phone.get(URL).content.decode()
    assert not re.findall(r'class="figure[^>]* value="0"', text)


def test_a_contradiction_is_named_in_place_of_the_set(phone, report, make_official):
    make_official(report(1, {"wni.present": 140, "wni.safe": 155}))
    text = phone.get(URL).content.decode()
    assert "kategori melebihi jumlah WNI sebanyak 15" in text
    assert not re.search(r'class="figure[^>]* value="(140|155)"', text)


def test_two_sources_are_listed_apart_and_never_added(phone, report):
    report(1, {"all.dead": 1}, source="community")
    report(2, {"all.dead": 2}, source="authority")
    values = re.findall(r'class="figure[^>]* value="(\d+)"', phone.get(URL).content.decode())
    assert sorted(values) == ["1", "2"]


def test_the_silent_mission_has_its_telephone(phone, crisis, report):
    report(1, {}, answer="checking", mission="kjri-guangzhou")
    text = phone.get(URL).content.decode()
    assert 'data-mark="overdue"' in text
    assert 'href="tel:+' in text


def test_the_gravest_crisis_comes_first(phone, people, crisis, at):
    other = a_crisis(people, at, slug="minor")
    other.level = 3
    other.save(update_fields=["level"])
    text = phone.get(URL).content.decode()
    assert text.index('id="c-wang-fuk"') < text.index('id="c-minor"')


def test_an_exercise_is_not_on_the_real_page(phone, people, at):
    a_crisis(people, at, slug="drill-crisis", exercise="drill")
    assert "drill-crisis" not in phone.get(URL).content.decode()


def test_the_page_carries_no_htmx(phone, crisis):
    text = phone.get(URL).content.decode()
    assert "htmx.min.js" not in text
    assert "js/ui/panel.js" in text
    assert 'data-url="/summary/panel/"' in text


def modules(path, found):
    """The module and everything it imports."""
    if path not in found:
        found[path] = gzip.compress(path.read_bytes(), 9)
        for name in re.findall(r"^import [^;]*?'([^']+)';", path.read_text(), re.MULTILINE):
            modules((path.parent / name).resolve(), found)
    return found


def test_all_scripts_of_the_page_fit_in_20_kilobytes(phone, crisis):
    text = phone.get(URL).content.decode()
    found = {}
    for address in re.findall(r'<script[^>]* src="/static/([^"]+)"', text):
        modules((Path(settings.BASE_DIR) / "static" / address).resolve(), found)
    assert len(found) > 5
    assert sum(map(len, found.values())) <= 20 * 1024


def post_seen(client, at, *slugs, **more):
    """As the page says that it was seen."""
    return client.post(f"{URL}seen/", {"at": at.isoformat(), "crisis": slugs, "quiet": "1", **more})


@pytest.fixture
def clock(monkeypatch, at):
    """clock(minutes) sets the page's clock so many minutes after the declaration."""

    def to(minutes):
        moment = at + timedelta(minutes=minutes)
        monkeypatch.setattr("commandcenter.dashboard.summary.now", lambda: moment)
        return moment

    return to


def changes_of(client):
    """The list of changes in words."""
    text = client.get(URL).content.decode()
    part = text.partition('id="changes-wang-fuk"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_the_first_visit_says_so_and_the_second_lists_what_changed(phone, report, make_official, clock):
    make_official(report(1, {"wni.dead": 1, "wni.not_reached": 52}))
    clock(70)
    assert "Belum pernah dibuka" in changes_of(phone)
    assert post_seen(phone, clock(71), "wang-fuk").status_code == 204
    assert "Belum pernah dibuka" in changes_of(phone)
    make_official(report(80, {"wni.dead": 2, "wni.not_reached": 40}), minute=25)
    clock(100)
    told = changes_of(phone)
    assert "04.16 WIB" in told
    assert re.search(r"WNI · Meninggal 1 .* → .* 2 .*04\.30 WIB", told)
    assert re.search(r"WNI · Belum terhubungi 52 .* → .* 40", told)
    post_seen(phone, clock(101), "wang-fuk")
    assert re.search(r"WNI · Meninggal 1 .* → .* 2", changes_of(phone))
    clock(130)
    assert "WNI · Meninggal" not in changes_of(phone)


def test_reading_the_page_alone_is_no_visit(phone, crisis, clock):
    clock(10)
    phone.get(URL)
    phone.get(URL + "panel/")
    clock(100)
    assert "Belum pernah dibuka" in changes_of(phone)


def test_a_crisis_that_was_not_on_the_page_was_not_seen(phone, people, crisis, clock, at):
    a_crisis(people, at, slug="other")
    post_seen(phone, clock(5), "wang-fuk")
    clock(60)
    text = phone.get(URL).content.decode()
    assert text.count("Belum pernah dibuka") == 1


def test_a_moment_in_the_future_counts_as_now(phone, crisis, clock):
    post_seen(phone, clock(5) + timedelta(days=300), "wang-fuk")
    clock(60)
    assert "03.10 WIB" in changes_of(phone)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-05-12", "2026-05-12T20:00", "2026-99-99T20:00Z", "9" * 400])
def test_a_moment_that_is_none_is_refused_by_name(phone, crisis, text):
    answer = phone.post(f"{URL}seen/", {"at": text, "crisis": "wang-fuk"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0] == {
        "field": "at",
        "id": "Waktu ini tidak dapat dibaca.",
        "en": "This time can't be read.",
    }


def test_without_scripts_the_button_leads_back_to_the_page(phone, crisis, clock):
    answer = phone.post(f"{URL}seen/", {"at": clock(5).isoformat(), "crisis": "wang-fuk"})
    assert (answer.status_code, answer["Location"]) == (302, URL)


def test_two_readers_of_one_role_have_lists_of_their_own(people, crisis, clock):
    first = people.client(Role.MINISTER)
    second = people.client(Role.MINISTER, username="wakil")
    post_seen(first, clock(5), "wang-fuk")
    clock(60)
    assert "Belum pernah dibuka" not in changes_of(first)
    assert "Belum pernah dibuka" in changes_of(second)


def test_a_silence_is_a_gap_in_the_figure_s_line_and_in_its_table(phone, report, clock):
    report(1, {"all.dead": 5})
    report(150, {"all.dead": 9})
    clock(160)
    text = phone.get(URL).content.decode()
    [line] = re.findall(r'<path d="([^"]*)" fill="none" stroke="currentColor" stroke-width="1.75"', text)
    assert line.count("M") == 2
    assert "tidak lagi dikonfirmasi: celah" in text


def test_a_figure_that_was_told_once_has_no_line(phone, report, clock):
    report(1, {"all.dead": 5})
    clock(10)
    assert 'class="spark"' not in phone.get(URL).content.decode()


def test_headcounts_are_a_range_over_estimators_and_never_a_sum(phone, crisis, clock, later):
    for number, (kind, value) in enumerate((("registered", 145), ("estimate", 260), ("voters", 9000))):
        Headcount.objects.create(
            country_id="HK",
            estimator=kind,
            scope="country",
            value=value,
            as_of=date(2024, 10, 12),
            as_of_text="2024-10",
            as_of_precision="month",
            source=f"sumber {number}",
            added_at=later,
            key=str(number),
        )
    clock(10)
    text = " ".join(re.sub(r"<[^>]+>", " ", phone.get(URL).content.decode()).split())
    assert "Hong Kong, seluruh negara: 145–260 cakupan tidak diketahui catatan tertua" in text
    assert "405" not in text


def test_the_silent_officer_has_a_telephone_and_since_when(phone, report, people, clock):
    report(1, {}, answer="checking", mission="kjri-guangzhou")
    User.objects.filter(username="mission_officer-kjri-guangzhou").update(phone="+6281234567890")
    clock(10)
    text = phone.get(URL).content.decode()
    row = text.partition('id="s-wang-fuk-kjri-guangzhou"')[2].partition("</li>")[0]
    assert 'href="tel:+85236510200"' in row
    assert 'href="tel:+6281234567890"' in row
    assert re.search(r">09:00</time>", row)
    assert "03.06 WIB" in row


def test_the_evacuation_has_not_begun_while_the_ledger_says_nothing(phone, crisis):
    assert "belum dimulai" in phone.get(URL).content.decode()


def test_each_crisis_has_its_sheet(phone, crisis):
    assert 'href="/summary/wang-fuk/brief.pdf"' in phone.get(URL).content.decode()


def test_all_styles_of_the_page_fit_in_18_kilobytes(phone, crisis):
    text = phone.get(URL).content.decode()
    sheets = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', text)
    assert len(sheets) > 5
    assert (
        sum(len(gzip.compress((Path(settings.BASE_DIR) / "static" / one).read_bytes(), 9)) for one in sheets)
        <= 18 * 1024
    )
