"""The practice test: picture, microphone and loudspeaker without a room, and nothing leaves the terminal."""

import asyncio
from typing import Final

from kiosk.appointments.letter import Letter
from kiosk.blocking import in_thread
from kiosk.consultation.activities import RunSelfCheck
from kiosk.consultation.events import LetterRead, SelfCheckDone
from kiosk.consultation.model import Device, Flaw
from kiosk.consultation.view import CHECK_PICTURES
from kiosk.devices.camera.port import Camera
from kiosk.devices.microphone.port import Microphone
from kiosk.devices.screen.port import Source
from kiosk.devices.speaker.port import Speaker
from kiosk.engine.capture import Meter
from kiosk.engine.engine import Post
from kiosk.engine.findings import PICTURE_EVERY_S, Findings
from kiosk.engine.house import House
from kiosk.engine.keep_open import OnLost, keep_open
from kiosk.engine.letter import LetterWatch
from kiosk.frames import VideoFrame

SHOWS_AT_LEAST_S: Final = 5.0
"""Long enough to see oneself."""
LISTENS_AT_MOST_S: Final = 20.0
LISTENS_AGAIN_S: Final = 0.25


async def self_check(activity: RunSelfCheck, house: House, post: Post) -> None:
    """Show the patient herself, play a sound, listen for it and for a voice; say how it went."""
    loop = asyncio.get_running_loop()
    findings = Findings(expects_echo=house.sound.check_loudspeaker)
    looked_at_s = 0.0
    meter = Meter(house.screen)

    def on_letter(letter: Letter) -> None:
        # The watch has a thread of its own, and an activity speaks on the loop alone.
        loop.call_soon_threadsafe(post, LetterRead(activity.run, letter.room, letter.wifi))

    letters = LetterWatch(house.letter, on_letter)

    def on_frame(frame: VideoFrame) -> None:
        nonlocal looked_at_s
        if loop.time() >= looked_at_s + PICTURE_EVERY_S:
            looked_at_s = loop.time()
            loop.call_soon_threadsafe(findings.saw, frame, looked_at_s)
        letters.show(frame)
        house.screen.picture(Source.SELF, frame, CHECK_PICTURES)

    def on_block(block: bytes, lost_samples: int) -> None:
        meter.hear(block)
        # The terminal's own voice is nobody's.
        if not house.guidance.sounding:
            findings.heard(block, lost_samples)

    def next_block() -> bytes:
        block = findings.next_block()
        return house.guidance.mix(block) if findings.own_sound_over else block

    def start_camera(camera: Camera, on_lost: OnLost) -> None:
        camera.start(on_frame, on_lost)

    def start_microphone(microphone: Microphone, on_lost: OnLost) -> None:
        microphone.start(on_block, on_lost)

    def start_speaker(speaker: Speaker, on_lost: OnLost) -> None:
        speaker.start(next_block, on_lost)

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
        for _ in range(round((LISTENS_AT_MOST_S - SHOWS_AT_LEAST_S) / LISTENS_AGAIN_S)):
            if findings.sound().flaw not in {Flaw.NO_VOICE, Flaw.MICROPHONE_SILENT}:
                break
            await asyncio.sleep(LISTENS_AGAIN_S)
        voice, flaw = findings.conclude(loop.time())
        post(SelfCheckDone(activity.run, voice, flaw))
    finally:
        for task in keeping:
            task.cancel()
        try:
            await asyncio.gather(*keeping, return_exceptions=True)
        finally:
            # Also when the core takes the activity away while it is ending by itself.
            await in_thread(letters.close)
