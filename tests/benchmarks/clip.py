"""What every camera sees and microphones hear: a talking head whose pictures bear a number, and voices between
chirps. Either is found again at the other end, whatever encoders did to it."""

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.devices.camera.head import TalkingHead
from kiosk.devices.microphone.voice import speech
from kiosk.frames import SAMPLE_RATE_HZ, Plane
from tests.media.echo_room import speech_like

FPS: Final = 30
PICTURES: Final = 120
"""Four seconds, over and over: a picture that is later than that is taken for an earlier one."""
COLUMNS, ROWS = 6, 2
"""Cells of the number, from the lower left corner: 8 bits of it, then 4 that check them."""
CELLS_WIDE, CELLS_HIGH = 20, 15
"""So many cells would fill the whole picture."""
WHITE, BLACK = 235, 16

CHIRP_S: Final = 0.06
CHIRP_EVERY_S: Final = 0.5
CHIRPS_HZ: Final = ((500, 1100), (2400, 1500), (1100, 500), (1500, 2400))
"""From and to; one after the other, so unlike that none is taken for another one. More than two seconds late, a
sound is taken for a newer one."""
_CHIRP_AMPLITUDE: Final = 0.35
_VOICE_SHARE: Final = 0.3
_DOCTORS_S: Final = 12.0
_DOCTORS_DBFS: Final = -34.0
"""As loud as the guests'."""
_OUT_OF_STEP_S: Final = 0.1
_LIKENESS: Final = 0.45
"""0..1: how much a sound must be like a chirp to be one."""
_STEP: Final = 4
"""Chirps are looked for at a fourth of the sample rate."""

Sound = NDArray[np.int16]


def write_film(path: Path, width: int, height: int) -> None:
    """The pictures as y4m."""
    head = TalkingHead(width, height)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(PICTURES):
            picture = head.picture(number, 0.0)
            _write_number(picture.y, picture.u, picture.v, number)
            film.write(b"FRAME\n" + picture.y.tobytes() + picture.u.tobytes() + picture.v.tobytes())


