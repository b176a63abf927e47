"""One participant's calls to the platform, typed and blocking. Any thread; one call at a time."""

import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from kiosk.consultation.model import Room
from kiosk.errors import RoomProtocolError, RoomUnreachable
from kiosk.rooms.pexip.address import conference_path, segment
from kiosk.rooms.pexip.answers import Call, Grant, Reply, read_call, read_result, read_token
from kiosk.rooms.pexip.door import Request, ask_for_place, look_in
from kiosk.rooms.pexip.line import Line
from kiosk.rooms.pexip.settings import PexipSettings

LOOKED_IN: Final = "Checked ahead of time"
SLIDES_SECTION: Final = "a=content:slides"


class Api:
    """Every method may raise RoomUnreachable, RoomRefused or RoomProtocolError; after `request_token`, PlaceGone (a
    RoomUnreachable) says that the token is dead."""

    def __init__(self, line: Line, room: Room, settings: PexipSettings) -> None:
        self._line = line
        self._settings = settings
        self._path = conference_path(room.alias)
        self._room = room
        self._video = True
        self._token = ""
        # A refresh takes the old token's life while another call may be on its way with it.
        self._asking = threading.Lock()
        self._mine = ""

    def events(self) -> str:
        """The path of the event stream."""
        return self._path + "events"

    def headers(self) -> dict[str, str]:
        """The current token."""
        return {"token": self._token}

    def request_token(self) -> Grant:
        """Take a place, answering what the room asks."""
        granted = ask_for_place(self._room, self._request_token)
        self._token = granted.token.token
        self._video = granted.video
        self._mine = f"{self._path}participants/{segment(granted.participant)}/"
        return granted

    def look_in(self) -> None:
        """Ask whether there would be a place, and take none."""
        granted = look_in(self._room, self._request_token)
        if granted is not None:
            self._token = granted.token.token
            self.release_token(LOOKED_IN, self._settings.answer_timeout_s)

    def refresh_token(self, timeout_s: float) -> float:
        """A new token in place of the old one; its life in seconds."""
        with self._turn("refresh_token", timeout_s):
            answer = read_token(self._post("refresh_token", self._path + "refresh_token", None, timeout_s))
            self._token = answer.token
        return answer.expires_s

    def release_token(self, reason: str, timeout_s: float) -> None:
        """Give the place back."""
        self._ask("release_token", self._path + "release_token", {"reason": reason}, timeout_s)

    def place_call(self, sdp: str) -> Call:
        """Offer picture and sound."""
        body: dict[str, Any] = {
            "call_type": "WEBRTC",
            "sdp": sdp,
            "media_type": "video" if self._video else "audio",
            "fecc_supported": self._video and self._settings.fecc,
        }
        if SLIDES_SECTION not in sdp:
            # Nothing else could show the slides than the main picture.
            body["present"] = "main"
        with self._turn("calls", self._settings.answer_timeout_s):
            return read_call(self._post("calls", self._mine + "calls", body, self._settings.answer_timeout_s))

    def ack(self, call: str) -> None:
        """The answer is in use."""
        if self._ask("ack", f"{self._mine}calls/{segment(call)}/ack", {}) is False:
            raise RoomProtocolError("ack: the platform said no")

    def disconnect_call(self, call: str, timeout_s: float) -> None:
        """End a call."""
        self._ask("calls/disconnect", f"{self._mine}calls/{segment(call)}/disconnect", None, timeout_s)

    def send_statistics(self, call: str, streams: Mapping[str, Mapping[str, float | str]], timeout_s: float) -> None:
        """How a call does."""
        self._ask("calls/statistics", f"{self._mine}calls/{segment(call)}/statistics", streams, timeout_s)

    def tell(self, word: str, timeout_s: float) -> None:
        """Say something of ourselves that has no body, such as client_mute."""
        self._ask(word, self._mine + word, None, timeout_s)

    def _request_token(self, request: Request) -> Reply:
        # direct_media: without it a consultation of two stays on the platform, whose answers we can read.
        body: dict[str, Any] = {
            "display_name": self._room.display_name,
            "direct_media": False,
            "chosen_idp": "none",
            "sso_token": "none",
        }
        if request.extension is not None:
            body["conference_extension"] = request.extension
        if request.token is not None:
            body["token"] = request.token
        headers = {} if request.pin is None else {"pin": request.pin}
        return self._line.post(
            "request_token",
            self._path + "request_token",
            headers,
            body,
            connect_s=self._settings.connect_timeout_s,
            silence_s=self._settings.join_timeout_s,
        )

    def _ask(self, what: str, path: str, body: object, timeout_s: float | None = None) -> object:
        longest_s = self._settings.answer_timeout_s if timeout_s is None else timeout_s
        with self._turn(what, longest_s):
            return read_result(what, self._post(what, path, body, longest_s))

    def _post(self, what: str, path: str, body: object, timeout_s: float) -> Reply:
        connect_s = min(self._settings.connect_timeout_s, timeout_s)
        return self._line.post(what, path, self.headers(), body, connect_s=connect_s, silence_s=timeout_s)

    @contextmanager
    def _turn(self, what: str, timeout_s: float) -> Generator[None, None, None]:
        if not self._asking.acquire(timeout=timeout_s):
            raise RoomUnreachable(f"{what}: the node still owes another answer")
        try:
            yield
        finally:
            self._asking.release()
