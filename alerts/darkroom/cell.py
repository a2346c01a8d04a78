"""The cell: one program with little memory, little time, no network and an empty environment; see confined.py."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alerts.darkroom import confined

CONFINED, PICTURE = (str(Path(__file__).with_name(name)) for name in ("confined.py", "picture.py"))
# In MB. Address space bounds a picture's process whole; the video program maps a large binary, so its data is bounded.
PICTURE_LIMITS = {"cpu_s": 10, "data_mb": 0, "space_mb": 512, "file_mb": 32, "network": "wanted"}
FILM_LIMITS = {"cpu_s": 60, "data_mb": 330, "space_mb": 0, "file_mb": 64, "network": "none"}
# Wall clock: a busy machine may take longer than the seconds of work that are allowed.
PATIENCE_S = {"picture": 60, "film": 200, "still": 60}
OUTPUT = 200_000


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (negative: a signal), the most memory it had, what it said."""

    code: int
    peak_kb: int
    said: str = ""

    @property
    def unlocked(self) -> bool:
        """The network could not be taken away, so it was not run."""
        return self.code == confined.NO_SANDBOX


def run(command: list[str], limits: dict[str, Any], folder: Path, patience: int) -> Ended:
    """Run a program in the cell; one that does not end is killed."""
    report, said = folder / "report.json", folder / "said.txt"
    report.unlink(missing_ok=True)
    wanted = json.dumps({**limits, "report": str(report)})
    with said.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            [sys.executable, "-I", CONFINED, wanted, *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=folder,
            env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            start_new_session=True,
        )
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    with said.open("rb") as file:
        words = file.read(OUTPUT).decode(errors="replace")
    if not report.exists():
        return Ended(-signal.SIGKILL, 0, words)
    told = json.loads(report.read_text())
    return Ended(told["code"], told["peak_kb"], words)


def picture(source: Path, kind: str, folder: Path) -> tuple[Ended, dict[str, Any]]:
    """Develop a picture; answers with what picture.py wrote."""
    command = [sys.executable, "-I", PICTURE, str(source), kind, str(folder)]
    ended = run(command, PICTURE_LIMITS, folder, PATIENCE_S["picture"])
    written = folder / "result.json"
    if ended.code == 0 and written.exists():
        return ended, json.loads(written.read_text())
    return ended, {"reason": "too_heavy"}
