"""The room's sound: everybody hears all others, nobody hears himself."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
from aiortc import MediaStreamTrack
from numpy.typing import NDArray

SAMPLE_RATE = 48_000
BLOCK = 960
"""Samples of one block: 20 ms, mono."""
BLOCK_S = BLOCK / SAMPLE_RATE
PREFILL_BLOCKS = 2
RING_BLOCKS = 8
LATE_LIMIT_S = 0.1
"""A mixer that is later than this leaves blocks out instead of sending them in a burst."""

Samples = NDArray[np.int16]
SILENCE: Samples = np.zeros(BLOCK, np.int16)


class SoundRing:
    """A participant's sound on its way into the mix; the oldest is dropped when too much piles up."""

    def __init__(self) -> None:
        self._samples: Samples = np.zeros(0, np.int16)
        self._filling = True

    def push(self, samples: Samples) -> None:
        self._samples = np.concatenate((self._samples, samples))
        if len(self._samples) > RING_BLOCKS * BLOCK:
            self._samples = self._samples[-PREFILL_BLOCKS * BLOCK :]

    def pop(self) -> Samples | None:
        """The next block; None while there is nothing to hear."""
        if self._filling and len(self._samples) < PREFILL_BLOCKS * BLOCK:
            return None
        self._filling = len(self._samples) < BLOCK
        if self._filling:
            return None
        block, self._samples = self._samples[:BLOCK], self._samples[BLOCK:]
        return block


def mono(frame: av.AudioFrame) -> Samples:
    """Samples of a packed s16 frame, its channels averaged."""
    channels = len(frame.layout.channels)
    interleaved = frame.to_ndarray().reshape(-1, channels).astype(np.int32)
    averaged: Samples = (interleaved.sum(axis=1) // channels).astype(np.int16)
    return averaged


def mix(blocks: dict[str, Samples], listener: str) -> Samples:
    """What a listener hears: the sum of all blocks but his own, limited to 16 bits."""
    others = [block for speaker, block in blocks.items() if speaker != listener]
    if not others:
        return SILENCE
    total = np.sum(others, axis=0, dtype=np.int32)
    return np.clip(total, -32768, 32767).astype(np.int16)


class SoundTrack(MediaStreamTrack):
    """The mix for one participant. Sends nothing before `start`."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._blocks: deque[tuple[int, Samples]] = deque(maxlen=RING_BLOCKS)
        self._wake = asyncio.Event()
        self._started = False

    def start(self) -> None:
        self._started = True

    def put(self, number: int, block: Samples) -> None:
        """Block `number` of the mix; the oldest waiting one is dropped when the network is slow."""
        if self._started:
            self._blocks.append((number, block))
            self._wake.set()

    async def recv(self) -> av.AudioFrame:
        while not self._blocks:
            self._wake.clear()
            await self._wake.wait()
        number, block = self._blocks.popleft()
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = number * BLOCK
        frame.time_base = Fraction(1, SAMPLE_RATE)
        return frame


class Mixer:
    """Mixes a room's sound every 20 ms while anybody is connected."""

    def __init__(self, may_speak: Callable[[str], bool], may_hear: Callable[[str], bool]) -> None:
        self._may_speak = may_speak
        self._may_hear = may_hear
        self._places: dict[str, tuple[SoundRing, SoundTrack]] = {}
        self._task: asyncio.Task[None] | None = None
        self._number = 0

    def add(self, uuid: str, ring: SoundRing, track: SoundTrack) -> None:
        self._places[uuid] = (ring, track)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="clinic-mixer")

    def remove(self, uuid: str) -> None:
        self._places.pop(uuid, None)
        if not self._places and self._task:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        due = time.monotonic()
        while True:
            due += BLOCK_S
            delay = due - time.monotonic()
            if delay < -LATE_LIMIT_S:
                skipped = int(-delay / BLOCK_S)
                due += skipped * BLOCK_S
                self._number += skipped
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self.tick()

    def tick(self) -> None:
        """Mix and hand out one block."""
        popped = {uuid: ring.pop() for uuid, (ring, _) in self._places.items()}
        blocks = {uuid: block for uuid, block in popped.items() if block is not None and self._may_speak(uuid)}
        for uuid, (_, track) in self._places.items():
            track.put(self._number, mix(blocks, uuid) if self._may_hear(uuid) else SILENCE)
        self._number += 1
