"""Is every part there? One line each, for the technician; nothing is opened that would light a lamp or listen."""

import shutil
from collections.abc import Callable, Iterator

from kiosk import appointments
from kiosk.config import Config
from kiosk.devices import camera, microphone, network, speaker
from kiosk.errors import KioskError
from kiosk.media import voice
from kiosk.rooms import invitations


def examine(config: Config) -> int:
    """Print one line for each part; 1 when one is missing, otherwise 0."""
    code = 0
    for part, driver, look in _parts(config):
        try:
            look()
        except KioskError as error:
            print(f"{part:<11} {driver:<10} MISSING  {error}")
            code = 1
        else:
            print(f"{part:<11} {driver:<10} found")
    return code


def _parts(config: Config) -> Iterator[tuple[str, str, Callable[[], None]]]:
    yield "camera", config.camera.driver, lambda: camera.open_camera(config.camera).probe()
    yield "microphone", config.microphone.driver, lambda: microphone.open_microphone(config.microphone).probe()
    yield "speaker", config.speaker.driver, lambda: speaker.open_speaker(config.speaker).probe()
    yield "sound", _processing(config), lambda: voice.probe(config.sound)
    yield "network", config.network.driver, lambda: _network(config)
    if config.appointments.driver not in {"none", "simulated"}:
        yield "visits", config.appointments.driver, lambda: _appointments(config)
    yield "disk", "-", _disk


def _processing(config: Config) -> str:
    return "webrtc" if config.sound.wants_processing else "none"


def _network(config: Config) -> None:
    if not network.open_network(config.network).up():
        raise KioskError("no interface with a link and an address: plug in the cable, or set up Wi-Fi")


def _appointments(config: Config) -> None:
    read_link = invitations.reader(config.rooms.pexip, config.appointments.display_name)
    appointments.open_appointments(config.appointments, read_link=read_link).read()


def _disk() -> None:
    free_mb = shutil.disk_usage("/").free // 1_000_000
    if free_mb < 100:
        raise KioskError(f"only {free_mb} MB free")
