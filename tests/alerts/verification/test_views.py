"""The verifier's pages, with and without htmx."""

import pytest
from django.utils import translation

from alerts.ledger.models import OfficialFigure
from alerts.verification.forms import REASONS
from commandcenter.access.models import Role
from tests.alerts.ledger.world import a_crisis, figure_of

pytestmark = pytest.mark.django_db
MATRIX = "/crises/wang-fuk/matrix/"


@pytest.fixture
def desk(people):
    """The verifier's browser."""
    return people.client(Role.VERIFIER)


@pytest.fixture
def closest():
    """The first of the usual reasons, in the language of the pages."""
    with translation.override("id"):
        return str(dict(REASONS)["closest"])


def choose_url(report, key):
    return f"/crises/wang-fuk/choose/{figure_of(report, key).pk}/"


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.VERIFIER])
def test_the_matrix_opens_for_the_command_centre(people, crisis, report, role):
    report(1, {"wni.dead": 2})
    page = people.client(role).get(MATRIX)
    assert page.status_code == 200
    assert 'id="matrix"' in page.content.decode()
    assert "<html" in page.content.decode()


def test_the_matrix_is_a_panel_for_htmx(desk, crisis):
    text = desk.get(MATRIX, headers={"HX-Request": "true"}).content.decode()
    assert text.startswith("<section")
    assert "live:topic:crisis from:body" in text


@pytest.mark.parametrize("role", [Role.MINISTER, Role.SPOKESPERSON, Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_matrix_refuses_other_roles(people, crisis, role):
    assert people.client(role).get(MATRIX).status_code == 403


def test_the_matrix_shows_a_mission_its_own_row_and_no_door(people, crisis, report):
    report(1, {"wni.dead": 2})
    report(2, {"wni.dead": 7}, mission="kjri-guangzhou")
    text = people.client(Role.MISSION_OFFICER, "kjri-guangzhou").get(MATRIX).content.decode()
    assert "KJRI Guangzhou" in text
    assert "KJRI Hongkong" not in text
    assert "/choose/" not in text


def test_the_matrix_hides_a_crisis_that_does_not_involve_the_mission(people, crisis):
    assert people.client(Role.MISSION_OFFICER, "kjri-melbourne").get(MATRIX).status_code == 404


def test_the_matrix_of_an_exercise_stays_inside_it(people, at, desk):
    a_crisis(people, at, slug="drill-crisis", exercise="drill")
    assert desk.get("/crises/drill-crisis/matrix/").status_code == 404


def test_only_a_verifier_sees_cells_to_choose(people, desk, crisis, report):
    report(1, {"wni.dead": 2})
    assert "/choose/" in desk.get(MATRIX).content.decode()
    assert "/choose/" not in people.client(Role.OPERATOR).get(MATRIX).content.decode()


def test_choosing_a_cell_stores_it_and_goes_back_to_the_room(desk, crisis, report, closest):
    told = report(1, {"wni.dead": 2})
    url = choose_url(told, "wni.dead")
    page = desk.get(url).content.decode()
    assert 'name="seen" value="wni.dead:0"' in page
    answer = desk.post(url, {"reason": "closest", "seen": "wni.dead:0"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/crises/wang-fuk/")
    row = OfficialFigure.objects.get()
    assert (row.chosen.value, row.reason) == (2, closest)


def test_a_reason_in_own_words_is_kept(desk, crisis, report):
    told = report(1, {"wni.dead": 2})
    desk.post(choose_url(told, "wni.dead"), {"reason": "other", "reason_text": "Dikonfirmasi lewat telepon"})
    assert OfficialFigure.objects.get().reason == "Dikonfirmasi lewat telepon"


@pytest.mark.parametrize(
    "given",
    [{}, {"reason": "other"}, {"reason": "bribe"}, {"reason": "closest", "seen": "x"}, {"reason_text": "a\x00b"}],
)
def test_a_choice_without_a_reason_or_with_nonsense_stores_nothing(desk, crisis, report, given):
    told = report(1, {"wni.dead": 2})
    answer = desk.post(choose_url(told, "wni.dead"), given)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not OfficialFigure.objects.exists()


def test_the_second_verifier_is_told_and_sees_both_figures(people, crisis, report):
    early, late = report(1, {"wni.dead": 2}), report(9, {"wni.dead": 31}, source="hospital")
    people.client(Role.VERIFIER, username="rina").post(choose_url(early, "wni.dead"), {"reason": "closest"})
    answer = people.client(Role.VERIFIER).post(choose_url(late, "wni.dead"), {"reason": "newest", "seen": "wni.dead:0"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "rina" in text
    assert ">2<" in text
    assert ">31<" in text
    assert 'value="wni.dead:1"' in text
    assert OfficialFigure.objects.count() == 1


def test_a_row_is_chosen_at_once(desk, crisis, report):
    told = report(1, {"wni.dead": 2, "wni.safe": 100, "all.dead": 128})
    url = f"/crises/wang-fuk/choose/report/{told.number}/"
    assert desk.get(url).content.decode().count(" checked>") == 3
    answer = desk.post(url, {"keys": ["wni.dead", "all.dead"], "reason": "closest", "seen": "wni.dead:0"})
    assert answer.status_code == 302
    assert set(OfficialFigure.objects.values_list("key", flat=True)) == {"wni.dead", "all.dead"}


@pytest.mark.parametrize("keys", [[], ["wni.safe"], ["wni.lost"]])
def test_a_row_refuses_cells_the_report_does_not_have(desk, crisis, report, keys):
    told = report(1, {"wni.dead": 2})
    answer = desk.post(f"/crises/wang-fuk/choose/report/{told.number}/", {"keys": keys, "reason": "closest"})
    assert answer.status_code == 422
    assert not OfficialFigure.objects.exists()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.MINISTER])
def test_choosing_is_closed_to_everybody_else(people, crisis, report, role):
    told = report(1, {"wni.dead": 2})
    client = people.client(role)
    assert client.post(choose_url(told, "wni.dead"), {"reason": "closest"}).status_code == 403
    assert client.get(f"/crises/wang-fuk/choose/report/{told.number}/").status_code == 403
    assert client.post("/crises/wang-fuk/official/wni.dead/withdraw/", {"reason": "closest"}).status_code == 403


def test_a_figure_or_report_of_another_crisis_is_not_found(desk, people, crisis, report, at):
    other = a_crisis(people, at, slug="other")
    told = report(1, {"wni.dead": 2}, of=other)
    assert desk.get(choose_url(told, "wni.dead")).status_code == 404
    assert desk.get("/crises/wang-fuk/choose/report/1/").status_code == 404


def test_the_history_shows_every_version_and_withdraws(desk, crisis, report, closest):
    told = report(1, {"wni.dead": 2})
    desk.post(choose_url(told, "wni.dead"), {"reason": "closest"})
    url = "/crises/wang-fuk/official/wni.dead/"
    page = desk.get(url).content.decode()
    assert 'id="v1"' in page
    assert closest in page
    refused = desk.post(url + "withdraw/", {"reason_text": "salah hitung", "seen": "wni.dead:9"})
    assert refused.status_code == 409
    answer = desk.post(url + "withdraw/", {"reason_text": "salah hitung", "seen": "wni.dead:1"})
    assert answer.status_code == 302
    assert OfficialFigure.objects.filter(chosen=None, reason="salah hitung").count() == 1
    assert desk.get("/crises/wang-fuk/official/nonsense/").status_code == 404


def test_anonymous_visitors_go_to_sign_in(client, crisis):
    assert client.get(MATRIX).status_code == 302
