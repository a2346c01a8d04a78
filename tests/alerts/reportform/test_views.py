"""The form behind the link: plain POSTs, receipts, taking back, and every bad link."""

import html
import json
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alerts.reporting import tokens
from alerts.sitreps.models import ReportRequest, SituationReport
from commandcenter.access.models import Role
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


def test_the_form_asks_what_the_command_centre_asked_beside_the_five(phone, link, request_):
    assert "Pusat komando juga bertanya" not in phone.get(link).content.decode()
    ReportRequest.objects.filter(pk=request_.pk).update(extra_questions=["Berapa <kapal> di pelabuhan?"])
    text = phone.get(link).content.decode()
    assert "Pusat komando juga bertanya" in text
    assert "Berapa &lt;kapal&gt; di pelabuhan?" in text


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


def test_a_correction_of_what_somebody_else_corrected_meanwhile_is_stored_and_told_in_words(phone, world, link):
    phone.post(link, answers(wni_dead="2"))
    duta = world.reader(Role.AMBASSADOR, "dhaka")
    world.file(ReportRequest.objects.get(), actor=duta, figures={"wni.dead": 3}, replaces=1, at=now())
    sent = phone.post(link, answers(wni_dead="4", wni_missing="1", replaces="1"))
    page = phone.get(sent["Location"]).content.decode()
    assert [(one.number, one.replaces and one.replaces.number) for one in SituationReport.objects.all()] == [
        (1, None),
        (2, 1),
        (3, 2),
    ]
    assert duta.name in page
    assert "3 → 4" in page
    assert "belum dilaporkan → 1" in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "２", "\x00"])
def test_a_correction_of_nothing_opens_the_plain_form(phone, link, number):
    assert phone.get(link, {"replaces": number}).status_code == 200


@pytest.mark.parametrize(("tapped", "instead"), [("none_affected", "checking"), ("checking", "figures")])
def test_a_tap_can_be_taken_back_once(phone, link, tapped, instead):
    phone.post(link, answers(answer=tapped))
    undo = link + "undo/1/"
    first = phone.post(undo)
    assert first.status_code == 302
    assert phone.post(undo)["Location"] == first["Location"]
    assert [(r.answer, r.replaces and r.replaces.number) for r in SituationReport.objects.all()] == [
        (tapped, None),
        (instead, 1),
    ]


def test_a_phone_takes_back_the_same_correction_through_its_outbox(phone, link, request_):
    phone.post(link, answers(answer="none_affected"))
    page = phone.get(link + "sent/1/").content.decode()
    body = json.loads(html.unescape(re.search('data-body="([^"]+)"', page)[1]))
    token = link.split("/")[2]
    url = f"/api/v1/crises/{request_.crisis.slug}/reports"
    headers = {"Authorization": f"Bearer {token}"}
    answer = phone.post(url, json.dumps(body), content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["replaces"]) == (201, 1)
    assert phone.post(link + "undo/1/")["Location"].endswith("/sent/2/")


def test_figures_are_corrected_and_not_taken_back(phone, link):
    phone.post(link, answers(wni_dead="2"))
    assert "report-undo" not in phone.get(link + "sent/1/").content.decode()
    assert phone.post(link + "undo/1/")["Location"].endswith("/sent/1/")
    assert SituationReport.objects.count() == 1


def test_the_first_touch_is_told_by_a_post(phone, link, request_):
    assert phone.get(f"{link}filling/").status_code == 405
    assert phone.post(f"{link}filling/").status_code == 204
    request_.refresh_from_db()
    assert request_.filling_at


def test_the_receipt_says_opened_only_after_an_officer_opened_it(phone, world, link, people):
    phone.post(link, answers(wni_dead="2"))
    receipt = f"{link}receipt/1/"
    desk = people.client(Role.VERIFIER)
    desk.get(reverse("sitreps:report", args=[world.crisis.slug, 1]))
    assert phone.get(receipt).json()["seen_at"] is None
    assert desk.post(reverse("sitreps:seen", args=[world.crisis.slug, 1])).status_code == 302
    seen = phone.get(receipt)
    assert seen.json()["seen_at"]
    assert seen["Cache-Control"] == "no-store"
    assert phone.get(f"{link}receipt/7/").status_code == 404


@pytest.mark.parametrize(("hour_utc", "theme"), [(13, "light"), (14, "dark"), (23, "dark"), (0, "light")])
def test_the_form_is_dark_at_night_where_the_mission_works(phone, link, monkeypatch, hour_utc, theme):
    monkeypatch.setattr("alerts.reportform.views.now", lambda: now().replace(hour=hour_utc, minute=0))
    # Dhaka is six hours ahead: 19, 20, 5 and 6 o'clock there.
    page = phone.get(link)
    assert page.status_code == 200
    assert f'data-theme="{theme}"' in page.content.decode()


def test_the_worker_is_a_script_of_the_report_pages(phone):
    answer = phone.get("/report/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer.content.decode().startswith("import '/static/js/ui/report-worker.js';")


def test_a_range_is_stored_with_both_ends_and_offered_again(phone, link):
    assert phone.post(link, answers(wni_dead="2-3", all_dead="41–50")).status_code == 302
    figures = {one.key: (one.value, one.high) for one in SituationReport.objects.get().figures.all()}
    assert figures == {"wni.dead": (2, 3), "all.dead": (41, 50)}
    assert 'data-old="2-3"' in phone.get(link).content.decode()


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


def test_a_link_does_not_open_for_somebody_else_who_is_signed_in(world, link, people):
    client = people.client(Role.MISSION_OFFICER, "newdelhi")
    for answer in (client.get(link), client.post(link, answers(wni_dead="2")), client.get(f"{link}sent/1/")):
        assert answer.status_code == 403
        assert reverse("sitreps:inbox") in answer.content.decode()
    for tail in ("opened/", "filling/"):
        assert client.post(link + tail).status_code == 403
    assert client.get(f"{link}receipt/1/").status_code == 403
    assert not SituationReport.objects.exists()
    assert people.client(Role.MISSION_OFFICER, "dhaka").get(link).status_code == 200


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
