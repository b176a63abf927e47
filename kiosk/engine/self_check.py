"""The practice test: picture, microphone and loudspeaker without a room, and nothing leaves the terminal."""

import asyncio
from collections import deque
from typing import Final

from kiosk.appointments.letter import Letter
from kiosk.blocking import in_thread
from kiosk.consultation.activities import RunSelfCheck
from kiosk.consultation.events import LetterRead, SelfCheckDone
from kiosk.consultation.model import Device
from kiosk.consultation.view import CHECK_PICTURES
from kiosk.devices.camera.port import Camera
from kiosk.devices.microphone.port import Microphone
from kiosk.devices.screen.port import Source
from kiosk.devices.speaker.port import Speaker
from kiosk.engine.capture import Meter
from kiosk.engine.engine import Post
from kiosk.engine.house import House
from kiosk.engine.keep_open import OnLost, keep_open
from kiosk.engine.letter import LetterWatch
from kiosk.engine.sounds import chime
from kiosk.frames import SILENCE, VideoFrame

HEARD_ABOVE_DBFS: Final = -45.0
"""Louder than a quiet room."""
HEARD_BLOCKS: Final = 25
"""Half a second of it, in all, is a voice and not a knock."""
SHOWS_AT_LEAST_S: Final = 5.0
"""Long enough to see oneself."""
LISTENS_AT_MOST_S: Final = 20.0


async def self_check(activity: RunSelfCheck, house: House, post: Post) -> None:
    """Show the patient herself, play a chime, listen for a voice; say how it went."""
    loop = asyncio.get_running_loop()
    heard = asyncio.Event()
    meter = Meter(house.screen)
    loud_blocks = 0
    to_play = deque(chime())

    def on_letter(letter: Letter) -> None:
        # The watch has a thread of its own, and an activity speaks on the loop alone.
        loop.call_soon_threadsafe(post, LetterRead(activity.run, letter.room))

    letters = LetterWatch(house.letter, on_letter)

    def on_frame(frame: VideoFrame) -> None:
        letters.show(frame)
        house.screen.picture(Source.SELF, frame, CHECK_PICTURES)

    def on_block(block: bytes, _lost_samples: int) -> None:
        nonlocal loud_blocks
        if meter.hear(block) > HEARD_ABOVE_DBFS:
            loud_blocks += 1
            if loud_blocks == HEARD_BLOCKS:
                loop.call_soon_threadsafe(heard.set)

    def start_camera(camera: Camera, on_lost: OnLost) -> None:
        camera.start(on_frame, on_lost)

    def start_microphone(microphone: Microphone, on_lost: OnLost) -> None:
        microphone.start(on_block, on_lost)

    def start_speaker(speaker: Speaker, on_lost: OnLost) -> None:
        speaker.start(lambda: to_play.popleft() if to_play else SILENCE, on_lost)

    keeping = [
        asyncio.create_task(keeper)
        for keeper in (
            keep_open(Device.CAMERA, house.camera_lock, house.camera, start_camera, post),
            keep_open(Device.MICROPHONE, house.microphone_lock, house.microphone, start_microphone, post),
            keep_open(Device.SPEAKER, house.speaker_lock, house.speaker, start_speaker, post),
        )
    ]
    try:
        await asyncio.sleep(SHOWS_AT_LEAST_S)
        try:
            async with asyncio.timeout(LISTENS_AT_MOST_S - SHOWS_AT_LEAST_S):
                await heard.wait()
        except TimeoutError:
            pass
        post(SelfCheckDone(activity.run, heard.is_set()))
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        await in_thread(letters.close)
