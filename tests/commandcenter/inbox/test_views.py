"""The list masks, the page of one is logged, a person ends it."""

from datetime import datetime

import pytest

from commandcenter.audit.models import ReadEntry
from commandcenter.inbox import actions
from commandcenter.inbox.models import InboundMessage
from tests.conftest import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(at: datetime) -> InboundMessage:
    given = {"gateway": "sms", "message_id": "1", "sender": "+6281100000987", "text": "Tolong\n<script>x</script>"}
    return actions.keep_inbound(at=at, **given).message


def test_the_list_masks_sender_and_text_and_logs_nothing(message: InboundMessage, people: People) -> None:
    page = people.client("operator").get("/sms/").content.decode()
    assert "•••987" in page
    assert "81100000987" not in page
    assert "Tolong" not in page
    assert not ReadEntry.objects.exists()


def test_reading_one_is_logged_and_shows_the_text_as_text(message: InboundMessage, people: People) -> None:
    page = people.client("operator").get(f"/sms/{message.pk}/").content.decode()
    assert "Tolong<br>&lt;script&gt;" in page
    assert "+6281100000987" in page
    assert ReadEntry.objects.get().object_id == message.number


def test_done_moves_it_down_with_a_name(message: InboundMessage, people: People) -> None:
    client = people.client("operator")
    assert client.post(f"/sms/{message.pk}/done/").status_code == 302
    page = client.get("/sms/").content.decode()
    assert "Semua pesan sudah ditangani" in page
    assert "operator" in page


def test_a_message_of_another_world_and_a_missing_one_look_the_same(people: People, at: datetime) -> None:
    given = {"gateway": "sms", "message_id": "1", "sender": "+6281100000987", "text": "x", "exercise": "hk"}
    hidden = actions.keep_inbound(at=at, **given).message
    client = people.client("operator")
    for number in (hidden.pk, hidden.pk + 99):
        assert client.get(f"/sms/{number}/").status_code == 404
        assert client.post(f"/sms/{number}/done/").status_code == 404
