"""What was seen and heard at one end of a call, moment by moment, and the figures that follow from two ends.

All times are of the machine's monotonic clock, in seconds, so that both ends' can be compared.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import SAMPLE_RATE_HZ, Plane
from tests.benchmarks import clip

FROZEN_S: Final = 0.2
"""A picture that stands for longer than this is frozen."""
WAYS: Final = ("in", "out")
"""As the guest sees it: from the doctor, and to the doctor. A doctor's own records know "in" and "out" as its own."""
_PICTURE: Final = struct.Struct("<4d")
_BLOCK: Final = struct.Struct("<3d")
_LOOP_S: Final = clip.PICTURES / clip.FPS
_CHIRP_LOOP_S: Final = clip.CHIRP_EVERY_S * len(clip.CHIRPS_HZ)

Floats = NDArray[np.float64]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pictures:
    """One row each: when, its number (-1: cannot be read), width, height."""

    rows: Floats

    def within(self, span: Span) -> Floats:
        """Rows of that time."""
        return self.rows[(self.rows[:, 0] >= span[0]) & (self.rows[:, 0] < span[1])]


@dataclass(frozen=True, slots=True)
class Heard:
    """Blocks of sound with the moment each was handed over."""

    blocks: Floats
    """One row each: when, how many samples."""
    samples: NDArray[np.int16]

    def within(self, span: Span) -> NDArray[np.int16]:
        """The samples of that time, 48 kHz."""
        ends = np.concatenate(([0], np.cumsum(self.blocks[:, 1]))).astype(int)
        first, last = np.searchsorted(self.blocks[:, 0], span)
        return self.samples[ends[first] : ends[last]]

    def chirps(self, span: Span, ends: bool) -> list[tuple[float, int]]:
        """(when, which) in that time. `ends`: a block's time is that of its end, as at a microphone; else of its
        beginning, as at a loudspeaker."""
        counts = self.blocks[:, 1].astype(int)
        firsts = np.concatenate(([0], np.cumsum(counts)))[:-1]
        inside = np.flatnonzero((self.blocks[:, 0] >= span[0]) & (self.blocks[:, 0] < span[1]))
        if not inside.size:
            return []
        begin, end = firsts[inside[0]], firsts[inside[-1]] + counts[inside[-1]]
        found = []
        for start, kind in clip.find_chirps(self.samples[begin:end]):
            block = int(np.searchsorted(firsts, begin + start, side="right")) - 1
            offset = begin + start - firsts[block] - (counts[block] if ends else 0)
            found.append((float(self.blocks[block, 0]) + offset / SAMPLE_RATE_HZ, kind))
        return found


@dataclass(frozen=True, slots=True)
class Records:
    """Of one end."""

    pictures: dict[str, Pictures]
    """By way."""
    sound: dict[str, Heard]


