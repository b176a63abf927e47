"""A patient with one sense only: she hears the sentences and sees the lamp, or she sees the screen. Nobody tells her
what the terminal believes to be doing."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np
import requests
from numpy.typing import NDArray
from PIL import Image

from kiosk.frames import SAMPLE_RATE_HZ
from kiosk.speech.build import write
from kiosk.speech.sentences import KEYS
from tests.whole.product import HOST_PIN, ROOM, Clinic, Terminal

LOWEST_HZ: Final = 1000
"""Above all other sounds of a test: the chime's, the tones of the clinician and the patient."""
APART_HZ: Final = 40
SENTENCE_S: Final = 1.5
"""Heard by an ear that listens four times a second."""
LOUD_DBFS: Final = -45.0

SIZE: Final = (1024, 600)
BAR: Final = (130, 495, 610, 600)
"""Where the button's sentence stands: right of the drawn button, left of the sign of people, which changes when one of
them speaks."""
HEADLINE: Final = (20, 0, 1000, 105)
ALIKE: Final = 0.9
NEAR_PX: Final = 3


class Ear:
    """Knows each sentence by a tone of its own, which is recorded in its place."""

    def __init__(self, folder: Path, language: str = "nb") -> None:
        """`folder`: what the terminal is to take for people's recordings."""
        self.folder = folder
        self._hz = {key: LOWEST_HZ + APART_HZ * number for number, key in enumerate(KEYS)}
        (folder / language).mkdir(parents=True)
        at_s = np.arange(int(SENTENCE_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
        for key, hz in self._hz.items():
            write(folder / language / f"{key}.opus", (8000 * np.sin(2 * np.pi * hz * at_s)).astype("<i2"))

    @property
    def settings(self) -> str:
        """For the terminal's configuration."""
        return f'[speech]\nspoken = true\nrecordings = "{self.folder}"\n'

    def hears(self, terminal: Terminal) -> str:
        """The sentence that sounds now; empty: none."""
        hz, dbfs = terminal.hears()
        if dbfs < LOUD_DBFS:
            return ""
        return next((key for key, known in self._hz.items() if abs(hz - known) < APART_HZ / 3), "")


class Reader:
    """Knows each screen by the shape of its words."""

    def __init__(self, folder: Path, *names: str) -> None:
        """Has the screens drawn whose words it is to know."""
        only = [word for name in names for word in ("--only", name)]
        size = f"{SIZE[0]}x{SIZE[1]}"
        command = [sys.executable, "-m", "kiosk.ui.gallery", "--out", str(folder), "--size", size, "--language", "nb"]
        subprocess.run([*command, *only], check=True, capture_output=True, timeout=100)
        self._known = {name: Image.open(folder / "nb" / size / f"{name}.png").convert("L") for name in names}

    def reads(self, screen: Image.Image | None, name: str, box: tuple[int, int, int, int]) -> bool:
        """The words there are those of that screen."""
        return screen is not None and alike(ink(screen.convert("L"), box), ink(self._known[name], box))


def ink(grey: Image.Image, box: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    """What stands out from the ground there."""
    levels = np.asarray(grey.crop(box), np.int16)
    stands_out: NDArray[np.bool_] = np.abs(levels - np.median(levels)) > 60
    return stands_out


def alike(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    """The same words. What a letter's edge does counts for nothing, nor that letters stand a pixel or two closer, which
    depends on the words that were drawn before."""
    return bool(one.any() and other.any()) and min(_covered(one, other), _covered(other, one)) > ALIKE


def _covered(ink: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    near = other.copy()
    for by in range(1, NEAR_PX + 1):
        near[:, by:] |= other[:, :-by]
        near[:, :-by] |= other[:, by:]
    return float((ink & near).sum() / ink.sum())


class Host:
    """A clinician without a browser: lets in, and ends."""

    def __init__(self, clinic: Clinic) -> None:
        """Is in the room from now on."""
        self._base = f"{clinic.url}/api/client/v2/conferences/{ROOM}"
        answer = requests.post(
            f"{self._base}/request_token", json={"display_name": "Dr. Berg"}, headers={"pin": HOST_PIN}, timeout=10
        )
        answer.raise_for_status()
        self._token = {"token": str(answer.json()["result"]["token"])}

    def admits(self) -> bool:
        """Lets everybody in who waits; whether somebody did."""
        people = requests.get(f"{self._base}/participants", headers=self._token, timeout=10).json()["result"]
        waiting = [person["uuid"] for person in people if person["service_type"] == "waiting_room"]
        for uuid in waiting:
            self._post(f"participants/{uuid}/unlock")
        return bool(waiting)

    def ends(self) -> None:
        """For all."""
        self._post("disconnect")

    def _post(self, path: str) -> None:
        requests.post(f"{self._base}/{path}", headers=self._token, timeout=10).raise_for_status()
