"""Receipts are honest (domain.md rule 8): no code path sends receipt 2 or 3 without an officer's act."""

import ast
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from alerts.dialogue.actions import write
from alerts.duplicates.models import Merging
from alerts.emergencies.models import Emergency, EmergencyMessage
from alerts.intake.queries import SIGNER
from commandcenter import sweep
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from commandcenter.gateways.inbound import handlers
from commandcenter.inbox.models import InboundMessage
from tests.alerts.dialogue.conftest import PHONE
from tests.alerts.dialogue.receipts import NAMING, parsed, sources, walk
from tests.conftest import AT, People
from tests.journeys.faults import (
    scenarios_alarms,
    scenarios_dialogue,
    scenarios_duty,
    scenarios_figures,
    scenarios_ledger,
    scenarios_messages,
    scenarios_queuework,
    scenarios_team,
)
from tests.journeys.faults.scenarios import SCENARIOS, Stage

REGISTERED = (
    *(scenarios_alarms, scenarios_dialogue, scenarios_duty, scenarios_figures),
    *(scenarios_ledger, scenarios_messages, scenarios_queuework, scenarios_team),
)


@pytest.mark.once
def test_every_caller_of_a_receipt_is_an_officer_who_acts() -> None:
    found = walk(sources())
    assert found.findings == []
    # The walk sees what there is to see: the one who takes, opens, holds and reads, and the doors they come in by.
    assert set(found.writers) >= {
        "alerts.emergencies.actions.take",
        "alerts.emergencies.holding.hold",
        "alerts.emergencies.actions._worked",
        "alerts.assigning.actions.accept",
        "alerts.assigning.actions.hand_over",
        "alerts.duplicates.actions.merge",
        "alerts.duplicates.actions.tell_taken",
        "alerts.dialogue.actions.read",
    }
    assert set(found.doors) >= {"alerts.handling.views.act", "alerts.handover.views.sign"}


@pytest.mark.once
def test_what_only_fills_in_names_for_the_screen_saves_nothing() -> None:
    text = sources()
    for module, name in NAMING:
        [place] = [one for one in parsed(module, text[module]).places if one.name == name]
        called = {node.func.attr for node in place.nodes if isinstance(node, ast.Call) and hasattr(node.func, "attr")}
        assert called.isdisjoint({"save", "update", "bulk_update", "create", "bulk_create"})


