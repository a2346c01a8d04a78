"""Keys of devices: registered once, proven by a signature; whatever is wrong with one is just unsigned."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from alerts.devices import rules
from alerts.devices.models import DeviceKey
from alerts.emergencies.models import Emergency
from alerts.floods import limits
from commandcenter.events.models import Event
from tests.journeys.pressing import Device

URL = "/api/v1/devices"
BODY = b'{"kind": "panic"}'


def known() -> Device:
    """A device with the ticket that registering gives."""
    device = Device()
    device.ticket = rules.ticket_of(rules.public_key_of(device.point))
    return device


def register(key: Any, **headers: Any) -> Any:
    return Client().post(URL, json.dumps({"key": key}), content_type="application/json", **headers)


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody registered before."""
    monkeypatch.setattr("alerts.devices.api.registrations", limits.Registrations())


@pytest.mark.django_db
def test_a_key_is_kept_once_and_its_ticket_is_the_same_again() -> None:
    device = Device()
    first, again = register(device.point), register(device.point)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    row = DeviceKey.objects.get()
    assert (row.public_key, row.fingerprint) == (device.point, first.json()["device"])
    # Nothing happened to anybody, and nothing else of the device is kept.
    assert Event.objects.count() == 0
    assert {field.name for field in DeviceKey._meta.fields} == {"id", "fingerprint", "public_key", "registered_at"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["", "x", "A" * 87, "é" * 87, "\0" * 87, Device().point[:-1], 7, None, ["A"], "A" * 9999]
)
def test_what_is_no_key_is_refused_by_name(key: Any) -> None:
    answer = register(key)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "key"
    assert DeviceKey.objects.count() == 0


@pytest.mark.django_db
def test_too_many_keys_of_one_network_wait_and_other_networks_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REGISTRATIONS", 2)
    here = [register(Device().point, REMOTE_ADDR="10.0.0.1") for _ in range(3)]
    assert [answer.status_code for answer in here] == [201, 201, 429]
    assert int(here[2].headers["Retry-After"]) > 0
    assert register(Device().point, REMOTE_ADDR="10.0.0.2").status_code == 201


@pytest.mark.once
def test_a_signature_over_these_very_bytes_names_its_device() -> None:
    device = known()
    header = device.header(BODY).encode()
    assert rules.signer_of(header, BODY) == rules.fingerprint_of(rules.public_key_of(device.point))
    assert rules.signer_of(header, BODY + b" ") == ""


@pytest.mark.once
def test_a_key_that_was_never_registered_here_is_unsigned(settings: Any) -> None:
    stranger = Device()
    stranger.ticket = "A" * 22
    assert rules.signer_of(stranger.header(BODY).encode(), BODY) == ""
    device = known()
    settings.SECRET_KEY = "another installation's own secret, of fifty characters"
    assert rules.signer_of(device.header(BODY).encode(), BODY) == ""


@pytest.mark.once
def test_the_ticket_of_another_key_proves_nothing() -> None:
    ours, theirs = known(), known()
    theirs.ticket = ours.ticket
    assert rules.signer_of(theirs.header(BODY).encode(), BODY) == ""


@pytest.mark.once
@given(
    header=st.binary(max_size=300) | st.binary(min_size=rules.LENGTH, max_size=rules.LENGTH), place=st.integers(0, 196)
)
def test_no_header_is_an_error(header: bytes, place: int) -> None:
    assert rules.signer_of(header, BODY) == ""
    whole = known().header(BODY).encode()
    # The last character of a part may carry bits that say nothing.
    if place not in {86, 109, 196} and header[:1] and header[:1] != whole[place : place + 1]:
        assert rules.signer_of(whole[:place] + header[:1] + whole[place + 1 :], BODY) == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("header", ["", "x", "A" * 197, None])
def test_a_bad_signature_changes_nothing_of_the_answer(emergency_payload: dict[str, Any], header: str | None) -> None:
    body = json.dumps(emergency_payload).encode()
    given_header = known().header(body) if header is None else header
    answer = Client().post(
        "/api/v1/emergencies", body, content_type="application/json", headers={rules.HEADER: given_header}
    )
    assert answer.status_code == 201
    assert set(answer.json()) == {"country", "mission", "number", "receipts", "received_at", "token"}
    assert (Emergency.objects.get().device != "") == (header is None)
