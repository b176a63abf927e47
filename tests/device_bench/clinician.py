"""A clinician on the host, drawn in one colour and heard as one tone, who sees and hears what the terminal sends."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

import numpy as np

from tests.clinic.peer import Peer
from tests.whole.product import HOST_PIN

T = TypeVar("T")

COLOUR: Final = (30, 160, 60)
TONE_HZ: Final = 660
ANSWER_LIMIT_S: Final = 60.0


class Clinician:
    """In the room from `join` to `leave`. Works on a thread of its own; any thread may ask."""

    def __init__(self, clinic_url: str) -> None:
        self._url = clinic_url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="clinician", daemon=True)
        self._thread.start()
        self._peer: Peer | None = None

    def join(self) -> None:
        """Enter as host, and be seen and heard."""
        self._do(self._join())

    def admit(self) -> bool:
        """Let in whoever waits; False when nobody does."""
        return self._do(self._admit())

    @property
    def frames(self) -> int:
        """Pictures decoded so far."""
        return self._peer.seen.frames if self._peer else 0

    def picture(self) -> Any:
        """The newest decoded picture, height x width x 3; None when there is none."""
        return self._peer.seen.pixels if self._peer else None

    def hears(self, frequency_hz: float) -> bool:
        """Does the last moment of sound hold this tone?"""
        return bool(self._peer and self._peer.seen.hears(frequency_hz))

    def leave(self) -> None:
        """Out of the room, and the thread ends. Twice is safe."""
        if self._loop.is_closed():
            return
        peer, self._peer = self._peer, None
        if peer is not None:
            self._do(peer.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _join(self) -> None:
        self._peer = await Peer(self._url).join("Dr. Berg", HOST_PIN)
        await self._peer.call(COLOUR, TONE_HZ)

    async def _admit(self) -> bool:
        assert self._peer
        waiting = [
            data["uuid"]
            for name, data in self._peer.events
            if name in {"participant_create", "participant_update"} and data.get("service_type") == "waiting_room"
        ]
        admitted = False
        for uuid in dict.fromkeys(waiting):
            status, _ = await self._peer.post(f"participants/{uuid}/unlock")
            admitted = admitted or status == 200
        self._peer.events.clear()
        return admitted

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(ANSWER_LIMIT_S)


def loudest_hz(sound: bytes) -> tuple[float, float]:
    """The loudest frequency of s16le mono at 48 kHz, and its level in dBFS; (0, -100) of silence or nothing."""
    samples = np.frombuffer(sound, np.int16).astype(np.float64) / 32768
    if len(samples) < 4800:
        return 0.0, -100.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) * 4 / len(samples)
    spectrum[:5] = 0
    at = int(spectrum.argmax())
    level = float(spectrum[at])
    return (at * 48_000 / len(samples), 20 * float(np.log10(level))) if level > 1e-5 else (0.0, -100.0)
