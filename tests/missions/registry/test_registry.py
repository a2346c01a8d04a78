"""The registry: what others get is masked, who is found and alike is found by traces, and every opening is logged."""

from datetime import timedelta

import pytest

from commandcenter.access.models import Role
from commandcenter.audit.models import ReadEntry
from commandcenter.audit.queries import reads_of
from commandcenter.problems import Refusal
from missions.registry import actions, queries
from missions.registry.models import Citizen, Trace, Upload
from missions.registry.sealing import digest, document_of, masked, phone_of, traces
from missions.registry.shapes import Entry
from tests.alerts.ledger.world import a_mission

pytestmark = pytest.mark.django_db


def entry(**changes):
    given = {
        "name": "Siti Aminah Binti",
        "document": "B 123-4567",
        "phone": "+85251234567",
        "country": "HK",
        "place": "Tai Po",
        "mission": "kjri-hongkong",
    }
    return Entry(**given | changes)


@pytest.fixture
def register(operator, at):
    """register(entry(), ...) adds persons; their ids."""
    a_mission("kjri-hongkong", "KJRI Hongkong")

    def add(*entries):
        return actions.register(actor=operator, at=at, entries=entries)

    return add


def test_lists_show_first_word_initials_and_last_digits():
    shown = masked(entry())
    assert (shown.name, shown.document, shown.phone) == ("Siti A●●● B●●●", "●●●567", "●●●567")
    assert masked(entry(name="Siti", document="12", phone="")).name == "S●●●"
    assert masked(entry(name="Siti", document="12", phone="")).document == "●●●"


def test_no_plain_value_stands_in_a_trace(register):
    register(entry())
    kept = " ".join(Trace.objects.values_list("digest", flat=True))
    assert not {"siti", "1234567", "51234567"} & set(kept.split())
    assert digest("phone", "85251234567") in kept
    assert digest("phone", "1") != digest("tail", "1")


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("siti", True),
        ("SITI aminah", True),
        ("sit", True),
        ("siti budi", False),
        ("b1234567", True),
        ("B 123-4567", False),
        ("+85251234567", True),
        ("4567", True),
        ("4568", False),
        ("sitix", False),
        ("'; drop table", False),
    ],
)
def test_a_search_finds_by_words_document_and_telephone(register, text, is_found):
    [key] = register(entry())
    assert list(queries.found(text)) == ([key] if is_found else [])


def test_numbers_and_documents_are_compared_without_their_writing():
    assert document_of("b 12-34") == document_of("B1234") == "b1234"
    assert phone_of("0912345", "+249") == phone_of("+249 912345") == phone_of("00249912345") == "249912345"
    assert ("document", digest("document", "")) not in traces(entry(document=""))


def test_who_shares_a_document_or_telephone_is_alike(register):
    first, second, third = register(entry(), entry(name="Lain", document=""), entry(name="X", document="1", phone="2"))
    [alike] = queries.alike(Citizen.objects.values_list("pk", flat=True)).values()
    assert sorted(alike) == [first, second]
    assert third not in alike


def test_the_same_person_is_matched_by_document_else_by_telephone_and_name(register):
    [key] = register(entry())
    wanted = [
        entry(phone=""),
        entry(document=""),
        entry(document="", name="Anak Siti"),
        entry(document="B7654321", phone=""),
    ]
    assert queries.matches(wanted, "") == [[key], [key], [], []]
    assert queries.matches([entry()], "drill") == [[]]


def test_opening_a_person_gives_the_values_and_logs_who_when_and_why(register, operator, at):
    [key] = register(entry())
    found = actions.open_person(actor=operator, at=at, citizen=key, screen="ledger", reason="crisis: ditelepon")
    assert found == entry()
    log = ReadEntry.objects.get()
    assert (log.reader_id, log.screen, log.object_id, log.reason) == (
        operator.user_id,
        "ledger",
        f"citizen:{key}",
        "crisis: ditelepon",
    )
    assert reads_of(f"citizen:{key}") == [(at, operator.name, "crisis: ditelepon")]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\0"])
def test_nobody_is_opened_without_a_reason(register, operator, at, reason):
    [key] = register(entry())
    with pytest.raises(Refusal) as refused:
        actions.open_person(actor=operator, at=at, citizen=key, screen="ledger", reason=reason)
    assert refused.value.error.field == "reason"
    assert not ReadEntry.objects.exists()


def test_a_person_of_another_world_is_not_there(people, register, at):
    [key] = register(entry())
    drill = people.reader(Role.OPERATOR, exercise="drill")
    with pytest.raises(Refusal) as refused:
        actions.open_person(actor=drill, at=at, citizen=key, screen="ledger", reason="x")
    assert refused.value.status == 404


def test_a_list_is_kept_until_it_is_applied_replaced_or_forgotten(operator, people, at):
    def keep(actor=operator, when=at, scope="1:HK:x"):
        return actions.keep_upload(actor=actor, at=when, scope=scope, text="nama")

    first, second = keep(), keep()
    assert list(Upload.objects.values_list("pk", flat=True)) == [second] != [first]
    assert queries.upload(second, crisis=1, exercise="", by=operator.user_id) is not None
    for wrong in ({"crisis": 2}, {"exercise": "drill"}, {"by": 0}):
        assert queries.upload(second, **{"crisis": 1, "exercise": "", "by": operator.user_id} | wrong) is None
    assert actions.close_upload(at=at, key=second)
    assert not actions.close_upload(at=at, key=second)
    assert Upload.objects.get().text == ""
    keep(people.reader(Role.SUPERVISOR), at)
    keep(people.reader(Role.VERIFIER), at + timedelta(hours=25))
    assert Upload.objects.filter(applied_at__isnull=True).count() == 1
