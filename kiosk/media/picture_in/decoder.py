"""Decodes pictures in a thread of its own, each at its time."""

import logging
import threading
import time
from typing import Final, Protocol

import av
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext

from kiosk.media.picture_in.due_queue import Due, DueQueue
from kiosk.media.picture_in.payload import Codec

logger = logging.getLogger(__name__)

CLOSE_S: Final = 1.0
UNSHOWN_S: Final = 0.1
"""While it catches up, so often a picture is shown all the same."""
SMOOTHING: Final = 0.1

_DECODERS: Final[dict[Codec, str]] = {"VP8": "libvpx", "H264": "h264"}


class Watcher(Protocol):
    """Who waits for decoded pictures. All of it is called in the decoder's thread."""

    def show(self, picture: av.VideoFrame, due: Due) -> None:
        """To be shown now."""

    def is_broken(self) -> None:
        """Only a key frame helps."""


class Decoder:
    """Begins its thread with the first picture. `put` and `close` are for one thread."""

    def __init__(self, watcher: Watcher, name: str) -> None:
        self._watcher = watcher
        self._name = name
        self._changed = threading.Condition()
        self._queue = DueQueue()
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._codec: Codec | None = None
        self._context: VideoCodecContext | None = None
        self._shown_at_s = 0.0
        self.fault: Exception | None = None
        """What the watcher raised: it ended the thread."""
        self.decoded = 0
        self.decode_ms = 0.0
        """Of one picture, smoothed."""

    @property
    def dropped(self) -> int:
        """Whole pictures that were not decoded."""
        return self._queue.dropped

    @property
    def depth(self) -> int:
        """Pictures waiting."""
        return len(self._queue)

    def put(self, due: Due) -> bool:
        """Decode and show it at its time. False: it, or what it leans on, was dropped; only a key frame helps."""
        with self._changed:
            if self._stopped:
                return True
            self._queue.put(due)
            needs_key = self._queue.needs_key
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        return not needs_key

    def close(self) -> None:
        """Show nothing more. Twice is safe; at most 1 s."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(CLOSE_S)

    def _work(self) -> None:
        try:
            while (due := self._next()) is not None:
                self._decode(due)
        except Exception as error:
            logger.exception("Pictures can be shown no more")
            self.fault = error
        self._context = None

    def _next(self) -> Due | None:
        with self._changed:
            while not self._stopped:
                now_s = time.monotonic()
                needed_key = self._queue.needs_key
                due = self._queue.take(now_s)
                if due is not None:
                    return due
                if self._queue.needs_key and not needed_key:
                    self._watcher.is_broken()
                next_s = self._queue.next_due_s()
                self._changed.wait(None if next_s is None else max(0.0, next_s - now_s))
        return None

    def _decode(self, due: Due) -> None:
        begun_s = time.monotonic()
        pictures = self._pictures(due)
        now_s = time.monotonic()
        self.decode_ms += SMOOTHING * ((now_s - begun_s) * 1000 - self.decode_ms)
        for picture in pictures:
            self.decoded += 1
            if self._queue.is_due(now_s) and now_s - self._shown_at_s < UNSHOWN_S:
                continue
            self._shown_at_s = now_s
            self._watcher.show(picture, due)

    def _pictures(self, due: Due) -> list[av.VideoFrame]:
        if self._context is None or due.codec != self._codec:
            self._context, self._codec = _context(due.codec), due.codec
        try:
            pictures = self._context.decode(av.Packet(due.coded.data))
        except av.FFmpegError as error:
            logger.warning("A picture (%s) could not be decoded: %s", due.codec, type(error).__name__)
            self._break()
            return []
        if any(picture.is_corrupt for picture in pictures):
            self._break()
            return []
        return pictures

    def _break(self) -> None:
        with self._changed:
            self._queue.broken()
        self._watcher.is_broken()


def _context(codec: Codec) -> VideoCodecContext:
    context = av.CodecContext.create(_DECODERS[codec], "r")
    assert isinstance(context, VideoCodecContext)
    # Measured at 1280x720: more threads gain nothing for pictures of one slice, and threads by frame add delay.
    context.thread_count = 1
    context.flags |= Flags.low_delay
    return context
