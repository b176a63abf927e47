"""The composition root: opens every part, wires them, runs the engine, and closes the mirror way round."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

from kiosk import appointments, heap, rooms, watchdog
from kiosk.appointments.letter import look
from kiosk.blocking import in_thread
from kiosk.clock import system_clock
from kiosk.config import Config
from kiosk.consultation.activities import Activity
from kiosk.consultation.busy import busy
from kiosk.consultation.events import ButtonPressed, DeviceFailed, DeviceWorks, KeyMoved, Started
from kiosk.consultation.loudness import Loudness
from kiosk.consultation.model import Device, Key
from kiosk.consultation.state import Starting, State, initial
from kiosk.consultation.view import View
from kiosk.consultation.visits import remembered
from kiosk.devices import button, health, keys, lamp, network, volume
from kiosk.devices.camera import open_camera
from kiosk.devices.microphone import open_microphone
from kiosk.devices.screen import Screen
from kiosk.devices.speaker import open_speaker
from kiosk.engine.engine import Engine, Post
from kiosk.engine.gain import Gain
from kiosk.engine.house import House
from kiosk.engine.perform import perform
from kiosk.engine.start_part import start_part
from kiosk.line_plan import line_plan
from kiosk.memory import Memory
from kiosk.quiet import BusyFile
from kiosk.rooms import invitations
from kiosk.simulations import Simulations, WorkedBench
from kiosk.speech.prompts import Prompts
from kiosk.standing import read_standing

log = logging.getLogger(__name__)


async def run(config: Config, shown: Screen) -> None:
    """Be the terminal until SIGTERM or SIGINT, with a screen that was started; it is closed at the end. Raises
    KioskError when a part can never open, ActivityCrashed on a bug."""
    simulations = Simulations()
    async with AsyncExitStack() as closing:

        def close_at_end(close: Callable[[], None]) -> None:
            closing.push_async_callback(in_thread, close)

        close_at_end(shown.close)
        lit = lamp.open_lamp(config.lamp, simulations.lamp)
        close_at_end(lit.close)
        pressed = button.open_button(config.button, simulations.button)
        close_at_end(pressed.close)
        moved = keys.open_keys(config.keys, simulations.keys)
        close_at_end(moved.close)
        gain = Gain()
        read_link = invitations.reader(config.rooms.pexip, config.appointments.display_name)
        house = House(
            camera=partial(open_camera, config.camera, simulations.camera),
            microphone=partial(open_microphone, config.microphone, simulations.microphone),
            speaker=lambda: gain.over(open_speaker(config.speaker, simulations.speaker)),
            serial=config.terminal.serial,
            button_held_s=pressed.held_s,
            health=health.open_health(config.health, simulations.health),
            volume=volume.open_volume(config.volume, config.speaker.device, simulations.volume),
            gain=gain,
            network=network.open_network(config.network, simulations.network),
            screen=shown,
            rooms=rooms.open_clients(config.rooms, captions=config.policy.captions),
            appointments=appointments.open_appointments(config.appointments, simulations.appointments, read_link),
            media=config.media,
            letter=lambda luma: look(luma, read_link),
            sound=config.sound,
            line_plan=line_plan(config),
            prompts=_prompts(config),
        )
        bench = WorkedBench(config.bench, simulations, shown) if config.bench.url else None

        memory = Memory(Path(config.terminal.memory) if config.terminal.memory else None)
        interrupted = memory.read()
        standing = read_standing(Path(config.terminal.standing) if config.terminal.standing else None)
        busy_file = BusyFile(Path(config.terminal.busy) if config.terminal.busy else None)

        def show(state: State, view: View) -> None:
            if not isinstance(state.phase, Starting) and state.facts.interrupted is None:
                memory.keep(remembered(state))
            shown.show(view)
            lit.show(view.lamp)
            if bench:
                bench.show(state, view)

        def note(state: State) -> None:
            # Appointments may come or go that nobody sees yet.
            busy_file.tell(busy(state))

        def do(activity: Activity, post: Post) -> Coroutine[Any, Any, None]:
            return perform(activity, house, post)

        engine = Engine(initial(config.policy, Loudness(config.volume.start)), do, show, system_clock, note)

        def on_press() -> None:
            house.guidance.hush()
            engine.post(ButtonPressed())

        def on_key(key: Key, down: bool) -> None:
            engine.post(KeyMoved(key, down))

        def button_told(works: bool) -> None:
            engine.post(DeviceWorks(Device.BUTTON) if works else DeviceFailed(Device.BUTTON))

        def nothing_more(_: bool) -> None:
            """A terminal without its lamp or keys for loudness does what it is for; the log tells."""

        parts = [
            start_part("lamp", lit.start, nothing_more),
            start_part("button", lambda: pressed.start(on_press), button_told),
            start_part("keys", lambda: moved.start(on_key), nothing_more),
        ]
        if bench:
            bench.start()
            close_at_end(bench.close)
        engine.post(Started(config.terminal.assigned, interrupted, standing))
        log.info("Terminal %s is up", config.terminal.serial)
        await _until_stopped(engine, shown.alive, parts)


def _prompts(config: Config) -> Prompts | None:
    recordings = Path(config.speech.recordings) if config.speech.recordings else None
    return Prompts(config.screen.language, recordings) if config.speech.spoken else None


async def _until_stopped(
    engine: Engine, screen_alive: Callable[[], bool], parts: list[Coroutine[Any, Any, None]]
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # What was made at start stays: the collector need not walk over it in the middle of a call.
    gc.collect()
    gc.freeze()
    heap.trim()
    tasks = {
        asyncio.create_task(engine.run(), name="engine"),
        asyncio.create_task(watchdog.feed(screen_alive), name="watchdog"),
        asyncio.create_task(stop.wait(), name="stop"),
        *(asyncio.create_task(part, name="part") for part in parts),
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
