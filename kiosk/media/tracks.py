"""The two tracks that are sent. Each waits for something to be put and makes up nothing."""

import dataclasses
import time
from typing import Final

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from kiosk.blocking import in_thread
from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, VideoFrame
from kiosk.latest import Latest
from kiosk.media.convert import VIDEO_CLOCK_HZ, VIDEO_TIME_BASE, block_to_av, fitted_size, needs_scaler, to_av
from kiosk.media.rings import SoundRing, Wake
from kiosk.media.settings import Settings
from kiosk.media.steering import WHOLE, Steering

PAUSE_S: Final = 0.2
"""Sound that stays away for so long has paused: its time is counted as passed. Less is jitter of the microphone's
thread, whose samples all come."""


class PictureTrack(MediaStreamTrack):
    """The patient's picture, or the part that the far end steers to: newest wins, within size and rate of the
    settings."""

    kind = "video"

    def __init__(self, pictures: Latest[VideoFrame], steering: Steering, wake: Wake, settings: Settings) -> None:
        super().__init__()
        self._pictures = pictures
        self._steering = steering
        self._wake = wake
        self._settings = settings
        self._pace = Pace(settings.fps)
        self._origin_s: float | None = None
        self._pts = -1
        self.sent = 0
        """Pictures handed to the encoder."""

    async def recv(self) -> av.VideoFrame:
        """The next picture. aiortc's sender calls it, one call at a time."""
        while self.readyState == "live":
            frame = self._pictures.take()
            if frame is None:
                await self._wake.wait()
            elif self._pace.is_due(frame.captured_at_s):
                return await self._timed(frame)
        raise MediaStreamError

    async def _timed(self, frame: VideoFrame) -> av.VideoFrame:
        # Always the whole picture's size: another size would cost a new encoder and a key frame at every step.
        size = fitted_size(frame.width, frame.height, self._settings.width, self._settings.height)
        window = self._steering.window(time.monotonic())
        if window != WHOLE:
            frame = cropped(frame, *window.pixels(frame.width, frame.height))
        if needs_scaler(frame, *size):
            picture = await in_thread(to_av, frame, *size)
        else:
            picture = to_av(frame, *size)
        if self._origin_s is None:
            self._origin_s = frame.captured_at_s
        # The camera's own time, so that a late loop does not bend the movement. Encoders insist on growing times.
        self._pts = max(self._pts + 1, round((frame.captured_at_s - self._origin_s) * VIDEO_CLOCK_HZ))
        picture.pts = self._pts
        picture.time_base = VIDEO_TIME_BASE
        self.sent += 1
        return picture


class SoundTrack(MediaStreamTrack):
    """The patient's sound. Time counts samples; the time of a pause counts as well."""

    kind = "audio"

    def __init__(self, sound: SoundRing, wake: Wake) -> None:
        super().__init__()
        self._sound = sound
        self._wake = wake
        self._pts = -BLOCK_SAMPLES
        self._begun = False
        self._sent_at_s: float | None = None
        self.sent = 0
        """Blocks handed to the encoder."""

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms. aiortc's sender calls it, one call at a time."""
        if not self._begun:
            # What piled up while the connection was made would be a delay for the whole call.
            self._begun = True
            self._sound.clear()
        while self.readyState == "live":
            block = self._sound.take()
            if block is not None:
                return self._timed(block, time.monotonic())
            await self._wake.wait()
        raise MediaStreamError

    def _timed(self, block: bytes, now_s: float) -> av.AudioFrame:
        passed_blocks = 1
        if self._sent_at_s is not None and now_s - self._sent_at_s > PAUSE_S:
            passed_blocks = round((now_s - self._sent_at_s) * SAMPLE_RATE_HZ / BLOCK_SAMPLES)
        self._pts += passed_blocks * BLOCK_SAMPLES
        self._sent_at_s = now_s
        self.sent += 1
        return block_to_av(block, self._pts)


class Pace:
    """Lets at most `fps` pictures a second pass in the long run, and does not punish a camera that jitters."""

    def __init__(self, fps: int) -> None:
        self._interval_s = 1 / fps
        self._due_s: float | None = None

    def is_due(self, captured_at_s: float) -> bool:
        """Whether a picture taken then shall be sent."""
        if self._due_s is None or captured_at_s < self._due_s - 2 * self._interval_s:
            # The first one, or the camera's clock began anew.
            self._due_s = captured_at_s
        if captured_at_s < self._due_s - self._interval_s / 2:
            return False
        self._due_s = max(self._due_s, captured_at_s - self._interval_s) + self._interval_s
        return True


def cropped(frame: VideoFrame, left: int, top: int, width: int, height: int) -> VideoFrame:
    """That part of the picture; not copied. All four in pixels, even."""
    chroma = (slice(top // 2, (top + height) // 2), slice(left // 2, (left + width) // 2))
    return dataclasses.replace(
        frame, y=frame.y[top : top + height, left : left + width], u=frame.u[chroma], v=frame.v[chroma]
    )
