"""Threads with a database connection of their own, for reads that must not wait behind pages."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connection

P = ParamSpec("P")
T = TypeVar("T")


class OwnThread:
    """Runs reads one after the other (`threads` of them side by side).

    A connection stays open, and is given up when it fails (reliability.md L6).
    """

    def __init__(self, name: str, threads: int = 1) -> None:
        self.executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)

    async def run(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `read` answers; raises what the database raises."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, lambda: _guarded(read, *args, **kwargs))


def _guarded(read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return read(*args, **kwargs)
    except DatabaseError:
        connection.close()
        raise
