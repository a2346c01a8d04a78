"""Posts at a steady rate from a process of its own: what else the load has to do is no part of their times.

`python -m tests.bench.steady PORT RATE` answers each line with the p99 in milliseconds since the line before.
"""

import select
import subprocess
import sys

from tests.bench.posts import Posts, Traffic
from tests.bench.servers import ROOT

CLIENTS = 16


class Steady:
    """The process, from this side."""

    def __init__(self, port: int, rate: int) -> None:
        command = [sys.executable, "-m", "tests.bench.steady", str(port), str(rate)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, bufsize=1)
        self.p99_ms()

    def p99_ms(self) -> float:
        """Of every post since this was last asked."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        return float(self.process.stdout.readline())

    def stop(self) -> None:
        """End it."""
        self.process.communicate()


def main(port: int, rate: int) -> None:
    """Post until the input ends."""
    posts = Posts(port, CLIENTS)
    traffic = Traffic(posts, rate)
    while True:
        traffic.go_on()
        if not select.select([sys.stdin], [], [], 0.002)[0]:
            continue
        if not sys.stdin.readline():
            break
        print(traffic.p99_ms(), flush=True)
        traffic = Traffic(posts, rate)
    posts.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
