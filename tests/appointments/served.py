"""A server of one calendar on loopback."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Served:
    """Answers with `text`, and with 304 whoever has it; or with `status` and `headers`. Close it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.status = 200
        self.headers: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.answer(self)

            def log_request(self, *_: object) -> None:
                """Nothing is written."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self._open = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/SECRET.ics"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append((handler.path, dict(handler.headers.items())))
        tag = f'"{hash(self.text)}"'
        content = self.text.encode()
        status = self.status
        if status == 200 and handler.headers.get("If-None-Match") == tag:
            status, content = 304, b""
        handler.send_response(status)
        for name, value in {"ETag": tag, **self.headers}.items():
            handler.send_header(name, value)
        if status != 304:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(5)
