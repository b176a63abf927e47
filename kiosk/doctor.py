"""Is every part there? One line each, for the technician. Only a trial opens what lights a lamp or listens."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from kiosk import appointments
from kiosk.config import Config
from kiosk.consultation.model import Flaw
from kiosk.devices import camera, health, microphone, network, speaker
from kiosk.engine.trial import try_devices
from kiosk.errors import KioskError
from kiosk.media import voice
from kiosk.rooms import invitations
from kiosk.selfcheck import machine


@dataclass(frozen=True, slots=True)
class Line:
    """What is told of one part."""

    part: str
    driver: str
    good: bool
    told: str
    """The fault in words, or the figures."""


def examine(config: Config, *, trial: bool = False, as_json: bool = False) -> int:
    """Print one line for each part, or all as JSON; 1 when one is missing, otherwise 0. `trial` opens camera,
    microphone and loudspeaker for some seconds and plays a sound."""
    lines = []
    for line in _lines(config, trial=trial):
        lines.append(line)
        if not as_json:
            print(f"{line.part:<11} {line.driver:<10} {'good' if line.good else 'BAD '}  {line.told}".rstrip())
    if as_json:
        print(json.dumps([asdict(line) for line in lines], indent=1))
    return 0 if all(line.good for line in lines) else 1


def _lines(config: Config, *, trial: bool) -> Iterator[Line]:
    for part, driver, look in _parts(config):
        try:
            look()
        except KioskError as error:
            yield Line(part, driver, good=False, told=str(error))
        else:
            yield Line(part, driver, good=True, told="")
    yield from _machine(config)
    if trial:
        yield from _tried(config)


def _machine(config: Config) -> Iterator[Line]:
    reading = health.open_health(config.health).read()
    found = machine.ailments(reading)
    for part, (told, ailment) in machine.figures(reading).items():
        yield Line(part, config.health.driver, good=ailment not in found, told=told)


def _tried(config: Config) -> Iterator[Line]:
    findings = try_devices(
        camera.open_camera(config.camera),
        microphone.open_microphone(config.microphone),
        speaker.open_speaker(config.speaker),
    )
    # Closing took its time, and nothing came meanwhile: the picture is judged as of its last frame's second.
    picture, sound, echo = findings.picture(findings.seen_at_s), findings.sound(), findings.echo()
    shown = (picture.flaw, f"{picture.frames} pictures, contrast {picture.contrast:.2f}")
    yield _judged("picture", *shown, {Flaw.NO_PICTURE, Flaw.FROZEN, Flaw.BLACK, Flaw.COVERED})
    light = f"luma {picture.mean:.2f}, middle {picture.middle:.2f}, rim {picture.rim:.2f}"
    yield _judged("light", picture.flaw, light, {Flaw.DARK, Flaw.BACKLIT, Flaw.TOO_BRIGHT, Flaw.NO_PICTURE})
    yield _judged("hears", sound.flaw, f"{sound.blocks} blocks of 20 ms", {Flaw.MICROPHONE_SILENT})
    yield _judged("noise", sound.flaw, f"{sound.noise_dbfs:.0f} dBFS", {Flaw.NOISY})
    likeness = f"likeness {echo.likeness:.2f} after {1000 * echo.delay_s:.0f} ms"
    yield _judged("own sound", echo.flaw, likeness, {Flaw.NO_ECHO})


def _judged(part: str, flaw: Flaw | None, figures: str, bad: set[Flaw]) -> Line:
    if flaw in bad and flaw is not None:
        return Line(part, "trial", good=False, told=f"{flaw.value}: {figures}")
    return Line(part, "trial", good=True, told=figures)


def _parts(config: Config) -> Iterator[tuple[str, str, Callable[[], None]]]:
    yield "camera", config.camera.driver, lambda: camera.open_camera(config.camera).probe()
    yield "microphone", config.microphone.driver, lambda: microphone.open_microphone(config.microphone).probe()
    yield "speaker", config.speaker.driver, lambda: _speaker(config)
    yield "sound", _processing(config), lambda: voice.probe(config.sound)
    yield "network", config.network.driver, lambda: _network(config)
    if config.appointments.driver not in {"none", "simulated"}:
        yield "visits", config.appointments.driver, lambda: _appointments(config)


def _processing(config: Config) -> str:
    return "webrtc" if config.sound.wants_processing else "none"


def _speaker(config: Config) -> None:
    driver = speaker.open_speaker(config.speaker)
    driver.probe()
    if driver.muted():
        raise KioskError("it is switched off in the mixer or turned down to nothing: turn it up (alsamixer)")


def _network(config: Config) -> None:
    if not network.open_network(config.network).up():
        raise KioskError("no interface with a link and an address: plug in the cable, or set up Wi-Fi")


def _appointments(config: Config) -> None:
    read_link = invitations.reader(config.rooms.pexip, config.appointments.display_name)
    appointments.open_appointments(config.appointments, read_link=read_link).read()
