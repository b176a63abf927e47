"""One life of the screen's process: spoken to, heard, ended."""

import contextlib
import os
import select
import signal
import struct
import threading
from socket import CMSG_SPACE, SCM_CREDENTIALS, SO_PASSCRED, SOL_SOCKET, socket
from typing import Final

END_LIMIT_S: Final = 1.0
"""How long the process may take to end when asked; then it is killed."""
_CREDENTIALS: Final = struct.Struct("iii")
"""Process, user, group: unix(7)."""


class Child:
    """Sent, heard and ended by the thread that looks after the screen; `send` is for any thread."""

    def __init__(self, ours: socket) -> None:
        """`ours` is the terminal's end of the wire; from now on it belongs to this life."""
        self.socket = ours
        ours.setblocking(False)
        # The kernel says with each message which process sent it.
        ours.setsockopt(SOL_SOCKET, SO_PASSCRED, 1)
        self.pid: int | None = None
        """Process number, once it has said something."""
        self.ready = False
        """It has beaten once: from then on it hears levels and pictures."""
        self._handle: int | None = None
        self._lock = threading.Lock()

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
            word, ancillary, _, _ = self.socket.recvmsg(1, CMSG_SPACE(_CREDENTIALS.size))
        except ConnectionResetError:
            return b""
        for level, kind, content in ancillary if word and self.pid is None else ():
            if (level, kind) == (SOL_SOCKET, SCM_CREDENTIALS):
                self._remember(_CREDENTIALS.unpack(content)[0])
        return word

    def end(self) -> None:
        """Gone when it returns, at most a second after asking nicely. One that never said a word ends by itself as
        soon as it finds its wire cut."""
        with self._lock:
            self.socket.close()
        if self._handle is None:
            return
        for number, limit_s in ((signal.SIGTERM, END_LIMIT_S), (signal.SIGKILL, END_LIMIT_S)):
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)
            if select.select([self._handle], [], [], limit_s)[0]:
                break
        os.close(self._handle)
        self._handle = None

    def _remember(self, pid: int) -> None:
        # It may have died since; then there is nothing to hold on to.
        with contextlib.suppress(ProcessLookupError):
            self._handle = os.pidfd_open(pid)
            self.pid = pid
