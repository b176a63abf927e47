"""The server of updates, with the faults that a server, a line or a thief may have."""

import re
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from tests.device_bench.transcript import until
from tests.whole.tls_door import write_certificate

PIECE_BYTES: Final = 1 << 20


@dataclass
class Offer:
    """One file that is given out, and what goes wrong with it."""

    file: Path
    flipped_at: int | None = None
    """One bit of this byte is another one; counted from the end when it is negative."""
    cuts: int = 0
    """The line is cut so often, each time after a third of what is left."""
    after_a_cut: Path | None = None
    """Another file takes its place."""
    said_bytes: int | None = None
    """What the server says of its size, when it lies."""
    sent_bytes: int = 0
    """Of it, the last time that it was asked for."""
    asked: list[str] = field(default_factory=list)
    """Of each request, which part it wanted; "" for all."""

    def wait_until_sent(self, size: int, within_s: float) -> None:
        """Raises BenchFailed."""
        until(f"{size} bytes are sent", lambda: self.sent_bytes >= size, within_s, every_s=0.05)

    def piece(self, begin: int, size: int) -> bytes:
        """As it goes over the line."""
        with self.file.open("rb") as file:
            file.seek(begin)
            piece = bytearray(file.read(size))
        if self.flipped_at is not None:
            at = self.flipped_at % self.file.stat().st_size - begin
            if 0 <= at < len(piece):
                piece[at] ^= 0x01
        return bytes(piece)


class UpdateServer:
    """HTTPS and HTTP at one address, from the beginning until `close`."""

    def __init__(self, folder: Path, address: str) -> None:
        """`folder` gets the certificate."""
        folder.mkdir(exist_ok=True)
        self.certificate: Final = folder / "server.pem"
        self.answers: dict[str, bytes] = {}
        """Small documents by their paths."""
        self.moved: dict[str, str] = {}
        """Where a path leads to."""
        self.offers: dict[str, Offer] = {}
        """Bundles by their paths."""
        self.asked: list[str] = []
        """Paths that were asked for."""
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.certificate, write_certificate(self.certificate, address))
        handler = type("Handler", (_Handler,), {"serves": self})
        self._servers = [_Server((address, 0), handler) for _ in range(2)]
        secure, plain = self._servers
        secure.socket = tls.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
        self.https: Final = f"https://{address}:{secure.server_address[1]}"
        self.http: Final = f"http://{address}:{plain.server_address[1]}"
        self._threads = [threading.Thread(target=each.serve_forever, name="updates") for each in self._servers]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """No more."""
        for each in self._servers:
            each.shutdown()
            each.server_close()
        for thread in self._threads:
            thread.join(10)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_args: object) -> None:
        """Who does not trust us hangs up, and that is meant: the table tells."""


class _Handler(BaseHTTPRequestHandler):
    serves: UpdateServer
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self.serves.asked.append(self.path)
        if target := self.serves.moved.get(self.path):
            self._answer(HTTPStatus.FOUND, {"Location": target})
        elif (document := self.serves.answers.get(self.path)) is not None:
            self._answer(HTTPStatus.OK, {"Content-Length": str(len(document))})
            self.wfile.write(document)
        elif offer := self.serves.offers.get(self.path):
            self._give(offer)
        else:
            self._answer(HTTPStatus.NOT_FOUND, {})

    def log_message(self, *_args: object) -> None:
        """Nothing: the table tells."""

    def _give(self, offer: Offer) -> None:
        size = offer.file.stat().st_size
        mark = f'"{offer.file.name}-{size}"'
        wanted = self.headers.get("Range", "") if self.headers.get("If-Range") == mark else ""
        offer.asked.append(wanted)
        found = re.fullmatch(r"bytes=(\d+)-", wanted)
        begin = int(found[1]) if found else 0
        end = size
        if offer.cuts:
            offer.cuts -= 1
            end = begin + (size - begin) // 3
            # Read to its end as it is; who asks again gets the other one.
            following = offer.after_a_cut
        else:
            following = None
        more = {"Content-Range": f"bytes {begin}-{size - 1}/{size}"} if found else {}
        length = str(size - begin if offer.said_bytes is None else offer.said_bytes)
        self._answer(
            HTTPStatus.PARTIAL_CONTENT if found else HTTPStatus.OK, {"Content-Length": length, "ETag": mark} | more
        )
        try:
            while begin < end:
                piece = offer.piece(begin, min(PIECE_BYTES, end - begin))
                self.wfile.write(piece)
                begin += len(piece)
                offer.sent_bytes = begin
        except OSError:
            # The terminal does not want it, or has lost its power.
            self.close_connection = True
        offer.file = following or offer.file

    def _answer(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
