"""What a camera's own encoder is like, without one: x264 in a thread of its own."""

import threading
from collections import deque
from fractions import Fraction
from typing import Any, Final, Self

from kiosk.coded import AccessUnit, OnUnit
from kiosk.errors import DeviceMissing
from kiosk.frames import VideoFrame

WAITING: Final = 4
"""Pictures; hardware has so many buffers, and takes no more."""
JOIN_S: Final = 1.0
_TICKS_HZ: Final = 90_000


class SimulatedCoder:
    """A coded.Coder. Usable while its camera is open, which is this object's own `with`."""

    def __init__(self, width: int, height: int, fps: int) -> None:
        self.width, self.height, self.fps = width, height, fps
        self._waiting: deque[VideoFrame] = deque(maxlen=WAITING)
        self._something = threading.Event()
        self._is_open = self._is_running = False
        self._thread: threading.Thread | None = None
        self._bitrate_bps = 0
        self._key = False

    def __enter__(self) -> Self:
        self._is_open = True
        return self

    def __exit__(self, *_: object) -> None:
        self._is_open = False
        self.stop()

    def put(self, picture: VideoFrame) -> None:
        """The camera has taken this. Camera's thread; returns at once."""
        self._waiting.append(picture)
        self._something.set()

    def start(self, on_unit: OnUnit, bitrate_bps: int) -> None:
        if not self._is_open:
            raise DeviceMissing("camera", "it is closed, and codes nothing")
        self.stop()
        self._bitrate_bps, self._is_running = bitrate_bps, True
        self._waiting.clear()
        self._thread = threading.Thread(target=self._work, args=(on_unit,), name="camera-encoder", daemon=True)
        self._thread.start()

    def set_bitrate(self, bitrate_bps: int) -> None:
        self._bitrate_bps = bitrate_bps

    def ask_for_key(self) -> None:
        self._key = True

    def stop(self) -> None:
        self._is_running = False
        self._something.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join(JOIN_S)

    def _work(self, on_unit: OnUnit) -> None:
        codec, bitrate_bps = _open(self.width, self.height, self.fps, self._bitrate_bps), self._bitrate_bps
        while self._is_running:
            self._something.wait()
            self._something.clear()
            while self._waiting and self._is_running:
                picture = self._waiting.popleft()
                if self._bitrate_bps != bitrate_bps:
                    codec.bit_rate = bitrate_bps = self._bitrate_bps
                key, self._key = self._key, False
                unit = _coded(codec, picture, key=key)
                if unit is not None and self._is_running:
                    on_unit(unit)


def _open(width: int, height: int, fps: int, bitrate_bps: int) -> Any:
    import av  # noqa: PLC0415 - only who asks for it pays for it

    codec: Any = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, _TICKS_HZ), Fraction(fps)
    codec.bit_rate, codec.gop_size, codec.thread_count = bitrate_bps, 1_000_000, 1
    codec.profile = "Baseline"
    codec.options = {"preset": "ultrafast", "tune": "zerolatency", "level": "31"}
    codec.open()
    return codec


def _coded(codec: Any, picture: VideoFrame, *, key: bool) -> AccessUnit | None:
    import av  # noqa: PLC0415
    from av.video.frame import PictureType  # noqa: PLC0415

    frame = av.VideoFrame(picture.width, picture.height, "yuv420p")
    for plane, values in zip(frame.planes, (picture.y, picture.u, picture.v), strict=True):
        rows = memoryview(bytearray(plane.buffer_size))
        for number, row in enumerate(values):
            rows[number * plane.line_size : number * plane.line_size + row.size] = row.tobytes()
        plane.update(bytes(rows))
    frame.pts, frame.time_base = round(picture.captured_at_s * _TICKS_HZ), Fraction(1, _TICKS_HZ)
    frame.pict_type = PictureType.I if key else PictureType.NONE
    packets = codec.encode(frame)
    if not packets:
        return None
    data = b"".join(bytes(packet) for packet in packets)
    return AccessUnit(data, any(packet.is_keyframe for packet in packets), picture.captured_at_s)
