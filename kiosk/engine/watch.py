"""The quiet look-outs: network, devices that are not open, appointments. Each says only what has changed."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, Protocol

from kiosk.blocking import in_thread
from kiosk.consultation.events import AppointmentsRead, DeviceFailed, DeviceWorks, HealthChanged, NetworkChanged
from kiosk.consultation.model import Ailment, Device
from kiosk.engine.engine import Post
from kiosk.engine.house import House
from kiosk.errors import AppointmentsUnavailable, DeviceError
from kiosk.selfcheck.machine import ailments, figures

NETWORK_EVERY_S: Final = 1.0
DEVICES_EVERY_S: Final = 3.0
HEALTH_EVERY_S: Final = 20.0
POLL_SPREAD: Final = 0.1
"""The wait between two looks at the appointments lies within 1 ± 0.1 of its plan."""

log = logging.getLogger(__name__)


class Probed(Protocol):
    """What camera, microphone and speaker have in common here."""

    def probe(self) -> None: ...


async def watch_network(house: House, post: Post) -> None:
    """Post NetworkChanged at first and at every change, until cancelled."""
    known: bool | None = None
    while True:
        up = await in_thread(house.network.up)
        if up != known:
            known = up
            post(NetworkChanged(up))
        await asyncio.sleep(NETWORK_EVERY_S)


async def watch_devices(house: House, post: Post) -> None:
    """Post DeviceFailed or DeviceWorks at first and at every change, until cancelled."""
    makers: dict[Device, Callable[[], Probed]] = {
        Device.CAMERA: house.camera,
        Device.MICROPHONE: house.microphone,
        Device.SPEAKER: house.speaker,
    }
    known: dict[Device, bool] = {}
    while True:
        for device, make in makers.items():
            tell = known.get(device, True)
            works = await in_thread(partial(_works, make, tell))
            if known.get(device) != works:
                known[device] = works
                post(DeviceWorks(device) if works else DeviceFailed(device))
        await asyncio.sleep(DEVICES_EVERY_S)


def _works(make: Callable[[], Probed], tell: bool) -> bool:
    try:
        make().probe()
    except DeviceError as error:
        if tell:
            log.warning("%s", error)
        return False
    return True


async def watch_health(house: House, post: Post) -> None:
    """Post HealthChanged at first and at every change, which the log tells with its figures, until cancelled."""
    known: frozenset[Ailment] | None = None
    while True:
        reading = replace(await in_thread(house.health.read), button_held_s=house.button_held_s())
        found = ailments(reading, known or frozenset())
        if found != known:
            told = ", ".join(f"{part}: {told}" for part, (told, _) in figures(reading).items())
            if found - (known or frozenset()):
                log.warning("The machine is not well (%s); %s", _words(found), told)
            elif known:
                log.info("The machine is better (%s); %s", _words(found) or "well", told)
            known = found
            post(HealthChanged(found))
        await asyncio.sleep(HEALTH_EVERY_S)


def _words(found: frozenset[Ailment]) -> str:
    return ", ".join(sorted(ailment.value for ailment in found))


async def poll_appointments(house: House, post: Post) -> None:
    """Post AppointmentsRead whenever the source says something new, until cancelled."""
    known: AppointmentsRead | None = None
    complained = False
    while True:
        try:
            read = AppointmentsRead(tuple(await in_thread(house.appointments.read)))
        except AppointmentsUnavailable as error:
            if not complained:
                log.warning("%s", error)
            complained = True
        else:
            complained = False
            if read != known:
                known = read
                post(read)
        spread = 1 + POLL_SPREAD * random.uniform(-1, 1)  # noqa: S311 (spreads load, hides nothing)
        await asyncio.sleep(house.appointments.every_s * spread)
