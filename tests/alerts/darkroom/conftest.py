"""Files as telephones and attackers make them, made by the tests themselves."""

import io
import struct
import subprocess
import uuid
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from alerts.darkroom.working import develop_due
from alerts.intake.actions import Fix, Report, receive
from alerts.media import actions, store
from alerts.media.models import MediaFile
from commandcenter.clock import now
from tests.conftest import AT

TAI_PO = (22.45, 114.1688)


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **saved: object) -> bytes:
    """A photograph with something on it."""
    out = io.BytesIO()
    mode = str(saved.pop("mode", "RGB"))
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **saved)
    return out.getvalue()


def with_place(kind: str = "JPEG", lat: float = 22.478, lon: float = 114.1688, orientation: int = 6) -> bytes:
    """A photograph that says where it was taken, by whom and with what."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B], exif[0x010F] = orientation, "Siti Aminah", "Telefon"

    def parts(value: float) -> tuple[float, float, float]:
        return int(value), int(value * 60 % 60), round(value * 3600 % 60, 4)

    exif.get_ifd(0x8825).update({1: "N", 2: parts(lat), 3: "E", 4: parts(lon)})
    return picture(kind, exif=exif, **({"comment": b"RAHASIA"} if kind == "JPEG" else {}))


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def zeros(n: int) -> bytes:
    """What zlib makes of so many zero bytes, without packing them all: full flushes let one block be repeated."""
    block = 1_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = zlib.compressobj(9, zlib.DEFLATED, -15)
    tail = rest.compress(bytes(n % block)) + rest.flush()
    return b"\x78\xda" + packed * (n // block) + tail + struct.pack(">I", (n % 65521) << 16 | 1)


def png(width: int, height: int, *more: bytes) -> bytes:
    """A whole PNG of zeros, of any size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zeros(height * (1 + width * 3)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def film(folder: Path, *arguments: str, name: str = "film.mp4", seconds: int = 2, scene: str = "320x240:r=15") -> bytes:
    """A film as telephones make them."""
    path = folder / name
    sources = ["-f", "lavfi", "-i", f"testsrc2=s={scene}:d={seconds}", "-f", "lavfi", "-i", f"sine=d={seconds}"]
    command = [get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", *sources, *arguments, "-y", str(path)]
    subprocess.run(command, check=True, timeout=120)
    return path.read_bytes()


H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")

Examine = Callable[[bytes], MediaFile]


@pytest.fixture
def examine(db: None) -> Examine:
    """Send a file for an emergency in Tai Po and let the darkroom look at it."""

    def examined(content: bytes) -> MediaFile:
        report = Report(client_id=uuid.uuid4(), pressed_at=AT, kind="panic", location=Fix(*TAI_PO, AT, "gps", 10.0))
        told = receive(report=report, at=AT, exercise="")
        given = {"number": told.number, "exercise": "", "client_id": uuid.uuid4(), "size": len(content)}
        media, _made = actions.begin(at=now(), **given)
        with store.held(media.key) as handle:
            store.append(handle, 0, content)
            actions.receive_whole(media=media, at=now(), was=0, sha256=store.digest_of(handle))
        assert develop_due() == 1
        media.refresh_from_db()
        return media

    return examined


def part_of(media: MediaFile, part: str) -> bytes:
    """The plain bytes of a sealed part."""
    return b"".join(store.open_part(media.key, part, media.wrapped_key).read())
