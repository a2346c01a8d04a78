"""Waits until the command centre is ready, then says where it is; used by bin/run, needs nothing installed."""

import os
import sys
import time
import urllib.error
import urllib.request


def state(address: str) -> tuple[bool, str]:
    """Whether everything is up, and else what /readyz (or the network) answers."""
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            return answer.status == 200, ""
    except urllib.error.HTTPError as error:
        return False, error.read(500).decode(errors="replace")
    except OSError as error:
        return False, str(error)


def alive(pid: int) -> bool:
    """Whether the supervisor still runs."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def main(address: str, pid: int) -> int:
    """0 once ready; 1 when the supervisor has ended. After 30 seconds it says what is missing, and goes on."""
    complain_at = time.monotonic() + 30
    while alive(pid):
        ready, why = state(address)
        if ready:
            print(f"\n  The command centre is ready:  {address}/    (Ctrl-C stops it)\n", flush=True)
            return 0
        if time.monotonic() > complain_at:
            print(f"still not ready: {why}", file=sys.stderr, flush=True)
            complain_at += 30
        time.sleep(0.1)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
