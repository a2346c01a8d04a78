"""The pages of desks: board, demand, one report, versions, two side by side, inbox."""

from datetime import timedelta

import pytest
from django.urls import reverse

from alerts.reporting import tokens
from alerts.sitreps.models import ReportRequest
from commandcenter.access.models import Role
from commandcenter.audit.models import ReadEntry
from commandcenter.clock import now

MINUTE = timedelta(minutes=1)


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


def test_seeing_a_report_is_a_post_of_the_command_centre_told_once(world, people, events):
    world.file(world.ask("dhaka"), figures={"wni.dead": 2})
    url = reverse("sitreps:seen", args=[world.crisis.slug, 1])
    desk = people.client(Role.OPERATOR)
    assert desk.get(url).status_code == 405
    for _look in range(2):
        assert desk.post(url, headers={"HX-Request": "true"}).status_code == 200
    [event] = events("report.seen")
    assert event.data == {"mission": "dhaka", "report": 1}
    assert people.client(Role.MISSION_OFFICER, "dhaka").post(url).status_code == 403
    assert desk.post(reverse("sitreps:seen", args=[world.crisis.slug, 9])).status_code == 404


def test_the_versions_of_a_report_say_what_changed_and_by_whom(world, people):
    request = world.ask("dhaka")
    duta = world.reader(Role.AMBASSADOR, "dhaka")
    world.file(request, figures={"wni.dead": 1, "wni.missing": 4}, note="RS Bir")
    world.file(request, figures={"wni.dead": 2, "wni.missing": 4}, replaces=1, actor=duta, note="RS Bir")
    page = people.client(Role.VERIFIER).get(reverse("sitreps:versions", args=[world.crisis.slug, 1])).content.decode()
    assert "WNI · Meninggal: 1 → 2" in page
    assert "Hilang" not in page
    assert duta.name in page
    assert page.index('id="v-2"') < page.index('id="v-1"')
    url = reverse("sitreps:versions", args=[world.crisis.slug, 1])
    assert people.client(Role.MISSION_OFFICER, "newdelhi").get(url).status_code == 404