MUTANTS: dict[str, tuple[str, str, str, str]] = {
    "intake opens": (
        "alerts.dialogue.actions",
        "    if not known:\n",
        "    emergency.opened_at = at\n    if not known:\n",
        "alerts.dialogue.actions.hear writes emergency.opened_at without an officer",
    ),
    "a column of intake": (
        "alerts.intake.actions",
        '    *("id", "exercise", "received_at", "answer"',
        '    *("id", "exercise", "received_at", "opened_at", "answer"',
        "alerts.intake.actions writes opened_at by name without an officer",
    ),
    "a dictionary of a fix": (
        "alerts.intake.actions",
        '        "latitude": fix.lat,\n',
        '        "latitude": fix.lat,\n        "opened_at": fix.fixed_at,\n',
        "alerts.intake.actions._columns writes opened_at by name without an officer",
    ),
    "cancelling counts as opened": (
        "alerts.intake.actions",
        'kind="cancelled", at=at, actor=None, fields=["cancelled_at"]',
        'kind="opened", at=at, actor=None, fields=["cancelled_at"]',
        "alerts.intake.actions.cancel writes the event opened without an officer",
    ),
    "the sweep opens": (
        "alerts.escalation.actions",
        "    if not _climbs(emergency, clock):",
        "    open_by_officer(actor=None, number=emergency.number, at=at)\n    if not _climbs(emergency, clock):",
        "alerts.escalation.actions._emergency calls alerts.emergencies.actions.open_by_officer without an officer's",
    ),
    "the sweep takes as somebody": (
        "alerts.progress.tasks",
        "    return sum(",
        '    take(actor=Reader(1, "", Role.OPERATOR), number="E-2026-00001", at=at)\n    return sum(',
        "alerts.progress.tasks.return_untouched calls alerts.emergencies.actions.take without an officer's",
    ),
    "a reply by SMS reads as an officer": (
        "alerts.dialogue.inbound",
        "    return found is not None\n",
        '    actions.read(actor=reader_of(1), number="", at=at, up_to=1)\n    return found is not None\n',
        "alerts.dialogue.inbound.handle calls alerts.dialogue.actions.read without an officer's request",
    ),
    "who gives it back holds it": (
        "alerts.emergencies.holding",
        "    emergency.state, emergency.taken_by, emergency.taken_at = State.NEW, None, None\n",
        "    emergency.state, emergency.taken_by, emergency.taken_at = State.NEW, None, emergency.received_at\n",
        "alerts.emergencies.holding.let_go writes emergency.taken_at without an officer",
    ),
    "a page that only loads opens": (
        "alerts.handling.views",
        '    log_read(actor=reader, at=at, screen="emergency", object_id=found.number)\n',
        "    open_by_officer(actor=reader, number=number, at=at)\n    log_read(actor=reader, at=at)\n",
        "alerts.handling.views.emergency calls alerts.emergencies.actions.open_by_officer, and to load a page is no",
    ),
    "the door of acts takes a GET": (
        "alerts.handling.views",
        "@require_POST\n@allow(*WORKERS)\n",
        "@allow(*WORKERS)\n",
        "alerts.handling.views.act calls alerts.emergencies.actions.take, and to load a page is no act",
    ),
    "the door of acts has no gate": (
        "alerts.handling.views",
        "@require_POST\n@allow(*WORKERS)\n",
        "@require_POST\n",
        "alerts.handling.views.act calls alerts.emergencies.actions.take without an officer's request",
    ),
    "rows changed at once": (
        "alerts.progress.tasks",
        "    return sum(",
        "    Emergency.objects.filter(state='new').update(taken_at=at)\n    return sum(",
        "alerts.progress.tasks.return_untouched writes taken_at without an officer",
    ),
    "by SQL": (
        "alerts.cells.upkeep",
        "\nfrom ",
        '\nSEEN = "UPDATE alerts_emergency SET opened_at = now()"\nfrom ',
        "alerts.cells.upkeep writes opened_at by SQL without an officer",
    ),
    "the citizen's device reads for the officer": (
        "alerts.dialogue.actions",
        ".update(shown_at=at)",
        ".update(shown_at=at, read_at=at)",
        "alerts.dialogue.actions.show writes read_at without an officer",
    ),
    "what a duplicate's citizen writes tells of a taking": (
        "alerts.duplicates.queries",
        "    both = Q(emergency=emergency)",
        (
            "    Merging.objects.filter(duplicate=emergency).update(told_at=emergency.taken_at)\n"
            "    both = Q(emergency=emergency)"
        ),
        "alerts.duplicates.queries.still_waiting writes told_at without an officer",
    ),
    "an act that also takes nobody": (
        "alerts.emergencies.actions",
        "def take(*, actor: Reader, number",
        "def take(*, actor: Reader | None, number",
        "alerts.emergencies.actions.take writes the event taken without an officer",
    ),
}
IMPORTS = (
    "\nfrom alerts.emergencies.actions import open_by_officer, take\nfrom alerts.emergencies.models import Emergency\n"
    "from commandcenter.access.reader import Reader, reader_of\n"
)


@pytest.mark.once
@pytest.mark.parametrize("name", MUTANTS)
def test_a_path_without_an_officer_is_found(name: str) -> None:
    module, before, after, finding = MUTANTS[name]
    changed = sources()
    assert before in changed[module], "the mutant's place is gone"
    # At its end, so that the mutant can name what it uses and no line moves.
    changed[module] = changed[module].replace(before, after, 1) + IMPORTS
    assert [line for line in walk(changed).findings if line.startswith(finding)], walk(changed).findings


def receipts() -> dict[tuple[str, int], tuple[Any, ...]]:
    """Every receipt that was sent so far: what and when, and who acted."""
    found: dict[tuple[str, int], tuple[Any, ...]] = {}
    for pk, opened, taken in Emergency.objects.values_list("pk", "opened_at", "taken_at"):
        found |= {("opened", pk): (opened,)} if opened else {}
        found |= {("taken", pk): (taken,)} if taken else {}
    told = Merging.objects.filter(told_at__isnull=False)
    found |= {("told", pk): (when,) for pk, when in told.values_list("pk", "told_at")}
    read = EmergencyMessage.objects.filter(read_at__isnull=False)
    return found | {("read", pk): (when,) for pk, when in read.values_list("pk", "read_at")}


def owners(kind: str, pk: int) -> set[int | None]:
    """Who acted by the log, of those events that may send this receipt."""
    kinds = {
        "opened": ["emergency.opened"],
        "taken": ["emergency.taken", "emergency.reopened", "emergency.handed_over", "emergency.accepted"],
        "told": ["emergency.joined", "emergency.taking_told"],
        "read": ["dialogue.read"],
    }
    about = {
        "read": lambda: EmergencyMessage.objects.get(pk=pk).emergency,
        "told": lambda: Merging.objects.get(pk=pk).into,
    }
    number = about.get(kind, lambda: Emergency.objects.get(pk=pk))().number
    return set(Event.objects.filter(kind__in=kinds[kind], object_id=number).values_list("actor_id", flat=True)) - {None}


