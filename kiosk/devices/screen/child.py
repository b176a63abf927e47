"""One life of the screen's process: started, spoken to, ended."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from typing import Final

from kiosk.screen_wire import Hello, Kind, packed

END_LIMIT_S: Final = 1.0
"""How long the process may take to end when asked; then it is killed."""


class Child:
    """Spawned, never forked, so that it shares nothing with this process but a socket and the rings' memory."""

    def __init__(self, hello: Hello) -> None:
        """Start it, as a spare one until `begin`. Raises OSError when no process can be had."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket = ours
        self.ready = False
        """It has beaten once: from then on it hears levels and pictures."""
        self._lock = threading.Lock()
        try:
            ours.setblocking(False)
            ours.send(packed(Kind.HELLO, hello))
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "kiosk.ui", "--link", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), hello.self_ring, hello.remote_ring, hello.slides_ring, hello.mirror_ring),
                # Ctrl+C is for the terminal, which then ends its screen in order.
                process_group=0,
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """Process number."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """The process has not ended."""
        return self._process.poll() is None

    def begin(self) -> None:
        """Let it open its window."""
        self.send(packed(Kind.BEGIN))

    def send(self, packet: bytes) -> bool:
        """Put a message on its way without waiting. False: not now, or never again. Any thread."""
        with self._lock:
            try:
                self.socket.send(packet)
            except OSError:
                return False
            return True

    def receive(self) -> bytes:
        """The next message's byte; nothing when the process is gone. Raises BlockingIOError when there is none yet."""
        try:
            return self.socket.recv(1)
        except ConnectionResetError:
            return b""

    def end(self) -> int:
        """Gone when it returns, at most a second after asking nicely, and no zombie. The exit status."""
        with self._lock:
            self.socket.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, 15)
        try:
            return self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
