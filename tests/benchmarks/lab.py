"""One doctor, one meeting, one clip; guests of different kinds come and go over a line whose weather is chosen."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Playwright, sync_playwright

from tests.benchmarks import clip
from tests.benchmarks.cost import Others, end_descendants
from tests.benchmarks.guests import (
    JOIN_LIMIT_S,
    ChromiumEnd,
    ChromiumGuest,
    Guest,
    Setting,
    StockGuest,
    TerminalGuest,
    Visits,
)
from tests.benchmarks.meeting import MeetingThread
from tests.benchmarks.records import Hearing, Sight, Span, hearing, sight
from tests.benchmarks.relay import Relay, Weather
from tests.benchmarks.results import say
from tests.whole.product import Clinic

Kind = Literal["terminal", "chromium", "drawn", "stock", "untouched"]
KINDS: Final[Sequence[Kind]] = ("terminal", "chromium", "stock")
"""Who is compared: the terminal, Chromium that decodes and does not draw, aiortc as it comes. "drawn" is the Chromium
that draws, "untouched" the terminal that leaves the microphone's sound as it is."""
FLIGHT_S: Final = 1.5
"""So long after a window records are still waited for: what was said in it may be on its way."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Some seconds of a call, as both ends saw and heard it. Ways are the guest's."""

    seen: dict[str, Sight]
    heard: dict[str, Hearing]
    played: dict[str, NDArray[np.int16]]
    """The sound as it came to the loudspeaker's driver, 48 kHz."""
    guest: list[dict[str, Any]]
    """The guest's own figures at the window's beginning and end (the terminal's: each second of it)."""
    doctor: list[dict[str, Any]]
    """The doctor's browser's at the beginning and the end."""
    relay: dict[str, tuple[int, int, int]]
    """Packets, bytes of payload and packets dropped in the window, by way."""
    others: float
    """0..1 of the machine that programs which are no part of it took in the window."""

    def concealed(self, way: str) -> float | None:
        """0..1 of the sound that way was made up, silence left out, where the receiver counts it; else None."""
        ends = self.doctor if way == "out" else self.guest
        if len(ends) < 2:
            return None
        before, after = _made_up(ends[0]), _made_up(ends[-1])
        if before is None or after is None or after[1] <= before[1]:
            return None
        return (after[0] - before[0]) / (after[1] - before[1])

    def buffered_ms(self, way: str, what: str) -> float | None:
        """How long "video" or "audio" waited in the receiver's jitter buffer, where it tells; the mean of the window,
        the terminal's of its end."""
        ends = self.doctor if way == "out" else self.guest
        part = ends[-1].get({"video": "picture_in", "audio": "sound_in"}[what]) if ends else None
        if part is not None:
            return float(part["jitter_buffer_ms"])
        before, after = (each.get(f"inbound-rtp {what}", {}) for each in (ends[0], ends[-1]))
        count = after.get("jitterBufferEmittedCount", 0) - before.get("jitterBufferEmittedCount", 0)
        return (after["jitterBufferDelay"] - before["jitterBufferDelay"]) * 1000 / count if count else None


def _made_up(figures: dict[str, Any]) -> tuple[float, float] | None:
    """Sound that was made up, and all that was played, since the beginning: a browser's samples or the terminal's
    seconds."""
    sound = figures.get("inbound-rtp audio")
    if sound is not None:
        concealed = sound.get("concealedSamples", 0) - sound.get("silentConcealedSamples", 0)
        return float(concealed), float(sound.get("totalSamplesReceived", 0))
    if "concealed_share" in figures:
        return figures["concealed_share"] * figures["played_s"], figures["played_s"]
    inner = (_made_up(value) for value in figures.values() if isinstance(value, dict))
    return next((each for each in inner if each is not None), None)


