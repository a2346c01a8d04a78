"""Films: a short H.264 preview and a still, made by ffmpeg in the cell; see cell.py.

The demuxer is fixed by the kind, files are the only protocol, a few codecs are known, and nothing of the metadata goes
into the preview. What of it is read: length, size, and the place the film states.
"""

import re
from pathlib import Path
from typing import Any

from imageio_ffmpeg import get_ffmpeg_exe

from alerts.darkroom import cell
from alerts.darkroom.cell import Ended

DEMUXERS = {"mp4": "mov", "3gp": "mov", "webm": "matroska"}
CODECS = (
    *("h264", "hevc", "mpeg4", "h263", "vp8", "vp9", "libvpx", "libvpx-vp9", "av1", "libdav1d", "libaom-av1"),
    *("aac", "amrnb", "amrwb", "opus", "libopus", "vorbis", "mp3float", "mp3", "pcm_s16le"),
)
LONGEST_S, PREVIEW_S, MOST_PIXELS = 600, 120, 40_000_000
LENGTH = re.compile(r"Duration: (\d+):(\d\d):(\d\d)")
PICTURE_SIZE = re.compile(r"Stream #0.*Video:.*?[ ,](\d{2,5})x(\d{2,5})[ ,\[]")
PLACE = re.compile(r"location(?:-eng)?\s*:\s*([+-]\d{1,2}\.\d+)([+-]\d{1,3}\.\d+)")
QUIET = ["-hide_banner", "-nostdin", "-nostats"]


def develop(source: Path, kind: str, folder: Path) -> tuple[Ended, dict[str, Any]]:
    """preview.mp4 and thumb.jpg in the folder, and what the film is; or the code of the reason why not."""
    first = cell.run(_preview(source, kind, folder), cell.FILM_LIMITS, folder, cell.PATIENCE_S["film"])
    told = _told(first.said)
    if first.unlocked:
        return first, {"reason": "no_sandbox"}
    if (told.get("duration_s") or 0) > LONGEST_S:
        return first, {"reason": "too_long"}
    if first.code != 0 or not (folder / "preview.mp4").exists():
        killed = first.code < 0 or "Cannot allocate memory" in first.said
        return first, {"reason": "too_heavy" if killed else "damaged"}
    second = cell.run(_still(folder), cell.FILM_LIMITS, folder, cell.PATIENCE_S["still"])
    if second.code != 0:
        return second, {"reason": "damaged"}
    return Ended(0, max(first.peak_kb, second.peak_kb), first.said), told


def _preview(source: Path, kind: str, folder: Path) -> list[str]:
    return [
        get_ffmpeg_exe(),
        *QUIET,
        *("-protocol_whitelist", "file", "-codec_whitelist", ",".join(CODECS)),
        *("-threads", "1", "-max_pixels", str(MOST_PIXELS), "-f", DEMUXERS[kind], "-i", f"file:{source}"),
        *("-map", "0:v:0", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1", "-t", str(PREVIEW_S)),
        *("-vf", "scale=w='min(854,iw)':h='min(854,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2"),
        *("-pix_fmt", "yuv420p", "-r", "24", "-c:v", "libx264", "-preset", "veryfast", "-crf", "28", "-threads", "1"),
        *("-filter_threads", "1", "-c:a", "aac", "-b:a", "64k", "-ac", "1", "-fflags", "+bitexact"),
        *("-movflags", "+faststart", "-f", "mp4", "-y", f"file:{folder / 'preview.mp4'}"),
    ]


def _still(folder: Path) -> list[str]:
    return [
        get_ffmpeg_exe(),
        *QUIET,
        *("-protocol_whitelist", "file", "-threads", "1", "-f", "mov", "-i", f"file:{folder / 'preview.mp4'}"),
        *("-map_metadata", "-1", "-vf", "scale=w=320:h=320:force_original_aspect_ratio=decrease"),
        *("-frames:v", "1", "-q:v", "5", "-f", "image2", "-update", "1", "-y", f"file:{folder / 'thumb.jpg'}"),
    ]


def _told(said: str) -> dict[str, Any]:
    """What ffmpeg says of the input, which comes first."""
    about = said.partition("Output #0")[0]
    found: dict[str, Any] = {}
    if length := LENGTH.search(about):
        hours, minutes, seconds = map(int, length.groups())
        found["duration_s"] = hours * 3600 + minutes * 60 + seconds
    if size := PICTURE_SIZE.search(about):
        found["width"], found["height"] = map(int, size.groups())
    if place := PLACE.search(about):
        found["place"] = [float(place[1]), float(place[2])]
    return found
