"""Links of a minute: bound to one person and one world, asked for the right each time; bytes that nothing executes."""

import io
import re
import uuid
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from PIL import Image

from alerts.emergencies.models import Emergency
from alerts.evidence import links
from alerts.media import store
from alerts.media.models import MediaFile
from commandcenter.access.models import Role, User
from commandcenter.audit.queries import reads_of
from tests.conftest import People

HONG_KONG = "kjri-hongkong"


def body(answer: object) -> bytes:
    """The whole of a streamed answer."""
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.fixture
def desk(people: People) -> Client:
    """An operator's browser."""
    return people.client(Role.OPERATOR)


def link(people: People, media: MediaFile, part: str = store.COPY, role: Role = Role.OPERATOR) -> str:
    """A link for somebody of this role."""
    return links.link_to(people.reader(role), media, part)


def test_the_panel_shows_state_hash_size_distance_and_who_opened(
    desk: Client, people: People, photograph: MediaFile
) -> None:
    page = f"/emergencies/{photograph.emergency.number}/media/"
    text = desk.get(page, headers={"HX-Request": "true"}).content.decode()
    assert 'class="is-blurred"' in text
    assert "3,1 km" in text
    assert photograph.sha256[:12] in text
    assert "Belum ada yang membuka" in text
    assert "<html" not in text
    opened = desk.get(f"{page}{photograph.key}/").content.decode()
    assert photograph.sha256 in opened
    assert [reading.who for reading in reads_of(f"media {photograph.key.hex}")] == ["operator"]
    assert "Terakhir dibuka oleh operator" in desk.get(page).content.decode()


def test_a_link_carries_a_copy_that_nothing_executes(desk: Client, people: People, photograph: MediaFile) -> None:
    answer = desk.get(link(people, photograph))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    with Image.open(io.BytesIO(body(answer))) as image:
        assert image.format == "JPEG"


def test_a_link_is_bound_to_one_person(people: People, photograph: MediaFile) -> None:
    given = link(people, photograph)
    for other in (Role.SUPERVISOR, Role.VERIFIER):
        assert people.client(other).get(given).status_code == 404
    assert people.client(Role.OPERATOR, username="operator-2").get(given).status_code == 404
    assert people.client(Role.MISSION_OFFICER, HONG_KONG).get(given).status_code == 404
    assert people.client(Role.MINISTER).get(given).status_code == 403
    assert Client().get(given).status_code == 302


