"""One report through two doors is one record; a line is stored, flagged or refused with a sentence that goes back."""

import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.reporting.models import Submission
from alerts.sitreps.models import SituationReport
from alerts.submissions import actions
from alerts.submissions.inbound import handle
from commandcenter.access.models import Role, User
from commandcenter.gateways.inbound import Inbound, handlers
from commandcenter.outbox.models import Outgoing

PHONE = "+8801711223344"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def asked(world):
    request = world.ask("dhaka")
    User.objects.filter(pk=world.officer().user_id).update(phone=PHONE)
    return request


@pytest.fixture
def sms(asked, at):
    """sms("M2"): the officer's line to this request; answers with the report, if any, and what was sent back."""

    def send(words: str, *, sender: str = PHONE, when=at, key: str = "", number: int = asked.pk):
        name = key or uuid.uuid4().hex
        before = set(Outgoing.objects.values_list("pk", flat=True))
        report = actions.file_line(sender=sender, at=when, key=name, text=f"DCC {number} {words}")
        back = Outgoing.objects.exclude(pk__in=before).first()
        return report, back.text if back else ""

    return send


def web(world, request, at, **told):
    given = {"client_id": uuid.uuid4(), "answer": "figures", "figures": {"wni.dead": (2, None)}, "as_of": at, **told}
    return actions.file_web(actor=world.officer(), at=at, request=request, **given)


def test_a_line_is_the_same_record_as_the_web_report_and_is_answered(world, sms, asked, at):
    report, back = sms("N187 v41 m2, LB1 LR5 H1 T0 B40 A138 O1 R?")
    assert (report.number, report.reporter_id, report.as_of, report.answer) == (
        1,
        world.officer().user_id,
        at,
        "figures",
    )
    assert {one.key: one.value for one in report.figures.all()}["wni.safe"] == 138
    assert (report.authorities, report.hospitals) == ("yes", "unknown")
    assert "#1" in back
    assert "M2 LB1" in back
    asked.refresh_from_db()
    assert asked.answered_at == at
    [out] = Outgoing.objects.all()
    assert (out.channel, out.address, out.recipient_id, out.about) == ("sms", PHONE, report.reporter_id, asked.number)


def test_what_was_not_read_is_flagged_on_the_report_and_told_to_the_officer(sms):
    report, back = sms("M1.500 LB1")
    assert {one.key: one.value for one in report.figures.all()} == {"wni.seriously_injured": 1}
    assert "M1.500" in report.note
    assert "M1.500" in back
    assert Submission.objects.get(report=report).text.endswith("M1.500 LB1")


@pytest.mark.parametrize(
    ("words", "number", "sender", "said"),
    [
        ("M-2", None, PHONE, "M-2"),
        ("", None, PHONE, "NIHIL"),
        ("M2", 999_999_999, PHONE, "nomor permintaan"),
        ("M2", None, "+8801700000000", "bukan milik petugas"),
        ("M2", None, "", "bukan milik petugas"),
    ],
)
def test_a_line_that_is_no_report_is_refused_with_a_sentence(sms, asked, words, number, sender, said):
    report, back = sms(words, sender=sender, number=number or asked.pk)
    assert report is None
    assert said in back
    assert not SituationReport.objects.exists()


def test_a_line_from_an_officer_of_another_mission_is_refused_with_the_number(world, sms, asked):
    delhi = world.officer("newdelhi")
    User.objects.filter(pk=delhi.user_id).update(phone="+911122334455")
    report, back = sms("M2", sender="+911122334455")
    assert report is None
    assert str(asked.pk) in back
    assert not SituationReport.objects.exists()


def test_a_telephone_of_two_officers_reports_for_the_one_who_was_asked(world, sms):
    delhi = world.officer("newdelhi")
    User.objects.filter(pk=delhi.user_id).update(phone=PHONE)
    report, _back = sms("M2")
    assert report.mission_id == "dhaka"


