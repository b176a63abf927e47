"""The bench: terminals with simulated hardware, worked from a page."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import av
import numpy as np

from .event_stream import EventStream
from .wire import Json

KEEP_ALIVE_S = 5.0
GLANCE_S = 3.0
"""A single look at the screen counts as watching for this long."""
TERMINAL_LIMIT = 16

STATE_FIELDS = ("state", "press", "lamp", "sound", "threads", "tasks")
"""What a terminal tells of itself; None until it does."""

ImageCodec = Literal["mjpeg", "png"]


@dataclass(frozen=True)
class Screenshot:
    """What a terminal's screen shows: RGBA, top row first."""

    width: int
    height: int
    rgba: bytes = field(repr=False)

    def encoded(self, codec: ImageCodec) -> bytes:
        """A JPEG or PNG file; takes milliseconds, so not on the loop."""
        pixels = np.frombuffer(self.rgba, np.uint8).reshape(self.height, self.width, 4)
        pixel_format = "yuvj420p" if codec == "mjpeg" else "rgb24"
        frame = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(format=pixel_format)
        encoder = av.CodecContext.create(codec, "w")
        assert isinstance(encoder, av.VideoCodecContext)
        encoder.width, encoder.height, encoder.pix_fmt = self.width, self.height, pixel_format
        encoder.framerate = Fraction(1)
        return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])


class BenchTerminal:
    """One terminal on the bench: its screen, its state, and the hands that work it."""

    def __init__(self) -> None:
        self.state: Json = {}
        self.screenshot: Screenshot | None = None
        self._screen_changed = asyncio.Event()
        self._followers: set[EventStream] = set()
        self._hands: EventStream | None = None
        self._watchers = 0
        self._glance_until = 0.0
        self._watch_told = False

    # the terminal's side

    @property
    def is_connected(self) -> bool:
        return self._hands is not None

    def connect(self) -> EventStream:
        """The terminal listens; an older connection of the same terminal ends."""
        if self._hands:
            self._hands.end()
        self._hands = EventStream(KEEP_ALIVE_S)
        self._watch_told = self.is_watched
        self._hands.post("watch", {"on": self._watch_told})
        self._tell_followers()
        return self._hands

    def disconnect(self, hands: EventStream) -> None:
        if self._hands is hands:
            self._hands = None
            self._tell_followers()

    def show(self, screenshot: Screenshot) -> None:
        self.screenshot = screenshot
        self._screen_changed.set()
        self._screen_changed = asyncio.Event()

    def tell(self, state: Json) -> None:
        self.state = state
        self._tell_followers()

    # the page's side

    def summary(self) -> Json:
        return {"connected": self.is_connected, **{field: self.state.get(field) for field in STATE_FIELDS}}

    def hand(self, event: str, data: object) -> bool:
        """Pass a hand's move on; false when no terminal is connected."""
        if self._hands is None:
            return False
        self._hands.post(event, data)
        return True

    async def next_screenshot(self) -> Screenshot | None:
        """Wait for the screen to change."""
        await self._screen_changed.wait()
        return self.screenshot

    @contextmanager
    def follow(self) -> Iterator[EventStream]:
        """A stream of summaries, the present one first."""
        stream = EventStream(KEEP_ALIVE_S)
        self._followers.add(stream)
        stream.post("state", self.summary())
        try:
            yield stream
        finally:
            self._followers.discard(stream)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Somebody looks at the screen."""
        self._watchers += 1
        self._tell_watch()
        try:
            yield
        finally:
            self._watchers -= 1
            self._tell_watch()

    def glance(self) -> None:
        """Somebody has looked once."""
        self._glance_until = time.monotonic() + GLANCE_S
        self._tell_watch()
        asyncio.get_running_loop().call_later(GLANCE_S + 0.01, self._tell_watch)

    @property
    def is_watched(self) -> bool:
        return self._watchers > 0 or time.monotonic() < self._glance_until

    def close(self) -> None:
        for stream in (self._hands, *self._followers):
            if stream:
                stream.end()

    def _tell_watch(self) -> None:
        if self._hands and self._watch_told != self.is_watched:
            self._watch_told = self.is_watched
            self._hands.post("watch", {"on": self._watch_told})

    def _tell_followers(self) -> None:
        for stream in self._followers:
            stream.post("state", self.summary())


class Bench:
    """All terminals that have ever been named, up to a limit."""

    def __init__(self) -> None:
        self._terminals: dict[str, BenchTerminal] = {}

    def terminal(self, name: str) -> BenchTerminal | None:
        """The terminal of this name, made on first use; None when there are too many."""
        if name not in self._terminals and len(self._terminals) < TERMINAL_LIMIT:
            self._terminals[name] = BenchTerminal()
        return self._terminals.get(name)

    def connected_names(self) -> list[str]:
        return [name for name, terminal in self._terminals.items() if terminal.is_connected]

    def close(self) -> None:
        for terminal in self._terminals.values():
            terminal.close()
