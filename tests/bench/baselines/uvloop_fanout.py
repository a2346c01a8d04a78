"""Baseline: raw asyncio on uvloop, one prebuilt frame written to every transport. POST / publishes the body."""

import asyncio
import base64
import hashlib
import sys

import uvloop

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Line(asyncio.Protocol):
    """One connection: a WebSocket after its handshake, or a publisher."""

    everybody: set["Line"] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.seen = b""

    def connection_lost(self, exc: Exception | None) -> None:
        self.everybody.discard(self)

    def data_received(self, data: bytes) -> None:
        if self in self.everybody:
            return
        self.seen += data
        head, end, body = self.seen.partition(b"\r\n\r\n")
        if not end:
            return
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if b"Sec-WebSocket-Key" in fields:
            self.seen = b""
            self._welcome(fields[b"Sec-WebSocket-Key"])
        elif len(body) >= int(fields[b"Content-Length"]):
            self.seen = b""
            self._publish(body)

    def _welcome(self, key: bytes) -> None:
        proof = base64.b64encode(hashlib.sha1(key + GUID).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n"
        )
        self.everybody.add(self)

    def _publish(self, body: bytes) -> None:
        size = len(body)
        length = bytes((size,)) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
        frame = b"\x81" + length + body
        for line in self.everybody:
            line.transport.write(frame)
        self.transport.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")


async def main(port: int) -> None:
    """Serve until ended."""
    server = await asyncio.get_running_loop().create_server(Line, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
