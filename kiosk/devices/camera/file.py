"""A video file as a camera: over and over, at its own pace."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import av.container
import av.error

from kiosk.coded import Coder
from kiosk.devices.camera.pictures import i420
from kiosk.devices.camera.port import OnFrame, OnLost
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing

_FALLBACK_FPS = 30


class FileCamera:
    """Any format that FFmpeg reads; size and rate are the file's."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._worker = Worker("camera")

    def probe(self) -> None:
        if not self._path:
            raise DeviceMissing("camera", "no video file is named; set [camera] path")
        if not Path(self._path).is_file():
            raise DeviceMissing("camera", f"there is no video file {self._path}; see [camera] path")

    def start(self, on_frame: OnFrame, on_lost: OnLost) -> None:
        @contextmanager
        def opening() -> Iterator[av.container.InputContainer]:
            self.probe()
            try:
                container = av.open(self._path)
            except (av.error.FFmpegError, OSError) as error:
                raise DeviceMissing("camera", f"{self._path} is not a video that FFmpeg reads ({error})") from error
            with container:
                if not container.streams.video:
                    raise DeviceMissing("camera", f"{self._path} has no picture in it")
                yield container

        def work(container: av.container.InputContainer) -> None:
            try:
                self._play(container, on_frame)
            except (av.error.FFmpegError, OSError) as error:
                raise DeviceLost("camera", f"{self._path} cannot be read on ({error})") from error

        self._worker.start(opening, work, on_lost)

    @property
    def coder(self) -> Coder | None:
        return None

    def close(self) -> None:
        self._worker.close()

    def _play(self, container: av.container.InputContainer, on_frame: OnFrame) -> None:
        stream = container.streams.video[0]
        period_s = float(1 / (stream.average_rate or _FALLBACK_FPS))
        round_starts_s = time.monotonic()
        while True:
            shown = 0
            for frame in container.decode(stream):
                if not self._worker.sleep_until(round_starts_s + shown * period_s):
                    return
                on_frame(i420(frame, time.monotonic()))
                shown += 1
            if not shown:
                raise DeviceLost("camera", f"{self._path} holds no whole picture")
            # Counted from the last round's start, not from now: the rate is kept over any number of rounds.
            round_starts_s += shown * period_s
            container.seek(0)
