"""The hour, for a terminal without a battery clock: answers NTP (RFC 5905) with this machine's own time."""

import contextlib
import socket
import struct
import threading
import time
from typing import Final

PORT: Final = 123
SINCE_1900_S: Final = 2_208_988_800
_PACKET: Final = struct.Struct("!BBbb3I4Q")
_SERVER: Final = 4
_PRECISION: Final = -20


class TimeServer:
    """Answers from its making until `close`, in a thread of its own."""

    def __init__(self, address: str, port: int = PORT) -> None:
        """Raises OSError."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, port))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="time", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """No more answers. Twice is safe."""
        # To close it wakes nobody who waits at it; this does, and complains of a missing connection all the same.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._socket.close()

    def _run(self) -> None:
        while True:
            try:
                asked, who = self._socket.recvfrom(1024)
                if not asked:
                    return
                if answer := answered(asked, time.time()):
                    self._socket.sendto(answer, who)
            except OSError:
                return


def answered(asked: bytes, now_s: float) -> bytes | None:
    """The answer to this packet at this time; None: it was none."""
    if len(asked) < _PACKET.size:
        return None
    first, *_, theirs = _PACKET.unpack(asked[: _PACKET.size])
    now = int((now_s + SINCE_1900_S) * (1 << 32))
    version = first & 0b111000
    clock = int.from_bytes(b"LOCL", "big")
    return _PACKET.pack(version | _SERVER, 1, 6, _PRECISION, 0, 0, clock, now, theirs, now, now)
