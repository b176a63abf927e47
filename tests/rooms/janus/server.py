"""A Janus server of one's own on loopback, as Debian packages it, with verbs for hands."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import requests

from kiosk.consultation.model import Room

JANUS: Final = shutil.which("janus")
MISSING: Final = "the Debian package janus is not installed"
START_TIMEOUT_S: Final = 20
ROOM: Final = 1234
PIN: Final = "4711"
NAME: Final = "Kari Nordmann"
_SECRET: Final = "room-secret"
_ADMIN_SECRET: Final = "admin-secret"

_PLUGINS: Final = next(iter(Path("/usr/lib").glob("*/janus/plugins")), Path("/nowhere"))
_CORE: Final = """
general: {{
    configs_folder = "{folder}"
    plugins_folder = "{plugins}"
    transports_folder = "{transports}"
    events_folder = "{folder}"
    loggers_folder = "{folder}"
    debug_level = 4
    session_timeout = {session_timeout_s}
    admin_secret = "{admin_secret}"
    interface = "127.0.0.1"
}}
media: {{ rtp_port_range = "{first_udp_port}-{last_udp_port}" }}
nat: {{ ice_enforce_list = "lo" }}
plugins: {{ disable = "{unused}" }}
transports: {{ disable = "{unused_transports}" }}
"""
_HTTP: Final = """
general: {{ json = "compact", base_path = "/janus", http = true, port = {port}, ip = "127.0.0.1", https = false }}
admin: {{ admin_base_path = "/admin", admin_http = true, admin_port = {admin_port}, admin_ip = "127.0.0.1" }}
"""


@dataclass
class JanusServer:
    """A running process. Every verb blocks until the server has answered."""

    url: str
    admin_url: str
    folder: Path
    """Its configuration and its log."""

    def start(self) -> None:
        """Until it answers."""
        assert JANUS is not None, MISSING
        with (self.folder / "log").open("ab") as out:
            self.process = subprocess.Popen(
                [JANUS, "--configs-folder", str(self.folder), "--config", str(self.folder / "janus.jcfg")],
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            assert self.process.poll() is None, self.log()[-2000:]
            assert time.monotonic() < deadline_s, f"Janus did not answer within {START_TIMEOUT_S} s"
            time.sleep(0.05)

    def stop(self) -> None:
        """With all its rooms."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def restart(self) -> None:
        """At the same address, without any room."""
        self.stop()
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It hears all, and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def room(self, **changes: Any) -> Room:
        fields = {"provider": "janus", "host": self.url, "alias": str(ROOM), "pin": PIN, "display_name": NAME}
        return Room(**{**fields, **changes})

    def make_room(self) -> None:
        """As a clinic would set it up, with a PIN."""
        self.ask_room(
            "create",
            pin=PIN,
            publishers=4,
            notify_joining=True,
            audiolevel_event=True,
            audio_active_packets=25,
            audio_level_average=60,
            videocodec="vp8,h264",
            bitrate=1_500_000,
        )

    def remove_room(self) -> None:
        """With everybody in it; harmless when it is not there."""
        if self.rooms():
            self.ask_room("destroy")

    def rooms(self) -> list[int]:
        """All there are."""
        return [room["room"] for room in self.ask_room("list")["list"]]

    def ask_room(self, request: str, **fields: Any) -> dict[str, Any]:
        """A request of the room's owner, through a session that ends with it."""
        with Visitor(self.url) as visitor:
            body = {"request": request, "room": ROOM, "secret": _SECRET, **fields}
            answer: dict[str, Any] = visitor.message(body)["plugindata"]["data"]
            assert "error" not in answer, answer
            return answer

    @property
    def people(self) -> list[dict[str, Any]]:
        """Who is in the room."""
        found: list[dict[str, Any]] = self.ask_room("listparticipants")["participants"]
        return found

    def sessions(self) -> list[int]:
        """All sessions, whoever's."""
        found: list[int] = self.administer("list_sessions")["sessions"]
        return found

    def sessions_of(self, name: str) -> list[int]:
        """Of whoever is known by this name in a room."""
        return [
            session
            for session in self.sessions()
            for handle in self.administer("list_handles", f"/{session}")["handles"]
            if self._display(session, handle) == name
        ]

    def log(self) -> str:
        """All that it has written."""
        return (self.folder / "log").read_text(errors="replace")

    def forget(self, name: str) -> None:
        """End this one's session, and say nothing of it."""
        for session in set(self.sessions_of(name)):
            self.administer("destroy_session", f"/{session}")

    def _answers(self) -> bool:
        try:
            return requests.get(self.url + "/janus/info", timeout=1).ok
        except requests.RequestException:
            return False

    def _display(self, session: int, handle: int) -> str | None:
        said = self.administer("handle_info", f"/{session}/{handle}")["info"].get("plugin_specific", {})
        display: str | None = said.get("display")
        return display

    def administer(self, word: str, path: str = "") -> dict[str, Any]:
        """A request of the machine's administrator."""
        body = {"janus": word, "transaction": "a", "admin_secret": _ADMIN_SECRET}
        answer: dict[str, Any] = requests.post(self.admin_url + path, json=body, timeout=5).json()
        assert answer["janus"] == "success", answer
        return answer


class Visitor:
    """A session and a handle of the VideoRoom plugin that speak the HTTP API plainly."""

    def __init__(self, url: str) -> None:
        self._session = f"{url}/janus/{self._post(f'{url}/janus', janus='create')['data']['id']}"
        handle = self._post(self._session, janus="attach", plugin="janus.plugin.videoroom")["data"]["id"]
        self._handle = f"{self._session}/{handle}"

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self._post(self._session, janus="destroy")

    def enter(self, name: str) -> None:
        """Be in the room, sending nothing yet."""
        self.message({"request": "join", "ptype": "publisher", "room": ROOM, "pin": PIN, "display": name})

    def message(self, body: dict[str, Any]) -> dict[str, Any]:
        """The answer, which for some requests is only that it has been taken."""
        return self._post(self._handle, janus="message", body=body)

    def event(self) -> dict[str, Any]:
        """The next event, if only that there is none."""
        answer: dict[str, Any] = requests.get(self._session, timeout=40).json()
        return answer

    @staticmethod
    def _post(url: str, **body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = requests.post(url, json={**body, "transaction": "t"}, timeout=5).json()
        return answer


@contextmanager
def janus_server(session_timeout_s: int = 60) -> Iterator[JanusServer]:
    """Started and answering, without any room; stopped at the end."""
    assert JANUS is not None, MISSING
    with TemporaryDirectory(prefix="janus-") as name:
        folder = Path(name)
        port, admin_port = _free_port(), _free_port()
        first_udp_port = 20_000 + port % 200 * 200
        (folder / "janus.jcfg").write_text(
            _CORE.format(
                folder=folder,
                plugins=_PLUGINS,
                transports=_PLUGINS.with_name("transports"),
                session_timeout_s=session_timeout_s,
                admin_secret=_ADMIN_SECRET,
                first_udp_port=first_udp_port,
                last_udp_port=first_udp_port + 199,
                unused=_all_but("libjanus_videoroom.so", _PLUGINS),
                unused_transports=_all_but("libjanus_http.so", _PLUGINS.with_name("transports")),
            )
        )
        (folder / "janus.transport.http.jcfg").write_text(_HTTP.format(port=port, admin_port=admin_port))
        (folder / "janus.plugin.videoroom.jcfg").write_text("")
        server = JanusServer(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{admin_port}/admin", folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _all_but(wanted: str, folder: Path) -> str:
    return ",".join(found.name for found in folder.glob("*.so") if found.name != wanted)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
