"""A letter in the pictures of the practice test is told once, and a strange one only when it is held there."""

import asyncio
import threading
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest

from kiosk.appointments.letter import Letter, look
from kiosk.consultation.activities import RunSelfCheck
from kiosk.consultation.events import Event, LetterRead
from kiosk.devices import camera, microphone, network, speaker
from kiosk.devices.camera.simulated import Simulation
from kiosk.engine import letter as letter_times
from kiosk.engine.house import House
from kiosk.engine.letter import STRANGE_LOOKS, LetterWatch
from kiosk.engine.self_check import self_check
from kiosk.frames import Plane, VideoFrame
from kiosk.media import Settings as MediaSettings
from tests.appointments.calendars import LINK, read_link
from tests.appointments.paper import Sight, letter, seen
from tests.engine.test_devices_in_use import AppointmentsByHand, RecordingScreen

OURS = Letter(read_link(LINK))
STRANGE = Letter(None)
PLANE = np.zeros((4, 4), np.uint8)
FRAME = VideoFrame(PLANE, PLANE[::2, ::2], PLANE[::2, ::2], 0.0)


class Script:
    """What each look finds; then nothing more."""

    def __init__(self, *found: Letter | None) -> None:
        self._found = list(found)
        self.looks = 0
        self.over = threading.Event()

    def __call__(self, _luma: Plane) -> Letter | None:
        self.looks += 1
        if self._found:
            return self._found.pop(0)
        self.over.set()
        return None


def told(script: Script, monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    monkeypatch.setattr(letter_times, "LOOK_EVERY_S", 0.001)
    letters: list[Letter] = []

    def on_letter(letter: Letter) -> None:
        letters.append(letter)
        script.over.set()

    watch = LetterWatch(script, on_letter)
    while not script.over.wait(0.001):
        watch.show(FRAME)
    watch.close()
    watch.close()
    return letters


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([None, OURS, OURS], [OURS]),
        ([STRANGE] * STRANGE_LOOKS, [STRANGE]),
        ([STRANGE] * (STRANGE_LOOKS - 1), []),
        ([STRANGE, None] * STRANGE_LOOKS, []),
        ([STRANGE, OURS], [OURS]),
        ([], []),
    ],
)
def test_what_is_told(found: list[Letter | None], expected: list[Letter], monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(Script(*found), monkeypatch) == expected


def test_the_same_picture_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script()
    monkeypatch.setattr(letter_times, "LOOK_EVERY_S", 0.001)
    watch = LetterWatch(script, lambda _: None)
    watch.show(FRAME)
    assert script.over.wait(5)
    watch.close()
    assert script.looks == 1


def film(path: Path, picture: Plane) -> None:
    """A second of a letter that is held still."""
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = picture.shape[1], picture.shape[0], "yuv420p"
        stream.bit_rate = 4_000_000
        chroma = np.full((picture.shape[0] // 2, picture.shape[1]), 128, np.uint8)
        for _ in range(10):
            frame = av.VideoFrame.from_ndarray(np.concatenate([picture, chroma]), "yuv420p")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


async def test_a_letter_before_the_file_camera_is_told_to_the_core_and_nothing_stays_open(tmp_path: Path) -> None:
    film(tmp_path / "letter.mkv", seen(letter(LINK), Sight(turned_deg=8, blur_pixels=0.7, light=0.8, noise=3)))
    house = House(
        camera=partial(camera.open_camera, camera.Settings("file", path=str(tmp_path / "letter.mkv")), Simulation()),
        microphone=partial(microphone.open_microphone, microphone.Settings()),
        speaker=partial(speaker.open_speaker, speaker.Settings()),
        network=network.open_network(network.Settings()),
        screen=RecordingScreen(),
        rooms={},
        appointments=AppointmentsByHand(),
        media=MediaSettings(),
        letter=lambda luma: look(luma, read_link),
    )
    said: list[Event] = []
    heard = asyncio.Event()

    def post(event: Event) -> None:
        said.append(event)
        if isinstance(event, LetterRead):
            heard.set()

    checking = asyncio.create_task(self_check(RunSelfCheck(7), house, post))
    async with asyncio.timeout(10):
        await heard.wait()
    checking.cancel()
    await asyncio.gather(checking, return_exceptions=True)
    assert LetterRead(7, read_link(LINK)) in said
    assert "letter" not in [thread.name for thread in threading.enumerate()]
