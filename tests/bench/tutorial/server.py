"""The tutorial's server, started beside a world: its own database on the same cluster, the same Redis, daphne."""

import os
import subprocess
import sys
from typing import Self
from urllib.parse import urlsplit

import psycopg

from tests.bench.crowd import Crowd
from tests.bench.servers import ROOT, Server, World, scratch
from tests.journeys.running import free_port


class Tutorial:
    """One daphne with a crowd at it."""

    def __init__(self, world: World) -> None:
        port = free_port()
        env = {
            "DJANGO_SETTINGS_MODULE": "tests.bench.tutorial.settings",
            "DATABASE_URL": self._database(world, port),
            "REDIS_URL": world.env["REDIS_URL"],
        }
        make = "import django; django.setup(); from django.core.management import call_command as c;"
        make += "c('migrate', run_syncdb=True, verbosity=0)"
        subprocess.run([sys.executable, "-c", make], cwd=ROOT, env={**os.environ, **env}, check=True)
        daphne = f"-m daphne --bind 127.0.0.1 --port {port} --verbosity 0 tests.bench.tutorial.asgi:application"
        self.server = Server([sys.executable, *daphne.split()], port, env)
        self.crowd = Crowd(port, "/live/")

    def _database(self, world: World, port: int) -> str:
        if not world.server_url:
            return f"sqlite:///{scratch()}/tutorial-{port}.sqlite3"
        name = f"tutorial_{port}"
        with psycopg.connect(world.server_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return urlsplit(world.server_url)._replace(path=f"/{name}").geturl()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.crowd.close()
        self.server.stop()
