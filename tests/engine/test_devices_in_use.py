"""Camera, microphone and loudspeaker as the activities use them: real simulated drivers, a recording screen."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pytest

from kiosk import media
from kiosk.appointments.port import Appointments
from kiosk.consultation.activities import Capture, Chime, Listen, RunSelfCheck
from kiosk.consultation.events import (
    AppointmentsRead,
    DeviceFailed,
    DeviceWorks,
    Event,
    NetworkChanged,
    SelfCheckDone,
)
from kiosk.consultation.model import Appointment, Device, Flaw
from kiosk.consultation.view import CHECK_PICTURES, View
from kiosk.devices import camera, microphone, network, speaker
from kiosk.devices.camera import Simulation as CameraSimulation
from kiosk.devices.microphone import Simulation as MicrophoneSimulation
from kiosk.devices.network import Simulation as NetworkSimulation
from kiosk.devices.screen import Mirror, Source
from kiosk.devices.speaker import Simulation as SpeakerSimulation
from kiosk.engine import self_check as check_times
from kiosk.engine.capture import capture
from kiosk.engine.house import House
from kiosk.engine.listen import listen
from kiosk.engine.perform import perform
from kiosk.engine.self_check import self_check
from kiosk.engine.watch import poll_appointments, watch_devices, watch_network
from kiosk.errors import AppointmentsUnavailable
from kiosk.frames import VideoFrame
from tests.consultation.examples import SOON

_CHROMA = np.zeros((1, 1), np.uint8)
A_FRAME = VideoFrame(np.zeros((2, 2), np.uint8), _CHROMA, _CHROMA, captured_at_s=0.0)


@dataclass
class RecordingScreen:
    """Remembers whose pictures it got."""

    pictures: list[tuple[Source, int]] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)

    def start(self) -> None: ...
    def show(self, view: View) -> None: ...
    def picture(self, source: Source, frame: VideoFrame, tag: int) -> None:
        self.pictures.append((source, tag))

    def level(self, dbfs: float) -> None:
        self.levels.append(dbfs)

    def alive(self) -> bool:
        return True

    def mirror(self, on_mirror: Callable[[Mirror], None] | None) -> None: ...
    def close(self) -> None: ...


@dataclass
class AppointmentsByHand(Appointments):
    """Appointments that a test sets."""

    every_s: float = 0.01
    known: list[Appointment] = field(default_factory=list)
    broken: bool = False

    def read(self) -> list[Appointment]:
        if self.broken:
            raise AppointmentsUnavailable("the file is gone")
        return list(self.known)


@dataclass
class Bench:
    """A house full of simulated devices, and what the activities said."""

    camera: CameraSimulation = field(default_factory=CameraSimulation)
    microphone: MicrophoneSimulation = field(default_factory=MicrophoneSimulation)
    speaker: SpeakerSimulation = field(default_factory=SpeakerSimulation)
    network: NetworkSimulation = field(default_factory=NetworkSimulation)
    screen: RecordingScreen = field(default_factory=RecordingScreen)
    source: AppointmentsByHand = field(default_factory=AppointmentsByHand)
    said: list[Event] = field(default_factory=list)
    tone_hz: int = 440

    def house(self) -> House:
        return House(
            camera=partial(camera.open_camera, camera.Settings(), self.camera),
            microphone=partial(microphone.open_microphone, microphone.Settings(tone_hz=self.tone_hz), self.microphone),
            speaker=partial(speaker.open_speaker, speaker.Settings(), self.speaker),
            network=network.open_network(network.Settings(), self.network),
            screen=self.screen,
            rooms={},
            appointments=self.source,
            media=media.Settings(),
        )

    @asynccontextmanager
    async def doing(self, activity: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
        task = asyncio.create_task(activity)
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def closed(self) -> bool:
        return not (self.camera.opened or self.microphone.opened or self.speaker.opened)


async def until(look: Callable[[], object], within_s: float = 5.0) -> None:
    async with asyncio.timeout(within_s):
        while not look():
            await asyncio.sleep(0.005)


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_capture_feeds_the_lines_and_the_self_view(bench: Bench) -> None:
    house = bench.house()
    outgoing = house.lines(7).outgoing
    async with bench.doing(capture(Capture(7), house, bench.said.append)):
        await until(lambda: bench.screen.pictures and outgoing.sound.depth and bench.screen.levels)
        assert set(bench.screen.pictures) == {(Source.SELF, 7)}
        assert max(bench.screen.levels) > -40
        assert set(bench.said) == {DeviceWorks(Device.CAMERA), DeviceWorks(Device.MICROPHONE)}
    assert bench.closed()


async def test_a_camera_s_own_encoder_is_offered_while_it_is_open(bench: Bench) -> None:
    house = bench.house()
    house.camera = partial(camera.open_camera, camera.Settings(own_encoder=True), bench.camera)
    outgoing = house.lines(7).outgoing
    async with bench.doing(capture(Capture(7), house, bench.said.append)):
        await until(lambda: outgoing.coder is not None)
    assert outgoing.coder is None


async def test_capture_ends_at_once_and_leaves_nothing_to_send(bench: Bench) -> None:
    house = bench.house()
    outgoing = house.lines(1).outgoing
    async with bench.doing(capture(Capture(1), house, bench.said.append)):
        await until(lambda: outgoing.pictures.take() and outgoing.sound.take())
        began_s = time.monotonic()
    assert time.monotonic() - began_s < 0.2
    assert bench.closed()
    assert outgoing.pictures.take() is None
    assert outgoing.sound.take() is None


async def test_capture_cancelled_while_it_opens_closes_what_opens_late(bench: Bench) -> None:
    async with bench.doing(capture(Capture(1), bench.house(), bench.said.append)):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await until(bench.closed)


async def test_an_unplugged_camera_is_told_and_comes_back(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.engine.keep_open.REOPEN_AFTER_S", 0.05)
    async with bench.doing(capture(Capture(1), bench.house(), bench.said.append)):
        await until(lambda: DeviceWorks(Device.CAMERA) in bench.said)
        bench.camera.unplug()
        await until(lambda: DeviceFailed(Device.CAMERA) in bench.said)
        assert bench.microphone.opened, "the sound goes on"
        bench.camera.plug()
        bench.said.clear()
        bench.screen.pictures.clear()
        await until(lambda: DeviceWorks(Device.CAMERA) in bench.said and bench.screen.pictures)
    assert bench.closed()


async def test_a_second_visit_waits_for_the_camera_of_the_first(bench: Bench) -> None:
    house = bench.house()
    first = asyncio.create_task(capture(Capture(1), house, bench.said.append))
    await until(lambda: bench.camera.opened)
    first.cancel()
    async with bench.doing(capture(Capture(2), house, bench.said.append)):
        await until(lambda: (Source.SELF, 2) in bench.screen.pictures)
        assert first.done()


async def test_listening_opens_the_loudspeaker_and_the_pictures(bench: Bench) -> None:
    house = bench.house()
    incoming = house.lines(3).incoming
    async with bench.doing(listen(Listen(3), house, bench.said.append)):
        await until(lambda: bench.speaker.opened)
        for slot, source in ((incoming.on_picture, Source.REMOTE), (incoming.on_slides, Source.SLIDES)):
            assert slot is not None
            slot(A_FRAME)
            assert bench.screen.pictures[-1] == (source, 3)
    assert incoming.on_picture is incoming.on_slides is None
    assert bench.closed()


async def test_somebody_who_joins_is_heard(bench: Bench) -> None:
    house = bench.house()
    async with bench.doing(listen(Listen(3), house, bench.said.append)):
        await until(lambda: bench.speaker.opened)
        await perform(Chime(3, arrivals=1), house, bench.said.append)
        await until(lambda: bench.speaker.level_dbfs > -40)
        await until(lambda: bench.speaker.level_dbfs < -90)


@pytest.mark.parametrize(
    ("tone_hz", "done"),
    [(0, SelfCheckDone(4, heard=True)), (440, SelfCheckDone(4, heard=False, flaw=Flaw.NOISY))],
    ids=["something like speech", "a hum"],
)
async def test_the_self_check_hears_a_voice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tone_hz: int, done: SelfCheckDone
) -> None:
    monkeypatch.setattr(check_times, "SHOWS_AT_LEAST_S", 0.3)
    bench.tone_hz = tone_hz
    async with bench.doing(self_check(RunSelfCheck(4), bench.house(), bench.said.append)):
        await until(lambda: bench.speaker.level_dbfs > -40)  # the chime
        await until(lambda: done in bench.said, 10)
        assert set(bench.screen.pictures) == {(Source.SELF, CHECK_PICTURES)}
    assert bench.closed()


async def test_the_self_check_without_a_microphone_hears_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_times, "SHOWS_AT_LEAST_S", 0.1)
    monkeypatch.setattr(check_times, "LISTENS_AT_MOST_S", 0.4)
    bench.microphone.unplug()
    async with bench.doing(self_check(RunSelfCheck(1), bench.house(), bench.said.append)):
        await until(lambda: SelfCheckDone(1, heard=False, flaw=Flaw.MICROPHONE_SILENT) in bench.said)
        assert DeviceFailed(Device.MICROPHONE) in bench.said


async def test_resting_devices_are_watched_without_being_opened(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.engine.watch.DEVICES_EVERY_S", 0.02)
    async with bench.doing(watch_devices(bench.house(), bench.said.append)):
        await until(lambda: len(bench.said) == 3)
        bench.camera.unplug()
        await until(lambda: DeviceFailed(Device.CAMERA) in bench.said)
        bench.camera.plug()
        await until(lambda: bench.said[-1] == DeviceWorks(Device.CAMERA))
        assert bench.closed()


async def test_the_network_is_told_once_a_change(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.engine.watch.NETWORK_EVERY_S", 0.01)
    async with bench.doing(watch_network(bench.house(), bench.said.append)):
        await until(lambda: bench.said)
        bench.network.set_up(False)
        await until(lambda: len(bench.said) == 2)
    assert bench.said == [NetworkChanged(up=True), NetworkChanged(up=False)]


async def test_appointments_are_told_when_they_change_and_survive_a_bad_source(bench: Bench) -> None:
    async with bench.doing(poll_appointments(bench.house(), bench.said.append)):
        await until(lambda: bench.said == [AppointmentsRead(())])
        bench.source.broken = True
        await asyncio.sleep(0.05)
        bench.source.known.append(SOON)
        bench.source.broken = False
        await until(lambda: bench.said[-1] == AppointmentsRead((SOON,)))
    assert len(bench.said) == 2
