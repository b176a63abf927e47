"""The configuration: one TOML file, made of each room's Settings. Read once, handed down, never looked up later.

Every fault in the file is told at once, with its key, what is allowed, and the name that was probably meant. Values
are never repeated in a message: one of them may be a PIN.
"""

import dataclasses
import difflib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from kiosk import appointments
from kiosk.appointments import Settings as AppointmentsSettings
from kiosk.bench import Settings as BenchSettings
from kiosk.bench.wire import loopback
from kiosk.consultation.hours import span
from kiosk.consultation.model import Clinic, Contact, Policy
from kiosk.devices.button import Settings as ButtonSettings
from kiosk.devices.camera import Settings as CameraSettings
from kiosk.devices.health import Settings as HealthSettings
from kiosk.devices.keys import Settings as KeysSettings
from kiosk.devices.lamp import Settings as LampSettings
from kiosk.devices.microphone import Settings as MicrophoneSettings
from kiosk.devices.network import Settings as NetworkSettings
from kiosk.devices.screen import Settings as ScreenSettings
from kiosk.devices.speaker import Settings as SpeakerSettings
from kiosk.devices.volume import Settings as VolumeSettings
from kiosk.errors import ConfigError
from kiosk.media import Settings as MediaSettings
from kiosk.media.voice import Settings as SoundSettings
from kiosk.rooms import Settings as RoomsSettings
from kiosk.selfcheck.settings import Settings as SelfcheckSettings
from kiosk.selfcheck.settings import time_of_day
from kiosk.speech import Settings as SpeechSettings


@dataclass(frozen=True, slots=True)
class Terminal:
    """Which terminal this is."""

    serial: str = "unnamed"
    """Printed on the housing; shown where a technician needs it."""
    assigned: bool = False
    """Lent to a patient. False: the screen says so, and the button does nothing."""
    memory: str = ""
    """A file in a folder that a reboot empties, such as /run/kiosk/visit.json: with it the terminal goes back into
    the consultation when it was restarted in the middle of one. Empty: it does not."""
    standing: str = ""
    """The file in which self-check and wipe tell what a terminal shows that is lent to nobody. Empty: nothing."""
    busy: str = ""
    """A file in such a folder that tells when the machine must be left alone, for `kiosk quiet`: times, no names.
    Empty: nothing is told."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What the clinic says in its own words, by language: a line of the screen each."""

    invoice: dict[str, str] = field(default_factory=dict)
    """When the consultation is over; empty words: nothing; no words: the language's own sentence."""
    next_step: dict[str, str] = field(default_factory=dict)
    """When the consultation is over: what comes next."""
    urgent: dict[str, str] = field(default_factory=dict)
    """Whom to ring while the clinic does not answer, by policy.urgent_numbers; no words: 116 117 and 113."""


