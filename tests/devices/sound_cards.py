"""Sound cards without hardware, behind the real ALSA library: a tape deck, and a private PulseAudio with a clock."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import SAMPLE_RATE_HZ
from tests.devices.collector import eventually


def tape_deck(folder: Path, to_hear: bytes = b"") -> str:
    """ALSA configuration of a card "tape": plays into folder/played.raw, hears `to_hear`. It has no clock."""
    (folder / "heard.raw").write_bytes(to_hear)
    return f"""
        pcm.hole {{ type null }}
        pcm.tape {{
            type file
            slave.pcm hole
            file {folder}/played.raw
            infile {folder}/heard.raw
            format raw
        }}
    """


@contextmanager
def room(folder: Path) -> Iterator[str]:
    """ALSA configuration of a card "room" with a clock, and of "ear", which hears what is played there."""
    program = shutil.which("pulseaudio")
    assert program, "pulseaudio is not installed; see packages.txt"
    socket = folder / "socket"
    process = subprocess.Popen(
        [
            program,
            *("-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"),
            *("-L", "module-null-sink sink_name=room rate=48000 channels=1 format=s16le"),
            *("-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1 auth-cookie-enabled=0"),
        ],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(socket.exists, "PulseAudio listens")
        yield f"""
            pcm.room {{ type pulse server "unix:{socket}" device "room" }}
            pcm.ear {{ type pulse server "unix:{socket}" device "room.monitor" }}
        """
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def loudest_hz(sound: bytes) -> float:
    """The frequency with the most energy; 48 kHz mono s16le."""
    samples: NDArray[np.int16] = np.frombuffer(sound, dtype="<i2")
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE_HZ / len(samples)
