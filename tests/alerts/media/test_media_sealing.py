"""Sealed files: what was sealed opens as it was, in any part; whatever is changed does not open."""

import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from alerts.media import sealing
from alerts.media.models import Kind
from alerts.media.sealing import CHUNK, HEADER, TAG, Sealed, SealError, new_key, seal, unwrap, wrap
from alerts.media.sniffing import kind_of
from commandcenter import env

pytestmark = pytest.mark.once


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_any_part_opens_as_it_was(tmp_path: Path, size: int) -> None:
    plain, key = os.urandom(size), new_key()
    (tmp_path / "plain").write_bytes(plain)
    seal(tmp_path / "plain", tmp_path / "sealed", key, "x")
    found = Sealed(tmp_path / "sealed", key, "x")
    assert (found.size, b"".join(found.read())) == (size, plain)
    for start, end in ((0, 1), (size // 2, size), (CHUNK - 1, CHUNK + 1)):
        end_ = min(end, size)
        if start < end_:
            assert b"".join(found.read(start, end_)) == plain[start:end_]
    assert plain[:32] not in (tmp_path / "sealed").read_bytes() or size < 32
    assert (tmp_path / "sealed").stat().st_mode & 0o777 == 0o400


def test_what_was_changed_cut_or_moved_does_not_open(tmp_path: Path) -> None:
    key = new_key()
    (tmp_path / "plain").write_bytes(os.urandom(3 * CHUNK))
    seal(tmp_path / "plain", tmp_path / "sealed", key, "x")
    whole = (tmp_path / "sealed").read_bytes()
    step = CHUNK + TAG
    first, second = whole[HEADER : HEADER + step], whole[HEADER + step : HEADER + 2 * step]
    flipped = bytearray(whole)
    flipped[HEADER + 5] ^= 1
    wrong = {
        "flipped": bytes(flipped),
        "cut": whole[: HEADER + 2 * step],
        "swapped": whole[:HEADER] + second + first + whole[HEADER + 2 * step :],
        "other magic": b"x" + whole[1:],
    }
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SealError):
            b"".join(Sealed(tmp_path / name, key, "x").read())
    for other_key, bound in ((new_key(), "x"), (key, "y")):
        with pytest.raises(SealError):
            b"".join(Sealed(tmp_path / "sealed", other_key, bound).read())


def test_a_data_key_opens_only_for_its_file_and_installation(settings: Any) -> None:
    key, name = new_key(), uuid.uuid4()
    wrapped = wrap(key, name)
    assert unwrap(wrapped, name) == key
    with pytest.raises(SealError):
        unwrap(wrapped, uuid.uuid4())
    with pytest.raises(SealError):
        unwrap("x.!!", name)
    settings.MEDIA_KEY = bytes(32)
    with pytest.raises(SealError, match="not the one"):
        unwrap(wrapped, name)


def test_the_key_of_the_installation_is_made_once_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DCC_MEDIA_KEY", raising=False)
    made = env.media_key("DCC_MEDIA_KEY", tmp_path)
    assert len(made) == 32
    assert env.media_key("DCC_MEDIA_KEY", tmp_path) == made
    assert (tmp_path / "media_key").stat().st_mode & 0o777 == 0o400
    for bad in ("x", "AAAA", "ü" * 44):
        monkeypatch.setenv("DCC_MEDIA_KEY", bad)
        with pytest.raises(ImproperlyConfigured, match="32 bytes"):
            env.media_key("DCC_MEDIA_KEY", tmp_path)


def test_two_sealings_are_never_alike(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"a" * 100)
    key = new_key()
    for name in ("one", "two"):
        seal(tmp_path / "plain", tmp_path / name, key, "x")
    assert (tmp_path / "one").read_bytes() != (tmp_path / "two").read_bytes()
    assert not list(tmp_path.glob(".*")), sealing.MAGIC


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe1", Kind.JPEG),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Kind.PNG),
        (b"RIFF\x10\0\0\0WEBPVP8 ", Kind.WEBP),
        (b"RIFF\x10\0\0\0AVI LIST", None),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Kind.HEIC),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Kind.HEIC),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", None),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", Kind.MP4),
        (b"\0\0\0\x18ftyp3gp4\0\0\0\0isom3gp4", Kind.THREE_GP),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", None),
        (b"\xff\xff\xff\xffftypisom", None),
        (b"GIF89a", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_the_kind_is_in_the_first_bytes_alone(head: bytes, kind: Kind | None) -> None:
    assert kind_of(head) == kind
