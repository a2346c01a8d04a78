"""tus 1.0: what the door promises, refuses, and keeps whole."""

import hashlib
import os
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from alerts.darkroom.tasks import end_idle_uploads
from alerts.exercises.actions import start
from alerts.floods import updates
from alerts.floods.pressure import Pressure
from alerts.media import actions, queries, rules, store
from alerts.media.models import MediaFile, Reason, Stage
from alerts.uploads import receiving
from commandcenter.access.models import Role
from commandcenter.clock import now
from tests.alerts.uploads.conftest import PART, Device, checksum, device_of, words
from tests.conftest import People

FILE = os.urandom(100_000)


def media_at(url: str) -> MediaFile:
    """The row behind an address."""
    return MediaFile.objects.get(key=uuid.UUID(url.rsplit("/", 1)[1]))


def stored(media: MediaFile) -> bytes:
    """What lies on the disk."""
    return store.arriving(media.key).read_bytes()


def test_options_say_what_this_server_can_do(client: Client, device: Device) -> None:
    answer = client.options(device.url)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "checksum", "termination", "expiration"}
    assert answer["Tus-Max-Size"] == str(200 * 1024 * 1024)
    assert answer["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_a_file_arrives_in_parts_and_is_kept_byte_for_byte(device: Device) -> None:
    begun = device.begin(len(FILE))
    assert begun.status_code == 201
    url, at = begun["Location"], 0
    assert begun["Upload-Expires"]
    while at < len(FILE):
        answer = device.patch(url, at, FILE[at : at + 30_000], **{"Upload-Checksum": checksum(FILE[at : at + 30_000])})
        assert answer.status_code == 204
        at = int(answer["Upload-Offset"])
        assert int(device.ask("HEAD", url)["Upload-Offset"]) == at
    media = media_at(url)
    assert (media.stage, media.sha256) == (Stage.WAITING, hashlib.sha256(FILE).hexdigest())
    assert stored(media) == FILE
    media.emergency.refresh_from_db()
    assert media.emergency.media == 1


def test_a_part_that_does_not_begin_at_the_end_is_refused(device: Device) -> None:
    url = device.begin(10)["Location"]
    assert device.patch(url, 0, b"01234").status_code == 204
    for offset in (0, 3, 6):
        answer = device.patch(url, offset, b"5678")
        assert answer.status_code == 409
        assert words(answer)["field"] == "Upload-Offset"
    assert stored(media_at(url)) == b"01234"


def test_a_part_with_another_checksum_is_refused_and_not_kept(device: Device) -> None:
    url = device.begin(10)["Location"]
    answer = device.patch(url, 0, b"01234", **{"Upload-Checksum": checksum(b"0123x")})
    assert answer.status_code == 460
    assert words(answer)["id"] != words(answer)["en"]
    assert device.ask("HEAD", url)["Upload-Offset"] == "0"
    assert device.patch(url, 0, b"01234", **{"Upload-Checksum": checksum(b"01234", "sha1")}).status_code == 204
    for bad in ("md5 abcd", "sha256", "sha256 !!!"):
        assert device.patch(url, 5, b"56789", **{"Upload-Checksum": bad}).status_code == 400


def test_the_same_announcement_again_is_the_same_file(device: Device) -> None:
    key = str(uuid.uuid4())
    first, second = device.begin(10, client_id=key), device.begin(10, client_id=key)
    assert first["Location"] == second["Location"]
    device.patch(first["Location"], 0, b"01234")
    assert device.begin(10, client_id=key)["Upload-Offset"] == "5"


def test_another_file_under_the_same_identifier_is_refused_in_words(device: Device) -> None:
    key, digest = str(uuid.uuid4()), hashlib.sha256(FILE).hexdigest()
    device.begin(len(FILE), client_id=key, sha256=digest)
    other = hashlib.sha256(b"other").hexdigest()
    for size, sum_ in ((len(FILE), other), (11, digest)):
        answer = device.begin(size, client_id=key, sha256=sum_)
        assert answer.status_code == 409
        assert "berkas lain" in words(answer)["id"].lower()
    stranger = device_of()
    assert stranger.begin(len(FILE), client_id=key).status_code == 422


def test_a_file_continued_with_the_bytes_of_another_is_kept_and_flagged(device: Device) -> None:
    url = device.begin(len(FILE), sha256=hashlib.sha256(FILE).hexdigest())["Location"]
    device.patch(url, 0, FILE[:50_000])
    answer = device.patch(url, 50_000, b"\0" * 50_000)
    assert answer.status_code == 460
    media = media_at(url)
    assert (media.stage, media.reason) == (Stage.WAITING, Reason.CHANGED)
    assert stored(media) == FILE[:50_000] + b"\0" * 50_000


def test_what_a_killed_writer_left_behind_is_written_over(device: Device) -> None:
    url = device.begin(10)["Location"]
    device.patch(url, 0, b"01234")
    with store.arriving(media_at(url).key).open("ab") as torn:
        torn.write(b"torn!")
    assert device.ask("HEAD", url)["Upload-Offset"] == "5"
    assert device.patch(url, 5, b"56789").status_code == 204
    assert stored(media_at(url)) == b"0123456789"


def test_the_offset_is_never_beyond_what_is_on_the_disk(device: Device) -> None:
    url = device.begin(10)["Location"]
    device.patch(url, 0, b"01234")
    store.arriving(media_at(url).key).write_bytes(b"012")
    assert device.ask("HEAD", url)["Upload-Offset"] == "3"
    assert device.patch(url, 5, b"56789").status_code == 409
    assert device.patch(url, 3, b"3456789").status_code == 204
    assert stored(media_at(url)) == b"0123456789"


def test_without_the_check_of_the_offset_a_repeat_would_tear_the_file(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: any offset is taken as the next one."""
    url = device.begin(10)["Location"]
    device.patch(url, 0, b"01234")
    monkeypatch.setattr(receiving.store, "length_of", lambda _handle: 0)
    assert device.patch(url, 0, b"XXXXX").status_code == 204
    assert stored(media_at(url)) != b"01234"


def test_who_comes_second_is_told_so_and_tears_nothing(device: Device) -> None:
    url = device.begin(10)["Location"]
    with store.held(media_at(url).key):
        answer = device.patch(url, 0, b"01234")
    assert answer.status_code == 423
    assert words(answer)["id"]
    assert device.patch(url, 0, b"01234").status_code == 204


def test_of_parallel_parts_exactly_one_is_taken(open_log: None, transactional_db: None) -> None:
    device, size = device_of(), 400_000
    url = device.begin(size)["Location"]
    parts = [bytes([n]) * size for n in range(6)]
    answers: list[int] = []

    def send(part: bytes) -> None:
        answers.append(Device(device.number, device.token).patch(url, 0, part).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=[part]) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(204) == 1
    assert set(answers) <= {204, 409, 423}
    media = media_at(url)
    assert stored(media) in parts
    assert hashlib.sha256(stored(media)).hexdigest() == media.sha256


def test_while_requests_for_help_need_the_room_files_wait_and_lose_nothing(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = device.begin(8)["Location"]
    pressed = Pressure()
    pressed.p95, pressed.until = 1.2, float("inf")
    with monkeypatch.context() as patched:
        patched.setattr(updates, "pressure", pressed)
        for answer in (device.begin(8), device.patch(url, 0, b"12345678")):
            assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert device.ask("HEAD", url)["Upload-Offset"] == "0"
    assert device.patch(url, 0, b"12345678").status_code == 204


def test_a_full_disk_answers_503_and_the_telephone_keeps_it(device: Device, settings: Any) -> None:
    url = device.begin(10)["Location"]
    settings.MEDIA_RESERVE = 10**18
    for answer in (device.patch(url, 0, b"01234"), device.begin(10)):
        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert words(answer)["id"]
    settings.MEDIA_RESERVE = 0
    assert device.patch(url, 0, b"01234").status_code == 204


@pytest.mark.once
def test_a_write_the_disk_refuses_leaves_what_was_there(settings: Any) -> None:
    """A real refusal of the kernel: no file of this process may grow beyond the limit."""
    import resource
    import signal

    key, before = uuid.uuid4(), resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with store.held(key) as handle:
        store.append(handle, 0, b"a" * 1000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
        try:
            with pytest.raises(store.StoreFull):
                store.append(handle, 1000, b"b" * 10_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert store.arriving(key).read_bytes() == b"a" * 1000
    store.forget_plain(key)


@pytest.mark.parametrize(
    ("headers", "status", "field"),
    [
        ({"Upload-Length": None}, 400, "Upload-Length"),
        ({"Upload-Length": "-1"}, 400, "Upload-Length"),
        ({"Upload-Length": "٣"}, 400, "Upload-Length"),
        ({"Upload-Length": "1" * 400}, 400, "Upload-Length"),
        ({"Upload-Length": "0"}, 422, "Upload-Length"),
        ({"Upload-Length": str(200 * 1024 * 1024 + 1)}, 413, "Upload-Length"),
        ({"Upload-Metadata": "client_id !!!"}, 400, "Upload-Metadata"),
        ({"Upload-Metadata": "client_id bm90IGEgdXVpZA=="}, 422, "client_id"),
        ({"Upload-Metadata": "client_id AAAA"}, 422, "client_id"),
        ({"Upload-Metadata": "sha256 AAAA"}, 422, "sha256"),
        ({"Tus-Resumable": None}, 412, "Tus-Resumable"),
        ({"Tus-Resumable": "0.2.2"}, 412, "Tus-Resumable"),
    ],
)
def test_a_bad_announcement_is_refused_by_its_header(
    device: Device, headers: dict[str, Any], status: int, field: str
) -> None:
    answer = device.ask("POST", **{"Upload-Length": "10", **headers})
    assert (answer.status_code, words(answer)["field"]) == (status, field)
    assert words(answer)["id"] != words(answer)["en"]
    assert answer["Tus-Resumable"] == "1.0.0"
    assert not MediaFile.objects.exists()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"body": b"x" * (4 * 1024 * 1024 + 1)}, 413),
        ({"body": b"x" * 101}, 413),
        ({"kind": "application/octet-stream"}, 415),
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": None}, 400),
    ],
)
def test_a_bad_part_is_refused_and_nothing_is_stored(device: Device, given: dict[str, Any], status: int) -> None:
    url = device.begin(100)["Location"]
    answer = device.ask("PATCH", url, **{"body": b"x", "kind": PART, "Upload-Offset": "0", **given})
    assert answer.status_code == status
    assert words(answer)["id"]
    assert device.ask("HEAD", url)["Upload-Offset"] == "0"


def test_a_network_that_knows_only_post_is_served_by_the_override(device: Device) -> None:
    url = device.begin(10)["Location"]
    answer = device.ask("POST", url, b"01234", **{"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"})
    assert answer.status_code == 204
    assert device.ask("POST", url).status_code == 405


def test_what_was_not_sent_whole_can_be_taken_back(device: Device) -> None:
    url = device.begin(10)["Location"]
    device.patch(url, 0, b"01234")
    media = media_at(url)
    assert device.ask("DELETE", url).status_code == 204
    assert not store.arriving(media.key).exists()
    assert device.ask("HEAD", url).status_code == 410
    assert device.patch(url, 5, b"56789").status_code == 410


def test_what_was_received_can_not_be_taken_back(device: Device) -> None:
    url = device.begin(5)["Location"]
    device.patch(url, 0, b"01234")
    answer = device.ask("DELETE", url)
    assert answer.status_code == 403
    assert stored(media_at(url)) == b"01234"


@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer x", "Basic x", "Bearer E-2026-00001.forged"])
def test_without_the_own_token_everything_is_missing(device: Device, token: str | None) -> None:
    url = device.begin(10)["Location"]
    for method, where in (("POST", device.url), ("HEAD", url), ("PATCH", url), ("DELETE", url)):
        answer = device.ask(method, where, **{"Authorization": token, "Upload-Length": "1", "Upload-Offset": "0"})
        assert answer.status_code == 404, (method, token)


def test_the_token_of_another_emergency_opens_nothing_here(device: Device) -> None:
    url, other = device.begin(10)["Location"], device_of()
    assert other.ask("HEAD", url).status_code == 404
    assert other.ask("HEAD", url.replace(device.number, other.number)).status_code == 404
    assert other.ask("DELETE", url.replace(device.number, other.number)).status_code == 404


@pytest.mark.once
def test_identifiers_can_not_be_guessed(device: Device) -> None:
    emergency = media_at(device.begin(10)["Location"]).emergency
    assert not [guess for guess in range(1000) if queries.of_device(emergency, uuid.uuid4())]
    assert device.ask("HEAD", f"{device.url}/{uuid.uuid4()}").status_code == 404
    for path in ("../x", "%2e%2e%2fx", "..%2f..%2fetc%2fpasswd", "0", "%00", "a" * 5000):
        assert device.ask("HEAD", f"{device.url}/{path}").status_code == 404


def test_an_exercise_is_walled_off(device: Device, people: People) -> None:
    started = start(actor=people.reader(Role.SUPERVISOR), at=now(), scenario="paris-2015", name_id="L", name_en="E")
    drill = device_of(started.slug)
    url = drill.begin(10)["Location"]
    assert url.startswith(f"/exercises/{started.slug}/api/")
    assert drill.patch(url, 0, b"01234").status_code == 204
    assert drill.ask("HEAD", url.removeprefix(f"/exercises/{started.slug}")).status_code == 404
    assert device.ask("POST", f"/exercises/{started.slug}{device.url}", **{"Upload-Length": "1"}).status_code == 404


def test_an_emergency_takes_no_more_than_its_share(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_FILES", 2)
    assert [device.begin(10).status_code for _ in range(3)] == [201, 201, 413]
    other = device_of()
    monkeypatch.setattr(rules, "MOST_BYTES", 25)
    assert [other.begin(size).status_code for size in (10, 10)] == [201, 201]
    monkeypatch.setattr(rules, "MOST_FILES", 9)
    answer = other.begin(10)
    assert (answer.status_code, bool(words(answer)["id"])) == (413, True)


def test_what_nobody_continues_for_two_weeks_is_kept_as_it_is(device: Device) -> None:
    url, empty = device.begin(10)["Location"], device.begin(10)["Location"]
    device.patch(url, 0, b"01234")
    assert end_idle_uploads(now() + timedelta(days=13)) == 0
    assert end_idle_uploads(now() + timedelta(days=15)) == 2
    media = media_at(url)
    assert (media.stage, media.reason) == (Stage.WAITING, Reason.INCOMPLETE)
    assert media_at(empty).stage == Stage.REMOVED
    assert device.patch(url, 5, b"56789").status_code == 410


def test_a_file_begun_after_the_end_opens_the_emergency_again(device: Device, people: People) -> None:
    from alerts.emergencies import actions as emergencies
    from alerts.emergencies.models import Outcome, State

    desk = people.reader(Role.OPERATOR)
    emergencies.take(actor=desk, number=device.number, at=now())
    emergencies.resolve(actor=desk, number=device.number, at=now(), outcome=Outcome.values[0])
    device.send(b"01234")
    assert MediaFile.objects.get().emergency.state == State.NEW


def test_a_failed_step_rolls_everything_back(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    url = device.begin(5)["Location"]

    def broken(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "change", broken)
    media = media_at(url)
    with pytest.raises(RuntimeError):
        actions.receive_whole(media=media, at=now(), was=0, sha256="a" * 64)
    media.refresh_from_db()
    assert (media.stage, media.offset, media.sha256) == (Stage.UPLOADING, 0, "")
