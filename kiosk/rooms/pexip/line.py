"""HTTP to one node, which any thread may cut at once. The only file that knows requests and urllib3."""

import contextlib
import errno
import json
import logging
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from http.client import HTTPException, RemoteDisconnected
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from kiosk.errors import RoomProtocolError, RoomSilent, RoomUnreachable
from kiosk.rooms.pexip.answers import Reply

ANSWER_LIMIT_BYTES: Final = 1024 * 1024
_READ_BYTES: Final = 64 * 1024
_DROPS: Final = (RemoteDisconnected, ConnectionResetError, BrokenPipeError)
_SILENCES: Final = (TimeoutError, socket.gaierror)
_NO_WAY: Final = {errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL}
_FAULTS: Final = (requests.RequestException, HTTPError, HTTPException, OSError)


class Stream:
    """An answer that goes on. Its reader's thread."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.content_type = response.headers.get("Content-Type", "")

    def read(self) -> bytes:
        """What has come, as soon as something has; b"" at the end. Raises RoomUnreachable."""
        try:
            return self._response.raw.read1(_READ_BYTES, decode_content=True) or b""
        except _FAULTS as error:
            raise RoomUnreachable(f"events: {type(error).__name__}") from None


@dataclass(frozen=True, slots=True)
class _Question:
    """One request."""

    method: str
    what: str
    """Names it in errors."""
    path: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    payload: bytes | None = field(repr=False)
    timeout_s: tuple[float, float]
    """To connect; without a word."""


class Line:
    """Requests to one node. Certificates are checked, redirects are answers, and nothing is read from the
    environment (no proxies, no netrc)."""

    def __init__(self, base_url: str, ca_file: str | None) -> None:
        _silence_urllib3()
        self._base_url = base_url
        self._sockets = _Sockets()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_file or True
        adapter = _CuttableAdapter(self._sockets)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def post(
        self, what: str, path: str, headers: Mapping[str, str], body: object, *, connect_s: float, silence_s: float
    ) -> Reply:
        """One POST; `body` goes as JSON, None as nothing. `what` names it in errors. Blocks, silences of the node
        limited. Raises RoomUnreachable, RoomProtocolError."""
        payload = None if body is None else json.dumps(body).encode()
        content = {} if payload is None else {"Content-Type": "application/json"}
        return self._ask(_Question("POST", what, path, {**headers, **content}, payload, (connect_s, silence_s)))

    def get(self, what: str, path: str, *, connect_s: float, silence_s: float) -> Reply:
        """One GET, like `post`."""
        return self._ask(_Question("GET", what, path, {}, None, (connect_s, silence_s)))

    @contextlib.contextmanager
    def stream(
        self, path: str, headers: Mapping[str, str], *, connect_s: float, silence_s: float
    ) -> Generator[Stream, None, None]:
        """One GET that goes on until it ends, is cut, or is silent for too long. Raises RoomUnreachable."""
        sent = {**headers, "Accept": "text/event-stream", "Accept-Encoding": "identity", "Cache-Control": "no-cache"}
        with self._answer(_Question("GET", "events", path, sent, None, (connect_s, silence_s))) as response:
            yield Stream(response)

    def _ask(self, question: _Question) -> Reply:
        cuts = self._sockets.cuts
        try:
            return self._ask_once(question)
        except _Dropped:
            # Servers close connections that they were not asked on for a while, and that may cross a question.
            if self._sockets.cuts != cuts:
                raise
        return self._ask_once(question)

    def _ask_once(self, question: _Question) -> Reply:
        sent = {**question.headers, "Accept": "application/json", "Accept-Encoding": "identity"}
        until_s = time.monotonic() + sum(question.timeout_s)
        with self._answer(replace(question, headers=sent)) as response:
            received = bytearray()
            while piece := response.raw.read1(_READ_BYTES, decode_content=True):
                received += piece
                if len(received) > ANSWER_LIMIT_BYTES:
                    raise RoomProtocolError(f"{question.what}: the answer is larger than {ANSWER_LIMIT_BYTES} bytes")
                if time.monotonic() > until_s:
                    raise RoomUnreachable(f"{question.what}: the answer comes too slowly")
            return Reply(response.status_code, response.headers.get("Content-Type", ""), bytes(received))

    def cut(self) -> None:
        """Break what is under way; whoever waits for it goes on at once. New requests are possible. Any thread."""
        self._sockets.cut()

    def renew(self) -> None:
        """Ask the next questions on fresh connections; what is under way goes on. Any thread."""
        self._session.close()

    def close(self) -> None:
        """Cut, and refuse anything new. Any thread."""
        self._sockets.close()
        self._session.close()

    @contextlib.contextmanager
    def _answer(self, question: _Question) -> Generator[requests.Response, None, None]:
        # The library's messages hold the whole URL: only the name of the fault goes on, and no chain to it.
        if self._sockets.closed:
            raise RoomUnreachable(f"{question.what}: the line is closed")
        try:
            with self._session.request(
                question.method,
                self._base_url + question.path,
                headers=dict(question.headers),
                data=question.payload,
                timeout=question.timeout_s,
                stream=True,
                allow_redirects=False,
            ) as response:
                yield response
        except _FAULTS as error:
            raise _kind(error)(f"{question.what}: {type(error).__name__}{_why(error)}") from None


class _Dropped(RoomUnreachable):
    """The connection was closed by the other end before it answered."""


def _kind(error: BaseException) -> type[RoomUnreachable]:
    faults = _within(error)
    if any(isinstance(each, _DROPS) for each in faults):
        return _Dropped
    silent = any(isinstance(each, _SILENCES) or getattr(each, "errno", None) in _NO_WAY for each in faults)
    return RoomSilent if silent else RoomUnreachable


class _Sockets:
    """The open sockets of a line."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.closed = False
        self.cuts = 0

    def add(self, sock: socket.socket) -> None:
        with self._lock:
            self._open.add(sock)
            if self.closed:
                _shut(sock)

    def cut(self) -> None:
        with self._lock:
            self.cuts += 1
            for sock in list(self._open):
                _shut(sock)

    def close(self) -> None:
        self.closed = True
        self.cut()


