"""The level of the voice: louder when the patient is far away, but not what is left of the echo."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ

Samples = NDArray[np.int16]

FAR_SPEAKS_ABOVE_DBFS: Final = -50.0
FAR_HOLDS_BLOCKS: Final = 15
"""A room rings on for some 300 ms."""
FULL_BELOW_DB: Final = 10.0
NONE_ABOVE_DB: Final = 20.0
"""While the far end speaks: of a block that the canceller took less from, most was the patient's voice; of one that it
took more from, hardly anything was."""
VOICE_ABOVE: Final = 0.5
KNOWN_AFTER_BLOCKS: Final = 50
"""After a second of the patient's voice alone her level is known; until then nothing is raised, least of all the echo
that a canceller lets through while it still learns the room."""

_RAMP: Final = np.linspace(0.0, 1.0, BLOCK_SAMPLES, dtype=np.float32)


class Gain:
    """WebRTC's adaptive gain with limiter (AGC2), held back while only the loudspeaker is heard. One thread."""

    def __init__(self, library: Any, max_gain_db: int) -> None:
        """`library` is pywebrtc_audio."""
        self._controller = library.GainController(sample_rate=SAMPLE_RATE_HZ, max_gain_db=float(max_gain_db))
        self._far_quiet_blocks = FAR_HOLDS_BLOCKS
        self._voice_blocks = 0
        self._share = 0.0

    @property
    def gain_db(self) -> float:
        """What is applied now."""
        return float(self._controller.gain_db) * self._share

    def process(self, clean: Samples, taken_db: float, speech_probability: float, far_dbfs: float) -> Samples:
        """The block with gain. `taken_db` is how much softer the canceller made it, `far_dbfs` the level of the
        loudspeaker's block beside it."""
        self._far_quiet_blocks = 0 if far_dbfs > FAR_SPEAKS_ABOVE_DBFS else self._far_quiet_blocks + 1
        far_speaks = self._far_quiet_blocks < FAR_HOLDS_BLOCKS
        # Nothing is learned about the patient's voice while another one is in the room.
        loud: Samples = self._controller.process(clean, 0.0 if far_speaks else speech_probability)
        self._voice_blocks += not far_speaks and speech_probability > VOICE_ABOVE
        share = min(1.0, self._voice_blocks / KNOWN_AFTER_BLOCKS)
        if far_speaks:
            share *= min(1.0, max(0.0, (NONE_ABOVE_DB - taken_db) / (NONE_ABOVE_DB - FULL_BELOW_DB)))
        if share == self._share == 1.0:
            return loud
        shares = self._share + (share - self._share) * _RAMP
        self._share = share
        softly: Samples = np.rint(clean + shares * (loud.astype(np.float32) - clean)).astype(np.int16)
        return softly
