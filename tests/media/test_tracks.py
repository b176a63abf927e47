"""The sound that is sent: its time, and nothing that was not put."""

import asyncio

import pytest
from aiortc.mediastreams import MediaStreamError

from kiosk.frames import SILENCE
from kiosk.media.rings import Wake
from kiosk.media.sound_out import SoundLine
from kiosk.media.sound_track import SoundTrack


def sounds() -> tuple[SoundLine, SoundTrack]:
    line = SoundLine()
    wake = Wake(asyncio.get_running_loop())
    line.on_put = wake
    return line, SoundTrack(line, wake)


async def test_a_track_waits_until_something_is_put() -> None:
    line, track = sounds()
    waiting = asyncio.create_task(track.recv())
    _, pending = await asyncio.wait([waiting], timeout=0.1)
    assert pending
    line.put(SILENCE)
    await asyncio.wait_for(waiting, 1)


async def test_a_stopped_track_ends() -> None:
    _, track = sounds()
    track.stop()
    with pytest.raises(MediaStreamError):
        await track.recv()


async def test_sound_that_piled_up_before_the_first_call_is_forgotten() -> None:
    line, track = sounds()
    for number in range(4):
        line.put(bytes([number]) * len(SILENCE))
    receiving = asyncio.create_task(track.recv())
    await asyncio.sleep(0)
    line.put(bytes([9]) * len(SILENCE))
    sound = await receiving
    assert bytes(sound.planes[0])[0] == 9
    assert sound.pts == 4 * 960
