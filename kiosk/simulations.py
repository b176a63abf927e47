"""Simulated hardware as one set, and the bench that works it. Real drivers take no notice of either."""

import asyncio
import os
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from kiosk.appointments import Simulation as AppointmentsSimulation
from kiosk.bench import Bench, Hands, Settings
from kiosk.consultation.model import Appointment, Device
from kiosk.consultation.state import State
from kiosk.consultation.view import View
from kiosk.devices.button import Simulation as ButtonSimulation
from kiosk.devices.camera import Simulation as CameraSimulation
from kiosk.devices.health import Simulation as HealthSimulation
from kiosk.devices.keys import Simulation as KeysSimulation
from kiosk.devices.lamp import Simulation as LampSimulation
from kiosk.devices.microphone import Simulation as MicrophoneSimulation
from kiosk.devices.network import Simulation as NetworkSimulation
from kiosk.devices.screen import Screen
from kiosk.devices.screen.process import ProcessScreen
from kiosk.devices.speaker import Simulation as SpeakerSimulation
from kiosk.devices.volume import Simulation as VolumeSimulation
from kiosk.frames import BLOCK_BYTES, SAMPLE_RATE_HZ, level_dbfs

EAR_EVERY_S: Final = 0.25
EAR_WINDOW_BYTES: Final = 10 * BLOCK_BYTES
"""200 ms: tones are told apart to 5 Hz."""


@dataclass(frozen=True, slots=True)
class Simulations:
    """What hands do is done to these, whatever driver is opened on them later."""

    camera: CameraSimulation = field(default_factory=CameraSimulation)
    microphone: MicrophoneSimulation = field(default_factory=MicrophoneSimulation)
    speaker: SpeakerSimulation = field(default_factory=SpeakerSimulation)
    button: ButtonSimulation = field(default_factory=ButtonSimulation)
    health: HealthSimulation = field(default_factory=HealthSimulation)
    keys: KeysSimulation = field(default_factory=KeysSimulation)
    volume: VolumeSimulation = field(default_factory=VolumeSimulation)
    lamp: LampSimulation = field(default_factory=LampSimulation)
    network: NetworkSimulation = field(default_factory=NetworkSimulation)
    appointments: AppointmentsSimulation = field(default_factory=AppointmentsSimulation)


class WorkedBench:
    """A bench whose hands reach the simulations and the screen, and which tells what the terminal shows and plays."""

    def __init__(self, settings: Settings, simulations: Simulations, screen: Screen) -> None:
        self._simulations = simulations
        self._screen = screen
        self._bench = Bench(
            settings,
            Hands(
                press=simulations.button.press,
                key=simulations.keys.put,
                plug=self._plug,
                stall=self._stall,
                network=simulations.network.set_up,
                watch=self._watch,
                kill_screen=self._kill_screen,
                appointment=self._appointment,
            ),
        )
        self._loop = asyncio.get_running_loop()
        self._told_sound: tuple[float, float, int] | None = None
        self._told_inside: tuple[list[str], list[str]] | None = None
        self._closed = threading.Event()
        self._ear = threading.Thread(target=self._listen, name="bench-ear", daemon=True)

    def start(self) -> None:
        """Connect."""
        self._bench.start()
        self._ear.start()

    def show(self, state: State, view: View) -> None:
        """Pass on what the terminal is doing."""
        self._bench.state(_snake(type(state.phase).__name__), view.press, view.lamp)

    def close(self) -> None:
        """Nothing more is heard or told. Twice is safe."""
        self._closed.set()
        if self._ear.is_alive():
            self._ear.join(1.0)
        self._bench.close()

    def _plug(self, device: Device, plugged: bool) -> None:
        simulation = self._simulation(device)
        if simulation is not None:
            (simulation.plug if plugged else simulation.unplug)()

    def _stall(self, device: Device, stalled: bool) -> None:
        if device is Device.CAMERA:
            self._simulations.camera.stall(stalled)

    def _simulation(self, device: Device) -> CameraSimulation | MicrophoneSimulation | SpeakerSimulation | None:
        match device:
            case Device.CAMERA:
                return self._simulations.camera
            case Device.MICROPHONE:
                return self._simulations.microphone
            case Device.SPEAKER:
                return self._simulations.speaker
            case Device.BUTTON:
                return None  # it is never pulled out

    def _watch(self, on: bool) -> None:
        self._screen.mirror(self._bench.picture if on else None)

    def _kill_screen(self) -> None:
        if isinstance(self._screen, ProcessScreen) and self._screen.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._screen.pid, signal.SIGKILL)

    def _appointment(self, appointment: Appointment) -> None:
        self._simulations.appointments.give(appointment)

    def _listen(self) -> None:
        """Tell four times a second what the simulated loudspeaker plays, and what is alive in here; nothing is kept."""
        speaker = self._simulations.speaker
        speaker.listen(True)
        try:
            while not self._closed.wait(EAR_EVERY_S):
                heard = speaker.heard() if speaker.opened else b""
                sound = (*loudest(heard[-EAR_WINDOW_BYTES:]), speaker.silent_blocks)
                if sound != self._told_sound:
                    self._told_sound = sound
                    self._bench.sound(*sound)
                self._tell_inside()
        finally:
            speaker.listen(False)

    def _tell_inside(self) -> None:
        threads = sorted(thread.name for thread in threading.enumerate())
        tasks = sorted(task.get_name() for task in asyncio.all_tasks(self._loop))
        if (threads, tasks) != self._told_inside:
            self._told_inside = threads, tasks
            self._bench.inside(threads, tasks)


def loudest(sound: bytes) -> tuple[float, float]:
    """The loudest frequency in Hz and the level in dBFS of a piece of sound; (0, -100) for none."""
    dbfs = level_dbfs(sound)
    if dbfs <= -90:
        return 0.0, -100.0
    samples = np.frombuffer(sound, dtype="<i2").astype(np.float32)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(np.argmax(spectrum[1:]) + 1) * SAMPLE_RATE_HZ / samples.size, dbfs


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
