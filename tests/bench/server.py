"""A bench on loopback: a real HTTP server with the bench's half of the wire."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PATH = "/bench/api/bedside"
LIMIT_S = 10.0


class FakeBench:
    """What the terminal told, and a stream to send it hands."""

    def __init__(self) -> None:
        self.change = threading.Condition()
        self.states: list[dict[str, Any]] = []
        self.pictures: list[tuple[int, int, bytes]] = []
        self.streams = 0
        self.status = 204
        """What PUTs are answered with."""
        self.puts_begun = 0
        self.hold_puts = threading.Event()
        self.hold_puts.set()
        self._pieces: list[bytes] = []
        self._generation = 0

    def send(self, event: str, data: Any) -> None:
        self.send_raw(f"event: {event}\ndata: {json.dumps(data)}\n\n".encode())

    def send_raw(self, piece: bytes) -> None:
        with self.change:
            self._pieces.append(piece)
            self.change.notify_all()

    def hang_up(self) -> None:
        """End the stream that is open."""
        with self.change:
            self._generation += 1
            self.change.notify_all()

    def wait(self, met: Any, what: str) -> None:
        with self.change:
            assert self.change.wait_for(met, LIMIT_S), f"not within {LIMIT_S:g} s: {what}"

    def next_piece(self, generation: int) -> bytes | None:
        with self.change:
            self.change.wait_for(lambda: self._pieces or self._generation != generation, LIMIT_S)
            if self._generation != generation or not self._pieces:
                return None
            return self._pieces.pop(0)

    def begin_stream(self) -> int:
        """A terminal has one stream: an older one ends."""
        with self.change:
            self._generation += 1
            self.streams += 1
            self.change.notify_all()
            return self._generation


def handler(bench: FakeBench) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path != f"{PATH}/hands":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            generation = bench.begin_stream()
            while (piece := bench.next_piece(generation)) is not None:
                try:
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                except OSError:
                    break
            self.close_connection = True

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with bench.change:
                bench.puts_begun += 1
                bench.change.notify_all()
            bench.hold_puts.wait(LIMIT_S)
            url = urlsplit(self.path)
            with bench.change:
                if bench.status == 204:
                    if url.path == f"{PATH}/state":
                        bench.states.append(json.loads(body))
                    else:
                        assert url.path == f"{PATH}/picture"
                        query = parse_qs(url.query)
                        bench.pictures.append((int(query["width"][0]), int(query["height"][0]), body))
                status = bench.status
                bench.change.notify_all()
            self.send_response(status)
            if status != 204:
                self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            return

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def serving(bench: FakeBench, port: int = 0) -> Iterator[int]:
    """Yields the port."""
    server = Server(("127.0.0.1", port), handler(bench))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="fake-bench")
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        bench.hang_up()
        bench.hold_puts.set()
        server.shutdown()
        server.server_close()
        thread.join()
