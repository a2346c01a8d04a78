"""The list, two reports side by side, and judging from the page."""

import pytest
from django.urls import reverse

from alerts.differences import queries
from commandcenter.access.models import Role
from commandcenter.audit.models import ReadEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def differing(crisis, report):
    report(1, {"wni.dead": 538})
    report(9, {"wni.dead": 358}, source="media")
    [item] = queries.differences(crisis)
    return item


def post(client, crisis, act, item, **more):
    data = {"about": item.difference.about, "seen": item.judged.version, "reason": "beda cara hitung"} | more
    return client.post(reverse(f"differences:{act}", args=[crisis.slug]), data)


def test_a_pair_opens_both_reports_side_by_side_and_logs_both_reads(people, crisis, differing):
    page = people.client(Role.VERIFIER).get(reverse("differences:pair", args=[crisis.slug, 1, 2]))
    text = page.content.decode()
    assert 'value="538"' in text
    assert 'value="358"' in text
    assert str(differing.difference.words) in text
    assert "WNI · Meninggal: 538 → 358" in text
    assert reverse("ledger:choose-row", args=[crisis.slug, 2]) in text
    assert ReadEntry.objects.filter(screen="report").count() == 2


def test_a_report_against_itself_is_shown_once(people, crisis, report):
    report(1, {"wni.present": 10, "wni.safe": 25})
    page = people.client(Role.VERIFIER).get(reverse("differences:pair", args=[crisis.slug, 1, 1]))
    assert len(page.context["sides"]) == 1
    assert [item.difference.kind for item in page.context["items"]] == ["exceed"]


def test_missions_see_what_their_own_reports_say_against_each_other(people, crisis, differing, report):
    report(12, {"wni.dead": 3}, mission="kjri-guangzhou")
    own = people.client(Role.MISSION_OFFICER, "kjri-hongkong")
    page = own.get(reverse("differences:pair", args=[crisis.slug, 1, 2]))
    assert len(page.context["items"]) == 1
    assert "form" not in page.context
    assert own.get(reverse("differences:pair", args=[crisis.slug, 1, 3])).status_code == 404
    assert own.get(reverse("differences:pair", args=[crisis.slug, 1, 99999999])).status_code == 404


def test_judging_plausible_moves_it_from_the_open_to_the_settled(people, crisis, differing):
    client = people.client(Role.VERIFIER)
    answer = post(client, crisis, "accept", differing)
    assert (answer.status_code, answer["Location"]) == (302, reverse("differences:list", args=[crisis.slug]))
    page = client.get(answer["Location"])
    assert (page.context["open"], len(page.context["settled"])) == ([], 1)
    assert "beda cara hitung" in page.content.decode()
    [item] = queries.differences(crisis)
    assert post(client, crisis, "reopen", item).status_code == 302
    assert len(queries.unsettled(crisis)) == 1


def test_a_verdict_without_a_reason_comes_back_with_both_reports(people, crisis, differing):
    answer = post(people.client(Role.VERIFIER), crisis, "accept", differing, reason="  ")
    assert answer.status_code == 422
    assert len(answer.context["sides"]) == 2
    assert "error-summary" in answer.content.decode()


def test_a_second_verdict_says_who_was_first(people, crisis, differing):
    post(people.client(Role.VERIFIER, username="budi"), crisis, "accept", differing)
    answer = post(people.client(Role.VERIFIER), crisis, "accept", differing)
    assert answer.status_code == 409
    assert "budi" in answer.content.decode()


@pytest.mark.parametrize(
    "garbage",
    [{"about": "x|y"}, {"about": "\0"}, {"about": "x" * 999}, {"about": ""}, {"seen": "-1"}, {"seen": "1.5"},
     {"seen": "9" * 40}, {"seen": "\u0661"}, {"reason": "a\0b"}, {"reason": "x" * 999}],
)  # fmt: skip
def test_garbage_is_answered_in_words(people, crisis, differing, garbage):
    client = people.client(Role.VERIFIER)
    answer = post(client, crisis, "accept", differing, **garbage)
    assert answer.status_code in {302, 409, 422}
    page = client.get(answer["Location"]) if answer.status_code == 302 else answer
    assert "toast" in page.content.decode()
    assert len(queries.unsettled(crisis)) == 1


def test_the_list_says_when_there_is_nothing(people, crisis):
    page = people.client(Role.OPERATOR).get(reverse("differences:list", args=[crisis.slug])).content.decode()
    assert page.count("state--empty") == 3
    assert people.client(Role.OPERATOR).get("/crises/nothing/differences/").status_code == 404


def test_the_matrix_shows_what_is_open_and_folds_what_is_settled(people, crisis, differing):
    client = people.client(Role.VERIFIER)
    address = reverse("ledger:matrix", args=[crisis.slug])
    pair = reverse("differences:pair", args=[crisis.slug, 1, 2])
    assert pair in client.get(address).content.decode()
    post(client, crisis, "accept", differing)
    text = client.get(address).content.decode()
    assert "is-different" not in text
    assert "dinilai wajar" in text


def test_the_log_tells_the_verdict_with_its_reason(people, crisis, differing):
    client = people.client(Role.VERIFIER)
    post(client, crisis, "accept", differing)
    text = client.get(reverse("logbook:log", args=[crisis.slug])).content.decode()
    assert "menilai wajar: Digit tertukar, WNI · Meninggal (#1, #2)" in text
    assert "beda cara hitung" in text
