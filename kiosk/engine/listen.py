"""The loudspeaker is on, and the far end's pictures reach the screen."""

import logging
import time

from kiosk.consultation.activities import Listen
from kiosk.consultation.model import Device
from kiosk.devices.screen.port import Source
from kiosk.devices.speaker.port import Speaker
from kiosk.engine.engine import Post
from kiosk.engine.house import House
from kiosk.engine.keep_open import OnLost, keep_open
from kiosk.engine.sounds import mixed
from kiosk.frames import VideoFrame

log = logging.getLogger(__name__)


async def listen(activity: Listen, house: House, post: Post) -> None:
    """Until cancelled; from then on nothing of the far end is heard or seen."""
    # Only a press makes the far end heard: joining, resuming, or trying the video again.
    pressed_at_s = time.monotonic()
    lines = house.lines(activity.visit)
    incoming = lines.incoming
    has_come = False

    def on_picture(frame: VideoFrame) -> None:
        nonlocal has_come
        house.screen.picture(Source.REMOTE, frame, activity.visit)
        if not has_come:
            has_come = True
            after_ms = (time.monotonic() - pressed_at_s) * 1000
            log.info("First remote picture, %dx%d, %.0f ms after the press", frame.width, frame.height, after_ms)

    def next_block() -> bytes:
        block = incoming.next_block()
        lines.loudspeaker.give(block)
        if lines.own_sounds:
            block = mixed(block, lines.own_sounds.popleft())
        door = lines.door
        own = door.next_block() if door is not None else None
        block = house.guidance.mix(block) if own is None else mixed(block, own)
        lines.voice.far(block)
        return block

    def start(speaker: Speaker, on_lost: OnLost) -> None:
        speaker.start(next_block, on_lost)
        lines.loudspeaker.open(speaker.muted)
        incoming.speaker_delay_s = speaker.delay_s

    def on_slides(frame: VideoFrame) -> None:
        house.screen.picture(Source.SLIDES, frame, activity.visit)

    incoming.on_picture, incoming.on_slides = on_picture, on_slides
    incoming.open(True)
    try:
        await keep_open(Device.SPEAKER, house.speaker_lock, house.speaker, start, post)
    finally:
        lines.loudspeaker.close()
        incoming.open(False)
        incoming.on_picture = incoming.on_slides = None
