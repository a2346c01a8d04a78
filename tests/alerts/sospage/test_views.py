"""Manifest, worker, numbers and the page in one language: public, small, and true to what the page is made of."""

import gzip
import json
import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from alerts.emergencies.models import Emergency
from alerts.sospage import shell
from missions.countries.models import ReferenceVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.mark.parametrize(("language", "word"), [("id", "Perlu bantuan?"), ("en", "Do you need help?")])
def test_the_page_speaks_the_language_of_its_address_and_remembers_it(language: str, word: str) -> None:
    client = Client()
    client.cookies["django_language"] = "en" if language == "id" else "id"
    answer = client.get(f"/sos/{language}/")
    assert word in answer.content.decode()
    assert answer.headers["Content-Language"] == language
    assert answer.cookies["django_language"].value == language
    assert "sessionid" not in answer.cookies


def test_the_page_of_a_language_takes_the_form_of_a_browser_without_javascript() -> None:
    typed = {"client_id": str(uuid.uuid4()), "message": "Tolong"}
    answer = Client(enforce_csrf_checks=True).post("/sos/en/", typed)
    assert "Received by the server" in answer.content.decode()
    assert Emergency.objects.get().message == "Tolong"


@pytest.mark.parametrize("path", ["/sos/xx/", "/sos/fr/", "/sos/xx.webmanifest"])
def test_a_language_that_is_not_ours_is_no_page(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_manifest_installs_the_page_in_its_language(language: str) -> None:
    answer = Client().get(f"/sos/{language}.webmanifest")
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (told["start_url"], told["scope"], told["lang"]) == (f"/sos/{language}/", "/sos/", language)
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    assert told["name"] == {"id": "Minta tolong – WNI di luar negeri", "en": "Help for Indonesian citizens"}[language]


def test_the_numbers_name_every_country_and_every_mission_that_serves_citizens() -> None:
    answer = Client().get("/sos/numbers.json")
    table = answer.json()
    numbers, missions, zones = table["countries"]["HK"]
    assert (numbers, zones) == (["112", "992", "999"], ["Asia/Hong_Kong"])
    assert [table["missions"][place] for place in missions] == [["KJRI Hongkong", ["+85236510200"], 22.3, 114.2]]
    assert table["missions"][table["countries"]["MY"][1][0]][0] == "KBRI Kuala Lumpur"
    assert len(table["countries"]) == 250
    assert len(gzip.compress(answer.content)) <= 10_000


def test_the_numbers_are_sent_again_only_when_they_changed() -> None:
    client = Client()
    tag = client.get("/sos/numbers.json").headers["ETag"]
    assert client.get("/sos/numbers.json", headers={"If-None-Match": tag}).status_code == 304
    ReferenceVersion.objects.update_or_create(defaults={"token": "another", "changed_at": timezone.now()})
    assert client.get("/sos/numbers.json", headers={"If-None-Match": tag}).status_code == 200


def test_the_number_for_text_messages_is_told_only_where_there_is_one(settings: pytest.FixtureRequest) -> None:
    assert Client().get("/sos/numbers.json").json()["sms"] == ""
    settings.SOS_SMS = "+628001234567"  # type: ignore[attr-defined]
    assert Client().get("/sos/numbers.json").json()["sms"] == "+628001234567"


def _told(worker: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(worker[worker.index("serve(") + 6 : worker.rindex(")")])
    return found


def test_the_worker_keeps_all_that_the_page_is_made_of_and_nothing_of_its_visitor() -> None:
    client = Client()
    client.cookies["theme"] = "dark"
    answer = client.get("/sos/worker.js")
    told = _told(answer.content.decode())
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert told["pages"] == {"id": "/sos/id/", "en": "/sos/en/"}
    page = client.get("/sos/id/").content.decode()
    linked = set(re.findall(r'(?:src|href)="(/static/[^"#]+)"', page))
    assert linked <= set(told["shell"])  # type: ignore[call-overload]
    assert {"/static/js/ui/sos-box.js", "/static/js/ui/sos-store.js"} <= set(told["shell"])  # type: ignore[call-overload]
    assert _told(client.get("/sos/worker.js").content.decode()) == told


def test_another_page_is_another_version_and_the_passing_parts_are_none() -> None:
    page = '<html data-now="2026-05-12T20:05:00Z"><input name="client_id" value="a"><p>Tolong</p>'
    same = page.replace("20:05", "20:06").replace('value="a"', 'value="b"')
    assert shell.version([page], ["/static/a.js"]) == shell.version([same], ["/static/a.js"])
    assert shell.version([page], ["/static/a.js"]) != shell.version([page + "!"], ["/static/a.js"])
    assert shell.version([page], ["/static/a.js"]) != shell.version([page], ["/static/b.js"])


def test_a_page_that_names_no_file_of_ours_has_no_shell() -> None:
    assert shell.shell('<a href="/login/">x</a><script src="/elsewhere/a.js"></script>') == []
