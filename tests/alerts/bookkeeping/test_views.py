"""The ledger's pages: what each role sees and may do, and that nothing plain leaves without a logged reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alerts.persons.models import Act, Person
from commandcenter.access.models import Role
from commandcenter.audit.models import ReadEntry
from missions.registry import actions as registry
from missions.registry.models import Citizen, Upload
from tests.alerts.persons.world import GUANGZHOU, HONG_KONG, an_entry

pytestmark = pytest.mark.django_db
LEDGER = "/crises/wang-fuk/ledger/"


@pytest.fixture
def desk(people, crisis):
    """An operator's browser."""
    return people.client(Role.OPERATOR)


@pytest.fixture
def phone(people, crisis):
    """A browser of the consulate general in Hong Kong."""
    return people.client(Role.MISSION_OFFICER, HONG_KONG)


def states():
    return sorted(Person.objects.values_list("state", flat=True))


def set_form(**changes):
    return {"expected": "3", "state": "contacted_safe", "ago": "5", "reason": "Ditelepon"} | changes


def test_the_page_shows_line_states_and_masked_persons_and_no_plain_value(desk, listed):
    listed(3)
    page = desk.get(LEDGER).content.decode()
    assert "data-ledger-line>3 = 3 belum diverifikasi · selisih 0 ✓<" in page
    assert page.count("WNI L●●● 0●●●") == 3
    assert "LATIHAN 0001" not in page
    assert "X0000001" not in page
    assert "0000001<" not in page
    assert page.count("?state=") >= 14


def test_the_strip_is_the_same_line_as_the_page(desk, listed):
    listed(2, "dead")
    line = "data-ledger-line>2 = 2 meninggal · selisih 0 ✓<"
    assert line in desk.get(f"{LEDGER}strip/").content.decode()
    assert line in desk.get(LEDGER).content.decode()
    assert f'hx-get="{LEDGER}strip/"' in desk.get("/crises/wang-fuk/").content.decode()


def test_the_list_is_narrowed_by_state_mission_place_and_words_and_goes_on_by_key(desk, listed):
    listed(2, "dead", place="Sha Tin")
    listed(51, first=10)
    assert desk.get(f"{LEDGER}?state=dead").content.decode().count("WNI L●●●") == 2
    assert desk.get(f"{LEDGER}?place=sha+tin").content.decode().count("WNI L●●●") == 2
    assert desk.get(f"{LEDGER}?q=0012").content.decode().count("WNI L●●●") == 1
    assert desk.get(f"{LEDGER}?mission={GUANGZHOU}").content.decode().count("WNI L●●●") == 0
    first = desk.get(f"{LEDGER}?state=unverified").content.decode()
    assert first.count("WNI L●●●") == 50
    after = first.split("after=")[1].split('"')[0].split("#")[0]
    assert desk.get(f"{LEDGER}?state=unverified&after={after}").content.decode().count("WNI L●●●") == 1


@pytest.mark.parametrize(
    "query", ["state=asleep", "after=x", "after=-1", "after=9" * 40, "q=%00", "after=%D9%A3", "mission='", "place=%00"]
)
def test_a_senseless_address_is_still_a_page(desk, listed, query):
    listed(1)
    assert desk.get(f"{LEDGER}?{query}").status_code == 200


def test_a_mission_sees_its_own_persons_and_counts_and_no_others(phone, listed):
    listed(2)
    foreign = listed(1, first=5, mission=GUANGZHOU)
    page = phone.get(LEDGER).content.decode()
    assert page.count("WNI L●●●") == 2
    assert phone.get(f"{LEDGER}persons/{foreign[0]}/").status_code == 404
    assert phone.post(f"{LEDGER}persons/{foreign[0]}/", {"why": "crisis"}).status_code == 404


def test_a_verifier_reads_and_changes_nothing(people, crisis, listed):
    listed(3)
    verifier = people.client(Role.VERIFIER)
    page = verifier.get(LEDGER).content.decode()
    assert "WNI L●●●" in page
    assert f'action="{LEDGER}set/' not in page
    assert verifier.post(f"{LEDGER}set/", set_form()).status_code == 403


