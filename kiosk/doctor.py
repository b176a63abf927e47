"""Is every part there? One line each, for the technician. Only a trial opens what lights a lamp or listens."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from kiosk import __version__, appointments, rooms
from kiosk.config import Config
from kiosk.consultation.model import Flaw
from kiosk.devices import button, camera, health, microphone, network, speaker
from kiosk.engine.line_check import line_check
from kiosk.engine.trial import try_devices
from kiosk.errors import DeviceMissing, KioskError
from kiosk.identity import short_code
from kiosk.line_plan import line_plan
from kiosk.media import voice
from kiosk.rooms import invitations
from kiosk.selfcheck import machine
from kiosk.selfcheck.machine import STUCK_FROM_S


@dataclass(frozen=True, slots=True)
class Line:
    """What is told of one part."""

    part: str
    driver: str
    good: bool
    told: str
    """The fault in words, or the figures."""

    def as_text(self) -> str:
        return f"{self.part:<11} {self.driver:<10} {'good' if self.good else 'BAD '}  {self.told}".rstrip()


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, for the screen, the log and the clinic's records."""

    serial: str
    version: str
    time: datetime
    """Aware."""
    lines: tuple[Line, ...]

    @property
    def good(self) -> bool:
        return all(line.good for line in self.lines)

    @property
    def code(self) -> str:
        """Names this report: the same on the screen, in the log and in the JSON."""
        return short_code(json.dumps(self._told(), sort_keys=True).encode())

    def as_json(self) -> str:
        """One object: serial, version, time, good, code, and `checks`, one for each part."""
        return json.dumps({**self._told(), "code": self.code}, indent=1)

    def as_text(self) -> str:
        """One line for each part, and whether the terminal may be lent out."""
        lines = [line.as_text() for line in self.lines]
        return "\n".join([*lines, f"terminal {self.serial}: {'good' if self.good else 'NOT GOOD'}, code {self.code}"])

    def _told(self) -> dict[str, object]:
        time = self.time.isoformat(timespec="seconds")
        told = {"serial": self.serial, "version": self.version, "time": time, "good": self.good}
        return {**told, "checks": [asdict(line) for line in self.lines]}


def examine(config: Config, *, trial: bool = False, call: bool = False, as_json: bool = False) -> int:
    """Print one line for each part as it is looked at, or all as JSON; 1 when one is missing, otherwise 0. `trial`
    opens camera, microphone and loudspeaker for some seconds and plays a sound; `call` calls the test room."""
    report = examined(config, trial=trial, call=call, tell=(lambda _line: None) if as_json else _print)
    if as_json:
        print(report.as_json())
    return 0 if report.good else 1


def examined(
    config: Config, *, trial: bool = False, call: bool = False, tell: Callable[[Line], None] = lambda _line: None
) -> Report:
    """Look at every part; `tell` hears of each at once."""
    lines = []
    for line in _lines(config, trial=trial, call=call):
        lines.append(line)
        tell(line)
    return Report(config.terminal.serial, __version__, datetime.now(UTC), tuple(lines))


def _print(line: Line) -> None:
    print(line.as_text(), flush=True)


def _lines(config: Config, *, trial: bool, call: bool) -> Iterator[Line]:
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
    if call:
        yield from _called(config)
    elif config.selfcheck.report:
        yield _last_call(Path(config.selfcheck.report))


def _held_s(config: Config) -> float | None:
    """None: its pin is somebody else's, such as the running terminal's, or cannot be used here."""
    pressed = button.open_button(config.button)
    try:
        pressed.start(lambda: None)
        return pressed.held_s() and STUCK_FROM_S
    except DeviceMissing:
        return None
    finally:
        pressed.close()


def _called(config: Config) -> Iterator[Line]:
    plan = line_plan(config)
    if plan is None:
        yield Line("test call", "-", good=False, told="selfcheck.room names no test room")
        return
    for step in asyncio.run(line_check(plan, rooms.open_clients(config.rooms), config.media)):
        yield Line(step.name, "call", step.good, step.told)


def _last_call(path: Path) -> Line:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        bad = [str(step["name"]) for step in said["steps"] if not step["good"]]
        return Line("test call", "report", good=not bad, told=f"{said['at']}: {', '.join(bad) or 'all well'}")
    except FileNotFoundError:
        return Line("test call", "report", good=True, told="none since the machine was started")
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Line("test call", "report", good=False, told=f"cannot be read ({type(error).__name__})")


def _machine(config: Config) -> Iterator[Line]:
    reading = replace(health.open_health(config.health).read(), button_held_s=_held_s(config))
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
    appointments.open_appointments(replace(config.appointments, kept=""), read_link=read_link).read()
