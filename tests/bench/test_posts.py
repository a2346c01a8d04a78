"""The posting clients: what a server does to an idle connection is no lost request."""

import select
import socket
import threading

from tests.bench.posts import Posts

ANSWER = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"


def serve(door: socket.socket, ended: threading.Event) -> None:
    """Hang up on the first connection without a word, answer on every other one."""
    first, _ = door.accept()
    first.close()
    ended.set()
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return
        while line.recv(65536):
            line.sendall(ANSWER)


def test_a_connection_that_was_ended_while_idle_loses_no_post() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        ended = threading.Event()
        threading.Thread(target=serve, args=(door, ended), daemon=True).start()
        posts = Posts(door.getsockname()[1], 1)
        assert ended.wait(5)
        [client] = posts.clients.values()
        assert select.select([client.line], [], [], 5)[0], "the end has arrived"
        posts.begin()
        assert posts.post()
        posts.drain(5)
        posts.close()
    assert (posts.tally.sent, posts.tally.good, posts.tally.bad) == (1, 1, {})
