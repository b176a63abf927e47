"""The terminal as it is, with ears and eyes in it: what its camera and microphone give and what reaches screen and
loudspeaker is noted in files, moment by moment.

    python -m tests.benchmarks.probe_terminal FOLDER run --config FILE
"""

import asyncio
import dataclasses
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk import cli
from kiosk.devices.camera.file import FileCamera
from kiosk.devices.microphone import OnBlock
from kiosk.devices.microphone import simulated as microphone
from kiosk.devices.speaker import simulated as speaker
from kiosk.frames import VideoFrame
from kiosk.media.incoming import Incoming
from kiosk.media.session import MediaSession
from tests.benchmarks import clip
from tests.benchmarks.records import Recorder

FIGURES_EVERY_S = 1.0


def main() -> int:
    """Put the probes in and be the terminal."""
    folder, *words = sys.argv[1:]
    listen_in(Recorder(Path(folder)), Path(folder) / "figures")
    return cli.main(words)


def listen_in(recorder: Recorder, figures: Path) -> None:
    """Wrap the five places at which picture and sound come and go; they keep their ways otherwise."""
    camera_start, microphone_start = FileCamera.start, microphone.SimulatedMicrophone.start
    play, put_picture, connect = speaker.Simulation.play, Incoming.put_picture, MediaSession.connect

    def start_camera(self: FileCamera, on_frame: Callable[[VideoFrame], None], on_lost: Any) -> None:
        def noted(frame: VideoFrame) -> None:
            recorder.picture("out", time.monotonic(), frame.y)
            on_frame(frame)

        camera_start(self, noted, on_lost)

    def start_microphone(self: Any, on_block: OnBlock, on_lost: Any) -> None:
        def noted(block: bytes, lost_samples: int) -> None:
            recorder.block("out", time.monotonic(), block)
            on_block(block, lost_samples)

        microphone_start(self, noted, on_lost)

    def noted_play(self: speaker.Simulation, block: bytes) -> None:
        recorder.block("in", time.monotonic(), block)
        play(self, block)

    def noted_picture(self: Incoming, frame: VideoFrame, source: object = None) -> None:
        recorder.picture("in", time.monotonic(), frame.y)
        put_picture(self, frame, source)

    async def noted_connect(self: MediaSession, signaling: Any) -> None:
        await connect(self, signaling)
        self.__dict__["figures"] = asyncio.create_task(tell(self))

    async def tell(session: MediaSession) -> None:
        with figures.open("a", buffering=1) as lines:
            while True:
                told = dataclasses.asdict(await session.stats()) | _of_parts(session) | {"at_s": time.monotonic()}
                lines.write(json.dumps(told, default=str) + "\n")
                await asyncio.sleep(FIGURES_EVERY_S)

    FileCamera.start = start_camera  # type: ignore[method-assign]
    microphone.SimulatedMicrophone.start = start_microphone  # type: ignore[method-assign]
    setattr(microphone, "speech", clip.sound)  # noqa: B010 - a name that module has for itself alone
    speaker.Simulation.play = noted_play  # type: ignore[method-assign]
    Incoming.put_picture = noted_picture  # type: ignore[method-assign]
    MediaSession.connect = noted_connect  # type: ignore[method-assign]


def _of_parts(session: MediaSession) -> dict[str, Any]:
    """What each part of the connection counts, by the part's name."""
    parts: dict[str, Any] = vars(session._peer) if session._peer is not None else {}
    told = {name: part.figures() for name, part in parts.items() if callable(getattr(part, "figures", None))}
    return {name: dataclasses.asdict(figures) for name, figures in told.items()}


if __name__ == "__main__":
    sys.exit(main())
