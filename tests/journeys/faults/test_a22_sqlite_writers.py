"""A22: eight processes read, then write one row of the embedded SQLite, 200 times each: none locked out, none lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.faults.checker import Verdict
from tests.journeys.faults.conftest import Fault
from tests.journeys.running import ROOT

# It makes an SQLite file of its own, whatever the suite runs on.
pytestmark = [pytest.mark.faults, pytest.mark.once]
PROCESSES, EACH = 8, 200
# Arguments: processes, updates each, and a mode of transactions where the product's own is not meant.
SCRIPT = """
import json, os, sys
import django
django.setup()
from django.db import OperationalError, connection, transaction
processes, each, mode = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
if mode:
    connection.settings_dict["OPTIONS"]["transaction_mode"] = mode[0]

def ask(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if statement.startswith("SELECT") else None

def write():
    locked = 0
    for _ in range(each):
        try:
            with transaction.atomic():
                n = ask("SELECT n FROM tally")[0]
                ask("UPDATE tally SET n = %s", n + 1)
        except OperationalError:
            locked += 1
    return locked

ask("CREATE TABLE tally (n INTEGER)")
ask("INSERT INTO tally VALUES (0)")
connection.close()
pipes = []
for _ in range(processes):
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, str(write()).encode())
        os._exit(0)
    os.close(writing)
    pipes.append(reading)
locked = sum(int(os.read(reading, 20)) for reading in pipes)
print(json.dumps([ask("SELECT n FROM tally")[0], locked]))
"""


def test_a22_sqlite_takes_every_read_then_write(tmp_path: Path, fault: Fault) -> None:
    fault.database = "sqlite"
    tried = PROCESSES * EACH
    stored, locked = _tally(tmp_path / "product")
    lost = tried - locked - stored
    broken = [f"{locked} locked out"] * bool(locked) + [f"{lost} updates lost"] * bool(lost)
    # The mutant: SQLite's usual transaction begins with the read, and then can't be raised to a write.
    mutant_stored, mutant_locked = _tally(tmp_path / "mutant", "DEFERRED")
    also = f"deferred: {mutant_locked} locked out, {tried - mutant_locked - mutant_stored} lost"
    fault.found(Verdict(tried, tried - locked, stored, 0, lost, broken), also)
    assert mutant_stored < tried


def _tally(folder: Path, *mode: str) -> tuple[int, int]:
    """Updates that are in the database, and writers refused."""
    folder.mkdir()
    env = {**os.environ, "DCC_VAR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/dcc.sqlite3"}
    command = [sys.executable, "-c", SCRIPT, str(PROCESSES), str(EACH), *mode]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    stored, locked = json.loads(done.stdout)
    return int(stored), int(locked)
