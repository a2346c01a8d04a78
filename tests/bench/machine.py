"""The machine as a benchmark sees it: cores, CPU time and memory of processes, load, versions. Linux only."""

import os
import platform
import resource
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("django", "channels", "daphne", "twisted", "websockets", "uvloop", "uvicorn", "psycopg", "redis")

# The kernel's number for the scheduler's clock of another process (clock_getcpuclockid).
CPUCLOCK_SCHED = 2


def cores() -> tuple[int, int]:
    """The core for the server and the core for the load; the same one twice on a machine with one."""
    mine = sorted(os.sched_getaffinity(0))
    return mine[0], mine[-1]


# Read once: pinning this process leaves it one core.
SERVER_CORE, LOAD_CORE = cores()


def pin(core: int, pid: int = 0) -> None:
    """Keep a process, with every thread it has by now, on one core."""
    for thread in Path(f"/proc/{pid or os.getpid()}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})


def cpu_us(*pids: int) -> float:
    """CPU time of these processes, without any of this one, so far in microseconds, threads that ended included."""
    return sum(time.clock_gettime_ns(~pid << 3 | CPUCLOCK_SCHED) for pid in pids or (os.getpid(),)) / 1000


def memory_mb(*pids: int) -> float:
    """Resident memory of these processes in megabytes."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * resource.getpagesize() / 1e6


def children_of(pid: int) -> list[int]:
    """The direct children of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def describe() -> list[str]:
    """Machine, load and versions: the lines below every table."""
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    machine = f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, load {load}"
    return [
        f"{machine}; server on core {SERVER_CORE}, load on core {LOAD_CORE}",
        f"Python {platform.python_version()}, {packages}{_nginx()}",
    ]


def _nginx() -> str:
    try:
        said = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr
    except FileNotFoundError:
        return ""
    return f", {said.strip().rpartition(' ')[2]}"