def load(read: Callable[[str], bytes]) -> Records:
    """`read` gives the bytes of "in-pictures", "in-blocks", "in-samples" and the same three of "out"."""
    pictures, sound = {}, {}
    for way in WAYS:
        rows = np.frombuffer(read(f"{way}-pictures"), "<f8")
        pictures[way] = Pictures(rows[: len(rows) // 4 * 4].reshape(-1, 4))
        blocks = np.frombuffer(read(f"{way}-blocks"), "<f8")
        samples = read(f"{way}-samples")
        sound[way] = _at_48_khz(
            blocks[: len(blocks) // 3 * 3].reshape(-1, 3), np.frombuffer(samples[: len(samples) // 2 * 2], "<i2")
        )
    return Records(pictures, sound)


def _at_48_khz(blocks: Floats, samples: NDArray[np.int16]) -> Heard:
    """Rows of `blocks`: when, how many samples, of how many a second. A browser's microphone may have 44,100."""
    if not len(blocks):
        return Heard(blocks[:, :2], samples)
    rate_hz = float(blocks[0, 2])
    blocks = blocks[: int(np.searchsorted(np.cumsum(blocks[:, 1]), len(samples), side="right"))]
    counts = np.rint(blocks[:, 1] * SAMPLE_RATE_HZ / rate_hz)
    if rate_hz != SAMPLE_RATE_HZ:
        wanted = np.arange(int(counts.sum())) * rate_hz / SAMPLE_RATE_HZ
        samples = np.rint(np.interp(wanted, np.arange(len(samples)), samples)).astype(np.int16)
    return Heard(np.column_stack((blocks[:, 0], counts)), samples)


class Recording:
    """What a Recorder writes, read while it is being written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._skip_bytes: dict[str, int] = {}

    def read(self) -> Records:
        """All since the last `forget`."""
        return load(self._part)

    def forget(self) -> None:
        """Pass over what is there."""
        for way in WAYS:
            pictures = self._folder / f"{way}-pictures"
            self._skip_bytes[pictures.name] = pictures.stat().st_size // _PICTURE.size * _PICTURE.size
            blocks = (self._folder / f"{way}-blocks").read_bytes()
            whole = len(blocks) // _BLOCK.size * _BLOCK.size
            self._skip_bytes[f"{way}-blocks"] = whole
            counts = np.frombuffer(blocks[:whole], "<f8").reshape(-1, 3)[:, 1]
            self._skip_bytes[f"{way}-samples"] = 2 * int(counts.sum())

    def _part(self, name: str) -> bytes:
        with (self._folder / name).open("rb") as file:
            file.seek(self._skip_bytes.get(name, 0))
            return file.read()


class Recorder:
    """Writes what `load` reads, as it happens: some microseconds a picture or block. Each way has one thread."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, BinaryIO] = {
            f"{way}-{what}": (folder / f"{way}-{what}").open("wb", buffering=0)
            for way in WAYS
            for what in ("pictures", "blocks", "samples")
        }

    def picture(self, way: str, at_s: float, y: Plane) -> None:
        """A picture was there at that moment; `y` is its luma."""
        number = clip.read_number(y)
        row = _PICTURE.pack(at_s, -1 if number is None else number, y.shape[1], y.shape[0])
        self._files[f"{way}-pictures"].write(row)

    def block(self, way: str, at_s: float, block: bytes) -> None:
        """A block of sound, s16le mono 48 kHz."""
        self._files[f"{way}-samples"].write(block)
        self._files[f"{way}-blocks"].write(_BLOCK.pack(at_s, len(block) // 2, SAMPLE_RATE_HZ))


@dataclass(frozen=True, slots=True)
class Sight:
    """Pictures that went one way, in some seconds."""

    delays_ms: list[float]
    """Camera's callback -> decoded, each picture that could be read."""
    freezes: int
    """Gaps of more than 200 ms between two different decoded pictures."""
    frozen_s: float
    """How long all these gaps were together."""
    longest_s: float
    """The longest gap of all."""
    fps: float
    """Different pictures a second."""
    unreadable: float
    """0..1: decoded pictures whose number could not be read."""
    size: tuple[int, int]
    """Width and height of the last one."""


def sight(captured: Pictures, decoded: Pictures, span: Span) -> Sight:
    """What came of what was captured."""
    shown = decoded.within(span)
    readable = shown[shown[:, 1] >= 0]
    fresh = readable[np.concatenate(([True], np.diff(readable[:, 1]) != 0))] if len(readable) else readable
    gaps = np.diff(np.concatenate(([span[0]], fresh[:, 0], [span[1]])))
    frozen = gaps[gaps > FROZEN_S]
    return Sight(
        delays_ms=_picture_delays_ms(captured, fresh),
        freezes=len(frozen),
        frozen_s=float(frozen.sum()),
        longest_s=float(gaps.max()),
        fps=len(fresh) / (span[1] - span[0]),
        unreadable=1 - len(readable) / len(shown) if len(shown) else 0.0,
        size=(int(shown[-1, 2]), int(shown[-1, 3])) if len(shown) else (0, 0),
    )


def _picture_delays_ms(captured: Pictures, fresh: Floats) -> list[float]:
    delays = []
    by_number = {number: captured.rows[captured.rows[:, 1] == number, 0] for number in range(clip.PICTURES)}
    for at_s, number, *_ in fresh:
        times = by_number[int(number)]
        before = int(np.searchsorted(times, at_s)) - 1
        if before >= 0 and at_s - times[before] < _LOOP_S:
            delays.append(float(at_s - times[before]) * 1000)
    return delays


@dataclass(frozen=True, slots=True)
class Hearing:
    """Sound that went one way, in some seconds."""

    delays_ms: list[float]
    """Microphone -> loudspeaker's driver, each chirp that was heard."""
    lost: float
    """0..1: chirps that were not."""


def hearing(captured: Heard, played: Heard, span: Span) -> Hearing:
    """What came of what was said."""
    said = captured.chirps((span[0] - _CHIRP_LOOP_S, span[1]), ends=True)
    heard = played.chirps(span, ends=False)
    delays_ms = []
    for at_s, kind in heard:
        times = [when for when, which in said if which == kind and 0 <= at_s - when < _CHIRP_LOOP_S]
        if times:
            delays_ms.append(float(at_s - max(times)) * 1000)
    expected = round((span[1] - span[0]) / clip.CHIRP_EVERY_S)
    return Hearing(delays_ms, max(0.0, 1 - len(delays_ms) / expected) if expected else 0.0)
