"""The track of the patient's sound. It waits for something to be put and makes up nothing."""

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from kiosk.media.convert import block_to_av
from kiosk.media.rings import Wake
from kiosk.media.sound_out import SoundLine


class SoundTrack(MediaStreamTrack):
    """The patient's sound for a far end without Opus; where there is Opus, sound_out.SoundSending goes past it."""

    kind = "audio"

    def __init__(self, sound: SoundLine, wake: Wake) -> None:
        super().__init__()
        self._sound = sound
        self._wake = wake
        self._begun = False

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms. aiortc's sender calls it, one call at a time."""
        if not self._begun:
            # What piled up while the connection was made would be a delay for the whole call.
            self._begun = True
            self._sound.clear()
        while self.readyState == "live":
            sound = self._sound.take()
            if sound is not None:
                return block_to_av(sound.block, sound.timestamp)
            await self._wake.wait()
        raise MediaStreamError
