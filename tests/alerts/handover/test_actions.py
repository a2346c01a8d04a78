"""Every act of a handover: works, refuses, rolls back, records."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from alerts.emergencies import actions as emergencies
from alerts.emergencies.models import Emergency
from alerts.handling.queries import timeline
from alerts.handover import actions, queries
from alerts.handover.models import Handover, HandoverItem, State
from alerts.intake.actions import Fix, receive_position
from commandcenter.access.models import Membership, Role, User
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.outbox.actions import queue
from commandcenter.outbox.models import Channel
from commandcenter.problems import Refusal
from missions.roster.actions import plan
from tests.alerts.emergencies.conftest import Make
from tests.alerts.handover.conftest import NIGHT, Take, offered, tick_all
from tests.conftest import AT, People


def refused(act: Callable[..., Any], status: int, **given: Any) -> str:
    with pytest.raises(Refusal) as found:
        act(**given)
    assert found.value.status == status
    return str(found.value.error.message)


def test_a_sheet_is_begun_once(rina: Reader, people: People) -> None:
    first = actions.begin(actor=rina, at=AT)
    assert actions.begin(actor=rina, at=AT + timedelta(hours=1)) == first
    assert (first.state, first.place) == (State.DRAFT, "")
    refused(actions.begin, 403, actor=people.reader(Role.VERIFIER), at=AT)


def test_notes_are_kept_on_the_sheet_and_on_an_item(rina: Reader, budi: Reader, taken: Take) -> None:
    held = taken(rina)
    sheet = actions.begin(actor=rina, at=AT)
    key = f"emergency:{held.number}"
    given = {"actor": rina, "at": AT, "handover_id": sheet.pk}
    actions.write_notes(**given, notes={"": "  Malam tenang  "})
    actions.write_notes(**given, notes={key: "Minta bicara dengan Siti"})
    actions.write_notes(**given, notes={key: "Minta bicara dengan Siti, pukul 4"})
    sheet.refresh_from_db()
    assert sheet.note == "Malam tenang"
    assert HandoverItem.objects.get().note == "Minta bicara dengan Siti, pukul 4"
    refused(actions.write_notes, 422, **given, notes={"": "a\x00b"})
    refused(actions.write_notes, 422, **given, notes={"": "x" * 4001})
    refused(actions.write_notes, 422, **given, notes={key: "x" * 1001})
    refused(actions.write_notes, 409, **given, notes={"emergency:E-2026-99999": "?"})
    refused(actions.write_notes, 404, **{**given, "actor": budi}, notes={"": "?"})
    assert Event.objects.filter(kind__startswith="handover").count() == 0


def test_signing_moves_what_was_held_and_keeps_every_promise(rina: Reader, budi: Reader, taken: Take) -> None:
    held = [taken(rina), taken(rina, kind="other")]
    before = {one.pk: (one.state, one.taken_at, one.next_contact_at, one.acted_at) for one in held}
    handover = offered(rina, budi)
    assert tick_all(budi, handover) == 2
    at = AT + timedelta(minutes=5)
    actions.sign(actor=budi, at=at, handover_id=handover.pk)
    for one in Emergency.objects.all():
        assert one.taken_by_id == budi.user_id
        assert (one.state, one.taken_at, one.next_contact_at, one.acted_at) == before[one.pk]
    moved = Event.objects.filter(kind="emergency.handed_over")
    assert [event.data["was"] for event in moved] == [rina.user_id] * 2
    assert [event.version for event in moved] == [one.version + 1 for one in held]
    [signed] = Event.objects.filter(kind="handover.signed")
    assert signed.data == {"place": "", "outgoing": rina.user_id, "moved": 2, "items": 2}
    assert signed.actor_id == budi.user_id
    story = [entry for entry in timeline(Emergency.objects.get(pk=held[0].pk)) if "rina" in entry.text]
    assert len(story) == 1
    assert story[0].who == "budi"


def test_signing_twice_changes_nothing(rina: Reader, budi: Reader, taken: Take) -> None:
    taken(rina)
    handover = offered(rina, budi)
    tick_all(budi, handover)
    first = actions.sign(actor=budi, at=AT, handover_id=handover.pk)
    again = actions.sign(actor=budi, at=AT + timedelta(hours=1), handover_id=handover.pk)
    assert first.closed_at == again.closed_at == AT
    assert Event.objects.filter(kind="handover.signed").count() == 1
    assert actions.offer(actor=budi, at=AT, handover_id=actions.begin(actor=budi, at=AT).pk, incoming=rina.user_id)


def test_nobody_hands_over_to_themself_or_to_somebody_who_can_not_hold(
    rina: Reader, budi: Reader, people: People
) -> None:
    sheet = actions.begin(actor=rina, at=AT)
    given = {"actor": rina, "at": AT, "handover_id": sheet.pk}
    others = [people.reader(Role.VERIFIER), people.reader(Role.MISSION_OFFICER, NIGHT), people.reader(Role.MINISTER)]
    for incoming in (rina.user_id, 0, 10**9, *(one.user_id for one in others)):
        refused(actions.offer, 422, **given, incoming=incoming)
    User.objects.filter(pk=budi.user_id).update(is_active=False)
    refused(actions.offer, 422, **given, incoming=budi.user_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=sheet.pk).update(incoming=rina.user_id)


def test_one_person_in_two_tabs_signs_only_their_own_half(rina: Reader, budi: Reader, taken: Take) -> None:
    taken(rina)
    handover = offered(rina, budi)
    [item] = queries.sheet(handover, AT)
    said = {"handover_id": handover.pk, "at": AT}
    refused(actions.tick, 403, actor=rina, **said, key=item.key, stamp=item.stamp, repeat="ya")
    refused(actions.sign, 403, actor=rina, **said)
    refused(actions.offer, 403, actor=budi, **said, incoming=rina.user_id)
    refused(actions.take_back, 403, actor=budi, **said)
    refused(actions.write_notes, 403, actor=budi, **said, notes={"": "?"})


def test_a_third_person_a_stranger_and_another_world_find_nothing(rina: Reader, budi: Reader, people: People) -> None:
    handover = offered(rina, budi)
    third = people.reader(Role.OPERATOR, username="third")
    drilled = people.reader(Role.SUPERVISOR, username="budi", exercise="drill")
    for actor in (third, people.reader(Role.MISSION_OFFICER, NIGHT), drilled):
        refused(actions.sign, 404, actor=actor, at=AT, handover_id=handover.pk)
        assert queries.handover(actor, handover.pk) is None


def test_who_changed_places_no_longer_takes_over(rina: Reader, budi: Reader) -> None:
    handover = offered(rina, budi)
    Membership.objects.filter(user=budi.user_id).update(role=Role.VERIFIER)
    refused(actions.sign, 422, actor=budi, at=AT, handover_id=handover.pk)


def test_nobody_signs_out_while_an_untaken_p1_is_open(rina: Reader, budi: Reader, make: Make, people: People) -> None:
    waiting = make()
    sheet = actions.begin(actor=rina, at=AT)
    given = {"actor": rina, "at": AT, "handover_id": sheet.pk, "incoming": budi.user_id}
    assert waiting.number in refused(actions.offer, 409, **given)
    sheet.refresh_from_db()
    assert sheet.state == State.DRAFT
    emergencies.take(actor=people.reader(Role.OPERATOR, username="ani"), number=waiting.number, at=AT)
    assert actions.offer(**given).state == State.OFFERED


def test_an_untaken_p2_stops_nobody(rina: Reader, budi: Reader, make: Make) -> None:
    make(kind="other")
    handover = offered(rina, budi)
    assert tick_all(budi, handover) == 1
    assert actions.sign(actor=budi, at=AT, handover_id=handover.pk).state == State.SIGNED


def test_a_p1_that_came_between_the_signatures_stops_the_second(rina: Reader, budi: Reader, make: Make) -> None:
    handover = offered(rina, budi)
    late = make()
    refused(actions.sign, 409, actor=budi, at=AT, handover_id=handover.pk)
    tick_all(budi, handover)
    assert late.number in refused(actions.sign, 409, actor=budi, at=AT, handover_id=handover.pk)
    emergencies.take(actor=budi, number=late.number, at=AT)
    tick_all(budi, handover)
    assert actions.sign(actor=budi, at=AT, handover_id=handover.pk).state == State.SIGNED


def test_a_p1_held_by_somebody_off_duty_is_an_orphan(rina: Reader, budi: Reader, taken: Take, people: People) -> None:
    ani = people.reader(Role.OPERATOR, username="ani")
    held = taken(ani)
    plan(actor=budi, at=AT, place="", person=rina.user_id, starts_at=AT, hours=8)
    sheet = actions.begin(actor=rina, at=AT)
    [item] = queries.sheet(sheet, AT)
    assert item.group == "orphaned"
    assert item.needs_tick
    given = {"actor": rina, "at": AT, "handover_id": sheet.pk, "incoming": budi.user_id}
    assert held.number in refused(actions.offer, 409, **given)
    plan(actor=budi, at=AT, place="", person=ani.user_id, starts_at=AT, hours=8)
    [item] = queries.sheet(sheet, AT)
    assert (item.group, item.needs_tick) == ("others", False)
    assert actions.offer(**given).state == State.OFFERED


def test_what_changed_after_its_tick_must_be_looked_at_again(rina: Reader, budi: Reader, taken: Take) -> None:
    held = taken(rina)
    handover = offered(rina, budi)
    [shown] = queries.sheet(handover, AT)
    emergencies.add_note(actor=rina, number=held.number, at=AT + timedelta(minutes=3), text="Tidak menjawab")
    tick = {"actor": budi, "at": AT, "handover_id": handover.pk, "key": shown.key, "repeat": "Telepon"}
    refused(actions.tick, 409, **tick, stamp=shown.stamp)
    tick_all(budi, handover)
    emergencies.add_note(actor=rina, number=held.number, at=AT + timedelta(minutes=4), text="Menjawab")
    [changed] = queries.sheet(handover, AT)
    assert changed.is_changed
    assert not changed.is_ticked
    refused(actions.sign, 409, actor=budi, at=AT, handover_id=handover.pk)
    assert Emergency.objects.get().taken_by_id == rina.user_id
    tick_all(budi, handover)
    actions.sign(actor=budi, at=AT, handover_id=handover.pk)


def test_a_telephone_that_moves_does_not_make_the_line_new(rina: Reader, budi: Reader, taken: Take) -> None:
    held = taken(rina)
    handover = offered(rina, budi)
    tick_all(budi, handover)
    fix = Fix(22.3, 114.1, AT, "gps", 20)
    receive_position(number=held.number, exercise="", at=AT + timedelta(minutes=4), fix=fix)
    [item] = queries.sheet(handover, AT)
    assert item.is_ticked


def test_a_tick_needs_words_in_one_line(rina: Reader, budi: Reader, taken: Take) -> None:
    taken(rina)
    handover = offered(rina, budi)
    [item] = queries.sheet(handover, AT)
    tick = {"actor": budi, "at": AT, "handover_id": handover.pk, "key": item.key, "stamp": item.stamp}
    for repeat in ("", "   ", "a\x00", "x" * 201):
        refused(actions.tick, 422, **tick, repeat=repeat)
    refused(actions.tick, 409, **{**tick, "key": "emergency:x\x00"}, repeat="ya")
    actions.tick(**tick, repeat="telepon\nbalik  04.00")
    assert HandoverItem.objects.get().repeat == "telepon balik 04.00"


def test_a_signature_taken_back_unticks_and_keeps_the_notes(rina: Reader, budi: Reader, taken: Take) -> None:
    held = taken(rina)
    sheet = actions.begin(actor=rina, at=AT)
    actions.write_notes(actor=rina, at=AT, handover_id=sheet.pk, notes={f"emergency:{held.number}": "Penting"})
    handover = offered(rina, budi)
    assert actions.offer(actor=rina, at=AT, handover_id=handover.pk, incoming=budi.user_id).version == handover.version
    refused(actions.write_notes, 409, actor=rina, at=AT, handover_id=handover.pk, notes={"": "?"})
    tick_all(budi, handover)
    actions.take_back(actor=rina, at=AT, handover_id=handover.pk)
    back = actions.take_back(actor=rina, at=AT, handover_id=handover.pk)
    assert (back.state, back.incoming_id) == (State.DRAFT, None)
    [row] = HandoverItem.objects.all()
    assert (row.note, row.ticked_stamp) == ("Penting", "")
    refused(actions.sign, 404, actor=budi, at=AT, handover_id=handover.pk)
    assert Event.objects.filter(kind="handover.taken_back").count() == 1


def test_a_failure_in_the_middle_of_signing_moves_nothing(
    rina: Reader, budi: Reader, taken: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(rina)
    handover = offered(rina, budi)
    tick_all(budi, handover)

    def broken(*_args: object, **_more: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(actions, "_close", broken)
    with pytest.raises(DatabaseError):
        actions.sign(actor=budi, at=AT, handover_id=handover.pk)
    assert Emergency.objects.get().taken_by_id == rina.user_id
    assert not Event.objects.filter(kind__in=["emergency.handed_over", "handover.signed"]).exists()


def test_the_log_of_handovers_can_not_change(rina: Reader, budi: Reader, taken: Take) -> None:
    taken(rina)
    handover = offered(rina, budi)
    tick_all(budi, handover)
    actions.sign(actor=budi, at=AT, handover_id=handover.pk)
    sheets, rows = Handover.objects.filter(pk=handover.pk), HandoverItem.objects.filter(handover=handover)
    tries: list[Callable[[], Any]] = [
        lambda: sheets.update(note="lain"),
        lambda: sheets._raw_delete("default"),
        lambda: rows.update(repeat="lain"),
        rows.delete,
        lambda: HandoverItem.objects.create(handover=handover, key="emergency:E-2026-00099"),
    ]
    for change in tries:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    for act in (actions.take_back, actions.sign):
        actor = budi if act is actions.sign else rina
        if act is actions.sign:
            assert act(actor=actor, at=AT, handover_id=handover.pk).closed_at == AT
        else:
            refused(act, 409, actor=actor, at=AT, handover_id=handover.pk)


def test_what_was_signed_is_read_as_it_was(rina: Reader, budi: Reader, taken: Take) -> None:
    held = taken(rina)
    handover = offered(rina, budi)
    tick_all(budi, handover)
    actions.sign(actor=budi, at=AT, handover_id=handover.pk)
    emergencies.resolve(actor=budi, number=held.number, at=AT + timedelta(hours=1), outcome="helped")
    [item] = queries.sheet(Handover.objects.get(pk=handover.pk), AT + timedelta(days=400))
    assert (item.facts["number"], item.facts["state"], item.group) == (held.number, "in_action", "held")
    assert item.row
    assert item.row.repeat == "Telepon balik"


def test_calls_to_make_are_on_the_sheet_of_the_command_centre(rina: Reader, budi: Reader) -> None:
    call = queue(
        key="ladder/1", channel=Channel.CALL, recipient=budi.user_id, text="Telepon", about="R-1", at=AT, address="+62"
    )
    sheet = actions.begin(actor=rina, at=AT)
    [item] = queries.sheet(sheet, AT)
    assert (item.key, item.group, item.facts["to"]) == (f"call:{call.pk}", "call", "budi")
    queue(key="ladder/2", channel=Channel.CALL, recipient=None, text="", about="R-2", at=AT, exercise="drill")
    queue(key="ladder/3", channel=Channel.SMS, recipient=None, text="", about="R-2", at=AT)
    assert len(queries.sheet(sheet, AT)) == 1


def test_a_mission_hands_over_its_own(people: People, taken: Take, make: Make) -> None:
    maya, dewi = (people.reader(Role.MISSION_OFFICER, NIGHT, username=name) for name in ("maya", "dewi"))
    held = taken(maya)
    make(lat=-37.8, lon=144.96, kind="panic")
    handover = offered(maya, dewi)
    assert [item.facts["number"] for item in queries.sheet(handover, AT)] == [held.number]
    tick_all(dewi, handover)
    actions.sign(actor=dewi, at=AT, handover_id=handover.pk)
    assert Emergency.objects.get(pk=held.pk).taken_by_id == dewi.user_id
    assert Event.objects.get(kind="handover.signed").audiences == ["dcc", f"mission:{NIGHT}"]


def test_leaving_without_handover_is_noted_for_good_and_moves_nothing(rina: Reader, budi: Reader, taken: Take) -> None:
    assert actions.leave(actor=rina, at=AT) is None
    held = taken(rina)
    plan(actor=budi, at=AT, place="", person=budi.user_id, starts_at=AT, hours=8)
    left = actions.leave(actor=rina, at=AT + timedelta(minutes=5))
    assert left
    assert (left.state, left.incoming_id) == (State.LEFT, None)
    assert Event.objects.get(kind="handover.left").data == {"place": "", "held": 1}
    assert Emergency.objects.get().taken_by_id == rina.user_id
    assert [one.number for one in queries.forsaken(budi, AT)] == [held.number]
    assert list(queries.log(budi)) == [left]
    with pytest.raises(DatabaseError), transaction.atomic():
        left.items.update(note="lain")


def test_the_worst_night_still_makes_a_sheet(rina: Reader, budi: Reader, make: Make) -> None:
    for _one in range(53):
        make(kind="other")
    items = queries.sheet(offered(rina, budi), AT)
    assert len(items) == 51
    assert items[-1].facts == {"kind": "rest", "n": 3, "priority": 2, "since": ""}
