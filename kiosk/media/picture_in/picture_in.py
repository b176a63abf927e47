"""One stream of pictures from its packets to the screen."""

import asyncio
import time
from collections.abc import Callable
from typing import Final, Protocol

import av

from kiosk.errors import MediaError
from kiosk.frames import VideoFrame
from kiosk.media.convert import from_av
from kiosk.media.picture_in.arrival import Arrival
from kiosk.media.picture_in.decoder import Decoder
from kiosk.media.picture_in.due_queue import Due
from kiosk.media.picture_in.figures import Freezes, PictureInFigures
from kiosk.media.picture_in.playout import Playout
from kiosk.media.picture_in.reception import TAIL_S, Reception

SMOOTHING: Final = 0.05
SOONEST_S: Final = 0.002


class FarEnd(Protocol):
    """Who is asked for what is missing. Both return at once; loop."""

    def ask_for_packets(self, ssrc: int, lost: tuple[int, ...]) -> None:
        """Again, please: these sequence numbers (NACK)."""

    def ask_for_key_frame(self, ssrc: int) -> None:
        """A picture that needs no other, please (PLI)."""


class PictureIn:
    """Made and closed in the loop's thread, in which packets come; shows in a thread of its own."""

    def __init__(self, far_end: FarEnd, on_picture: Callable[[VideoFrame], None], name: str = "picture-in") -> None:
        """`on_picture` gets each picture, in the decoder's thread; what it raises comes out of `check`."""
        self._far_end = far_end
        self._on_picture = on_picture
        self._loop = asyncio.get_running_loop()
        self._reception = Reception()
        self._playout = Playout()
        self._decoder = Decoder(self, name)
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self._freezes = Freezes()
        self._buffered_ms = 0.0
        self.size = (0, 0)
        """Width and height of the newest picture."""
        self.shown = 0
        """Pictures."""
        self.shown_timestamp: tuple[int, float] | None = None
        """The newest shown picture's RTP timestamp (90 kHz, without wrap-around), and when it was shown (monotonic
        seconds)."""

    @property
    def ssrc(self) -> int | None:
        """Of the stream; None before the first packet."""
        return self._reception.ssrc

    @property
    def depth(self) -> int:
        """Whole pictures that wait to be shown."""
        return self._decoder.depth

    def hold(self, for_s: float) -> None:
        """Show every picture so much later than it could be: lip sync."""
        self._playout.hold_s = for_s

    def receive(self, arrival: Arrival) -> None:
        """One packet. Loop; returns at once."""
        if self._closed:
            return
        reception = self._reception
        now_s = time.monotonic()
        for coded in reception.add(arrival, now_s):
            due_s = self._playout.due_s(coded.timestamp, coded.arrived_at_s)
            if not self._decoder.put(Due(arrival.codec, coded, due_s)):
                reception.broken(now_s)
        if reception.is_troubled:
            self._ask(now_s)
        elif self._timer is None and reception.depth:
            self._timer = self._loop.call_later(TAIL_S, self._tick)

    def figures(self) -> PictureInFigures:
        """What is known now. Any thread."""
        reception, decoder = self._reception, self._decoder
        width, height = self.size
        return PictureInFigures(
            shown=self.shown,
            fps=self._freezes.fps(time.monotonic()),
            width=width,
            height=height,
            freezes=self._freezes.count,
            frozen_s=self._freezes.seconds,
            decode_ms=decoder.decode_ms,
            jitter_buffer_ms=self._buffered_ms,
            packets_asked=reception.packets_asked,
            key_frames_asked=reception.key_frames_asked,
            pictures_dropped=decoder.dropped,
            rtt_ms=reception.rtt_s * 1000,
        )

    def check(self) -> None:
        """Raises what ended the showing."""
        if self._decoder.fault is not None:
            raise self._decoder.fault

    def close(self) -> None:
        """Show nothing more. Twice is safe; at most 1 s."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._decoder.close()

    def show(self, picture: av.VideoFrame, due: Due) -> None:
        """The decoder's."""
        now_s = time.monotonic()
        try:
            frame = from_av(picture, now_s)
        except av.FFmpegError as error:
            raise MediaError(f"remote picture of format {picture.format.name} cannot be shown") from error
        self.shown += 1
        self.size = (frame.width, frame.height)
        self._freezes.note(now_s)
        self._buffered_ms += SMOOTHING * ((now_s - due.coded.arrived_at_s) * 1000 - self._buffered_ms)
        self.shown_timestamp = (due.coded.timestamp, now_s)
        self._on_picture(frame)

    def is_broken(self) -> None:
        """The decoder's."""
        self._loop.call_soon_threadsafe(self._recover)

    def _recover(self) -> None:
        if self._closed:
            return
        now_s = time.monotonic()
        self._reception.broken(now_s)
        self._ask(now_s)

    def _ask(self, now_s: float) -> None:
        ask = self._reception.ask(now_s)
        if ask is not None:
            if ask.lost:
                self._far_end.ask_for_packets(ask.ssrc, ask.lost)
            if ask.key_frame:
                self._far_end.ask_for_key_frame(ask.ssrc)
        at_s = self._reception.ask_at_s(now_s)
        if at_s is None:
            return
        when_s = self._loop.time() + max(SOONEST_S, at_s - now_s)
        if self._timer is not None:
            if self._timer.when() <= when_s:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when_s, self._tick)

    def _tick(self) -> None:
        self._timer = None
        if not self._closed:
            self._ask(time.monotonic())
