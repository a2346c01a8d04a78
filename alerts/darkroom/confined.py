"""Run one program locked up: `python -I confined.py LIMITS PROGRAM ARGUMENT...`; needs the standard library alone.

LIMITS is JSON: cpu_s, data_mb and space_mb (0: none) of memory, file_mb for each file written, report (a path), and
network: "none" refuses to run the program where the network can't be taken away, "wanted" runs it all the same. The
report says how the program ended and the most memory it had. Dies with its parent.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path

NEW_USER, NEW_NET, NEW_IPC = 0x10000000, 0x40000000, 0x08000000
SET_DEATH_SIGNAL, SET_NO_NEW_PRIVILEGES = 1, 38
MEGABYTE = 1024 * 1024
NO_SANDBOX, NOT_STARTED = 77, 78


def main(limits: dict[str, object], command: list[str]) -> int:
    """Fork, lock up, run, wait, report."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    child = os.fork()
    if child == 0:
        try:
            libc.prctl(SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
            libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
            if not _without_network(libc) and limits["network"] == "none":
                os._exit(NO_SANDBOX)
            _limit(limits)
            os.execv(command[0], command)  # noqa: S606 - the parent's own words, no shell
        except BaseException:  # noqa: BLE001 - whatever went wrong, nothing else may run here
            os._exit(NOT_STARTED)
    _pid, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    Path(str(limits["report"])).write_text(json.dumps({"code": code, "peak_kb": usage.ru_maxrss}))
    return 0


def _without_network(libc: ctypes.CDLL) -> bool:
    """An own network namespace, which holds nothing but a loopback that is down."""
    if libc.unshare(NEW_USER | NEW_NET | NEW_IPC) != 0 and libc.unshare(NEW_NET) != 0:
        return False
    with open("/proc/self/net/dev") as devices:  # noqa: PTH123 - /proc
        names = [line.split(":")[0].strip() for line in devices if ":" in line]
    return set(names) <= {"lo", "sit0", "tunl0", "ip6tnl0"}


def _limit(limits: dict[str, object]) -> None:
    wanted = {
        resource.RLIMIT_CPU: limits["cpu_s"],
        resource.RLIMIT_DATA: int(str(limits["data_mb"])) * MEGABYTE,
        resource.RLIMIT_AS: int(str(limits["space_mb"])) * MEGABYTE,
        resource.RLIMIT_FSIZE: int(str(limits["file_mb"])) * MEGABYTE,
        resource.RLIMIT_NOFILE: 64,
    }
    for name, value in wanted.items():
        if value:
            resource.setrlimit(name, (int(str(value)), int(str(value))))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
