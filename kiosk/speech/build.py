"""Makes the sound of every spoken sentence with espeak-ng:  python -m kiosk.speech.build [FOLDER]

What has been made from the same words with the same voice is left as it is. Northern Sámi, Somali and Tigrinya have no
voice in espeak-ng: they are spoken only where people have recorded them.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from av import AudioFrame

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from kiosk.speech.prompts import FOLDER, Samples, resampled
from kiosk.speech.sentences import KEYS
from kiosk.ui.texts import Texts

VOICE_DBFS: Final = -20.0
"""Mean level of every sentence while it is spoken."""
PEAK_DBFS: Final = -1.0
SILENT_BELOW_DBFS: Final = -50.0
BITRATE_BPS: Final = 32_000
WAV_HEADER_BYTES: Final = 44
ESPEAK_RATE_HZ: Final = 22_050


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of espeak-ng at a speed."""

    name: str
    speed: int
    """espeak-ng's own measure, set by trial so that the sentences come at 120–150 words a minute (ISO 24551)."""


VOICES: Final = {
    "nb": Voice("nb", 106),
    "nn": Voice("nb", 106),
    "en": Voice("en-gb", 93),
    "uk": Voice("uk", 116),
    "pl": Voice("pl", 163),
    "ar": Voice("ar", 202),
}
"""By language; Nynorsk is read by the voice of Bokmål."""


def build(folder: Path, languages: tuple[str, ...] = tuple(VOICES)) -> int:
    """Make what is missing or was made from other words; how many files that were. Raises OSError without
    espeak-ng, subprocess.CalledProcessError when it fails."""
    made = 0
    for language in languages:
        voice, texts = VOICES[language], Texts(language)
        (folder / language).mkdir(parents=True, exist_ok=True)
        for key in KEYS:
            words = " ".join(texts(key).split())
            path, mark = folder / language / f"{key}.opus", folder / language / f"{key}.sha256"
            digest = hashlib.sha256(f"{voice} {VOICE_DBFS} {BITRATE_BPS} {words}".encode()).hexdigest()
            if path.is_file() and mark.is_file() and mark.read_text(encoding="ascii") == digest:
                continue
            write(path, evened(spoken(words, voice)))
            mark.write_text(digest, encoding="ascii")
            made += 1
    return made


def spoken(words: str, voice: Voice) -> Samples:
    """The words aloud, without the silence around them."""
    command = ["espeak-ng", "-v", voice.name, "-s", str(voice.speed), "-b", "1", "--stdin", "--stdout"]
    wav = subprocess.run(command, input=words.encode(), capture_output=True, check=True).stdout  # noqa: S603 (our own words)
    raw = np.frombuffer(wav[WAV_HEADER_BYTES:], "<i2")
    frame = AudioFrame.from_ndarray(raw.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = ESPEAK_RATE_HZ
    sound = resampled([frame])
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > 32768 * 10 ** (SILENT_BELOW_DBFS / 20))
    return sound[loud[0] : loud[-1] + 1]


def evened(sound: Samples) -> Samples:
    """As loud as every other sentence, measured where it is not silent."""
    wide = sound.astype(np.float64) / 32768
    pieces = wide[: len(wide) // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES)
    powers = np.mean(pieces**2, axis=1)
    active = powers[powers > 10 ** (SILENT_BELOW_DBFS / 10)]
    gain = min(10 ** (VOICE_DBFS / 20) / np.sqrt(np.mean(active)), 10 ** (PEAK_DBFS / 20) / np.max(np.abs(wide)))
    even: Samples = np.round(wide * gain * 32767).astype("<i2")
    return even


def write(path: Path, sound: Samples) -> None:
    """As Opus, first beside its place: a build that is stopped leaves no half file."""
    beside = path.with_suffix(".part")
    with av.open(str(beside), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=SAMPLE_RATE_HZ, bit_rate=BITRATE_BPS, layout="mono")
        for frame in _frames(sound):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    beside.replace(path)


def _frames(sound: Samples) -> Iterator[AudioFrame]:
    padded = np.pad(sound, (0, -len(sound) % BLOCK_SAMPLES)).reshape(-1, 1, BLOCK_SAMPLES)
    for number, samples in enumerate(padded):
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = number * BLOCK_SAMPLES
        yield frame


def main(arguments: list[str]) -> int:
    """The command line; 1 without espeak-ng."""
    if shutil.which("espeak-ng") is None:
        print("espeak-ng is not installed: the terminal will speak only what people have recorded", file=sys.stderr)
        return 1
    made = build(Path(arguments[0]) if arguments else FOLDER)
    if made:
        print(f"speech: {made} sentences made")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
