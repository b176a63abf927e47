"""One participant's calls to the platform, typed and blocking. Any thread; one call at a time."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from kiosk.consultation.model import Room
from kiosk.errors import RoomProtocolError, RoomRefused, RoomUnreachable
from kiosk.rooms.pexip.address import conference_path, pin_header, segment
from kiosk.rooms.pexip.answers import Call, Grant, Reply, read_call, read_grant, read_result, read_token
from kiosk.rooms.pexip.line import Line
from kiosk.rooms.pexip.settings import PexipSettings


class Api:
    """Every method may raise RoomUnreachable, RoomRefused or RoomProtocolError; after `request_token`, PlaceGone (a
    RoomUnreachable) says that the token is dead."""

    def __init__(self, line: Line, room: Room, settings: PexipSettings) -> None:
        self._line = line
        self._settings = settings
        self._path = conference_path(room.alias)
        self._pin = pin_header(room.pin)
        self._display_name = room.display_name
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
        """Take a place: with the PIN that is known, else as a guest if guests need none."""
        answer = read_grant(self._request_token(self._pin), pin_sent=self._pin is not None)
        if not isinstance(answer, Grant):
            answer = read_grant(self._request_token("none"), pin_sent=False)
        if not isinstance(answer, Grant):
            raise RoomRefused("pin", "request_token: guests need no PIN, and yet the room wants one")
        self._token = answer.token.token
        self._mine = f"{self._path}participants/{segment(answer.participant)}/"
        return answer

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
        body = {
            "call_type": "WEBRTC",
            "sdp": sdp,
            "media_type": "video",
            "fecc_supported": False,
            "present": "main",
        }
        with self._turn("calls", self._settings.answer_timeout_s):
            return read_call(self._post("calls", self._mine + "calls", body, self._settings.answer_timeout_s))

    def ack(self, call: str) -> None:
        """The answer is in use."""
        if self._ask("ack", f"{self._mine}calls/{segment(call)}/ack", {}) is False:
            raise RoomProtocolError("ack: the platform said no")

    def disconnect_call(self, call: str, timeout_s: float) -> None:
        """End a call."""
        self._ask("calls/disconnect", f"{self._mine}calls/{segment(call)}/disconnect", None, timeout_s)

    def tell(self, word: str, timeout_s: float) -> None:
        """Say something of ourselves that has no body, such as client_mute."""
        self._ask(word, self._mine + word, None, timeout_s)

    def _request_token(self, pin: str | None) -> Reply:
        # direct_media: without it a consultation of two stays on the platform, whose answers we can read.
        body = {
            "display_name": self._display_name,
            "direct_media": False,
            "chosen_idp": "none",
            "sso_token": "none",
        }
        headers = {} if pin is None else {"pin": pin}
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
