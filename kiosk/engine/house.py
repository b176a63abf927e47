"""What the activities work with: the opened parts of the terminal, and the lines of the visit that goes on."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kiosk import media
from kiosk.appointments.port import Appointments
from kiosk.devices.camera.port import Camera
from kiosk.devices.health import Health, open_health
from kiosk.devices.health import Settings as HealthSettings
from kiosk.devices.microphone.port import Microphone
from kiosk.devices.network.port import Network
from kiosk.devices.screen.port import Screen
from kiosk.devices.speaker.port import Speaker
from kiosk.devices.volume import Settings as VolumeSettings
from kiosk.devices.volume import Volume, open_volume
from kiosk.engine.gain import Gain
from kiosk.engine.guidance import Guidance
from kiosk.engine.letter import Look, no_letter
from kiosk.engine.line_check import LinePlan
from kiosk.engine.loudspeaker import Loudspeaker
from kiosk.frames import VideoFrame
from kiosk.media import voice
from kiosk.rooms.port import RoomClient, Signaling
from kiosk.speech.prompts import Prompts


class Door(Protocol):
    """Looks at pictures and sound on their way past; engine/check_join.py."""

    def saw(self, frame: VideoFrame) -> None:
        """A picture for the visit. Camera's thread; returns at once."""

    def heard(self, block: bytes, lost_samples: int) -> None:
        """A block as the microphone gave it. Microphone's thread; returns at once."""

    def next_block(self) -> bytes | None:
        """What the loudspeaker plays before the guidance goes on; None: nothing. Loudspeaker's thread."""


@dataclass(slots=True)
class Lines:
    """Where the pictures and sound of one visit pass between devices and calls, over all its tries to connect."""

    visit: int
    outgoing: media.Outgoing
    incoming: media.Incoming
    voice: voice.Voice
    """Between microphone and outgoing line; hears what the loudspeaker is given."""
    loudspeaker: Loudspeaker = field(default_factory=Loudspeaker)
    door: Door | None = None
    """While she is being connected, or waits: who looks at what passes."""
    own_sound_played: bool = False
    own_sounds: deque[bytes] = field(default_factory=deque)
    """The terminal's own sounds, to be mixed into what is heard; block by block."""


@dataclass(slots=True)
class House:
    """Made by app.py, which also closes what stays open. Loop thread only."""

    camera: Callable[[], Camera]
    """A fresh driver for each opening; the microphone's and speaker's alike."""
    microphone: Callable[[], Microphone]
    speaker: Callable[[], Speaker]
    network: Network
    screen: Screen
    rooms: Mapping[str, RoomClient]
    appointments: Appointments
    media: media.Settings
    letter: Look = no_letter
    """Looks for a letter in a picture of the practice test. A worker thread."""
    sound: voice.Settings = field(default_factory=voice.Settings)
    line_plan: LinePlan | None = None
    """The test call without a patient; None: there is none."""
    prompts: Prompts | None = None
    """The spoken sentences; None: nothing is said aloud."""
    serial: str = ""
    """Of the terminal, as printed on it."""
    button_held_s: Callable[[], float] = lambda: 0.0
    """How long the button has been down. Any thread."""
    health: Health = field(default_factory=lambda: open_health(HealthSettings()))
    volume: Volume = field(default_factory=lambda: open_volume(VolumeSettings()))
    gain: Gain = field(default_factory=Gain)
    """What the speakers go through, for cards that `volume` cannot turn down."""
    guidance: Guidance = field(default_factory=Guidance)
    """Mixed in by whoever has the loudspeaker open."""
    places: dict[int, Signaling] = field(default_factory=dict)
    """The connected place of each attempt, while it is connected."""
    camera_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the camera is open: closing takes time, and the next visit must wait for it."""
    microphone_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    speaker_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _lines: Lines | None = None

    def lines(self, visit: int) -> Lines:
        """The lines of this visit: made at first asking, gone when another visit asks for its own."""
        if self._lines is None or self._lines.visit != visit:
            self._lines = Lines(visit, media.Outgoing(), media.Incoming(), voice.open_voice(self.sound))
        return self._lines
