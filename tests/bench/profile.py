"""py-spy on servers under load: where the time goes, as a table of functions (bin/bench --profile)."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import TracebackType

from tests.bench.harness import Report
from tests.bench.servers import World, scratch

TOP = 25
RATE = 250
# py-spy takes a thread in a system call for busy.
WAITING = ("EpollSelector.select",)
PY_SPY = Path(sys.executable).with_name("py-spy")


class Profile:
    """`with Profile(report, world, "web"): work()`: does nothing unless --profile was asked for."""

    def __init__(self, report: Report, world: World, *names: str) -> None:
        self.report, self.world = report, world
        self.names = names if report.options.profile else ()
        self.recorders: dict[str, tuple[subprocess.Popen[bytes], Path]] = {}

    def __enter__(self) -> None:
        for name in self.names:
            pid = self.world.pid(name)
            file = scratch() / f"profile-{name}-{pid}.txt"
            self.recorders[name] = (_record(pid, file), file)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, (recorder, file) in self.recorders.items():
            recorder.send_signal(2)
            recorder.wait(60)
            self.report.profiles.append(f"{name}\n{table(file.read_text().splitlines())}")


def _record(pid: int, file: Path) -> "subprocess.Popen[bytes]":
    """Only what holds the GIL or burns CPU counts: py-spy leaves idle threads out."""
    what = f"record --pid {pid} --rate {RATE} --format raw --nonblocking --subprocesses --duration 600 --output {file}"
    quiet = subprocess.DEVNULL
    return subprocess.Popen([str(PY_SPY), *what.split()], stdout=quiet, stderr=quiet)


def table(stacks: list[str]) -> str:
    """Own and cumulated share of the samples by function, from lines `a;b;c count`."""
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        frames = [_function(frame) for frame in stack.split(";")]
        if frames[-1].startswith(WAITING):
            continue
        own[frames[-1]] += int(count)
        for frame in set(frames):
            within[frame] += int(count)
    whole = sum(own.values()) or 1
    shares = [(100 * own[name] / whole, 100 * within[name] / whole, name) for name, _ in own.most_common(TOP)]
    rows = [f"  {alone:5.1f} %  {inside:5.1f} %  {name}" for alone, inside, name in shares]
    return "\n".join([f"     own   within  function ({whole} samples at {RATE}/s)", *rows])


def _function(frame: str) -> str:
    """`push (commandcenter/live/consumer.py:96)` without its line; whole paths shortened to their last two parts."""
    name, _, where = frame.rpartition(" (")
    path = where.rstrip(")").rpartition(":")[0] or where.rstrip(")")
    return f"{name or frame} ({'/'.join(Path(path).parts[-2:])})"
