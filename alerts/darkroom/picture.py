"""Develop one picture: `python -I picture.py SOURCE KIND FOLDER`, run by confined.py; knows Pillow and no Django.

Writes copy.jpg and thumb.jpg, decoded and encoded anew: nothing of the file but its first picture's pixels is in them.
result.json says what it is, the place it states, or the code of the reason why not.
"""

import json
import math
import sys
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

MOST_PIXELS, HEAVY_HEIC = 40_000_000, 24_000_000
COPY, THUMB = (2048, 2048), (320, 320)
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
ORIENTATION, GPS = 0x0112, 0x8825
# How EXIF's orientations are put upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def main(source: str, kind: str, folder: Path) -> None:
    """Develop it, or say why not."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        result = develop(source, kind, folder)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        result = {"reason": "too_many_pixels"}
    except MemoryError:
        result = {"reason": "too_heavy"}
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError):
        result = {"reason": "damaged"}
    (folder / "result.json").write_text(json.dumps(result))


def develop(source: str, kind: str, folder: Path) -> dict[str, Any]:
    """Decode as the kind its first bytes say, and as nothing else."""
    if kind == "heic":
        _know_heic()
    with Image.open(source, formats=[FORMATS[kind]]) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            return {"reason": "too_many_pixels"}
        exif = _exif(image)
        image.draft("RGB", COPY)  # a JPEG is decoded no larger than is needed
        _load(image, kind)
        small: Image.Image = image if image.mode in {"RGB", "RGBA", "L", "CMYK", "YCbCr"} else image.convert("RGBA")
        small.thumbnail(COPY, reducing_gap=2.0)
        clean = _on_white(small)
    turn = UPRIGHT.get(exif.get("orientation", 1))
    if turn is not None and kind != "heic":
        clean = clean.transpose(turn)
        width, height = (height, width) if exif["orientation"] > 4 else (width, height)
    clean.info = {}
    clean.save(folder / "copy.jpg", quality=84, optimize=True)
    clean.thumbnail(THUMB)
    clean.save(folder / "thumb.jpg", quality=78, optimize=True)
    return {"width": width, "height": height, "place": exif.get("place")}


def _load(image: Image.Image, kind: str) -> None:
    """Decode; libheif does not tell a large picture that it has no memory for from a broken one."""
    try:
        image.load()
    except ValueError as error:
        if kind == "heic" and image.width * image.height > HEAVY_HEIC:
            raise MemoryError from error
        raise


def _know_heic() -> None:
    import pi_heif

    pi_heif.options.DECODE_THREADS = 1
    pi_heif.register_heif_opener(thumbnails=False)


def _on_white(image: Image.Image) -> Image.Image:
    """Plain RGB; what is see-through becomes white."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _exif(image: Image.Image) -> dict[str, Any]:
    """Orientation and the place that the file states; a broken block of metadata states nothing."""
    try:
        known = image.getexif()
        orientation, gps = known.get(ORIENTATION, 1), known.get_ifd(GPS)
        found: dict[str, Any] = {"orientation": orientation if orientation in UPRIGHT else 1}
        place = [_degrees(gps, 1, 2, "S"), _degrees(gps, 3, 4, "W")]
    except Exception:  # noqa: BLE001 - whatever a hostile block makes the parser raise
        return {}
    if None not in place and abs(place[0] or 0) <= 90 and abs(place[1] or 0) <= 180 and place != [0, 0]:
        found["place"] = place
    return found


def _degrees(gps: dict[int, Any], letter: int, value: int, negative: str) -> float | None:
    if value not in gps:
        return None
    degrees, minutes, seconds = (float(part) for part in gps[value])
    found = degrees + minutes / 60 + seconds / 3600
    return (
        (-found if str(gps.get(letter, "")).upper().startswith(negative) else found) if math.isfinite(found) else None
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
