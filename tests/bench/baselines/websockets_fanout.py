"""Baseline: the websockets library's broadcast(), without compression. Publishers POST to the second port."""

import asyncio
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve

everybody: set[ServerConnection] = set()


async def line(connection: ServerConnection) -> None:
    """One socket, until it closes."""
    everybody.add(connection)
    try:
        await connection.wait_closed()
    finally:
        everybody.discard(connection)


async def publisher(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """HTTP, just enough: the body of each POST goes to everybody."""
    while head := await reader.readuntil(b"\r\n\r\n"):
        size = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        broadcast(everybody, (await reader.readexactly(size)).decode())
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")


async def main(port: int, publishers: int) -> None:
    """Serve until ended."""
    await asyncio.start_server(publisher, "127.0.0.1", publishers)
    async with serve(line, "127.0.0.1", port, compression=None, ping_interval=None, backlog=4096) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
