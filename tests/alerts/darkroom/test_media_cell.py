"""The cell itself: no network, little memory, little time, an empty environment, and nothing left running."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from alerts.darkroom import cell, confined, film
from alerts.media.models import Reason, Stage
from tests.alerts.darkroom import conftest as made
from tests.alerts.darkroom.conftest import Examine

pytestmark = pytest.mark.once
LIMITS = {"cpu_s": 5, "data_mb": 0, "space_mb": 256, "file_mb": 1, "network": "none"}


def run(folder: Path, script: str, patience: int = 30, **limits: Any) -> cell.Ended:
    """A Python script in the cell."""
    return cell.run([sys.executable, "-I", "-c", script], LIMITS | limits, folder, patience)


def test_there_is_no_network(tmp_path: Path) -> None:
    script = (
        "import socket\ntry:\n socket.create_connection(('127.0.0.1', 9), 2)\nexcept OSError as e:\n print(e.errno)"
    )
    ended = run(tmp_path, script)
    assert (ended.code, ended.said.strip()) == (0, "101"), ended  # network is unreachable, not: refused


def test_memory_has_an_end(tmp_path: Path) -> None:
    assert "MemoryError" in run(tmp_path, "x = bytearray(600 * 1024 * 1024)").said


def test_time_has_an_end(tmp_path: Path) -> None:
    assert run(tmp_path, "while True: pass", cpu_s=1).code < 0
    assert run(tmp_path, "import time; time.sleep(60)", patience=1).code < 0


def test_a_file_can_not_grow_without_end(tmp_path: Path) -> None:
    assert run(tmp_path, "open('big', 'wb').write(bytes(5_000_000))").code != 0
    assert (tmp_path / "big").stat().st_size <= 1024 * 1024


def test_the_environment_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DCC_SECRET_KEY", "rahasia")
    assert "rahasia" not in run(tmp_path, "import os; print(dict(os.environ))").said


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert cell.run(["/nowhere"], LIMITS, tmp_path, 10).code == confined.NOT_STARTED


def test_where_the_network_can_not_be_taken_away_the_film_stays_sealed_and_says_so(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same launcher on a machine whose kernel allows no namespaces."""
    text = Path(confined.__file__).read_text().replace("libc.unshare(NEW_USER | NEW_NET | NEW_IPC) != 0", "True")
    bare = tmp_path / "bare.py"
    bare.write_text(text.replace("libc.unshare(NEW_NET) != 0", "True"))
    monkeypatch.setattr(cell, "CONFINED", str(bare))
    media = examine(made.film(tmp_path, *made.H264))
    assert (media.stage, media.reason) == (Stage.SEALED, Reason.NO_SANDBOX)
    assert examine(made.picture()).stage == Stage.READY, "a photograph needs no network to be taken away"


def test_ffmpeg_is_told_its_demuxer_and_files_alone(tmp_path: Path) -> None:
    command = film._preview(tmp_path / "x", "mp4", tmp_path)
    before = command[: command.index("-i")]
    assert before[before.index("-f") + 1] == "mov"
    assert before[before.index("-protocol_whitelist") + 1] == "file"


def test_a_playlist_is_not_followed_even_where_it_is_called_a_film(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("RAHASIA")
    source = tmp_path / "source"
    source.write_text(f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n")
    ended, told = film.develop(source, "mp4", tmp_path)
    assert told == {"reason": "damaged"}
    assert "RAHASIA" not in ended.said
    assert not (tmp_path / "preview.mp4").exists()


def test_nothing_is_left_running(tmp_path: Path) -> None:
    run(tmp_path, "import time; time.sleep(60)", patience=1)
    with os.scandir("/proc") as found:
        names = [Path(entry.path, "cmdline") for entry in found if entry.name.isdigit()]
    running = [path.read_bytes() for path in names if path.exists()]
    assert not [line for line in running if str(tmp_path).encode() in line]
