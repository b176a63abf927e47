"""HTTP to a bench on this machine: one connection that another thread can end at once."""

import http.client
import ipaddress
import socket
import threading
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from kiosk.errors import ConfigError

CONNECT_TIMEOUT_S: Final = 5.0
LONGEST_ANSWER: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """Where the bench is."""

    host: str
    port: int
    path: str
    """Begins with a slash, ends without one."""


def loopback(url: str) -> Address:
    """The parts of an address on this machine. Raises ConfigError: simulated hardware is worked from nowhere else."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ConfigError(f"bench.url: not an address ({error})") from None
    if parts.scheme != "http" or not host or parts.query or parts.fragment or parts.username is not None:
        raise ConfigError("bench.url: must be like http://127.0.0.1:8080/bench/api/terminal")
    if not _is_loopback(host):
        raise ConfigError("bench.url: must be on this machine (127.0.0.1, ::1 or localhost)")
    if port == 0:
        raise ConfigError("bench.url: port 0 is no port")
    return Address(host, port or 80, parts.path.rstrip("/"))


class Wire:
    """One keep-alive connection. `request` and `read` are for one thread; `shut` is for any."""

    def __init__(self, address: Address, timeout_s: float) -> None:
        self._address = address
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._shut = False

    def request(self, method: str, path: str, body: bytes = b"", kind: str = "") -> http.client.HTTPResponse:
        """Ask; the answer's body is still to be read. Raises OSError, http.client.HTTPException."""
        connection = self._connected()
        headers = {"Content-Type": kind} if kind else {}
        connection.request(method, self._address.path + path, body or None, headers)
        return connection.getresponse()

    def put(self, path: str, body: bytes, kind: str) -> int:
        """Ask, and read the answer to its end; its status. Raises OSError, http.client.HTTPException."""
        response = self.request("PUT", path, body, kind)
        response.read(LONGEST_ANSWER)
        if response.read(1):
            raise http.client.HTTPException("the answer is too long")
        return response.status

    def close(self) -> None:
        """Drop the connection; the next request opens another. The wire's own thread."""
        with self._lock:
            connection, self._connection, self._socket = self._connection, None, None
        if connection is not None:
            connection.close()

    def shut(self) -> None:
        """Wake whoever reads or writes, with an error, and let nobody connect again. Any thread."""
        with self._lock:
            self._shut = True
            if self._socket is not None:
                _shut_down(self._socket)

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is not None:
            return self._connection
        connection = http.client.HTTPConnection(self._address.host, self._address.port, timeout=CONNECT_TIMEOUT_S)
        connection.connect()
        connection.sock.settimeout(self._timeout_s)
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            # Kept by ourselves: http.client lets go of its own once the answer says that it is the last.
            self._connection, self._socket = connection, connection.sock
            if self._shut:
                _shut_down(connection.sock)
        return connection


def _shut_down(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The far end was quicker.
        return


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
