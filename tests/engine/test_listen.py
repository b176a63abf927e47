"""What the log tells of the far end's first picture."""

import asyncio
import re
import time
from contextlib import suppress

import numpy as np
import pytest

from kiosk.consultation.activities import Listen
from kiosk.devices.microphone.voice import block_of, tone
from kiosk.engine.house import House
from kiosk.engine.listen import listen
from kiosk.frames import VideoFrame
from kiosk.media.voice import Audible
from tests.engine.test_devices_in_use import Bench, until

LINE = re.compile(r"First remote picture, 64x48, (\d+) ms after the press")


def picture() -> VideoFrame:
    plane, chroma = np.zeros((48, 64), np.uint8), np.zeros((24, 32), np.uint8)
    return VideoFrame(plane, chroma, chroma, time.monotonic())


async def see(house: House, after_s: float, pictures: int) -> None:
    """Press, and let so many pictures come after that time."""
    listening = asyncio.create_task(listen(Listen(5), house, lambda event: None))
    incoming = house.lines(5).incoming
    await until(lambda: incoming.on_picture is not None)
    await asyncio.sleep(after_s)
    for _ in range(pictures):
        incoming.put_picture(picture())
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening


async def test_the_first_picture_after_each_press_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "kiosk.engine.listen")
    bench = Bench()
    house = bench.house()
    began_s = time.monotonic()
    await see(house, 0.06, pictures=3)
    took_ms = (time.monotonic() - began_s) * 1000
    told = [int(after_ms) for after_ms in LINE.findall(caplog.text)]
    assert len(told) == 1
    assert 60 <= told[0] <= round(took_ms)
    await see(house, 0.0, pictures=2)
    assert len(LINE.findall(caplog.text)) == 2
    assert len(bench.screen.pictures) == 5


async def test_no_picture_is_no_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "kiosk.engine.listen")
    await see(Bench().house(), 0.0, pictures=0)
    assert "picture" not in caplog.text


class Tone:
    """Somebody's sound without end."""

    def next_block(self, speaker_delay_s: float) -> bytes:
        return block_of(tone(440), 0)


async def test_a_silent_far_end_is_told_from_a_loudspeaker_that_is_off() -> None:
    bench = Bench()
    house = bench.house()
    loudspeaker, incoming = house.lines(5).loudspeaker, house.lines(5).incoming

    def audible() -> Audible:
        return loudspeaker.audible(True)

    assert audible() is Audible.CLOSED
    async with bench.doing(listen(Listen(5), house, bench.said.append)):
        await until(lambda: audible() is Audible.SILENT)
        assert incoming.speaker_delay_s == 0.0
        bench.speaker.mute(True)
        await until(lambda: audible() is Audible.OFF)
        incoming.add_sound(Tone())
        await until(lambda: audible() is Audible.UNHEARD)
        bench.speaker.mute(False)
        await until(lambda: audible() is Audible.PLAYS)
    assert audible() is Audible.CLOSED
