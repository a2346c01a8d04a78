"""The minister's page."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from commandcenter.access.models import Role
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
