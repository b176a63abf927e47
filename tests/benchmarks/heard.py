"""What is heard of a voice when packets are lost, by stock aiortc's buffer and decoder and by ours: delay, holes, cost.

    python -m tests.benchmarks.heard                              at 10 % loss, drawn into build/bench
    python -m tests.benchmarks.heard 5 --picture docs/heard.png   at another, drawn elsewhere

No network and no clock: the same packets at the same simulated times for both. Prints a table and draws levels and
spectrograms. A part of `python -m tests.benchmarks.compare` too.
"""

import argparse
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from aiortc.codecs.opus import OpusDecoder as StockDecoder
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket
from numpy.typing import NDArray

from kiosk.frames import BLOCK_S, BLOCK_SAMPLES, SAMPLE_RATE_HZ, SILENCE, level_dbfs
from kiosk.media.libopus import Samples
from kiosk.media.sound_in import Packet, SoundIn
from tests.media.traces import BEGIN_S, PATH_S, Clock, jitter, packets, random_loss, said

SECONDS: Final = 40.0
SHOWN_S: Final = (20.0, 28.0)
JITTER_S: Final = 0.005
PHASE_S: Final = 0.007
PREFILL_BLOCKS: Final = 3
"""A plain player's reserve, for what a path does to a buffer that keeps no time."""
DEPTH_LIMIT_BLOCKS: Final = 10
SETTLED_BLOCKS: Final = 500
"""The buffers learn a path first."""


@dataclass
class Result:
    """One receive path's."""

    name: str
    sound: Samples
    """In the order of playing."""
    delays_ms: NDArray[np.float64]
    """Of each block, from the arrival on a path without jitter to the loudspeaker's asking; nan in silence."""
    holes: float
    """Share of syllables that were silence."""
    cost_us: float
    """Processor time for 20 ms."""


class Stock:
    """aiortc's jitter buffer and decoder, and a ring of blocks behind them."""

    def __init__(self) -> None:
        self._buffer = JitterBuffer(capacity=16, prefetch=4)
        self._decoder = StockDecoder()
        self._resampler = av.AudioResampler("s16", "mono", SAMPLE_RATE_HZ)
        self._ring: deque[tuple[int, bytes]] = deque()
        self._filling = True

    def insert(self, packet: Packet) -> None:
        rtp: Any = RtpPacket(sequence_number=packet.sequence, timestamp=packet.timestamp, payload=packet.payload)
        rtp._data = packet.payload
        _, frame = self._buffer.add(rtp)
        if frame is None:
            return
        for decoded in self._decoder.decode(frame):
            for mono in self._resampler.resample(decoded):  # type: ignore[arg-type]
                self._ring.append((frame.timestamp, bytes(mono.planes[0])[: BLOCK_SAMPLES * 2]))
        if len(self._ring) > DEPTH_LIMIT_BLOCKS:
            while len(self._ring) > PREFILL_BLOCKS:
                self._ring.popleft()

    def next_block(self) -> tuple[int | None, bytes]:
        if not self._ring or (self._filling and len(self._ring) < PREFILL_BLOCKS):
            self._filling = True
            return None, SILENCE
        self._filling = False
        return self._ring.popleft()


class Ours:
    """The terminal's."""

    def __init__(self, clock: Clock) -> None:
        self.sound_in = SoundIn(clock)
        self.insert = self.sound_in.insert

    def next_block(self) -> tuple[int | None, bytes]:
        block = self.sound_in.next_block()
        heard = self.sound_in.heard()
        return heard[0] if heard else None, block


def played(name: str, path: Stock | Ours, clock: Clock, stream: Sequence[Packet], voice: Samples) -> Result:
    """The whole stream through one path."""
    blocks, delays_ms = [], []
    arrived = 0
    loud = silent = 0
    cost_s = 0.0
    for number in range(round(SECONDS / BLOCK_S)):
        clock.now_s = BEGIN_S + PHASE_S + number * BLOCK_S
        begun_s = time.process_time()
        while arrived < len(stream) and stream[arrived].arrived_at_s <= clock.now_s:
            path.insert(stream[arrived])
            arrived += 1
        position, block = path.next_block()
        cost_s += time.process_time() - begun_s
        blocks.append(block)
        elapsed_s = clock.now_s - BEGIN_S - BLOCK_S - PATH_S
        delays_ms.append(np.nan if position is None else (elapsed_s - position / SAMPLE_RATE_HZ) * 1000)
        # Without a position a hole is told from a breath by the delay of the blocks before it.
        known = [delay for delay in delays_ms[-50:] if not np.isnan(delay)]
        at = round((elapsed_s - (known[-1] if known else 0.0) / 1000) * SAMPLE_RATE_HZ)
        if 0 <= at < len(voice) - BLOCK_SAMPLES and level_dbfs(voice[at : at + BLOCK_SAMPLES].tobytes()) > -30:
            loud += 1
            silent += level_dbfs(block) < -60
    sound = np.frombuffer(b"".join(blocks), np.int16)
    return Result(name, sound, np.array(delays_ms), silent / max(1, loud), cost_s / len(blocks) * 1e6)


