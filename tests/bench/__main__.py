"""`python -m tests.bench NAME`, as bin/bench calls it."""

import argparse
import importlib
import json
import os
import signal
import sys
from pathlib import Path

from tests.bench.harness import PAIRS_FOR_THE_RECORD, QUICK_PAIRS, Options, Report
from tests.bench.machine import LOAD_CORE, describe, pin
from tests.bench.table import rendered

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The benchmarks there are: modules of this folder with a run()."""
    entry = "\ndef run(options: Options) -> Report:"
    return sorted(path.stem for path in FOLDER.glob("*.py") if entry in path.read_text())


def main(arguments: list[str]) -> int:
    """Run one benchmark; 0 when every target was met."""
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("name", choices=names())
    parser.add_argument("--pairs", type=int, default=0, help=f"rounds of ours and baseline ({PAIRS_FOR_THE_RECORD})")
    parser.add_argument("--quick", action="store_true", help="fewer pairs, less work; not for the record")
    parser.add_argument("--profile", action="store_true", help="py-spy on the servers under load, as a table")
    parser.add_argument("--json", action="store_true", help="every sample and verdict, for machines")
    asked = parser.parse_args(arguments)
    if asked.pairs < 0:
        parser.error("--pairs must be 1 or more")
    options = Options(
        pairs=asked.pairs or (QUICK_PAIRS if asked.quick else PAIRS_FOR_THE_RECORD),
        quick=asked.quick,
        profile=asked.profile,
        postgres=os.environ.get("DCC_BENCH_POSTGRES", ""),
        nchan=os.environ.get("DCC_NCHAN", ""),
    )
    # Told to end, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    pin(LOAD_CORE)
    report: Report = importlib.import_module(f"tests.bench.{asked.name}").run(options)
    print(json.dumps({**report.as_dict(), "machine": describe()}) if asked.json else rendered(report))
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