def _write_number(y: Plane, u: Plane, v: Plane, number: int) -> None:
    height, width = y.shape
    for cell, bit in enumerate(_bits(number)):
        column, row = cell % COLUMNS, CELLS_HIGH - ROWS + cell // COLUMNS
        top, bottom = row * height // CELLS_HIGH, (row + 1) * height // CELLS_HIGH
        left, right = column * width // CELLS_WIDE, (column + 1) * width // CELLS_WIDE
        y[top:bottom, left:right] = WHITE if bit else BLACK
        for plane in (u, v):
            plane[top // 2 : bottom // 2, left // 2 : right // 2] = 128


def _bits(number: int) -> list[int]:
    check = (number & 15) ^ (number >> 4) ^ 0b1010
    return [number >> place & 1 for place in range(8)] + [check >> place & 1 for place in range(4)]


def read_number(y: Plane) -> int | None:
    """The number in a picture's luma, of any size; None when it cannot be read."""
    height, width = y.shape
    bits = []
    for cell in range(COLUMNS * ROWS):
        column, row = cell % COLUMNS, CELLS_HIGH - ROWS + cell // COLUMNS
        top, left = int((row + 0.3) * height / CELLS_HIGH), int((column + 0.3) * width / CELLS_WIDE)
        bottom, right = int((row + 0.7) * height / CELLS_HIGH), int((column + 0.7) * width / CELLS_WIDE)
        bits.append(int(y[top:bottom:2, left:right:2].mean() > (WHITE + BLACK) / 2))
    number = sum(bit << place for place, bit in enumerate(bits[:8]))
    return number if bits == _bits(number) and number < PICTURES else None


def sound() -> Sound:
    """The guests': four seconds, which join themselves: 48 kHz, s16."""
    return _marked(speech().astype(np.float64) * _VOICE_SHARE, lambda _: 0.0)


def doctors_sound() -> Sound:
    """The doctor's, of twelve seconds: another voice, and chirps out of step. A terminal whose microphone hears what
    its loudspeaker has just played, or anything in step with it, takes that out as an echo."""
    voice = speech_like(_DOCTORS_S, 3, _DOCTORS_DBFS) * 32767
    chance = np.random.default_rng(3)
    late_s = chance.uniform(-_OUT_OF_STEP_S, _OUT_OF_STEP_S, round(_DOCTORS_S / CHIRP_EVERY_S))
    return _marked(voice, lambda number: float(late_s[number]))


def _marked(whole: NDArray[np.float64], late_s: Callable[[int], float]) -> Sound:
    for number in range(round(len(whole) / SAMPLE_RATE_HZ / CHIRP_EVERY_S)):
        chirp = _chirp(number % len(CHIRPS_HZ), SAMPLE_RATE_HZ)
        start = round(((number + 0.5) * CHIRP_EVERY_S + late_s(number)) * SAMPLE_RATE_HZ)
        # The voice is silent around a chirp, as if it drew breath.
        whole[start - 960 : start + len(chirp) + 960] = 0
        whole[start : start + len(chirp)] = chirp * _CHIRP_AMPLITUDE * 32767
    return np.rint(whole).astype(np.int16)


def write_sound(path: Path, samples: Sound | None = None) -> None:
    """A sound of 48 kHz as WAV; the clip's own, unless another one is given."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((sound() if samples is None else samples).astype("<i2").tobytes())


def find_chirps(heard: Sound) -> list[tuple[int, int]]:
    """(first sample, which one) of each chirp in a sound of 48 kHz, in order."""
    short = len(heard) // _STEP * _STEP
    slow = heard[:short].astype(np.float64).reshape(-1, _STEP).mean(axis=1)
    found: list[tuple[int, int, float]] = []
    for kind in range(len(CHIRPS_HZ)):
        pattern = _chirp(kind, SAMPLE_RATE_HZ // _STEP)
        if len(slow) <= len(pattern):
            return []
        likeness = _likeness(slow, pattern)
        for start in range(0, len(likeness), len(pattern)):
            best = start + int(np.argmax(likeness[start : start + len(pattern)]))
            if likeness[best] >= _LIKENESS:
                found.append((best * _STEP, kind, float(likeness[best])))
    found.sort()
    kept: list[tuple[int, int, float]] = []
    for each in found:
        if kept and each[0] - kept[-1][0] < CHIRP_EVERY_S / 2 * SAMPLE_RATE_HZ:
            kept[-1] = max(kept[-1], each, key=lambda one: one[2])
        else:
            kept.append(each)
    return [(start, kind) for start, kind, _ in kept]


def _chirp(kind: int, rate_hz: int) -> NDArray[np.float64]:
    first_hz, last_hz = CHIRPS_HZ[kind]
    seconds = np.arange(round(CHIRP_S * rate_hz)) / rate_hz
    phase = 2 * np.pi * (first_hz * seconds + (last_hz - first_hz) / (2 * CHIRP_S) * seconds**2)
    wave: NDArray[np.float64] = np.sin(phase) * np.hanning(len(seconds)) ** 0.5
    return wave


def _likeness(slow: NDArray[np.float64], pattern: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlation with the pattern at each place, as a share of what a perfect copy would give."""
    size = 1 << (len(slow) + len(pattern) - 1).bit_length()
    product = np.fft.rfft(slow, size) * np.conj(np.fft.rfft(pattern, size))
    count = len(slow) - len(pattern) + 1
    correlation = np.fft.irfft(product, size)[:count]
    energy = np.concatenate(([0.0], np.cumsum(slow**2)))
    around = energy[len(pattern) :] - energy[: -len(pattern)]
    # Whatever is quieter than about -60 dBFS is no chirp.
    floor = len(pattern) * (32767 * 0.001) ** 2
    likeness: NDArray[np.float64] = correlation / np.sqrt(np.maximum(around[:count], floor) * np.sum(pattern**2))
    return likeness
