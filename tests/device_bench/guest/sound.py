"""Inside the virtual machine: the room around the terminal's sound card, at the far side of the loop.

sound.py tone HZ             the microphone hears a tone until this is ended
sound.py record SECONDS FILE what the loudspeaker plays; s16le, mono, 48 kHz
"""

import math
import struct
import sys
import time
from pathlib import Path
from typing import Any, Final

import alsaaudio

RATE_HZ: Final = 48_000
PERIOD: Final = 480
CARD: Final = "hw:CARD=Loopback,DEV=1"
"""What goes in here comes out of device 0, which the terminal has, and the other way round."""


def card(direction: int) -> Any:
    return alsaaudio.PCM(
        type=direction,
        mode=alsaaudio.PCM_NORMAL,
        device=CARD,
        channels=1,
        rate=RATE_HZ,
        format=alsaaudio.PCM_FORMAT_S16_LE,
        periodsize=PERIOD,
        periods=16,
    )


def tone(frequency_hz: int) -> None:
    """A whole second repeats without a seam, for the frequency is whole."""
    loudness = 8000
    samples = [round(loudness * math.sin(2 * math.pi * frequency_hz * n / RATE_HZ)) for n in range(RATE_HZ)]
    second = struct.pack(f"<{RATE_HZ}h", *samples)
    pcm = card(alsaaudio.PCM_PLAYBACK)
    at = 0
    while True:
        piece = second[at : at + 2 * PERIOD]
        at = (at + len(piece)) % len(second)
        try:
            pcm.write(piece)
        except alsaaudio.ALSAAudioError:
            # It ran dry on a busy machine; the next write starts it anew.
            continue


def record(seconds: float, path: Path) -> None:
    pcm = card(alsaaudio.PCM_CAPTURE)
    ends_s = time.monotonic() + 4 * seconds
    wanted = round(seconds * RATE_HZ) * 2
    heard = bytearray()
    while len(heard) < wanted and time.monotonic() < ends_s:
        frames, sound = pcm.read()
        if frames > 0:
            heard += sound
    path.write_bytes(heard)


if __name__ == "__main__":
    if sys.argv[1] == "tone":
        tone(int(sys.argv[2]))
    else:
        record(float(sys.argv[2]), Path(sys.argv[3]))
