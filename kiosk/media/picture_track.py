"""The track of the patient's picture. It waits for something to be put and makes up nothing."""

import dataclasses
import time

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from kiosk.blocking import in_thread
from kiosk.frames import VideoFrame
from kiosk.latest import Latest
from kiosk.media.convert import VIDEO_CLOCK_HZ, VIDEO_TIME_BASE, fitted_size, needs_scaler, to_av
from kiosk.media.rings import Wake
from kiosk.media.settings import Settings
from kiosk.media.steering import WHOLE, Steering


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