@pytest.mark.once
def test_no_action_of_the_product_sends_a_receipt_but_by_the_officer_whom_the_log_names(
    people: People, reference: None
) -> None:
    """Every scenario of the law of frames: what changed, and who did it."""
    assert REGISTERED
    wrong, sent = [], set()
    for name, scenario in SCENARIOS.items():
        with transaction.atomic():
            act = scenario(Stage(people, AT, ""))
            next(act)
            before, newest = receipts(), Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
            next(act, None)
            fresh = {key for key, value in receipts().items() if before.get(key) != value}
            by_officers = Event.objects.filter(id__gt=newest, actor_id__isnull=False).exists()
            wrong += [f"{name}: {kind} {pk}" for kind, pk in fresh if not by_officers or not owners(kind, pk)]
            sent |= {name} if fresh else set()
            transaction.set_rollback(True)
    assert wrong == []
    # Not empty: these do send receipts, and the checks above saw them.
    assert sent >= {"alerts.emergencies.actions.open_by_officer", "alerts.emergencies.actions.take"}
    assert "alerts.dialogue.actions.read" in sent


def test_whatever_comes_in_and_however_long_nobody_comes_the_citizen_is_told_nothing_more(
    make: Any, people: People, gateway: Any, client: Client
) -> None:
    emergency = make(phone=PHONE, message="Tolong")
    view = {"HTTP_AUTHORIZATION": f"Bearer {SIGNER.sign(emergency.number)}", "content_type": "application/json"}
    api = f"/api/v1/emergencies/{emergency.number}"

    def steps() -> tuple[list[str], list[str]]:
        told = client.get(api, **view).json()
        return [one["step"] for one in told["receipts"]], [one["state"] for one in told["messages"]]

    operator, verifier = people.client(Role.OPERATOR), people.client(Role.VERIFIER)
    stranger = people.client(Role.MISSION_OFFICER, "kbri-canberra")
    client.post(f"{api}/messages", {"client_id": str(uuid.uuid4()), "text": "Halo"}, **view)
    client.post(f"{api}/positions", {"lat": 22.4, "lon": 114.1, "fixed_at": "2026-05-12T20:06:00Z"}, **view)
    client.post(f"{api}/silent", {"silent": True}, **view)
    client.post(f"{api}/cancel", {}, **view)
    gateway("inbound", text="Di lantai 3")
    assert set(handlers()) >= {"reports", "dialogue"}
    assert InboundMessage.objects.get().handler == "dialogue"
    message = EmergencyMessage.objects.latest("id")
    client.post(f"{api}/messages/seen", {"up_to": message.pk}, **view)
    for minutes in (1, 3, 11, 60, 600, 3000):
        sweep.run(emergency.received_at + timedelta(minutes=minutes))
    page = f"/emergencies/{emergency.number}/"
    for reader in (operator, verifier):
        assert reader.get(page).status_code == 200
        assert reader.get(f"{page}panels/messages/").status_code == 200
    for reader, status in ((verifier, 403), (stranger, 404)):
        for verb, body in (("opened", {}), ("take", {}), ("read", {"up_to": message.pk})):
            answer = reader.post(f"{page}{verb}/", body, headers={"Accept": "application/json"})
            assert answer.status_code == status, (verb, answer.content[:200])
            assert reader.get(f"{page}{verb}/").status_code in {403, 404, 405}
    assert steps() == (["received"], ["delivered", "delivered"])

    operator.post(f"{page}opened/")
    assert steps() == (["received", "opened"], ["delivered", "delivered"])
    operator.post(f"{page}read/", {"up_to": message.pk})
    assert steps() == (["received", "opened"], ["read", "read"])
    sweep.run(emergency.received_at + timedelta(days=3))
    assert steps()[0] == ["received", "opened"]
    operator.post(f"{page}take/")
    assert steps()[0] == ["received", "opened", "taken"]


def test_an_officers_message_is_read_by_the_citizen_alone(held: Emergency, people: People) -> None:
    reader = people.reader(Role.OPERATOR)
    message = write(actor=reader, number=held.number, at=AT, client_id=uuid.uuid4(), text="Kami datang")
    page = f"/emergencies/{held.number}/"
    people.client(Role.OPERATOR).post(f"{page}read/", {"up_to": message.pk})
    message.refresh_from_db()
    assert (message.shown_at, message.read_at) == (None, None)
