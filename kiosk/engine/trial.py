"""Camera, microphone and loudspeaker for a few seconds, without a screen and without a patient: for the technician."""

import time
from contextlib import ExitStack, closing, suppress
from typing import Final

from kiosk.devices.camera.port import Camera
from kiosk.devices.microphone.port import Microphone
from kiosk.devices.speaker.port import Speaker
from kiosk.engine.findings import PICTURE_EVERY_S, Findings
from kiosk.errors import DeviceError
from kiosk.frames import VideoFrame

LASTS_S: Final = 6.0
"""Four seconds of listening beside the own sound, and a camera's light has settled long before."""


def try_devices(camera: Camera, microphone: Microphone, speaker: Speaker, lasts_s: float = LASTS_S) -> Findings:
    """Open all three, see, play and listen, close them; blocks for so long. One that is missing or is lost leaves its
    part of the findings empty."""
    findings = Findings(expects_echo=True)
    seen_at_s = 0.0

    def on_frame(frame: VideoFrame) -> None:
        nonlocal seen_at_s
        now_s = time.monotonic()
        if now_s >= seen_at_s + PICTURE_EVERY_S:
            seen_at_s = now_s
            findings.saw(frame, now_s)

    def on_lost(_error: DeviceError) -> None:
        """The findings tell."""

    with ExitStack() as opened:
        for device in (camera, microphone, speaker):
            opened.enter_context(closing(device))
        with suppress(DeviceError):
            camera.start(on_frame, on_lost)
        with suppress(DeviceError):
            microphone.start(findings.heard, on_lost)
        with suppress(DeviceError):
            speaker.start(findings.next_block, on_lost)
        time.sleep(lasts_s)
    return findings