def test_a_state_is_set_for_the_whole_filtered_list_and_can_be_taken_back(desk, listed):
    listed(3)
    listed(1, "dead", first=9)
    answer = desk.post(f"{LEDGER}set/?state=unverified", set_form(), follow=True)
    assert states() == ["contacted_safe"] * 3 + ["dead"]
    page = answer.content.decode()
    undo = page.split(f'action="{LEDGER}undo/')[1].split('"')[0]
    act = Act.objects.latest("number")
    assert (act.at - act.as_of).total_seconds() == 300
    desk.post(f"{LEDGER}undo/{undo}")
    assert states() == ["dead"] + ["unverified"] * 3
    assert "tidak dapat dibatalkan" in desk.post(f"{LEDGER}undo/{undo}", follow=True).content.decode()
    assert desk.post(f"{LEDGER}undo/99/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"expected": "2"}, 409, "mengubah orang-orang ini"),
        ({"state": "asleep"}, 422, "asleep"),
        ({"reason": ""}, 422, "Alasan atau sumber"),
        ({"reason": "x\0"}, 422, "Alasan atau sumber"),
        ({"report": "7"}, 422, "tidak punya laporan"),
        ({"report": "-1"}, 422, "Dari laporan nomor"),
        ({"report": "9" * 30}, 422, "Dari laporan nomor"),
        ({"ago": "7"}, 422, "Per"),
        ({"expected": "x"}, 422, "Galat"),
        ({"state": "unverified"}, 409, "Keadaannya sudah demikian"),
    ],
)
def test_a_refused_act_says_why_keeps_the_input_and_changes_nothing(desk, listed, changes, status, words):
    listed(3)
    answer = desk.post(f"{LEDGER}set/?state=unverified", set_form(**changes))
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert states() == ["unverified"] * 3


def test_persons_enter_from_the_registry_by_mission_and_country(desk, operator, at, crisis):
    registry.register(actor=operator, at=at, entries=[an_entry(1), an_entry(2, mission=GUANGZHOU)])
    assert desk.post(f"{LEDGER}enter/", {"where": f"mission:{GUANGZHOU}"}).status_code == 302
    assert states() == ["unverified"]
    assert desk.post(f"{LEDGER}enter/", {"where": "country:HK"}).status_code == 302
    assert states() == ["unverified"] * 2
    assert desk.post(f"{LEDGER}enter/", {"where": "country:HK"}).status_code == 409
    assert desk.post(f"{LEDGER}enter/", {"where": "country:XX"}).status_code == 422


def test_a_person_is_opened_with_a_reason_that_is_logged_and_shown_to_the_next(desk, listed, people):
    [row] = listed(1)
    address = f"{LEDGER}persons/{row}/"
    closed = desk.get(address).content.decode()
    assert "X0000001" not in closed
    assert "Daftar" not in closed
    assert desk.post(address, {"why": "other", "text": ""}).status_code == 422
    assert not ReadEntry.objects.exists()
    page = desk.post(address, {"why": "crisis", "text": "menelepon keluarga"})
    assert page.headers["Cache-Control"] == "no-store"
    opened = page.content.decode()
    assert "WNI LATIHAN 0001" in opened
    assert "X0000001" in opened
    assert "dari daftar: belum diverifikasi" in opened
    assert "Daftar" in opened
    assert ReadEntry.objects.get().reason == "crisis: menelepon keluarga"
    assert "menelepon keluarga" in people.client(Role.SUPERVISOR).get(address).content.decode()


def test_one_person_is_set_by_version(desk, listed, move):
    [row] = listed(1)
    form = set_form(expected="1", version="1")
    move([row], "missing")
    assert desk.post(f"{LEDGER}persons/{row}/set/", form).status_code == 409
    assert desk.post(f"{LEDGER}persons/{row}/set/", form | {"version": "2"}).status_code == 302
    assert states() == ["contacted_safe"]


def test_a_supervisor_corrects_and_others_are_not_offered_it(desk, people, listed):
    [row] = listed(1, "dead")
    form = set_form(expected="1", version="1", correct="on")
    answer = desk.post(f"{LEDGER}persons/{row}/set/", form)
    assert answer.status_code == 422
    assert "meninggal" in answer.content.decode()
    assert people.client(Role.SUPERVISOR).post(f"{LEDGER}persons/{row}/set/", form).status_code == 302
    assert states() == ["contacted_safe"]


