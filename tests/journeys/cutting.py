"""A line that breaks: a TCP proxy that resets a connection each time so many bytes have gone up."""

import socket
import struct
import threading
from contextlib import suppress

RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() resets, as a lost line does


class CuttingLine:
    """Forwards to `port`; when `at[n]` bytes have gone up in all, the connection that carries them is cut."""

    def __init__(self, port: int, at: list[int]) -> None:
        self.upstream, self.at = port, sorted(at)
        self.up, self.cuts = 0, 0
        self.lock = threading.Lock()
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Nobody is connected any more."""
        self.listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self.listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.upstream))
                except OSError:
                    near.close()
                    continue
                threading.Thread(target=self._pump, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._pump, args=(far, near, False), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, upwards: bool) -> None:
        with suppress(OSError):
            while data := source.recv(16_384):
                if upwards and self._is_cut(len(data)):
                    for end in (source, target):
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                        end.close()
                    return
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _is_cut(self, n: int) -> bool:
        with self.lock:
            self.up += n
            if self.cuts < len(self.at) and self.up >= self.at[self.cuts]:
                self.cuts += 1
                return True
            return False
