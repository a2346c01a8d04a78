"""Copies carry no place and no name; officers are told how far the stated place is from the GPS position."""

import io
from pathlib import Path

import pytest
from PIL import Image

from alerts.darkroom import cell, picture
from alerts.media import store
from alerts.media.models import Stage
from tests.alerts.darkroom import conftest as made
from tests.alerts.darkroom.conftest import Examine, part_of

PRIVATE = (b"Siti", b"RAHASIA", b"Exif", b"GPS")


def tags(content: bytes) -> dict[int, object]:
    """Everything EXIF says, the place included."""
    with Image.open(io.BytesIO(content)) as image:
        known = image.getexif()
        return {**known, **known.get_ifd(0x8825)}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_copies_have_no_place_and_no_metadata(examine: Examine, kind: str) -> None:
    content = made.with_place(kind)
    assert tags(content)[2], "the original states a place"
    media = examine(content)
    assert media.stage == Stage.READY
    for part in (store.COPY, store.THUMB):
        copy = part_of(media, part)
        assert not tags(copy)
        assert not [word for word in PRIVATE if word in copy]


def test_the_distance_to_the_gps_position_is_kept_and_the_place_is_not(examine: Examine) -> None:
    media = examine(made.with_place())
    assert 3050 < (media.distance_m or 0) < 3180
    assert {field.name for field in media._meta.fields}.isdisjoint({"latitude", "longitude", "place"})


def test_an_upright_copy_is_made_of_a_turned_photograph(examine: Examine) -> None:
    media = examine(made.with_place(orientation=6))
    assert (media.width, media.height) == (480, 640)
    with Image.open(io.BytesIO(part_of(media, store.COPY))) as image:
        assert image.size == (480, 640)


@pytest.mark.parametrize("lat", [0.0, 91.0])
def test_a_place_that_is_none_states_no_distance(examine: Examine, lat: float) -> None:
    assert examine(made.with_place(lat=lat, lon=0.0)).distance_m is None


@pytest.mark.once
def test_a_copy_that_kept_the_metadata_would_be_noticed(tmp_path: Path) -> None:
    """The mutant: the copy is saved with what the file said."""
    source, mutant = tmp_path / "source", tmp_path / "mutant.py"
    source.write_bytes(made.with_place(orientation=1))
    text = Path(picture.__file__).read_text()
    kept = text.replace('"copy.jpg", quality=84', '"copy.jpg", exif=image.getexif(), quality=84')
    assert kept != text
    mutant.write_text(kept)
    command = [cell.sys.executable, "-I", str(mutant), str(source), "jpeg", str(tmp_path)]
    assert cell.run(command, cell.PICTURE_LIMITS, tmp_path, 60).code == 0
    assert tags((tmp_path / "copy.jpg").read_bytes())
