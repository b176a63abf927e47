"""A clinician: a real Chromium with a film for a camera and a tone for a microphone."""

import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from playwright.sync_api import Page, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
QUIET_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
DOCTOR_RGB: Final = (20, 150, 140)
"""The wall behind the clinician."""
DOCTOR_HZ: Final = 880
TONE_AMPLITUDE: Final = 0.25


def write_film(path: Path, width: int = 640, height: int = 480, frames: int = 30) -> None:
    """One second of a teal wall with a white square that wanders, as y4m (Chromium loops it)."""
    red, green, blue = DOCTOR_RGB
    luma = 16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256
    cb = 128 + (-37.945 * red - 74.494 * green + 112.439 * blue) / 256
    cr = 128 + (112.439 * red - 94.154 * green - 18.285 * blue) / 256
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F30:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(frames):
            y = np.full((height, width), round(luma), np.uint8)
            left = 40 + number * 8
            y[200:280, left : left + 80] = 235
            film.write(b"FRAME\n" + y.tobytes())
            for value in (cb, cr):
                plane = np.full((height // 2, width // 2), round(value), np.uint8)
                plane[100:140, left // 2 : left // 2 + 40] = 128
                film.write(plane.tobytes())


def write_tone(path: Path, hz: int, seconds: int = 2) -> None:
    """A steady tone with a whole number of periods a second, so that it loops without a click."""
    at_s = np.arange(48_000 * seconds) / 48_000
    samples = (TONE_AMPLITUDE * 32767 * np.sin(2 * np.pi * hz * at_s)).astype("<i2")
    with wave.open(str(path), "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(48_000)
        tone.writeframes(samples.tobytes())


@contextmanager
def chromium_page(folder: Path, film_to: Callable[[Path], None] = write_film) -> Iterator[Page]:
    """An empty page of a new Chromium whose camera and microphone are the film, which `film_to` writes, and the
    tone."""
    film, tone = folder / "doctor.y4m", folder / "doctor.wav"
    film_to(film)
    write_tone(tone, DOCTOR_HZ)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            headless=True,
            args=[
                *QUIET_FLAGS,
                f"--use-file-for-fake-video-capture={film}",
                f"--use-file-for-fake-audio-capture={tone}",
            ],
        )
        try:
            context = browser.new_context(viewport={"width": 1600, "height": 900})
            context.grant_permissions(["camera", "microphone"])
            yield context.new_page()
        finally:
            browser.close()


class Eyes:
    """What the clinician sees of the patient's picture, and hears of her sound."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def colours(self) -> list[tuple[int, int, int]]:
        """The remote picture's colours at its four inner corners and its middle; empty when there is none."""
        points = self._page.evaluate(
            """() => {
                const video = document.querySelector('#remote');
                if (!video || !video.videoWidth) return [];
                const canvas = document.createElement('canvas');
                canvas.width = video.videoWidth; canvas.height = video.videoHeight;
                const pen = canvas.getContext('2d');
                pen.drawImage(video, 0, 0);
                const at = (x, y) => [...pen.getImageData(
                    Math.floor(x * (canvas.width - 1)), Math.floor(y * (canvas.height - 1)), 1, 1).data].slice(0, 3);
                return [at(.06, .2), at(.94, .2), at(.06, .5), at(.94, .5), at(.5, .45)];
            }"""
        )
        return [(red, green, blue) for red, green, blue in points]

    def watch_for(self, colour: tuple[int, int, int]) -> None:
        """From now on note when a remote picture with this colour in its upper left was last shown."""
        self._page.evaluate(
            """(wanted) => {
                const video = document.querySelector('#remote');
                const pen = Object.assign(document.createElement('canvas'), {width: 1, height: 1})
                    .getContext('2d', {willReadFrequently: true});
                window.seenMs = [];
                const note = () => {
                    pen.drawImage(video, .06 * video.videoWidth, .2 * video.videoHeight, 1, 1, 0, 0, 1, 1);
                    const got = pen.getImageData(0, 0, 1, 1).data;
                    if (wanted.every((value, i) => Math.abs(value - got[i]) <= 30)) window.seenMs.push(Date.now());
                    window.seenMs.splice(0, window.seenMs.length - 3000);
                    video.requestVideoFrameCallback(note);
                };
                video.requestVideoFrameCallback(note);
            }""",
            list(colour),
        )

    def seen_s(self) -> list[float]:
        """When that was, in seconds since 1970: the last hundred seconds or so, oldest first."""
        seen_ms: list[float] = self._page.evaluate("() => window.seenMs || []")
        return [each / 1000 for each in seen_ms]

    def tone(self) -> tuple[float, float]:
        """The loudest frequency in Hz of the remote sound, and its level in dB of the analyser (about -100: none)."""
        hz, decibel = self._page.evaluate(
            """async () => {
                const stream = document.querySelector('#remote').srcObject;
                if (!stream || !stream.getAudioTracks().length) return [0, -200];
                const ear = window.testEar ||= (() => {
                    const context = new AudioContext();
                    const analyser = context.createAnalyser();
                    analyser.fftSize = 8192; analyser.smoothingTimeConstant = 0;
                    context.createMediaStreamSource(stream).connect(analyser);
                    return {context, analyser};
                })();
                await ear.context.resume();
                await new Promise(done => setTimeout(done, 250));
                const bins = new Float32Array(ear.analyser.frequencyBinCount);
                ear.analyser.getFloatFrequencyData(bins);
                let best = 1;
                for (let i = 2; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
                return [best * ear.context.sampleRate / ear.analyser.fftSize, bins[best]];
            }"""
        )
        return float(hz), float(decibel if decibel is not None else -200)


def near(colour: tuple[int, int, int], wanted: tuple[int, int, int], tolerance: int = 30) -> bool:
    """Alike but for encoding and colour matrices."""
    return all(abs(a - b) <= tolerance for a, b in zip(colour, wanted, strict=True))
