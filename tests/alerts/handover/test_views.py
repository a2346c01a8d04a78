"""Pages of handovers: what each of the two sees and does, and the door out."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alerts.emergencies.models import Emergency
from alerts.handover import actions, queries
from alerts.handover.models import Handover, HandoverItem, State
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.models import ReadEntry
from commandcenter.events.models import Event
from tests.alerts.handover.conftest import Take, offered, tick_all
from tests.conftest import AT, People

HX = {"HX-Request": "true"}


@pytest.fixture
def going(people: People, rina: Reader) -> Client:
    return people.client(Role.OPERATOR, username="rina")


@pytest.fixture
def coming(people: People, budi: Reader) -> Client:
    return people.client(Role.SUPERVISOR, username="budi")


def address(handover: Handover, verb: str = "") -> str:
    return f"/handover/{handover.pk}/{verb}"


def test_a_sheet_is_begun_written_signed_ticked_and_signed_again(
    going: Client, coming: Client, rina: Reader, budi: Reader, taken: Take
) -> None:
    held = taken(rina)
    assert "Anda memegang 1 kedaruratan" in going.get("/handover/").content.decode()
    begun = going.post("/handover/begin/", follow=True)
    handover = Handover.objects.get()
    assert held.number in begun.content.decode()
    going.post(address(handover, "note/"), {"note": "Tenang", f"note:emergency:{held.number}": "Siti menunggu"})
    assert going.post(address(handover, "note/"), {"note": "Tenang sekali"}, headers=HX).status_code == 204
    assert coming.get(address(handover)).status_code == 404
    going.post(address(handover, "offer/"), {"incoming": budi.user_id})
    page = coming.get(address(handover)).content.decode()
    for shown in ("Tenang sekali", "Siti menunggu", "0 dari 1 dicentang", held.number):
        assert shown in page
    [item] = queries.sheet(Handover.objects.get(), timezone.now())
    form = {"key": item.key, "stamp": item.stamp, "repeat": "Telepon Siti 04.00"}
    answer = coming.post(address(handover, "tick/"), form)
    assert answer.url == f"{address(handover)}#sign"  # type: ignore[attr-defined]
    done = coming.post(address(handover, "sign/"), follow=True).content.decode()
    assert "Ditandatangani keduanya" in done
    assert "Telepon Siti 04.00" in done
    assert Emergency.objects.get().taken_by_id == budi.user_id
    assert handover.number in going.get("/handover/").content.decode()
    assert "Telepon Siti 04.00" in going.get(address(handover)).content.decode()
    assert ReadEntry.objects.filter(screen="handover", object_id=handover.number).count() >= 2


def test_a_script_is_answered_with_the_item_or_its_reason(
    coming: Client, rina: Reader, budi: Reader, taken: Take
) -> None:
    taken(rina)
    handover = offered(rina, budi)
    [item] = queries.sheet(handover, AT)
    form = {"key": item.key, "stamp": item.stamp, "repeat": ""}
    empty = coming.post(address(handover, "tick/"), form, headers=HX).content.decode()
    assert f'id="{item.anchor}"' in empty
    assert "Ulangi dalam satu baris: apa yang akan" in empty
    stale = coming.post(address(handover, "tick/"), {**form, "stamp": "x", "repeat": "ya"}, headers=HX).content.decode()
    assert "lihat lagi" in stale
    assert 'value="ya"' in stale
    good = coming.post(address(handover, "tick/"), {**form, "repeat": "ya"}, headers=HX).content.decode()
    assert "1 dari 1 dicentang" in good
    assert 'hx-swap-oob="true"' in good
    gone = coming.post(address(handover, "tick/"), {**form, "key": "call:9", "repeat": "ya"}, headers=HX)
    assert "sudah selesai" in gone.content.decode()


def test_refusals_come_back_on_the_sheet(going: Client, coming: Client, rina: Reader, budi: Reader, make: Any) -> None:
    waiting = make()
    handover = actions.begin(actor=rina, at=AT)
    answer = going.post(address(handover, "offer/"), {"incoming": budi.user_id})
    assert answer.status_code == 409
    assert f"memegang {waiting.number} (P1)" in answer.content.decode()
    for incoming in ("", "x", "٣", "9" * 30, str(rina.user_id)):
        assert going.post(address(handover, "offer/"), {"incoming": incoming}).status_code == 422
    assert going.post(address(handover, "note/"), {"note": "a\x00"}).status_code == 422
    assert going.post(address(handover, "note/"), {"note:" + "x" * 300: "?"}).status_code == 409
    assert going.post(address(handover, "sign/")).status_code == 403
    assert coming.post(address(handover, "sign/")).status_code == 404
    for pk in (10**9, 10**30):
        assert going.get(f"/handover/{pk}/").status_code == 404
        assert going.post(f"/handover/{pk}/sign/").status_code == 404


def test_an_unticked_sheet_is_not_signed(coming: Client, rina: Reader, budi: Reader, taken: Take) -> None:
    taken(rina)
    handover = offered(rina, budi)
    answer = coming.post(address(handover, "sign/"))
    assert answer.status_code == 409
    assert "1 butir belum dicentang" in answer.content.decode()


def test_a_draft_outlives_the_browser(people: People, going: Client, rina: Reader, budi: Reader, taken: Take) -> None:
    held = taken(rina)
    going.post("/handover/begin/")
    handover = Handover.objects.get()
    going.post(address(handover, "note/"), {f"note:emergency:{held.number}": "Setengah jadi"}, headers=HX)
    again = people.client(Role.OPERATOR, username="rina")
    assert "Lanjutkan lembar saya" in again.get("/handover/").content.decode()
    assert "Setengah jadi" in again.get(address(handover)).content.decode()


def test_a_verifier_reads_the_log_and_begins_nothing(people: People, rina: Reader, budi: Reader, taken: Take) -> None:
    taken(rina)
    handover = offered(rina, budi)
    tick_all(budi, handover)
    reader = people.client(Role.VERIFIER)
    assert reader.get(address(handover)).status_code == 404
    actions.sign(actor=budi, at=AT, handover_id=handover.pk)
    assert reader.get(address(handover)).status_code == 200
    assert reader.post("/handover/begin/").status_code == 403
    elsewhere = people.client(Role.MISSION_OFFICER, "kbri-beijing")
    assert elsewhere.get(address(handover)).status_code == 404
    assert handover.number not in elsewhere.get("/handover/").content.decode()


def test_who_holds_nothing_signs_out_at_once(going: Client) -> None:
    assert going.get("/logout/").status_code == 200
    assert going.post("/logout/").status_code == 302
    assert going.get("/handover/").status_code == 302
    assert going.post("/logout/").status_code == 302
    assert not Handover.objects.exists()


def test_who_holds_something_is_led_to_the_handover(going: Client, rina: Reader, taken: Take) -> None:
    held = taken(rina)
    answer = going.post("/logout/")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert held.number in page
    assert 'href="/handover/"' in page
    assert going.get("/handover/").status_code == 200


def test_leaving_all_the_same_is_noted_and_stays_in_sight(
    going: Client, coming: Client, people: People, rina: Reader, taken: Take
) -> None:
    held = taken(rina)
    drilled = people.reader(Role.OPERATOR, username="rina", exercise="")
    assert going.post("/logout/", {"anyway": "1"}).status_code == 302
    assert going.get("/handover/").status_code == 302
    left = Handover.objects.get()
    assert (left.state, left.outgoing_id) == (State.LEFT, drilled.user_id)
    assert HandoverItem.objects.get().facts["number"] == held.number
    assert Event.objects.filter(kind="handover.left").count() == 1
    page = coming.get("/handover/").content.decode()
    assert "Pergi tanpa serah terima" in page
    assert left.number in page


def test_the_screen_names_who_holds_something_off_duty(
    coming: Client, people: People, rina: Reader, budi: Reader, taken: Take
) -> None:
    from missions.roster.actions import plan

    held, now = taken(rina), timezone.now()
    assert "forsaken-h" not in coming.get("/handover/").content.decode()
    plan(actor=budi, at=now, place="", person=budi.user_id, starts_at=now - timedelta(hours=1), hours=8)
    page = coming.get("/handover/").content.decode()
    assert "forsaken-h" in page
    assert held.number in page