def test_a_link_that_forgot_its_person_would_be_noticed(
    people: People, photograph: MediaFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: whoever holds the link may use it."""
    given = link(people, photograph)

    def unbound(_reader: object, token: str) -> links.Ticket:
        key, part, *_rest = links.SIGNER.unsign(token).split(".")
        return links.Ticket(uuid.UUID(key), part)

    monkeypatch.setattr(links, "read", unbound)
    assert people.client(Role.VERIFIER).get(given).status_code == 200


def test_a_link_ends_after_a_minute(desk: Client, people: People, photograph: MediaFile) -> None:
    text = f"{photograph.key.hex}.{store.COPY}.{people.reader(Role.OPERATOR).user_id}."
    for age, status in ((55, 200), (61, 404)):
        then = int((timezone.now() - timedelta(seconds=age)).timestamp())
        dated = f"{text}:{signing.b62_encode(then)}"
        token = f"{dated}:{links.SIGNER.signature(dated)}"
        assert desk.get(f"/media/{token}").status_code == status, age


def test_the_right_is_asked_again_each_time(people: People, photograph: MediaFile) -> None:
    officer = people.reader(Role.MISSION_OFFICER, HONG_KONG)
    client, given = people.client(Role.MISSION_OFFICER, HONG_KONG), links.link_to(officer, photograph, store.THUMB)
    assert client.get(given).status_code == 200
    Emergency.objects.filter(pk=photograph.emergency_id).update(mission="kbri-canberra")
    assert client.get(given).status_code == 404
    User.objects.filter(pk=officer.user_id).update(is_active=False)
    assert client.get(given).status_code == 302


def test_a_foreign_mission_finds_nothing(people: People, photograph: MediaFile) -> None:
    client, number = people.client(Role.MISSION_OFFICER, "kbri-canberra"), photograph.emergency.number
    page = f"/emergencies/{number}/media/"
    for path in (f"/emergencies/E-2026-99999/media/{uuid.uuid4()}/", page, f"{page}{photograph.key}/"):
        assert client.get(path).status_code == 404
    stranger = people.reader(Role.MISSION_OFFICER, "kbri-canberra")
    assert client.get(links.link_to(stranger, photograph, store.COPY)).status_code == 404


def test_the_file_belongs_to_the_emergency_in_the_address(desk: Client, photograph: MediaFile, make: object) -> None:
    other: Emergency = make()  # type: ignore[operator]
    assert desk.get(f"/emergencies/{other.number}/media/{photograph.key}/").status_code == 404


def test_an_exercise_has_links_of_its_own(people: People, photograph: MediaFile) -> None:
    inside = people.reader(Role.OPERATOR, exercise="latihan-1")
    assert links.read(inside, links.SIGNER.sign(f"{photograph.key.hex}.copy.{inside.user_id}.")) is None
    outside = people.reader(Role.OPERATOR)
    token = links.SIGNER.sign(f"{photograph.key.hex}.copy.{inside.user_id}.latihan-1")
    assert links.read(outside, token) is None
    assert links.read(inside, token) is not None


TRAVERSALS = [
    *("../secret_key", "..%2fsecret_key", "%2e%2e/secret_key", "....//secret_key", "..\\secret_key", "/etc/passwd"),
    *("copy/../original", "original", "copy\0", "%00", "file:///etc/passwd", "ORIGINAL", "thumb.copy", ""),
]


@pytest.mark.parametrize("part", TRAVERSALS)
def test_a_signed_part_is_one_of_four_names(desk: Client, people: People, photograph: MediaFile, part: str) -> None:
    reader = people.reader(Role.OPERATOR)
    token = links.SIGNER.sign(f"{photograph.key.hex}.{part}.{reader.user_id}.")
    assert desk.get(f"/media/{quote(token, safe='')}").status_code == 404


@pytest.mark.once
def test_guesses_open_nothing(desk: Client, photograph: MediaFile) -> None:
    tokens = [f"{uuid.uuid4().hex}.copy.1.:{n}:forged" for n in range(40)]
    tokens += ["x", ".", "a.b.c.d", ":" * 300, "%2e%2e%2f" * 20, "٣" * 30]
    assert {desk.get(f"/media/{quote(token)}").status_code for token in tokens} == {404}
    page = f"/emergencies/{photograph.emergency.number}/media/"
    assert {desk.get(f"{page}{uuid.uuid4()}/").status_code for _ in range(20)} == {404}


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=0-99999999999", 200, slice(None)),
        ("bytes=999999999-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=9-3", 416, None),
        ("bytes=0-1,3-4", 200, slice(None)),
        ("bytes=" + "0-1," * 5000, 200, slice(None)),
        ("lines=0-1", 200, slice(None)),
        ("bytes=٣-٤", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
    ],
)
def test_ranges_are_one_or_none(
    desk: Client, people: People, photograph: MediaFile, asked: str, status: int, span: slice | None
) -> None:
    whole = body(desk.get(link(people, photograph)))
    answer = desk.get(link(people, photograph), HTTP_RANGE=asked)
    assert answer.status_code == status
    if span is not None:
        assert body(answer) == whole[span]
        assert int(answer["Content-Length"]) == len(whole[span])
    if status == 206:
        assert re.fullmatch(rf"bytes \d+-\d+/{len(whole)}", answer["Content-Range"])


def test_a_supervisor_opens_the_original_with_a_reason(people: People, photograph: MediaFile) -> None:
    client = people.client(Role.SUPERVISOR)
    where = f"/emergencies/{photograph.emergency.number}/media/{photograph.key}/original/"
    for empty in ("", "   ", "a\0b", "x" * 201):
        assert client.post(where, {"reason": empty}).status_code == 422
    answer = client.post(where, {"reason": "Diminta polisi"})
    found = re.search(r'href="(/media/[^"]+)" download', answer.content.decode())
    assert found
    original = client.get(found[1])
    assert original["Content-Disposition"].startswith("attachment; ")
    assert original["Content-Type"] == "application/octet-stream"
    assert b"Siti Aminah" in body(original), "the original as it came"
    assert [(one.who, one.reason) for one in reads_of(f"media {photograph.key.hex}")] == [
        ("supervisor", "Diminta polisi")
    ]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VERIFIER, Role.AUDITOR])
def test_nobody_else_opens_an_original(people: People, photograph: MediaFile, role: Role) -> None:
    where = f"/emergencies/{photograph.emergency.number}/media/{photograph.key}/original/"
    client = people.client(role)
    assert client.post(where, {"reason": "Ingin tahu"}).status_code == 403
    assert client.get(link(people, photograph, store.ORIGINAL, role)).status_code in {403, 404}
    assert not reads_of(f"media {photograph.key.hex}")


def test_a_lost_key_is_told_and_is_no_error_page(
    desk: Client, people: People, photograph: MediaFile, settings: object
) -> None:
    settings.MEDIA_KEY = bytes(32)  # type: ignore[attr-defined]
    answer = desk.get(link(people, photograph))
    assert answer.status_code == 503
    assert "kuncinya" in answer.content.decode()
