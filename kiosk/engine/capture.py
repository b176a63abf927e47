"""Camera and microphone are on, for a visit."""

import asyncio
from typing import Final

from kiosk.consultation.activities import Capture
from kiosk.consultation.model import Device
from kiosk.devices.camera.port import Camera
from kiosk.devices.microphone.port import Microphone
from kiosk.devices.screen.port import Screen, Source
from kiosk.engine.engine import Post
from kiosk.engine.house import House
from kiosk.engine.keep_open import OnLost, keep_open
from kiosk.frames import VideoFrame, level_dbfs

BLOCKS_PER_LEVEL: Final = 4
"""The meter moves 12 times a second."""


class Meter:
    """Tells the screen how loud the microphone is. Microphone's thread."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._blocks = 0
        self._loudest_dbfs = -100.0

    def hear(self, block: bytes) -> float:
        """Take a block in; its level."""
        level = level_dbfs(block)
        self._loudest_dbfs = max(self._loudest_dbfs, level)
        self._blocks += 1
        if self._blocks % BLOCKS_PER_LEVEL == 0:
            self._screen.level(self._loudest_dbfs)
            self._loudest_dbfs = -100.0
        return level


async def capture(activity: Capture, house: House, post: Post) -> None:
    """Feed the visit's outgoing lines and the self view until cancelled; nothing is left in the lines after."""
    lines = house.lines(activity.visit)
    outgoing = lines.outgoing
    meter = Meter(house.screen)
    on = True

    def on_frame(frame: VideoFrame) -> None:
        if on:
            outgoing.show(frame)
            if (door := lines.door) is not None:
                door.saw(frame)
            house.screen.picture(Source.SELF, frame, activity.visit)

    def on_block(block: bytes, lost_samples: int) -> None:
        if on:
            if (door := lines.door) is not None:
                door.heard(block, lost_samples)
            voice = lines.voice.near(block, lost_samples)
            outgoing.sound.put(voice, lost_samples)
            meter.hear(voice)

    def start_camera(camera: Camera, on_lost: OnLost) -> None:
        camera.start(on_frame, on_lost)
        outgoing.coder = camera.coder

    def start_microphone(microphone: Microphone, on_lost: OnLost) -> None:
        microphone.start(on_block, on_lost)

    try:
        async with asyncio.TaskGroup() as devices:
            devices.create_task(keep_open(Device.CAMERA, house.camera_lock, house.camera, start_camera, post))
            devices.create_task(
                keep_open(Device.MICROPHONE, house.microphone_lock, house.microphone, start_microphone, post)
            )
            try:
                await asyncio.Event().wait()
            finally:
                # Closing a device may take a while; what it still delivers meanwhile goes nowhere.
                on = False
                outgoing.coder = None
                outgoing.clear()
    finally:
        outgoing.coder = None
        outgoing.clear()