def test_doubles_are_offered_and_one_person_or_two_is_said(desk, listed):
    first = listed(1)
    second, third = listed(1, first=2, phone="+85250000001"), listed(1, first=3, phone="+85250000001")
    page = desk.get(LEDGER).content.decode()
    assert "buku besar belum menutup: ganda 2" in page
    merged = {"double": second[0], "into": first[0], "reason": "Nama berbeda ejaan"}
    assert desk.post(f"{LEDGER}double/", {**merged, "reason": ""}).status_code == 422
    assert desk.post(f"{LEDGER}double/", merged).status_code == 302
    assert desk.post(f"{LEDGER}double/", {"double": third[0], "reason": "Anaknya"}).status_code == 302
    assert "data-ledger-line>2 = 2 belum diverifikasi · selisih 0 ✓<" in desk.get(LEDGER).content.decode()
    assert "baris yang dihitung" in desk.get(f"{LEDGER}persons/{second[0]}/").content.decode()


def test_a_mission_sees_of_another_missions_row_only_whose_it_is(phone, listed):
    foreign = listed(1, mission=GUANGZHOU, name="RAHASIA Orang")
    own = listed(1, first=2, phone="+85250000001")
    page = phone.get(LEDGER).content.decode()
    assert f"{LEDGER}persons/{own[0]}/" in page
    assert f"{LEDGER}persons/{foreign[0]}/" not in page
    assert "RAHASIA" not in page
    assert "KJRI Guangzhou" in page


def a_file(text):
    return SimpleUploadedFile("daftar.csv", text.encode(), "text/csv")


def send(client, text, **more):
    given = {"file": a_file(text), "country": "HK", "mission": HONG_KONG} | more
    return client.post(f"{LEDGER}list/", given)


def apply(client, preview, **more):
    page = client.get(preview).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    return client.post(preview, {"seen": seen, "ago": "0", "reason": "Daftar KJRI"} | more)


def test_a_list_goes_through_errors_diff_and_a_named_person_and_writes_nothing_before(phone, listed):
    listed(1)
    text = "nama,dokumen,keadaan\nWNI LATIHAN 0001,X0000001,dihubungi\\, aman\nWNI BARU,Z1,meninggal\n,Z2,\nX,Z3,tidur"
    text = text.replace("dihubungi\\, aman", '"dihubungi, aman"')
    answer = send(phone, text)
    assert answer.status_code == 302
    page = phone.get(answer.headers["Location"]).content.decode()
    assert "Setiap baris memerlukan nama." in page
    assert "Tidak ada keadaan itu." in page
    assert "tidur" in page
    assert "WNI B●●●" in page
    assert "belum diverifikasi → <b>dihubungi, aman</b>" in page
    assert (Citizen.objects.count(), Act.objects.count()) == (1, 1)
    assert apply(phone, answer.headers["Location"], reason="").status_code == 422
    assert Citizen.objects.count() == 1
    assert apply(phone, answer.headers["Location"]).status_code == 302
    assert states() == ["contacted_safe", "dead"]
    assert not Upload.objects.exclude(text="").exists()
    assert phone.get(answer.headers["Location"]).status_code == 404


def test_a_list_that_was_overtaken_is_shown_again_and_not_applied(phone, desk, listed):
    listed(1)
    preview = send(phone, "nama,dokumen,keadaan\nA,X0000001,dead").headers["Location"]
    seen = phone.get(preview).content.decode().split('name="seen" value="')[1].split('"')[0]
    desk.post(f"{LEDGER}set/", set_form(expected="1"))
    answer = phone.post(preview, {"seen": seen, "ago": "0", "reason": "x"})
    assert answer.status_code == 409
    assert "lihat lagi pratinjaunya" in answer.content.decode()
    assert states() == ["contacted_safe"]
    assert apply(phone, preview).status_code == 302


def test_formulas_and_markup_in_a_list_are_only_text(phone):
    preview = send(phone, 'nama,tempat\n"=cmd|\'/C calc\'!A0","<script>x</script>"').headers["Location"]
    page = phone.get(preview).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;" in page
    assert apply(phone, preview).status_code == 302
    assert "<script>x" not in phone.get(LEDGER).content.decode()


@pytest.mark.parametrize("text", ["", "umur\n7", "nama\n", "\0"])
def test_a_file_that_is_no_list_says_so(phone, text):
    answer = send(phone, text)
    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_somebody_elses_list_is_not_there(phone, desk):
    preview = send(phone, "nama\nA").headers["Location"]
    assert desk.get(preview).status_code == 404
    assert desk.post(preview, {"seen": "x"}).status_code == 404


def test_the_page_of_an_exercise_is_apart(people, listed, crisis):
    listed(1)
    assert people.client(Role.OPERATOR).get(f"/exercises/nothing{LEDGER}").status_code == 404