LONGEST_LINE: Final = 30
"""Letters that fit on a line of every screen."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. Every table may be left out."""

    terminal: Terminal = field(default_factory=Terminal)
    policy: Policy = field(default_factory=Policy)
    contact: tuple[Contact, ...] = ()
    texts: Texts = field(default_factory=Texts)
    camera: CameraSettings = field(default_factory=CameraSettings)
    microphone: MicrophoneSettings = field(default_factory=MicrophoneSettings)
    speaker: SpeakerSettings = field(default_factory=SpeakerSettings)
    volume: VolumeSettings = field(default_factory=VolumeSettings)
    button: ButtonSettings = field(default_factory=ButtonSettings)
    keys: KeysSettings = field(default_factory=KeysSettings)
    lamp: LampSettings = field(default_factory=LampSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    media: MediaSettings = field(default_factory=MediaSettings)
    sound: SoundSettings = field(default_factory=SoundSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    rooms: RoomsSettings = field(default_factory=RoomsSettings)
    selfcheck: SelfcheckSettings = field(default_factory=SelfcheckSettings)
    appointments: AppointmentsSettings = field(default_factory=AppointmentsSettings)
    bench: BenchSettings = field(default_factory=BenchSettings)

    @property
    def clinic(self) -> Clinic:
        """What the screen is told of the clinic's choices, in its language."""
        language = self.screen.language
        return Clinic(
            urgent_numbers=self.policy.urgent_numbers,
            urgent_words=self.texts.urgent.get(language),
            invoice=self.texts.invoice.get(language),
            next_step=self.texts.next_step.get(language, ""),
        )


_ADAPTER: Final = TypeAdapter(Config)


def load(*paths: Path) -> Config:
    """Read the files; later ones override earlier ones table by table, key by key; lists are replaced whole.

    Raises ConfigError, with the path and every fault of every file.
    """
    merged: dict[str, Any] = {}
    faults: list[str] = []
    for path in paths:
        try:
            data = _tables(path)
            config = _config(data)
        except ConfigError as error:
            faults += [f"{path}: {line}" for line in str(error).splitlines()]
        else:
            faults += [f"{path}: {line}" for line in _contradictions(config)]
            _merge(merged, data)
    if faults:
        raise ConfigError("\n".join(faults))
    return _config(merged)


def parse(text: str) -> Config:
    """The configuration in a TOML text. Raises ConfigError with one line for each fault."""
    config = _config(_toml(text))
    faults = list(_contradictions(config))
    if faults:
        raise ConfigError("\n".join(faults))
    return config


def _tables(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"cannot be read: {reason}") from error
    return _toml(text)


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not TOML: {error}") from None


def _config(data: dict[str, Any]) -> Config:
    faults = list(_unknown_keys(Config, data))
    config = None
    try:
        # Through JSON, so that lists may fill tuples and words enums while everything else stays strict.
        config = _ADAPTER.validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        faults += [_told(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors(include_input=False)]
    if config is None or faults:
        raise ConfigError("\n".join(faults))
    return config


def _merge(into: dict[str, Any], data: dict[str, Any]) -> None:
    for key, value in data.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _unknown_keys(kind: type, data: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Keys that no settings know, with the likely one. Walks tables and lists of tables."""
    types = get_type_hints(kind)
    known = [each.name for each in dataclasses.fields(kind)]
    for key, value in data.items():
        name = f"{at}{key}"
        if key not in known:
            meant = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {at}{meant[0]}?" if meant else f"known here: {', '.join(sorted(known))}"
            yield f"{name}: unknown key; {hint}"
            continue
        inner = _settings_in(types[key])
        if inner and isinstance(value, dict):
            yield from _unknown_keys(inner, value, f"{name}.")
        elif inner and isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    yield from _unknown_keys(inner, item, f"{name}[{number}].")


def _settings_in(kind: Any) -> type | None:
    """The dataclass in `X`, `X | None` or `tuple[X, ...]`."""
    return next(
        (each for each in (kind, *get_args(kind)) if isinstance(each, type) and dataclasses.is_dataclass(each)), None
    )


def _told(where: tuple[int | str, ...], kind: str, message: str) -> str:
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).lstrip(".")
    if kind == "missing":
        return f"{key}: missing"
    return f"{key}: {message[0].lower()}{message[1:].removesuffix('.')}"


def _contradictions(config: Config) -> Iterator[str]:
    policy = config.policy
    for limit in dataclasses.fields(policy):
        if limit.name.endswith("_s") and getattr(policy, limit.name) < 0:
            yield f"policy.{limit.name}: must not be negative"
    if policy.pause_answer_s < 20:
        yield "policy.pause_answer_s: must be at least 20: nobody may be hurried"
    yield from appointments.faults(config.appointments)
    if config.selfcheck.times and not config.selfcheck.room:
        yield "selfcheck.times: there is no selfcheck.room to call"
    for written in config.selfcheck.times:
        try:
            time_of_day(written)
        except ConfigError as error:
            yield str(error)
    for number, contact in enumerate(config.contact):
        for index, written in enumerate(contact.open):
            try:
                span(written)
            except ConfigError as error:
                yield f"contact[{number}].open[{index}]: {error}"
    for each in dataclasses.fields(config.texts):
        for language, words in getattr(config.texts, each.name).items():
            if len(words) > LONGEST_LINE:
                yield f"texts.{each.name}.{language}: at most {LONGEST_LINE} letters"
    if config.bench.url:
        try:
            loopback(config.bench.url)
        except ConfigError as error:
            yield str(error)
