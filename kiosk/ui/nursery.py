"""The screen process before there is a screen: everything is read in, and a copy is made whenever one is wanted."""

import gc
import os
import signal
import socket
from pathlib import Path
from typing import cast

from kiosk import heap
from kiosk.screen_wire import PACKET_BYTES, Hello, Kind, unpacked

NAME = "kiosk-screen"
"""What a screen is called in the list of processes."""


class Nursery:
    """Hears the terminal in its only thread, as a process with more than one must not be copied."""

    def __init__(self, descriptor: int) -> None:
        """Waits for the terminal's first word. Raises EOFError when there is none."""
        self._socket = socket.socket(fileno=descriptor)
        packet = self._socket.recv(PACKET_BYTES)
        if not packet:
            raise EOFError("the terminal said nothing")
        kind, hello = unpacked(packet)
        if kind is not Kind.HELLO:
            raise EOFError(f"the terminal's first word was {kind.name}")
        self.hello = cast(Hello, hello)

    def wait(self) -> int | None:
        """In each new screen: the descriptor of its own wire. In the process itself None, when the terminal has
        gone."""
        # Pages that hold only what never changes stay shared between all copies.
        gc.collect()
        gc.freeze()
        heap.trim()
        # The kernel forgets the dead by itself.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            packet, descriptors, _, _ = socket.recv_fds(self._socket, PACKET_BYTES, 1)
            if not packet:
                return None
            if unpacked(packet)[0] is not Kind.BEGIN or not descriptors:
                continue
            if os.fork() == 0:
                self._socket.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                Path("/proc/self/comm").write_text(NAME, encoding="ascii")
                return descriptors[0]
            os.close(descriptors[0])
