"""The form behind the link, and the pages of requests and reports."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alerts.reporting import tokens
from alerts.sitreps.models import ReportRequest, SituationReport
from commandcenter.access.models import Role
from commandcenter.audit.models import ReadEntry
from commandcenter.clock import now

MINUTE = timedelta(minutes=1)


@pytest.fixture
def request_(world) -> ReportRequest:
    return world.ask("dhaka", at=now())


@pytest.fixture
def link(world, request_) -> str:
    token = tokens.make(request=request_, officer=world.officer().user_id, at=now())
    return reverse("sitreps:form", args=[token])


def answers(**given) -> dict[str, str]:
    return {"client_id": str(uuid.uuid4()), "answer": "figures", **given}


@pytest.fixture
def phone() -> Client:
    """A phone without any session or cookie, and with CSRF checks on."""
    return Client(enforce_csrf_checks=True)


def test_the_form_opens_without_signing_in_and_reading_it_changes_nothing(phone, link, request_):
    page = phone.get(link)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    text = page.content.decode()
    assert "Gempa Kathmandu" in text
    assert request_.officer.shown_name in text
    request_.refresh_from_db()
    assert request_.opened_at is None


def test_the_page_says_that_it_is_open_by_a_post(phone, link, request_):
    assert phone.get(f"{link}opened/").status_code == 405
    assert phone.post(f"{link}opened/").status_code == 204
    request_.refresh_from_db()
    assert request_.opened_at


def test_sending_stores_the_report_and_shows_what_the_dcc_has(phone, link):
    sent = phone.post(link, answers(wni_dead="2", wni_safe="0", authorities="yes", hospitals="partial", note="RS Bir"))
    assert sent.status_code == 302
    page = phone.get(sent["Location"]).content.decode()
    report = SituationReport.objects.get()
    assert {figure.key: figure.value for figure in report.figures.all()} == {"wni.dead": 2, "wni.safe": 0}
    assert "#1" in page
    assert "RS Bir" in page
    assert 'value="2"' in page


def test_none_affected_and_checking_need_no_more_than_the_door(phone, link):
    assert phone.post(link, answers(answer="none_affected")).status_code == 302
    assert phone.post(link, answers(answer="checking")).status_code == 302
    assert list(SituationReport.objects.values_list("answer", flat=True)) == ["none_affected", "checking"]


def test_a_double_tap_is_one_report_and_says_so(phone, link):
    body = answers(wni_dead="2")
    first, second = (phone.post(link, body) for _tap in range(2))
    assert second["Location"] == first["Location"] + "?again=1"
    assert "notice" in phone.get(second["Location"]).content.decode()
    assert SituationReport.objects.count() == 1


@pytest.mark.parametrize("typed", ["1.500", "１２", "-1", "1e3", "9" * 400, "\x00"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_number_that_is_none_is_refused_in_words_and_the_input_is_kept(phone, link, typed, language):
    phone.cookies["django_language"] = language
    page = phone.post(link, answers(wni_dead=typed, wni_missing="3", note="catatan"))
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#id_wni_dead"' in text
    assert 'aria-invalid="true"' in text
    assert "catatan" in text
    assert 'value="3"' in text
    assert not SituationReport.objects.exists()


def test_an_empty_report_is_refused_with_a_way_out(phone, link):
    page = phone.post(link, answers())
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()


def test_a_correction_replaces_and_can_be_done_once(phone, link):
    phone.post(link, answers(wni_dead="2"))
    page = phone.get(f"{link}?replaces=1").content.decode()
    assert 'name="replaces" value="1"' in page
    assert 'data-old="2"' in page
    assert phone.post(link, answers(wni_dead="3", replaces="1")).status_code == 302
    again = phone.post(link, answers(wni_dead="4", replaces="1"))
    assert again.status_code == 409
    assert 'value="4"' in again.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "２", "\x00"])
def test_a_correction_of_nothing_opens_the_plain_form(phone, link, number):
    assert phone.get(link, {"replaces": number}).status_code == 200


def test_none_affected_can_be_taken_back_once(phone, link):
    phone.post(link, answers(answer="none_affected"))
    undo = link + "undo/1/"
    first = phone.post(undo)
    assert first.status_code == 302
    assert phone.post(undo)["Location"] == first["Location"]
    assert [(r.answer, r.replaces and r.replaces.number) for r in SituationReport.objects.all()] == [
        ("none_affected", None),
        ("checking", 1),
    ]


@pytest.mark.parametrize("tail", ["", "sent/1/"])
def test_a_link_that_was_tampered_with_is_a_clear_page_in_both_languages(phone, link, tail):
    page = phone.get(link[:-3] + "xx/" + tail)
    text = page.content.decode()
    assert page.status_code == 404
    assert 'lang="id"' in text
    assert 'lang="en"' in text
    assert reverse("sitreps:inbox") in text


def test_an_old_link_says_that_it_is_old(phone, world, request_):
    token = tokens.make(request=request_, officer=world.officer().user_id, at=now() - timedelta(hours=25))
    for answer in (phone.get(reverse("sitreps:form", args=[token])), phone.post(reverse("sitreps:form", args=[token]))):
        assert answer.status_code == 410
    assert phone.post(reverse("sitreps:opened", args=[token])).status_code == 410


def test_somebody_else_signed_in_still_reports_as_the_named_officer(world, link, people):
    client = people.client(Role.MISSION_OFFICER, "newdelhi")
    assert client.post(link, answers(wni_dead="2")).status_code == 302
    assert SituationReport.objects.get().reporter_id == world.officer().user_id


def test_a_closed_crisis_refuses_the_form_with_the_reason(phone, world, link):
    type(world.crisis).objects.update(stood_down_at=now())
    assert phone.get(link).status_code == 409
    assert phone.post(link, answers(wni_dead="2")).status_code == 409
    assert not SituationReport.objects.exists()


def test_a_report_sent_again_after_the_crisis_closed_gets_its_first_answer(phone, world, link):
    told = answers(wni_dead="2")
    first = phone.post(link, told)
    type(world.crisis).objects.update(stood_down_at=now())
    again = phone.post(link, told)
    assert (again.status_code, again["Location"]) == (302, first["Location"] + "?again=1")
    assert phone.post(link, answers(wni_dead="x")).status_code == 409
    assert SituationReport.objects.count() == 1


def test_a_report_of_another_mission_is_not_shown_behind_the_link(phone, world, link):
    world.file(world.ask("newdelhi"), figures={"wni.dead": 1})
    assert phone.get(link + "sent/1/").status_code == 404
    assert phone.post(link + "undo/1/").status_code == 404


def test_a_link_of_live_work_does_not_open_in_an_exercise(phone, link, drill):
    assert phone.get("/exercises/hk" + link).status_code == 404


def test_the_form_works_in_an_exercise(phone, drill):
    request = drill.ask("dhaka", at=now())
    token = tokens.make(request=request, officer=drill.officer().user_id, at=now())
    sent = phone.post(f"/exercises/hk/report/{token}/", answers(wni_dead="2"))
    assert sent["Location"].startswith("/exercises/hk/report/")
    assert SituationReport.objects.get().crisis.exercise == "hk"


def test_the_board_is_a_panel_for_htmx_and_a_page_for_everybody_else(world, people):
    world.ask("dhaka", at=now())
    client = people.client(Role.OPERATOR)
    url = reverse("sitreps:board", args=[world.crisis.slug])
    page, panel = client.get(url).content.decode(), client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert panel.startswith("<section")
    assert 'data-mark="waiting"' in panel
    assert 'href="tel:+8801711000001"' in panel
    assert "/report/" not in page


def test_the_board_shows_a_mission_its_own_row(world, people):
    world.ask("dhaka", "newdelhi", at=now())
    page = people.client(Role.MISSION_OFFICER, "dhaka").get(reverse("sitreps:board", args=[world.crisis.slug]))
    assert 'id="m-dhaka"' in page.content.decode()
    assert 'id="m-newdelhi"' not in page.content.decode()


def test_a_foreign_mission_finds_no_board(world, people):
    client = people.client(Role.MISSION_OFFICER, "cairo")
    assert client.get(reverse("sitreps:board", args=[world.crisis.slug])).status_code == 404


@pytest.mark.parametrize("role", [Role.SPOKESPERSON, Role.MINISTER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_pages_refuse_other_roles(world, people, role):
    client = people.client(role)
    for name in ("sitreps:board", "sitreps:request"):
        assert client.get(reverse(name, args=[world.crisis.slug])).status_code == 403
    assert client.get(reverse("sitreps:report", args=[world.crisis.slug, 1])).status_code == 403
    assert client.get(reverse("sitreps:inbox")).status_code == 403


def test_pages_send_strangers_to_sign_in(world, client):
    assert client.get(reverse("sitreps:board", args=[world.crisis.slug])).status_code == 302


def test_requesting_preselects_the_silent_and_asks_them(world, people):
    request = world.ask("dhaka", at=now())
    world.file(request, figures={"wni.dead": 0}, at=now())
    client = people.client(Role.OPERATOR)
    url = reverse("sitreps:request", args=[world.crisis.slug])
    page = client.get(url)
    assert sorted(page.context["picked"]) == ["kathmandu", "newdelhi"]
    asked = client.post(url, {"missions": ["kathmandu", "newdelhi"]})
    assert (asked.status_code, asked["Location"]) == (302, reverse("crises:room", args=[world.crisis.slug]))
    assert ReportRequest.objects.filter(answered_at=None).count() == 2


@pytest.mark.parametrize("missions", [[], ["cairo"], ["\x00"], ["x" * 500]])
def test_requesting_from_nobody_or_a_stranger_is_refused_in_words(world, people, missions):
    url = reverse("sitreps:request", args=[world.crisis.slug])
    page = people.client(Role.OPERATOR).post(url, {"missions": missions})
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()
    assert not ReportRequest.objects.exists()


def test_verifiers_do_not_request(world, people):
    assert people.client(Role.VERIFIER).post(reverse("sitreps:request", args=[world.crisis.slug])).status_code == 403


def test_a_report_page_shows_every_field_and_is_logged(world, people):
    request = world.ask("dhaka")
    told = {"wni.dead": 2, "all.dead": (41, 50), "wni.safe": 0}
    world.file(request, figures=told, authorities="no", hospitals="all", source="hospital", note="Catatan RS")
    world.file(request, figures={"wni.dead": 3}, replaces=1)
    client = people.client(Role.OPERATOR)
    page = client.get(reverse("sitreps:report", args=[world.crisis.slug, 1])).content.decode()
    for part in ('value="2"', "41–50", 'value="0"', "Catatan RS", "#2"):
        assert part in page
    assert page.count('<data class="figure') == 3
    assert ReadEntry.objects.filter(screen="report").count() == 1
    assert client.get(reverse("sitreps:report", args=[world.crisis.slug, 10**18])).status_code == 404


def test_a_report_page_refuses_other_missions(world, people):
    world.file(world.ask("dhaka"), figures={"wni.dead": 2})
    url = reverse("sitreps:report", args=[world.crisis.slug, 1])
    assert people.client(Role.MISSION_OFFICER, "newdelhi").get(url).status_code == 404
    assert people.client(Role.AMBASSADOR, "dhaka").get(url).status_code == 200


def test_compare_opens_both_reports_side_by_side(world, people):
    dhaka, delhi = world.ask("dhaka", "newdelhi")
    world.file(dhaka, figures={"wni.dead": 538})
    world.file(delhi, figures={"wni.dead": 358})
    url = reverse("sitreps:compare", args=[world.crisis.slug, 1, 2])
    page = people.client(Role.VERIFIER).get(url).content.decode()
    assert 'value="538"' in page
    assert 'value="358"' in page
    assert people.client(Role.MISSION_OFFICER, "dhaka").get(url).status_code == 404


def test_the_inbox_gives_each_officer_a_link_of_their_own(world, people):
    world.ask("dhaka", at=now())
    pages = {}
    for username, role in (("sari", Role.MISSION_OFFICER), ("duta", Role.AMBASSADOR)):
        page = people.client(role, "dhaka", username=username).get(reverse("sitreps:inbox"))
        [pages[username]] = [entry["form"] for entry in page.context["inbox"]]
    assert pages["sari"] != pages["duta"]
    token = pages["duta"].split("/")[2]
    assert tokens.read(token, exercise="", at=now()).officer.name == "duta"


def test_an_empty_inbox_says_when_it_was_checked(world, people):
    page = people.client(Role.MISSION_OFFICER, "dhaka").get(reverse("sitreps:inbox")).content.decode()
    assert "state--empty" in page
