"""The picture that is sent: between the camera's slot and the sender's packets."""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from aiortc import RTCRtpSender

from kiosk.blocking import in_thread
from kiosk.coded import Coder
from kiosk.frames import VideoFrame
from kiosk.latest import Latest
from kiosk.media.aiortc_adapter.numbers import Numbers
from kiosk.media.aiortc_adapter.picture_sender import PictureSender
from kiosk.media.congestion import LineRate, Rate, Report
from kiosk.media.content_hint import ContentHint
from kiosk.media.picture_out.controller import Controller
from kiosk.media.picture_out.departures import Departures
from kiosk.media.picture_out.encoder import EncodedPicture, Order
from kiosk.media.picture_out.encoding import Encoding
from kiosk.media.picture_out.figures import PictureOutFigures
from kiosk.media.picture_out.ladder import DETAIL_FPS, STEPS, Effort, Ladder, detailed, first_within, heat_cap
from kiosk.media.picture_out.requests import KeyRequests
from kiosk.media.picture_out.temperature import read_temperature_c
from kiosk.media.picture_out.traffic import Traffic
from kiosk.media.settings import Settings
from kiosk.media.steering import Steering

logger = logging.getLogger(__name__)

BEHIND_S: Final = 0.1
"""While more than this waits to be sent, no further picture is coded."""
JUDGE_EVERY_S: Final = 0.2
WARMTH_EVERY_S: Final = 5.0
RATE_WINDOW_S: Final = 1.0
RATE_STEP: Final = 0.03
"""A codec is not told of smaller changes."""
REPAIR_MOST_S: Final = 0.2
"""What takes the line longer to have again is worth a key frame in its place."""
TWICE_AFTER_S: Final = 0.01
"""On a line that loses much the repair goes twice: to lose it as well would cost another round trip."""
RTT_UNKNOWN_S: Final = 0.1
RTT_MOST_S: Final = 1.0
"""A clock that was set in the middle of a call makes round trips of hours."""


