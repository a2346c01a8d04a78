"""A PostgreSQL of the tests' own, that a fault may stop and freeze (bin/test starts the suite's in the same way)."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from tests.journeys.running import until


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL's programs: Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    found = folders[-1] if folders else Path(on_path).parent if on_path else None
    return found if found and (found / "postgres").exists() else None


class Cluster:
    """One cluster on a socket in a folder of its own; as root it runs under another name, for PostgreSQL insists."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="dcc-cluster-"))
        self.folder.chmod(0o711)
        self.home = self.folder / "postgres"
        self.home.mkdir(mode=0o700)
        self.lend: dict[str, Any] = {"cwd": self.folder}
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            os.chown(self.home, user.pw_uid, user.pw_gid)
            self.lend |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.url = f"postgres://dcc@{quote(str(self.home), safe='')}/postgres"
        self.server: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", f"{self.home}/data", "-U", "dcc", "--auth=trust", "--encoding=UTF8", "--no-sync")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self.programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, **self.lend)

    def start(self) -> "Cluster":
        """Start, and wait until it answers."""
        options = ["-k", str(self.home), "-c", "listen_addresses=", "-c", "max_connections=200"]
        with (self.folder / "postgres.log").open("ab") as log:
            command = [str(self.programs / "postgres"), "-D", f"{self.home}/data", *options]
            self.server = subprocess.Popen(command, stdout=log, stderr=log, **self.lend)
        until(self.answers, 60, f"PostgreSQL answers; its log is in {self.folder}")
        return self

    def answers(self) -> bool:
        """Whether it takes a query."""
        try:
            with psycopg.connect(self.url, connect_timeout=3) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def copy(self, server_url: str, database: str) -> None:
        """Take a database over from another server, under the same name."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}")
        source = server_url.rsplit("/", 1)[0]
        target = self.url.rsplit("/", 1)[0]
        dump = [str(self.programs / "pg_dump"), "--no-owner", f"{source}/{database}"]
        load = [str(self.programs / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", f"{target}/{database}"]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumped:
            subprocess.run(load, stdin=dumped.stdout, stdout=subprocess.DEVNULL, check=True)
        assert dumped.returncode == 0, "pg_dump failed"

    def restart_immediately(self) -> None:
        """As `pg_ctl -m immediate restart`: no goodbye to anybody, recovery from the log at the start."""
        self.stop(signal.SIGQUIT)
        self.start()

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stop; SIGINT is PostgreSQL's quick shutdown, SIGQUIT its immediate one."""
        if self.server is not None:
            self.server.send_signal(number)
            self.server.wait(30)
            self.server = None

    def freeze(self) -> None:
        """SIGSTOP to the whole cluster: lines stay open and nobody answers."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT to the whole cluster."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: int) -> None:
        assert self.server is not None
        self.server.send_signal(number)
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), number)

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
