"""Acts on a case: each works, refuses, rolls back and records."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError

from alerts.cases import actions as cases
from alerts.cases.models import Case, CaseMessage, CaseNote, Outcome, State
from alerts.casework import actions
from alerts.casework.queries import timeline
from alerts.emergencies import actions as emergencies
from alerts.emergencies.models import Emergency, EmergencyMessage
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.outbox.models import Outgoing
from commandcenter.problems import Refusal
from missions.registry import actions as registry
from missions.registry.shapes import Entry
from tests.alerts.cases.conftest import FAR, PHONE, Make, fresh, later, said, taken
from tests.conftest import AT, People


def kinds(case: Case) -> list[str]:
    """What the log says of it."""
    return list(Event.objects.filter(object_id=case.number).order_by("pk").values_list("kind", flat=True))


def test_a_case_belongs_to_the_mission_of_its_country_with_the_reason_in_words(case: Case) -> None:
    assert case.mission is not None
    assert case.mission.operating_country_id == "MY"
    assert case.mission_reason_id
    assert case.mission_reason_en
    assert case.number == f"K-{AT.year}-{case.pk:05d}"
    event = Event.objects.get(object_id=case.number)
    assert event.kind == "case.opened"
    assert event.audiences == ["dcc", f"mission:{case.mission_id}"]


def test_the_same_form_sent_twice_is_one_case(make: Make) -> None:
    key = uuid.uuid4()
    assert make(client_id=key).pk == make(client_id=key).pk
    assert Case.objects.count() == 1
    assert CaseMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("category", "rahasia"),
        ("channel", "merpati"),
        ("topic", "passport"),
        ("country", "XX"),
        ("text", "a\0b"),
        ("name", "x" * 121),
        ("text", "x" * 4001),
    ],
)
def test_what_is_wrong_is_refused_with_its_field_and_nothing_is_half_done(make: Make, field: str, wrong: str) -> None:
    with pytest.raises(Refusal) as refused:
        make(**{field: wrong})
    assert refused.value.error.field == field
    assert not Case.objects.exists()
    assert not Event.objects.exists()


def test_unusual_letters_are_kept_as_they_are(make: Make) -> None:
    text = "\u202eterbalik\u202c \u200b\u200d 😀 𐍈"
    assert make(text=text).messages.get().text == text


def test_a_number_alone_is_enough_and_nothing_at_all_is_not(make: Make, operator: Reader) -> None:
    assert make(actor=operator, channel="telephone", text="", topic="", country="").mission is None
    with pytest.raises(Refusal):
        make(actor=operator, channel="telephone", text="", phone="")


def test_what_comes_to_a_counter_stays_there(make: Make, stranger: Reader) -> None:
    assert make(actor=stranger, channel="walk_in").mission_id == FAR


def test_a_second_taker_is_told_who_was_first(case: Case, operator: Reader, officer: Reader) -> None:
    taken(case, operator)
    with pytest.raises(Refusal) as refused:
        taken(case, officer)
    assert refused.value.status == 409
    assert operator.name in str(refused.value.error.message)
    assert kinds(case) == ["case.opened", "case.read", "case.taken"]


def test_a_foreign_mission_finds_no_case(case: Case, stranger: Reader) -> None:
    acts: list[Any] = [
        lambda: taken(case, stranger),
        lambda: said(case, stranger),
        lambda: actions.close(actor=stranger, number=case.number, at=AT, version=1, outcome="solved"),
        lambda: actions.mark_read(actor=stranger, number=case.number, at=AT),
        lambda: actions.move(actor=stranger, number=case.number, at=AT, version=1, mission=FAR, reason="Saya"),
    ]
    for act in acts:
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.status == 404
    assert fresh(case).version == 1


def test_a_verifier_reads_and_does_not_work(case: Case, people: People) -> None:
    with pytest.raises(Refusal) as refused:
        taken(case, people.reader(Role.VERIFIER))
    assert refused.value.status == 403


def test_an_exercise_knows_nothing_of_live_cases(case: Case, people: People) -> None:
    with pytest.raises(Refusal) as refused:
        taken(case, people.reader(Role.OPERATOR, exercise="latihan"))
    assert refused.value.status == 404


def test_only_an_officers_act_says_that_it_was_read(case: Case, operator: Reader, officer: Reader) -> None:
    assert case.read_at is None
    cases.hear(case=case, at=later(minutes=1), client_id=uuid.uuid4(), text="Tolong")
    assert fresh(case).read_at is None
    actions.mark_read(actor=officer, number=case.number, at=later(minutes=2))
    assert set(case.messages.values_list("read_at", "read_by")) == {(later(minutes=2), officer.user_id)}
    version = fresh(case).version
    actions.mark_read(actor=operator, number=case.number, at=later(minutes=3))
    assert fresh(case).version == version


def test_an_answer_goes_to_the_applicant_with_a_copy_by_sms(case: Case, operator: Reader) -> None:
    taken(case, operator)
    answered = said(case, operator, then="final", hours=1)
    assert answered.state == State.ANSWERED
    assert answered.answered_at == later(hours=1)
    copy = Outgoing.objects.get()
    assert (copy.channel, copy.address, copy.about) == ("sms", PHONE, case.number)
    assert copy.text == f"{case.number}: Kami tangani"


def test_a_long_answer_is_cut_in_its_copy_alone(case: Case, operator: Reader) -> None:
    taken(case, operator)
    said(case, operator, text="x" * 4000)
    assert len(Outgoing.objects.get().text) == 300
    assert len(CaseMessage.objects.get(side="dcc").text) == 4000


def test_nobody_answers_what_nobody_has_taken_and_nothing_closed(case: Case, operator: Reader) -> None:
    with pytest.raises(Refusal):
        said(case, operator)
    held = taken(case, operator)
    actions.close(actor=operator, number=case.number, at=AT, version=held.version, outcome="solved")
    with pytest.raises(Refusal):
        said(case, operator)


def test_the_same_reply_again_changes_nothing(case: Case, operator: Reader) -> None:
    taken(case, operator)
    given: dict[str, Any] = {"client_id": uuid.uuid4(), "text": "Sudah", "then": "final"}
    for _tap in range(2):
        actions.reply(actor=operator, number=case.number, at=AT, **given)
    assert CaseMessage.objects.filter(side="dcc").count() == 1
    assert Outgoing.objects.count() == 1


def test_what_the_applicant_writes_opens_an_answered_case_again(case: Case, operator: Reader) -> None:
    taken(case, operator)
    said(case, operator, then="final")
    cases.hear(case=case, at=later(hours=5), client_id=uuid.uuid4(), text="Belum dibayar juga")
    again = fresh(case)
    assert (again.state, again.runs) == (State.REOPENED, 2)
    assert again.due_at == later(hours=5 + 72)
    assert kinds(case)[-1] == "case.messaged"


def test_closing_needs_an_outcome_and_the_version_that_was_seen(case: Case, operator: Reader) -> None:
    held = taken(case, operator)
    given: dict[str, Any] = {"actor": operator, "number": case.number, "at": AT}
    for outcome, version in (("", held.version), ("emergency", held.version), ("solved", held.version - 1)):
        with pytest.raises(Refusal):
            actions.close(outcome=outcome, version=version, **given)
    closed = actions.close(outcome="solved", version=held.version, **given)
    assert (closed.state, closed.outcome, closed.due_at) == (State.CLOSED, Outcome.SOLVED, None)


def test_an_officer_opens_it_again_with_a_reason(case: Case, operator: Reader) -> None:
    held = taken(case, operator)
    given: dict[str, Any] = {"actor": operator, "number": case.number, "at": AT}
    closed = actions.close(outcome="solved", version=held.version, **given)
    with pytest.raises(Refusal):
        actions.reopen(version=closed.version, reason=" ", **given)
    again = actions.reopen(version=closed.version, reason="Majikan ingkar", **given)
    assert (again.state, again.outcome, again.closed_at) == (State.REOPENED, "", None)
    assert CaseNote.objects.get(kind="reason").text == "Majikan ingkar"
    with pytest.raises(Refusal):
        actions.reopen(version=again.version, reason="Lagi", **given)


def test_moving_takes_it_out_of_the_old_missions_sight(case: Case, officer: Reader, stranger: Reader) -> None:
    held = taken(case, officer)
    was = held.mission_id
    actions.move(
        actor=officer, number=case.number, at=AT, version=held.version, mission=FAR, reason="Majikan di Canberra"
    )
    moved = fresh(case)
    assert (moved.mission_id, moved.owner, moved.state) == (FAR, None, State.NEW)
    assert moved.due_at == case.due_at
    event = Event.objects.filter(object_id=case.number).latest("pk")
    assert (event.audiences, event.withdrawn) == (["dcc", f"mission:{FAR}"], [f"mission:{was}"])
    with pytest.raises(Refusal):
        taken(case, officer)
    assert taken(case, stranger).owner_id == stranger.user_id


@pytest.mark.parametrize(("mission", "reason"), [("kbri-atlantis", "Saya kira"), (FAR, " ")])
def test_moving_needs_a_mission_and_a_reason(case: Case, operator: Reader, mission: str, reason: str) -> None:
    with pytest.raises(Refusal):
        actions.move(actor=operator, number=case.number, at=AT, version=1, mission=mission, reason=reason)
    assert fresh(case).version == 1


def test_it_is_given_only_to_who_may_work_it(case: Case, operator: Reader, officer: Reader, stranger: Reader) -> None:
    given: dict[str, Any] = {"actor": operator, "number": case.number, "at": AT}
    with pytest.raises(Refusal):
        actions.assign(version=1, to=stranger.user_id, **given)
    held = actions.assign(version=1, to=officer.user_id, **given)
    assert (held.owner_id, held.state) == (officer.user_id, State.IN_ACTION)


def test_persons_are_linked_masked_and_a_mission_links_its_own(
    case: Case, operator: Reader, officer: Reader, people: People
) -> None:
    own, other = (
        registry.register(actor=operator, at=AT, entries=[Entry("Siti Aminah", "X1", PHONE, "MY", "", mission)])[0]
        for mission in (case.mission_id or "", FAR)
    )
    actions.link_person(actor=officer, number=case.number, at=AT, citizen=own)
    with pytest.raises(Refusal) as refused:
        actions.link_person(actor=officer, number=case.number, at=AT, citizen=other)
    assert refused.value.status == 404
    actions.unlink_person(actor=officer, number=case.number, at=AT, citizen=own)
    row = case.persons.get()
    assert (row.citizen_id, row.removed_at) == (own, AT)
    assert kinds(case) == ["case.opened", "case.linked", "case.unlinked"]


def test_a_case_becomes_an_emergency_and_both_lead_to_each_other(case: Case, officer: Reader) -> None:
    made = actions.convert(
        actor=officer, number=case.number, at=AT, version=1, nature="violence", priority=1, reason="Dipukul"
    )
    closed = fresh(case)
    assert (closed.state, closed.outcome, closed.emergency_id) == (State.CLOSED, Outcome.EMERGENCY, made.pk)
    assert (made.phone, made.message, made.priority) == (PHONE, "Gaji belum dibayar", 1)
    assert (made.channel, made.state) == ("case", "new")
    assert made.cases.get() == closed
    with pytest.raises(Refusal):
        actions.convert(
            actor=officer,
            number=case.number,
            at=AT,
            version=closed.version,
            nature="violence",
            priority=1,
            reason="Lagi",
        )
    assert Emergency.objects.count() == 1


def test_who_writes_on_a_case_in_danger_is_heard_where_the_danger_is_handled(case: Case, operator: Reader) -> None:
    made = actions.convert(
        actor=operator, number=case.number, at=AT, version=1, nature="violence", priority=1, reason="Dipukul"
    )
    cases.hear(case=case, at=later(minutes=3), client_id=uuid.uuid4(), text="Dia di depan pintu")
    assert EmergencyMessage.objects.get(emergency=made, side="citizen").text == "Dia di depan pintu"
    assert fresh(case).state == State.REOPENED
    emergencies.take(actor=operator, number=made.number, at=later(minutes=4))
    emergencies.resolve(actor=operator, number=made.number, at=later(minutes=5), outcome="helped")
    cases.hear(case=case, at=later(minutes=6), client_id=uuid.uuid4(), text="Terima kasih")
    assert EmergencyMessage.objects.filter(emergency=made).count() == 1


@pytest.mark.parametrize(
    ("nature", "priority", "reason"), [("gaib", 1, "x"), ("violence", 0, "x"), ("violence", 1, "")]
)
def test_a_wrong_conversion_opens_nothing(
    case: Case, operator: Reader, nature: str, priority: int, reason: str
) -> None:
    with pytest.raises(Refusal):
        actions.convert(
            actor=operator, number=case.number, at=AT, version=1, nature=nature, priority=priority, reason=reason
        )
    assert not Emergency.objects.exists()
    assert fresh(case).version == 1


@pytest.mark.parametrize(
    ("kind", "text", "url"),
    [
        ("note", " ", ""),
        ("rahasia", "x", ""),
        ("document", "Kontrak", "javascript:alert(1)"),
        ("document", "K", "https://a b"),
    ],
)
def test_a_wrong_note_is_refused(case: Case, operator: Reader, kind: str, text: str, url: str) -> None:
    with pytest.raises(Refusal):
        actions.add_note(actor=operator, number=case.number, at=AT, kind=kind, text=text, url=url)
    assert not CaseNote.objects.exists()


def test_an_act_that_fails_half_way_leaves_nothing(
    case: Case, operator: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(case, operator)
    before = fresh(case).version

    def broken(**_given: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("commandcenter.outbox.actions.queue", broken)
    with pytest.raises(DatabaseError):
        said(case, operator, then="final")
    assert (fresh(case).version, fresh(case).state) == (before, State.IN_ACTION)
    assert not CaseMessage.objects.filter(side="dcc").exists()


def test_the_log_holds_codes_and_no_words_of_anybody(case: Case, operator: Reader, officer: Reader) -> None:
    taken(case, operator)
    actions.add_note(actor=operator, number=case.number, at=AT, kind="note", text="RAHASIA-1")
    said(case, operator, then="final", text="RAHASIA-2")
    cases.hear(case=case, at=AT, client_id=uuid.uuid4(), text="RAHASIA-3")
    whole = "".join(str(event.data) for event in Event.objects.all())
    assert not any(word in whole for word in ("RAHASIA", "Siti", PHONE, "Gaji"))


def test_the_timeline_tells_everything_in_order(case: Case, operator: Reader, officer: Reader) -> None:
    taken(case, operator, minutes=1)
    said(case, operator, then="ask", text="Sejak kapan?", minutes=2)
    cases.hear(case=case, at=later(minutes=3), client_id=uuid.uuid4(), text="Sejak Mei")
    told = timeline(Case.objects.prefetch_related("messages", "notes").get(pk=case.pk))
    assert [entry.at for entry in told] == sorted(entry.at for entry in told)
    assert [entry.note for entry in told if entry.note] == ["Gaji belum dibayar", "Sejak kapan?", "Sejak Mei"]
    assert told[-1].waits or told[-2].waits
