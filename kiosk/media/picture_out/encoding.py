"""The thread that codes the camera's pictures: always the newest one, and none that could not be sent at once."""

import dataclasses
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

import av

from kiosk.coded import Coder
from kiosk.errors import MediaError
from kiosk.frames import VideoFrame
from kiosk.latest import Latest
from kiosk.media.convert import fitted_size
from kiosk.media.picture_out.encoder import EncodedPicture, Encoder, Order
from kiosk.media.picture_out.pace import Pace, Rhythm, cropped
from kiosk.media.picture_out.payloads import cut_h264, cut_vp8, is_h264_key, is_vp8_key
from kiosk.media.picture_out.ready import Ready
from kiosk.media.picture_out.vp8 import Vp8Encoder
from kiosk.media.picture_out.x264 import X264Encoder
from kiosk.media.steering import WHOLE, Steering

logger = logging.getLogger(__name__)

JOIN_S: Final = 1.0
PICTURE_IDS: Final = 1 << 15


class Encoding:
    """One codec's thread. `deliver` and `failed` are called from it."""

    def __init__(
        self,
        codec: str,
        pictures: Latest[VideoFrame],
        steering: Steering,
        order: Order,
        *,
        coder: Callable[[], Coder | None],
        is_behind: Callable[[], bool],
        deliver: Callable[[EncodedPicture], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """`codec`: "VP8" or "H264". `coder`: the open camera's own encoder, if it has one. `is_behind`: whether what
        was delivered still waits to be sent."""
        self.order = order
        """How to encode from now on. Any thread may change it."""
        self._codec = codec
        self._pictures = pictures
        self._steering = steering
        self._is_behind = is_behind
        self._deliver = deliver
        self._dropped = 0
        self._ready = Ready(coder, is_behind=is_behind, deliver=deliver)
        self._failed = failed
        self._key = True
        self._stopped = False
        self._something = threading.Event()
        self._pace = Pace(order.fps)
        self._rhythm = Rhythm()
        self._number = int.from_bytes(time.monotonic_ns().to_bytes(8, "big")[-2:], "big") % PICTURE_IDS
        self._thread = threading.Thread(target=self._work, name="picture-encoder", daemon=True)

    @property
    def dropped(self) -> int:
        """Pictures left out because the line, or the encoder, was behind."""
        return self._dropped + self._ready.dropped

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """A picture is there. Any thread; returns at once."""
        self._something.set()

    def ask_for_key(self) -> None:
        """Let the next picture be one that needs no other. Any thread."""
        self._key = True
        self._ready.ask_for_key()

    def stop(self) -> None:
        """End the thread: after at most one picture. Blocks; twice is safe. Nothing is delivered afterwards."""
        self._stopped = True
        self._something.set()
        if self._thread.ident is not None:
            self._thread.join(JOIN_S)

    def _work(self) -> None:
        encoder: Encoder | None = None
        try:
            encoder = Vp8Encoder() if self._codec == "VP8" else X264Encoder()
            while not self._stopped:
                self._something.wait()
                self._something.clear()
                frame = self._pictures.take()
                if frame is not None and not self._stopped:
                    self._handle(frame, encoder)
        except (MediaError, av.FFmpegError, ValueError, MemoryError) as error:
            self._failed(error)
        finally:
            self._ready.stop()
            if encoder is not None:
                encoder.close()

    def _handle(self, frame: VideoFrame, encoder: Encoder) -> None:
        order = self.order
        # Always the whole picture's size: another size would cost a key frame at every step of the far end's hand.
        size = fitted_size(frame.width, frame.height, order.width, order.height)
        window = self._steering.window(time.monotonic())
        if self._codec == "H264" and self._ready.serves(size, order, whole=window == WHOLE):
            # Whatever is coded here after that begins anew.
            self._key = True
            return
        self._pace.fps = order.fps
        if not self._pace.is_due(frame.captured_at_s):
            return
        fps = self._rhythm.note(frame.captured_at_s, order.fps)
        if self._is_behind():
            self._dropped += 1
            return
        begun_s = time.perf_counter()
        if window != WHOLE:
            frame = cropped(frame, *window.pixels(frame.width, frame.height))
        # Taken before coding: who asks meanwhile has not seen this one.
        key, self._key = self._key, False
        data = encoder.encode(frame, size, dataclasses.replace(order, fps=fps), key)
        if not data:
            self._key = self._key or key
            self._dropped += 1
            return
        if self._codec == "VP8":
            payloads, is_key = cut_vp8(data, self._number), is_vp8_key(data)
            self._number = (self._number + 1) % PICTURE_IDS
        else:
            payloads, is_key = cut_h264(data), is_h264_key(data)
        if not self._stopped:
            encode_s = time.perf_counter() - begun_s
            self._deliver(EncodedPicture(payloads, frame.captured_at_s, is_key, *size, encode_s))