class PictureOut:
    """One peer's outgoing picture. Made inside the loop, used in its thread; closed in any case."""

    def __init__(
        self,
        pictures: Latest[VideoFrame],
        steering: Steering,
        settings: Settings,
        hint: ContentHint,
        coder: Callable[[], Coder | None] = lambda: None,
    ) -> None:
        """`coder`: the open camera's own encoder, if it has one. With `hint.detail` pictures may be as large as the
        camera's, whatever the settings say, and are few."""
        self._pictures = pictures
        self._steering = steering
        self._hint = hint
        self._settings = settings
        self._coder = coder
        self._loop = asyncio.get_running_loop()
        self._sender: PictureSender | None = None
        self._encoding: Encoding | None = None
        now_s = time.monotonic()
        self._best = first_within(settings.width, settings.height)
        self._controller: Rate = Controller(STEPS[self._best].most_bps, now_s)
        self._line: LineRate | None = None
        self._ladder = Ladder(self._controller.target_bps)
        self._effort = Effort()
        self._heat = 0
        self._traffic = Traffic()
        self._departures: Departures | None = None
        self._requests = KeyRequests()
        self._judging: asyncio.Task[None] | None = None
        self._coded_bps = 0.0
        self._coded: deque[tuple[float, float]] = deque()
        self._size = (0, 0)
        self._keys = 0
        self.pictures = 0
        """Pictures sent."""

    def take_over(self, sender: RTCRtpSender) -> None:
        """Send by this sender, as soon as it is connected."""
        self._sender = PictureSender(sender, self)
        self._departures = Departures(self._sender, self._traffic, self._controller.target_bps)

    def number_by(self, extension_id: int) -> LineRate:
        """Before it begins: the far end has promised to tell when each numbered packet came, and once it does the rate
        follows that. What other senders of the transport send is to be numbered by the same."""
        line = self._line = LineRate(STEPS[self._best].most_bps, time.monotonic())
        if self._sender is not None:
            self._sender.numbers = Numbers(
                extension_id, lambda size_bytes: line.sent(size_bytes, is_picture=True, now_s=time.monotonic())
            )
        return line

    def on_feedback(self, fci: bytes) -> None:
        """The far end tells when packets came. Loop's thread."""
        if self._line is None:
            return
        try:
            self._line.told(fci, time.monotonic())
        except ValueError as error:
            logger.debug("%s", error)
            return
        self._controller = self._line
        self._apply()
        self._probe()

    def wake(self) -> None:
        """A picture is there. Any thread; returns at once."""
        encoding = self._encoding
        if encoding is not None:
            encoding.wake()

    def forget(self) -> None:
        """What waits shall not be sent: the camera was put out. Any thread; returns at once."""
        # A loop that is closed has nothing left to send.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._clear)

    async def close(self) -> None:
        """End the encoder's thread. Twice is safe; at most 1 s."""
        self.stopped()
        encoding, self._encoding = self._encoding, None
        if encoding is not None:
            await in_thread(encoding.stop)

    def figures(self) -> PictureOutFigures:
        """The figures now."""
        self._forget(time.monotonic())
        rtt_s = self._controller.rtt_s
        departures = self._departures
        coded = [encode_s for _, encode_s in self._coded]
        return PictureOutFigures(
            pictures=self.pictures,
            dropped=self._encoding.dropped if self._encoding else 0,
            key_frames=self._keys,
            fps=len(coded) / RATE_WINDOW_S,
            width=self._size[0],
            height=self._size[1],
            target_bps=round(self._controller.target_bps),
            sent_bps=round(self._traffic.sent_bps),
            encode_ms=1000 * sum(coded) / len(coded) if coded else 0.0,
            paced_ms=1000 * departures.paced_s if departures else 0.0,
            packets_again=departures.again if departures else 0,
            loss=self._controller.loss,
            rtt_ms=None if rtt_s is None else rtt_s * 1000,
        )

    def started(self, codec: str) -> None:
        """The connection is there: begin to code."""
        encoding = Encoding(
            codec,
            self._pictures,
            self._steering,
            self._order(),
            coder=self._coder,
            is_behind=self._is_behind,
            deliver=self._deliver,
            failed=self._fail,
        )
        self._encoding = encoding
        encoding.start()
        encoding.wake()
        self._judging = asyncio.create_task(self._judge(), name="picture-rate")

    def stopped(self) -> None:
        """The connection is gone: send nothing more."""
        if self._departures is not None:
            self._departures.stop()
        if self._judging is not None:
            self._judging.cancel()
            self._judging = None

    def on_estimate(self, remb_bps: int) -> None:
        """The far end can take so much."""
        self._controller.estimate(remb_bps, time.monotonic())
        self._apply()

    def on_report(self, highest_sequence: int, packets_lost: int, rtt_s: float | None) -> None:
        """The far end's receiver report."""
        report, now_s = Report(highest_sequence, packets_lost, rtt_s), time.monotonic()
        self._controller.report(report, now_s)
        if self._line is not None and self._line is not self._controller:
            self._line.report(report, now_s)
        self._apply()

    def on_lost(self, sequence_numbers: list[int]) -> None:
        """The far end misses these."""
        departures = self._departures
        if departures is None:
            return
        wanted = departures.wanted(sequence_numbers, self._rtt_s)
        if departures.takes_s(wanted) > REPAIR_MOST_S and self._ask_for_key():
            departures.renounce()
            return
        departures.send_again(wanted)
        if wanted and self._line is not None and self._line.is_lossy(time.monotonic()):
            departures.send_again(wanted, TWICE_AFTER_S)

    def on_key_frame_wanted(self) -> None:
        """The far end cannot go on without a key frame."""
        self._ask_for_key()

    def _ask_for_key(self) -> bool:
        """False: one is on its way already."""
        delay_s = self._requests.ask(time.monotonic(), self._rtt_s)
        if delay_s is None or self._encoding is None:
            return False
        self._loop.call_later(delay_s, self._encoding.ask_for_key)
        return True

    @property
    def _rtt_s(self) -> float:
        rtt_s = self._controller.rtt_s
        return RTT_UNKNOWN_S if rtt_s is None else min(max(rtt_s, 0.0), RTT_MOST_S)

    def _is_behind(self) -> bool:
        """Encoder's thread."""
        return self._departures is not None and self._departures.backlog_s > BEHIND_S

    def _deliver(self, picture: EncodedPicture) -> None:
        """Encoder's thread."""
        # A loop that is closed has nobody left to send.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._send, picture)

    def _fail(self, error: Exception) -> None:
        """Encoder's thread."""
        if self._sender is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._sender.fail, error)

    def _send(self, picture: EncodedPicture) -> None:
        if self._departures is None or self._judging is None:
            return
        now_s = time.monotonic()
        self._departures.send(picture)
        self.pictures += 1
        self._size = (picture.width, picture.height)
        self._coded.append((now_s, picture.encode_s))
        self._effort.note(picture.encode_s, self._ladder.index, now_s)
        if picture.is_key:
            self._keys += 1
            self._requests.sent(now_s + self._departures.backlog_s)

    def _clear(self) -> None:
        if self._departures is not None and self._departures.clear() and self._encoding is not None:
            self._encoding.ask_for_key()

    async def _judge(self) -> None:
        warmth_in = 0
        while True:
            if warmth_in <= 0:
                warmth_in = round(WARMTH_EVERY_S / JUDGE_EVERY_S)
                self._heat = heat_cap(read_temperature_c(), self._heat)
            warmth_in -= 1
            now_s = time.monotonic()
            self._forget(now_s)
            self._controller.advance(self._traffic.sent_bps, now_s)
            detail = self._hint.detail
            cap = max(0 if detail else self._best, self._heat, self._effort.cap)
            rate_bps = self._controller.target_bps
            self._ladder.note(detailed(rate_bps) if detail else rate_bps, cap, now_s)
            self._apply()
            await asyncio.sleep(JUDGE_EVERY_S)

    def _apply(self) -> None:
        if self._departures is not None:
            self._departures.pace(self._controller.target_bps)
        if self._encoding is not None:
            self._encoding.order = self._order()

    def _probe(self) -> None:
        if self._line is None or self._departures is None or self._sender is None or not self._sender.repeats:
            return
        probe = self._line.probe(time.monotonic())
        if probe is not None:
            self._departures.begin_burst(probe)

    def _order(self) -> Order:
        step = STEPS[self._ladder.index]
        coded_bps = self._traffic.coded_bps(min(self._controller.target_bps, step.most_bps))
        if abs(coded_bps - self._coded_bps) > RATE_STEP * self._coded_bps:
            self._coded_bps = coded_bps
        fps = min(step.fps, self._settings.fps)
        if self._hint.detail:
            return Order(step.width, step.height, min(fps, DETAIL_FPS), round(self._coded_bps))
        width, height = min(step.width, self._settings.width), min(step.height, self._settings.height)
        return Order(width, height, fps, round(self._coded_bps))

    def _forget(self, now_s: float) -> None:
        self._traffic.forget(now_s)
        while self._coded and now_s - self._coded[0][0] > RATE_WINDOW_S:
            self._coded.popleft()
