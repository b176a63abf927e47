"""Sound as it is."""

from kiosk.frames import SILENCE, level_dbfs
from kiosk.media.voice.port import VoiceFigures


class PlainVoice:
    """Changes nothing: for a speakerphone that cancels its echo itself, and for a board without the library."""

    def __init__(self) -> None:
        self._near = self._far = SILENCE

    def far(self, block: bytes) -> None:
        self._far = block

    def near(self, block: bytes, lost_samples: int = 0) -> bytes:  # noqa: ARG002 - there is nothing to keep in step with
        self._near = block
        return block

    def figures(self) -> VoiceFigures:
        level = level_dbfs(self._near)
        return VoiceFigures(near_dbfs=level, sent_dbfs=level, far_dbfs=level_dbfs(self._far))