def compared(loss: float) -> tuple[Samples, list[Result]]:
    """The voice, and what is heard of it."""
    voice, payloads = said(SECONDS, loss * 100)
    stream = packets(
        SECONDS, is_lost=random_loss(loss), delay_s=jitter(JITTER_S), in_order=True, payloads=payloads.__getitem__
    )
    clock = Clock()
    paths: list[tuple[str, Callable[[], Stock | Ours]]] = [
        ("stock aiortc", Stock),
        ("the terminal", lambda: Ours(clock)),
    ]
    return voice, [played(name, make(), clock, stream, voice) for name, make in paths]


def shown(sound: Samples, *, late: bool = False) -> Samples:
    """The part that is drawn, of what was said or, `late`, of what was heard: both begin with the same word, as far as
    the path alone delays it."""
    skip = round((BLOCK_S + PATH_S - PHASE_S) * SAMPLE_RATE_HZ) if late else 0
    first, last = (round(seconds * SAMPLE_RATE_HZ) + skip for seconds in SHOWN_S)
    return sound[first:last]


def draw(voice: Samples, results: list[Result], loss: float, path: Path) -> None:
    """Levels and spectrograms of what was said and what was heard, each at its own time."""
    import matplotlib as mpl  # noqa: PLC0415 - slow, and only here

    mpl.use("Agg")
    import matplotlib.pyplot as plt  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    rows = [("said", shown(voice))] + [(f"heard by {each.name}", shown(each.sound, late=True)) for each in results]
    figure, axes = plt.subplots(len(rows) + 1, 1, figsize=(9, 1.6 * len(rows) + 2), sharex=True, layout="constrained")
    for (name, sound), axis in zip(rows, axes[1:], strict=True):
        floor = np.random.default_rng(1).normal(scale=1e-5, size=len(sound))
        piece = sound.astype(np.float64) / 32768 + floor
        axis.specgram(piece, NFFT=1024, Fs=SAMPLE_RATE_HZ, noverlap=512, vmin=-140, vmax=-50, xextent=SHOWN_S)
        axis.set(ylim=(0, 6000), ylabel="Hz")
        axis.set_title(name, fontsize=9)
    for name, sound in rows:
        levels = [level_dbfs(block.tobytes()) for block in sound[: len(sound) // 480 * 480].reshape(-1, 480)]
        axes[0].plot(SHOWN_S[0] + np.arange(len(levels)) * 0.01, np.maximum(levels, -70), label=name, linewidth=1)
    axes[0].set(ylabel="dBFS", title=f"A voice while {loss:.0%} of its packets are lost: level in steps of 10 ms")
    axes[0].legend(loc="lower right", fontsize=7)
    axes[-1].set(xlabel="s since the first packet came")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=90)
    plt.close(figure)
    # It goes into the README: a small file.
    Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)


def main() -> None:
    """The table, and the picture."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.heard",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("percent", nargs="?", type=float, default=10.0, help="of the packets lost (default: 10)")
    parser.add_argument("--picture", type=Path, default=Path("build/bench/heard.png"), help="default: %(default)s")
    given = parser.parse_args()
    loss = given.percent / 100
    voice, results = compared(loss)
    print(f"{loss:.0%} of packets lost at random, jitter up to {JITTER_S * 1000:.0f} ms, {SECONDS:.0f} s of a voice")
    for result in results:
        settled = result.delays_ms[SETTLED_BLOCKS:]
        print(
            f"{result.name:14} delay {np.nanmedian(settled):6.1f} ms (largest {np.nanmax(settled):6.1f}), "
            f"{result.holes:6.1%} of the syllables silent, {result.cost_us:5.0f} us for 20 ms"
        )
    draw(voice, results, loss, given.picture)
    print(f"drawn: {given.picture}")


if __name__ == "__main__":
    main()
