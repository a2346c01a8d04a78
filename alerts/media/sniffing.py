"""What a file is by its first bytes: seven kinds, everything else is nothing. And whether its boxes end where it does.

Names, extensions and declared types are never asked.
"""

from pathlib import Path
from typing import BinaryIO

from alerts.media.models import Kind

HEAD = 4096
# ISO 14496-12 brands. QuickTime ("qt  ") and image sequences are not on the list.
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})
MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso8", b"mp41", b"mp42", b"avc1", b"M4V "}
)
EBML = b"\x1a\x45\xdf\xa3"


def kind_of(head: bytes) -> Kind | None:
    """The kind that these first bytes belong to; None when it is not one of ours."""
    if head[:3] == b"\xff\xd8\xff":
        return Kind.JPEG
    if head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR":
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP" and head[12:15] == b"VP8":
        return Kind.WEBP
    if head[:4] == EBML:
        return Kind.WEBM if b"\x42\x82\x84webm" in head[:64] else None
    return _of_boxes(head)


def _of_boxes(head: bytes) -> Kind | None:
    """HEIC, MP4 and 3GP begin with a box `ftyp` that names their brands."""
    length = int.from_bytes(head[:4])
    if head[4:8] != b"ftyp" or not 16 <= length <= 512 or length % 4 or length > len(head):
        return None
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, length, 4))}
    if major in HEIC_BRANDS or (major == b"mif1" and brands & HEIC_BRANDS):
        return Kind.HEIC
    if major[:3] in {b"3gp", b"3g2"}:
        return Kind.THREE_GP
    return Kind.MP4 if major in MP4_BRANDS else None


def sniff(path: Path) -> Kind | None:
    """The kind of a file; None also for one whose boxes say that its end is missing or is something else."""
    with path.open("rb") as file:
        return kind_of(file.read(HEAD))


def is_whole(path: Path, kind: Kind) -> bool:
    """Whether the outermost structure ends where the file ends; pictures say so when they are decoded."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if kind in {Kind.MP4, Kind.THREE_GP}:
            return _boxes_fit(file, size)
        if kind == Kind.WEBM:
            return _segment_fits(file, size)
    return True


def _boxes_fit(file: BinaryIO, size: int) -> bool:
    """The boxes follow one another up to the last byte, and the film's index is among them."""
    at, seen = 0, set()
    while at < size:
        file.seek(at)
        head = file.read(16)
        length, name = int.from_bytes(head[:4]), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16])
        elif length == 0 and name == b"mdat":
            length = size - at
        if length < 8 or at + length > size:
            return False
        seen.add(name)
        at += length
    return b"moov" in seen


def _segment_fits(file: BinaryIO, size: int) -> bool:
    """A Matroska segment of known length lies within the file; browsers write an unknown one."""
    file.seek(0)
    head = file.read(HEAD)
    at = head.find(b"\x18\x53\x80\x67")
    if at < 0:
        return False
    first = head[at + 4] if at + 4 < len(head) else 0
    width = 9 - first.bit_length()
    raw = head[at + 4 : at + 4 + width]
    value = int.from_bytes(raw) & ((1 << 7 * width) - 1)
    unknown = value == (1 << 7 * width) - 1
    return 1 <= width <= 8 and len(raw) == width and (unknown or at + 4 + width + value <= size)