_CERTIFICATE_FAULTS: Final = {
    9: "the node's certificate is not valid yet: is this terminal's clock right?",
    10: "the node's certificate has expired: is this terminal's clock right?",
    18: "the node's certificate is signed by itself alone; is it the clinic's own, and ca_file not set?",
    19: "the node's certificate is signed by an authority that is not trusted; is ca_file not set?",
    20: "the node's certificate is signed by an authority that is not trusted; is ca_file not set?",
    62: "the node's certificate is for another name: a wrong address, or a guest network's log-in page",
    64: "the node's certificate is for another address",
}
"""X509_V_ERR_* of OpenSSL."""


def _why(error: BaseException) -> str:
    """What is wrong with a certificate, if that is it."""
    for found in _within(error):
        if isinstance(found, ssl.SSLCertVerificationError):
            fault = _CERTIFICATE_FAULTS.get(found.verify_code, "the node's certificate is not trusted")
            return f", {fault} (OpenSSL {found.verify_code})"
    return ""


def _within(error: BaseException) -> list[BaseException]:
    """The error and all that the libraries have wrapped in it."""
    seen: list[BaseException] = [error]
    for found in seen:
        nested = (found.__context__, found.__cause__, getattr(found, "reason", None), *found.args)
        seen += [inner for inner in nested if isinstance(inner, BaseException) and inner not in seen]
    return seen


def _silence_urllib3() -> None:
    """It logs paths, and with them the names of rooms."""
    for module in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
        logging.getLogger(f"urllib3.{module}").disabled = True


def _shut(sock: socket.socket) -> None:
    # Closing would wait for the reader, and TLS's own shutdown takes the session from under it: wake it below TLS.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _CuttableAdapter(HTTPAdapter):
    """Connections whose sockets are known."""

    def __init__(self, sockets: _Sockets) -> None:
        self._sockets = sockets
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self._sockets)


def _pool_classes(sockets: _Sockets) -> dict[str, type[HTTPConnectionPool]]:
    class Http(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            sockets.add(self.sock)

    class Https(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            sockets.add(self.sock)

    class HttpPool(HTTPConnectionPool):
        ConnectionCls = Http

    class HttpsPool(HTTPSConnectionPool):
        ConnectionCls = Https

    return {"http": HttpPool, "https": HttpsPool}
