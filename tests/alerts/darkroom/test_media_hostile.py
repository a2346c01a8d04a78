"""X7: every hostile file is refused or neutralised; nothing is lost, nothing is executed, the memory has an end."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from alerts.darkroom import cell, film, picture
from alerts.media import store
from alerts.media.models import Kind, MediaFile, Reason, Stage
from tests.alerts.darkroom import conftest as made
from tests.alerts.darkroom.conftest import Examine, part_of

MEMORY_KB = 512 * 1024
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PLAYLIST = b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
FTYP = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp42")


def gif() -> bytes:
    """A picture that is a script: GIF89a/*...*/=alert(1)."""
    out = io.BytesIO()
    Image.new("P", (8, 8)).save(out, "GIF", comment=b"*/=alert(1);/*" + SCRIPT)
    return out.getvalue()


def zip_bomb() -> bytes:
    """20 MB of zeros in 20 kB, and a picture's name on it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("foto.jpg", bytes(20_000_000))
    return out.getvalue()


def heic(size: tuple[int, int] = (320, 240), **saved: object) -> bytes:
    """As iPhones make them."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "HEIF", quality=60, **saved)
    return out.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "PNG of 13,300²": (lambda: made.png(13_300, 13_300), Reason.TOO_MANY_PIXELS),
    "PNG of 20,000²": (lambda: made.png(20_000, 20_000), Reason.TOO_MANY_PIXELS),
    "cut off JPEG": (lambda: made.picture(size=(2000, 2000))[:-3000], Reason.DAMAGED),
    "cut off PNG": (lambda: made.picture("PNG", (900, 900))[:-200], Reason.DAMAGED),
    "cut off WEBP": (lambda: made.picture("WEBP", (900, 900))[:-200], Reason.DAMAGED),
    "JPEG of noise": (lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40, Reason.DAMAGED),
    "GIF with a script": (gif, Reason.UNKNOWN_TYPE),
    "SVG": (lambda: SVG, Reason.UNKNOWN_TYPE),
    "HTML": (lambda: b"<!doctype html>" + SCRIPT, Reason.UNKNOWN_TYPE),
    "script before a picture": (lambda: SCRIPT + made.picture(), Reason.UNKNOWN_TYPE),
    "zip bomb": (zip_bomb, Reason.UNKNOWN_TYPE),
    "playlist": (lambda: PLAYLIST, Reason.UNKNOWN_TYPE),
    "MP4 with a playlist in it": (lambda: FTYP + PLAYLIST, Reason.DAMAGED),
    "MP4 whose film is a playlist": (
        lambda: FTYP + struct.pack(">I4s", 8 + len(PLAYLIST), b"mdat") + PLAYLIST + struct.pack(">I4s", 8, b"moov"),
        Reason.DAMAGED,
    ),
    "WEBM of a playlist": (lambda: b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm" + PLAYLIST, Reason.DAMAGED),
    "Matroska": (lambda: b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska" + bytes(100), Reason.UNKNOWN_TYPE),
    "QuickTime": (lambda: struct.pack(">I4s4sI4s", 20, b"ftyp", b"qt  ", 0, b"qt  ") + bytes(50), Reason.UNKNOWN_TYPE),
    "HEIC of noise": (
        lambda: struct.pack(">I4s4sI4s", 20, b"ftyp", b"heic", 0, b"mif1") + bytes(range(256)) * 4,
        Reason.DAMAGED,
    ),
    "a program": (lambda: b"\x7fELF" + bytes(100), Reason.UNKNOWN_TYPE),
    "one byte": (lambda: b"\0", Reason.UNKNOWN_TYPE),
}


@pytest.mark.once
@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_in_words_and_kept_sealed(examine: Examine, name: str) -> None:
    build, reason = REFUSED[name]
    content = build()
    media = examine(content)
    assert (media.stage, media.reason) == (Stage.REFUSED, reason)
    assert media.get_reason_display()
    assert part_of(media, store.ORIGINAL) == content, "nothing is lost"
    for part in (store.COPY, store.THUMB, store.PREVIEW):
        assert not store.sealed(media.key, part).exists()
    assert not store.arriving(media.key).exists(), "the plain file is gone"


def icc_bomb() -> bytes:
    """A profile of 60 MB in 60 kB."""
    profile = chunk_of_profile(made.zeros(60_000_000))
    return made.png(64, 64, profile)


def chunk_of_profile(packed: bytes) -> bytes:
    """The chunk that holds a colour profile."""
    return made.chunk(b"iCCP", b"p\0\0" + packed)


def many_frames() -> bytes:
    """Ten thousand pictures in one PNG."""
    pixels = zlib.compress(bytes(4 * 13))
    frames = [made.chunk(b"acTL", struct.pack(">II", 10_000, 0))]
    for n in range(10_000):
        frames.append(made.chunk(b"fcTL", struct.pack(">IIIIIHHBB", max(0, 2 * n - 1), 4, 4, 0, 0, 1, 100, 0, 0)))
        if n:
            frames.append(made.chunk(b"fdAT", struct.pack(">I", 2 * n) + pixels))
    # The first picture stands before the others, as the format wants it.
    head, first = made.png(4, 4).split(made.chunk(b"IDAT", made.zeros(4 * 13)))
    return head + b"".join(frames[:2]) + made.chunk(b"IDAT", pixels) + b"".join(frames[2:]) + first


NEUTRALISED: dict[str, Callable[[], bytes]] = {
    "CMYK": lambda: made.picture(mode="CMYK"),
    "ten thousand frames": many_frames,
    "colour profile of 60 MB": icc_bomb,
    "JPEG with a script and a zip behind it": lambda: made.picture(comment=SCRIPT) + SCRIPT + zip_bomb()[:5000],
    "PNG with a script in its text": lambda: made.png(64, 64, made.chunk(b"tEXt", b"Comment\0" + SCRIPT)),
    "grey of 16 bits": lambda: made.picture("PNG", mode="I;16"),
}


@pytest.mark.once
@pytest.mark.parametrize("name", NEUTRALISED)
def test_what_is_odd_becomes_a_plain_copy_or_is_refused(examine: Examine, name: str) -> None:
    content = NEUTRALISED[name]()
    media = examine(content)
    assert part_of(media, store.ORIGINAL) == content
    if name == "colour profile of 60 MB" and media.stage == Stage.REFUSED:
        assert media.reason in {Reason.DAMAGED, Reason.TOO_HEAVY}
        return
    assert media.stage == Stage.READY, media.reason
    copy = part_of(media, store.COPY)
    assert SCRIPT not in copy
    assert b"PK\x03\x04" not in copy
    with Image.open(io.BytesIO(copy)) as image:
        assert (image.format, image.mode, getattr(image, "n_frames", 1)) == ("JPEG", "RGB", 1)
        assert not image.getexif()
        assert {"icc_profile", "comment", "exif"}.isdisjoint(image.info)


GOOD: dict[str, tuple[Callable[[], bytes], Kind]] = {
    "JPEG": (made.picture, Kind.JPEG),
    "PNG": (lambda: made.picture("PNG"), Kind.PNG),
    "WEBP": (lambda: made.picture("WEBP"), Kind.WEBP),
    "HEIC": (heic, Kind.HEIC),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_photograph_has_a_copy_and_a_thumbnail(examine: Examine, name: str) -> None:
    build, kind = GOOD[name]
    content = build()
    media = examine(content)
    assert (media.stage, media.kind, media.reason) == (Stage.READY, kind, "")
    assert (media.width, media.height) == ((320, 240) if name == "HEIC" else (640, 480))
    for part, longest in ((store.COPY, 2048), (store.THUMB, 320)):
        with Image.open(io.BytesIO(part_of(media, part))) as image:
            assert (image.format, max(image.size) <= longest) == ("JPEG", True)


FILMS = {
    "MP4": ("film.mp4", made.H264, Kind.MP4),
    "WEBM": ("film.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"), Kind.WEBM),
    "3GP": ("film.3gp", ("-c:v", "mpeg4", "-s", "176x144", "-c:a", "aac", "-f", "3gp"), Kind.THREE_GP),
}


@pytest.mark.once
@pytest.mark.parametrize("name", FILMS)
def test_a_good_film_has_a_preview_without_a_place(examine: Examine, tmp_path: Path, name: str) -> None:
    file, arguments, kind = FILMS[name]
    place = ("-metadata", "location=+22.4780+114.1688/", "-metadata", "title=RAHASIA")
    media = examine(made.film(tmp_path, *arguments, *place, name=file))
    assert (media.stage, media.kind, media.reason) == (Stage.READY, kind, "")
    assert media.duration_s == 2
    preview = part_of(media, store.PREVIEW)
    assert preview[4:8] == b"ftyp"
    assert [word for word in (b"avc1", b"RAHASIA", b"22.4780", b"location") if word in preview] == [b"avc1"]
    assert part_of(media, store.THUMB)[:3] == b"\xff\xd8\xff"
    if name == "MP4":
        assert 3000 < (media.distance_m or 0) < 3200


@pytest.mark.once
def test_a_cut_off_film_is_refused_and_kept(examine: Examine, tmp_path: Path) -> None:
    whole = made.film(tmp_path, *made.H264, "-movflags", "+faststart")
    for content in (whole[: len(whole) // 2], whole[:-100]):
        media = examine(content)
        assert (media.stage, media.reason) == (Stage.REFUSED, Reason.DAMAGED)
        assert part_of(media, store.ORIGINAL) == content


@pytest.mark.once
def test_a_film_of_eleven_minutes_is_refused(examine: Examine, tmp_path: Path) -> None:
    media = examine(made.film(tmp_path, *made.H264, "-an", seconds=660, scene="64x48:r=1"))
    assert (media.stage, media.reason, media.duration_s) == (Stage.REFUSED, Reason.TOO_LONG, None)


@pytest.mark.once
def test_the_worker_never_has_more_than_512_megabytes(tmp_path: Path) -> None:
    """The largest that is allowed, and what is not: measured, not assumed."""
    peaks = {}
    files = {
        "PNG of 40 million pixels": (made.png(6324, 6324), "png"),
        "JPEG of 40 million pixels": (made.picture(size=(6324, 6324)), "jpeg"),
        "WEBP of 40 million pixels": (made.picture("WEBP", (6324, 6324), method=0), "webp"),
        "PNG of 20,000²": (made.png(20_000, 20_000), "png"),
        "colour profile of 60 MB": (icc_bomb(), "png"),
    }
    for name, (content, kind) in files.items():
        source = tmp_path / "source"
        source.write_bytes(content)
        ended, _told = cell.picture(source, kind, tmp_path)
        peaks[name] = ended.peak_kb
    source.write_bytes(made.film(tmp_path, *made.H264, seconds=2, scene="1920x1080:r=15"))
    ended, told = film.develop(source, "mp4", tmp_path)
    assert (ended.code, told.get("reason")) == (0, None)
    peaks["film of 1920×1080"] = ended.peak_kb
    print({name: f"{peak // 1024} MB" for name, peak in peaks.items()})
    assert all(0 < peak <= MEMORY_KB for peak in peaks.values()), peaks


@pytest.mark.once
def test_without_the_limit_of_pixels_a_bomb_would_be_decoded(tmp_path: Path) -> None:
    """The mutant: a smaller bomb, developed by the same program with its limit removed."""
    source = tmp_path / "source"
    source.write_bytes(made.png(7000, 7000))
    guarded = cell.picture(source, "png", tmp_path)[1]
    assert guarded == {"reason": "too_many_pixels"}
    mutant = tmp_path / "mutant.py"
    text = Path(picture.__file__).read_text()
    assert "40_000_000" in text
    mutant.write_text(text.replace("40_000_000", "4_000_000_000"))
    told = cell.run(
        [cell.sys.executable, "-I", str(mutant), str(source), "png", str(tmp_path)], cell.PICTURE_LIMITS, tmp_path, 60
    )
    assert told.peak_kb > 150_000
    assert "too_many" not in (tmp_path / "result.json").read_text()


@pytest.mark.once
def test_a_broken_store_is_told_and_loses_nothing_else(examine: Examine) -> None:
    from alerts.darkroom.working import develop_due
    from alerts.media import actions
    from commandcenter.clock import now

    media = examine(made.picture())
    MediaFile.objects.filter(pk=media.pk).update(stage=Stage.WAITING, due_at=now())
    assert develop_due() == 1
    media.refresh_from_db()
    assert (media.stage, media.reason) == (Stage.REFUSED, Reason.LOST)
    assert actions.take_next(at=now()) is None
