"""The three that fan out what is posted to them: `websockets`, raw uvloop, nginx with nchan. Same sizes, same count."""

import contextlib
import http.client
import socket
import time

from tests.bench.crowd import Crowd
from tests.bench.machine import memory_mb
from tests.bench.servers import Meter, Server, scratch
from tests.journeys.running import free_port

NGINX = """
load_module {module};
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
events {{ worker_connections 16000; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /pub {{ nchan_publisher; nchan_channel_id a; nchan_message_buffer_length 0; }}
    location = /live/ {{ nchan_subscriber websocket; nchan_channel_id a; nchan_subscriber_first_message newest; }}
  }}
}}
"""


class Broadcaster:
    """One baseline server with a crowd at it and a connection to publish on."""

    def __init__(self, name: str, server: Server, publishers: int) -> None:
        self.name, self.server, self.publishers = name, server, publishers
        self.door = http.client.HTTPConnection("127.0.0.1", publishers)
        self.seq = 0
        self.crowd = Crowd(server.port, "/live/")

    def message(self, size: int) -> bytes:
        """The next message, of the size that ours has."""
        self.seq += 1
        head = f'{{"seq":{self.seq},"prev":{self.seq - 1},"fill":""}}'
        return f'{head[:-2]}{"x" * max(0, size - len(head))}"}}'.encode()

    def publish(self, message: bytes) -> float:
        """Post it; the moment just before."""
        moment = time.monotonic()
        self.door.request("POST", "/pub", message)
        return moment

    def finish(self) -> None:
        """Read the answer to the last publish."""
        answer = self.door.getresponse()
        answer.read()
        assert answer.status < 300, (self.name, answer.status)

    def meter(self) -> Meter:
        """CPU of the server from now on."""
        return Meter(*self.server.pids())

    def memory(self) -> float:
        """Resident memory in megabytes."""
        return memory_mb(*self.server.pids())

    def stop(self) -> None:
        """Hang up, end the server."""
        self.crowd.close()
        self.door.close()
        self.server.stop()


def websockets() -> Broadcaster:
    """The websockets library."""
    publishers = free_port()
    return Broadcaster("websockets", Server.python("websockets_fanout", str(publishers)), publishers)


def uvloop() -> Broadcaster:
    """Raw asyncio on uvloop."""
    server = Server.python("uvloop_fanout")
    return Broadcaster("uvloop", server, server.port)


def nchan(module: str) -> Broadcaster:
    """nginx with nchan, one worker."""
    port = free_port()
    folder = scratch() / f"nginx-{port}"
    folder.mkdir()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(module=module, folder=folder, port=port))
    return Broadcaster("nchan", Server(["nginx", "-p", str(folder), "-c", str(config)], port), port)


def sizes(crowd: Crowd) -> int:
    """Bytes of the longest frame that a crowd heard, one of several in a message too: what the baselines send."""
    return max(len(message.payload) // len(message.seqs) for message in crowd.log.messages if message.seqs)


class Publisher:
    """Posts to a broadcaster without waiting for answers: requests in a row on one connection, as HTTP/1.1 allows."""

    def __init__(self, broadcaster: Broadcaster) -> None:
        self.line = socket.create_connection(("127.0.0.1", broadcaster.publishers))
        self.line.setblocking(False)
        self.waiting = b""

    def send(self, message: bytes) -> None:
        """Take a message; it goes as soon as the server takes it."""
        head = f"POST /pub HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(message)}\r\n\r\n"
        self.waiting += head.encode() + message

    def flush(self) -> None:
        """Send what the server takes, drop the answers that came."""
        with contextlib.suppress(BlockingIOError):
            if self.waiting:
                self.waiting = self.waiting[self.line.send(self.waiting) :]
        with contextlib.suppress(BlockingIOError):
            self.line.recv(65536)

    def close(self) -> None:
        """Hang up."""
        self.line.close()