class Call:
    """One guest's visit that goes on."""

    def __init__(self, guest: Guest, doctor: ChromiumEnd, relay: Relay, joined_ms: float) -> None:
        self.guest = guest
        self.doctor = doctor
        self.relay = relay
        self.joined_ms = joined_ms
        self._windows: list[tuple[Span, dict[str, Any]]] = []

    def forget(self) -> None:
        """What was noted so far is looked at no more: a long call would fill the memory."""
        self.guest.forget()
        self.doctor.forget()

    def window(self, seconds: float) -> Span:
        """Let so much time pass; what happened is told by `measured` when the call is over."""
        before, others = self._now(), Others()
        begin_s = time.monotonic()
        time.sleep(seconds)
        span = begin_s, time.monotonic()
        share = others.share()
        self._windows.append((span, {"before": before, "after": self._now(), "others": share}))
        return span

    def measured(self) -> list[Measured]:
        """One for each window so far."""
        time.sleep(FLIGHT_S)
        own, theirs = self.guest.records(), self.doctor.records()
        # The doctor's "out" is what comes in here.
        captured = {"in": (theirs.pictures["out"], theirs.sound["out"]), "out": (own.pictures["out"], own.sound["out"])}
        arrived = {"in": (own.pictures["in"], own.sound["in"]), "out": (theirs.pictures["in"], theirs.sound["in"])}
        told = self.guest.figures()
        result = []
        for span, now in self._windows:
            seconds = [each for each in told if span[0] - 1 <= each.get("at_s", 0.0) <= span[1] + 1]
            sent, got = now["before"]["relay"], now["after"]["relay"]
            result.append(
                Measured(
                    {way: sight(captured[way][0], arrived[way][0], span) for way in captured},
                    {way: hearing(captured[way][1], arrived[way][1], span) for way in captured},
                    {way: arrived[way][1].within(span) for way in captured},
                    seconds if len(seconds) > 1 else [now["before"]["guest"], now["after"]["guest"]],
                    [now["before"]["doctor"], now["after"]["doctor"]],
                    {way: tuple(b - a for a, b in zip(sent[way], got[way], strict=True)) for way in sent},
                    now["others"],
                )
            )
        self._windows.clear()
        return result

    def _now(self) -> dict[str, Any]:
        browser = isinstance(self.guest, ChromiumEnd)
        counts = {"in": self.relay.to_guest.counts, "out": self.relay.to_doctor.counts}
        return {
            "guest": self.guest.figures()[-1] if browser else {},
            "doctor": self.doctor.figures()[-1],
            "relay": {way: (each.packets, each.payload_bytes, each.dropped) for way, each in counts.items()},
        }


class Lab:
    """What all calls of one codec and size share."""

    def __init__(self, playwright: Playwright, setting: Setting, doctor: ChromiumEnd, probes: bool) -> None:
        self._playwright = playwright
        self._setting = setting
        self._doctor = doctor
        self._probes = probes
        self.film = setting.film
        """Every camera's."""

    @property
    def complaints(self) -> list[str]:
        """What the terminal asked of the room that it must not ask."""
        return self._setting.meeting.meeting.complaints

    @contextmanager
    def call(self, kind: Kind, seed: int = 1, weather: Weather | None = None, rest_s: float = 0.0) -> Iterator[Call]:
        """A guest of this kind has joined and sees the doctor. `weather` holds from before the join; so long the
        guest's program has been at rest before it joins."""
        relay = Relay(seed)
        with ExitStack() as closing:
            closing.callback(relay.close)
            if weather is not None:
                relay.weather(weather)
            self._setting.meeting.use(relay)
            guest = self._guest(kind)
            closing.callback(self._doctor.leave)
            closing.callback(guest.leave)
            time.sleep(rest_s)
            yield Call(guest, self._doctor, relay, _joined_ms(guest))

    @contextmanager
    def visits(self) -> Iterator[Visits]:
        """A terminal that comes and goes, with no relay between."""
        self._setting.meeting.use(None)
        visits = Visits(self._setting)
        try:
            yield visits
        finally:
            visits.close()

    def _guest(self, kind: Kind) -> Guest:
        match kind:
            case "terminal":
                return TerminalGuest(self._setting, self._probes)
            case "untouched":
                return TerminalGuest(self._setting, self._probes, works_on_sound=False)
            case "stock":
                return StockGuest(self._setting, self._probes)
            case "chromium" | "drawn":
                return ChromiumGuest(self._playwright, self._setting, draws=kind == "drawn", probes=self._probes)


def _joined_ms(guest: Guest) -> float:
    try:
        return guest.join()
    except AssertionError as error:
        say(f"  no picture: {error}")
        return JOIN_LIMIT_S * 1000


@contextmanager
def lab(codec: str, width: int, height: int, *, probes: bool = True) -> Iterator[Lab]:
    """Everything but the guests is started; nothing is left afterwards, however it ends."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-benchmark-")))
        film, sound = folder / "clip.y4m", folder / "clip.wav"
        clip.write_film(film, width, height)
        clip.write_sound(sound)
        doctors = folder / "doctor.wav"
        clip.write_sound(doctors, clip.doctors_sound())
        playwright = closing.enter_context(sync_playwright())
        closing.enter_context(_nothing_left_when_stopped())
        meeting = MeetingThread()
        closing.callback(meeting.close)
        clinic = Clinic(folder)
        closing.callback(clinic.close)
        setting = Setting(folder, film, sound, doctors, codec, width, height, meeting, clinic)
        doctor = ChromiumEnd(playwright, setting, doctor=True, draws=False, probes=probes)
        closing.callback(doctor.close)
        yield Lab(playwright, setting, doctor, probes)


@contextmanager
def _nothing_left_when_stopped() -> Iterator[None]:
    try:
        yield
    except BaseException:
        end_descendants()
        raise
