"""A state says its sentences, once."""

import asyncio
import logging

from kiosk.blocking import acquire, in_thread
from kiosk.consultation.activities import Speak
from kiosk.consultation.signals import Speech
from kiosk.engine.guidance import Sentence
from kiosk.engine.house import House
from kiosk.engine.sounds import chime, tone
from kiosk.errors import DeviceError
from kiosk.frames import SILENCE
from kiosk.speech.sentences import sentences

log = logging.getLogger(__name__)


async def speak(activity: Speak, house: House) -> None:
    """Until all is said, somebody presses or it is cancelled; then it is silent after one fading block."""
    blocks: tuple[bytes, ...] = ()
    if activity.keys > house.guidance.keys_answered:
        house.guidance.keys_answered = activity.keys
        blocks = tuple(tone())
    elif activity.speech is Speech.REMIND:
        blocks = tuple(chime())
    if house.prompts is not None and activity.speech is not None:
        blocks += await in_thread(house.prompts.blocks, sentences(activity.speech, activity.press))
    if not blocks:
        return
    over = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_end() -> None:
        loop.call_soon_threadsafe(over.set)

    sentence = Sentence(blocks, on_end)
    house.guidance.say(sentence)
    try:
        if activity.mixed:
            await over.wait()
        else:
            await _with_own_loudspeaker(house, over)
    finally:
        house.guidance.hush(sentence)


async def _with_own_loudspeaker(house: House, over: asyncio.Event) -> None:
    """Open for just as long. One that cannot be opened is silent: the look-out for devices tells of it."""
    loop = asyncio.get_running_loop()

    def next_block() -> bytes:
        return house.guidance.mix(SILENCE)

    def on_lost(error: DeviceError) -> None:
        log.warning("%s", error)
        loop.call_soon_threadsafe(over.set)

    async with house.speaker_lock:
        try:
            speaker = house.speaker()
            try:
                await acquire(lambda: speaker.start(next_block, on_lost), lambda _: speaker.close())
                await over.wait()
                # What the card still holds is heard to its end.
                await asyncio.sleep(speaker.delay_s)
            finally:
                await in_thread(speaker.close)
        except DeviceError as error:
            log.warning("%s", error)