def test_strangers_are_answered_once_a_day(sms, at):
    for _line in range(3):
        sms("M2", sender="+8801700000000")
    sms("M2", sender="+8801700000000", when=at + timedelta(days=1))
    assert Outgoing.objects.count() == 2


def test_a_closed_crisis_answers_why(world, sms, at):
    type(world.crisis).objects.update(stood_down_at=at)
    report, back = sms("M2")
    assert report is None
    assert "Krisis ini sudah ditutup" in back


def test_the_same_message_again_is_the_same_report_and_one_answer(sms):
    first, _back = sms("M2", key="gateway:1")
    again, nothing = sms("M2", key="gateway:1")
    assert (again.pk, nothing) == (first.pk, "")
    assert SituationReport.objects.count() == 1


def test_a_line_after_the_web_report_of_the_same_numbers_is_that_report(world, sms, asked, at):
    filed = web(world, asked, at, note="RS Bir")
    report, back = sms("M2", when=at + MINUTE)
    assert report.pk == filed.report.pk
    assert "sudah" in back
    assert SituationReport.objects.count() == 1


def test_a_web_report_after_the_line_of_the_same_numbers_is_that_report(world, sms, asked, at):
    report, _back = sms("M2")
    key = uuid.uuid4()
    # It waited for a line, and is sent twice.
    for waited in (3 * MINUTE, 60 * MINUTE):
        filed = web(world, asked, at + waited, client_id=key, as_of=at + MINUTE)
        assert (filed.report.pk, filed.created) == (report.pk, False)
    assert SituationReport.objects.count() == 1


def test_different_numbers_are_two_reports_and_the_difference_is_told(world, sms, asked, at):
    web(world, asked, at)
    report, back = sms("M3", when=at + MINUTE)
    assert report.number == 2
    assert "WNI · Meninggal: 2 → 3" in back


def test_the_next_report_of_the_same_numbers_is_a_report_of_its_own(world, sms, asked, at):
    sms("M2")
    assert sms("M2", when=at + 25 * MINUTE)[0].number == 2
    assert web(world, asked, at + 55 * MINUTE).created
    assert web(world, asked, at + 56 * MINUTE).created


def test_a_web_report_with_a_note_the_line_had_not_is_not_swallowed(world, sms, asked, at):
    sms("M2")
    assert web(world, asked, at + MINUTE, note="RS Bir penuh").created


def test_an_exercise_is_answered_inside_the_exercise(drill, at):
    request = drill.ask("dhaka")
    User.objects.filter(pk=drill.officer().user_id).update(phone=PHONE)
    report = actions.file_line(sender=PHONE, at=at, key="k", text=f"DCC {request.pk} NIHIL")
    assert report.crisis.exercise == "hk"
    assert Outgoing.objects.get().exercise == "hk"


def test_the_gateway_asks_us_and_only_our_lines_are_taken(asked, at):
    assert handlers()["reports"] is handle

    def message(text: str) -> Inbound:
        return Inbound("uji", uuid.uuid4().hex, PHONE, text, at, "")

    assert not handle(message("AMAN"), at)
    assert handle(message("dcc"), at)
    assert handle(message(f"dcc {asked.pk} cek"), at)
    assert SituationReport.objects.get().answer == "checking"
    assert Outgoing.objects.count() == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=120), known=st.booleans())
def test_every_line_is_stored_or_answered(sms, text, known):
    before = SituationReport.objects.count()
    report, back = sms(text, sender=PHONE if known else "+8801700000001")
    assert SituationReport.objects.count() - before == (report is not None and report.number > before)
    assert back or not known


def test_other_roles_report_nothing_by_sms(people, sms, world):
    operator = people.reader(Role.OPERATOR)
    User.objects.filter(pk=operator.user_id).update(phone="+628111111111")
    report, back = sms("M2", sender="+628111111111")
    assert report is None
    assert back
