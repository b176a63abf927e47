"""Where screen processes come from: one process has everything read in, and each screen is a copy of it.

Chosen against starting Python anew for each screen: reading in takes most of a start, and a dead screen is to be
replaced at once, also on a busy machine. Chosen against a second process that waits, with everything read in, for the
first one's death: that one would need its memory for itself, and would not be ready when two die in a row.
"""

import subprocess
import sys
from socket import AF_UNIX, SOCK_SEQPACKET, send_fds, socketpair
from typing import Final

from kiosk.devices.screen.child import Child
from kiosk.screen_wire import Hello, Kind, packed

END_LIMIT_S: Final = 1.0
"""How long the process may take to end when asked; then it is killed."""


class Nursery:
    """Spawned, never forked, so that it shares nothing with this process but a socket and the rings' memory."""

    def __init__(self, hello: Hello) -> None:
        """Start it. Raises OSError when no process can be had."""
        ours, theirs = socketpair(AF_UNIX, SOCK_SEQPACKET)
        self._socket = ours
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
        """Process number; not that of a screen."""
        return self._process.pid

    def child(self) -> Child:
        """Ask for a screen; it says itself that it lives. Raises OSError when nobody is there to be asked."""
        ours, theirs = socketpair(AF_UNIX, SOCK_SEQPACKET)
        child = Child(ours)
        try:
            send_fds(self._socket, [packed(Kind.BEGIN)], [theirs.fileno()])
        except OSError:
            child.end()
            raise
        finally:
            theirs.close()
        return child

    def end(self) -> None:
        """Gone when it returns, and no zombie. Screens are ended before, each by itself."""
        self._socket.close()
        try:
            self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
