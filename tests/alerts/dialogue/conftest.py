"""An emergency with a telephone, held by an officer; what gateways bring."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from alerts.dialogue.actions import write
from alerts.emergencies.actions import take
from alerts.emergencies.models import Emergency, EmergencyMessage
from alerts.intake.actions import receive_message
from commandcenter.access.reader import Reader
from commandcenter.outbox.models import Outgoing
from tests.alerts.emergencies.conftest import Make, emergency, make, officer, stranger
from tests.conftest import AT

__all__ = ["Make", "emergency", "make", "officer", "stranger"]
PHONE = "+85291234567"
SECRET = "geheim"


@pytest.fixture
def held(emergency: Emergency, operator: Reader) -> Emergency:
    """The operator took it."""
    return take(actor=operator, number=emergency.number, at=AT)


@pytest.fixture
def says(held: Emergency) -> Callable[..., EmergencyMessage]:
    """The citizen writes on the page."""

    def said(text: str = "Tolong", at: datetime = AT, emergency: Emergency = held) -> EmergencyMessage:
        given = {"number": emergency.number, "exercise": emergency.exercise}
        return receive_message(at=at, client_id=uuid.uuid4(), text=text, **given)

    return said


@pytest.fixture
def answers(held: Emergency, operator: Reader) -> Callable[..., EmergencyMessage]:
    """The operator writes."""

    def answered(text: str = "Kami datang", **more: Any) -> EmergencyMessage:
        given = {"actor": operator, "number": held.number, "at": AT, "client_id": uuid.uuid4(), "text": text, **more}
        return write(**given)

    return answered


@pytest.fixture
def gateway(client: Client, settings: Any) -> Callable[..., Any]:
    """The SMS gateway calls: `gateway("inbound", text="...")`; by JSON, as several do."""
    settings.SMS_SECRET = SECRET

    def call(door: str, *, world: str = "", **fields: Any) -> Any:
        body = {"from": PHONE, "id": uuid.uuid4().hex, **fields} if door == "inbound" else fields
        base = f"/exercises/{world}" if world else ""
        return client.post(f"{base}/api/v1/gateways/sms/{door}/{SECRET}", body, content_type="application/json")

    return call


def sms(message: EmergencyMessage) -> Outgoing:
    """The message on its way by SMS."""
    return Outgoing.objects.get(key=f"dialogue:{message.pk}")
