"""The line to the clinic, tried without a patient: names, encryption, the room, the relays, and a short call to a test
room with generated picture and sound. Camera and microphone are not touched.

A report holds times and numbers: no address, no room, no name.
"""

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from datetime import time as datetime_time
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import numpy as np

from kiosk.blocking import in_thread, outcome
from kiosk.consultation.model import Room
from kiosk.errors import KioskError
from kiosk.frames import BLOCK_S, BLOCK_SAMPLES, SAMPLE_RATE_HZ, VideoFrame
from kiosk.media import Incoming, MediaSession, MediaStats, Outgoing
from kiosk.media import Settings as MediaSettings
from kiosk.media import ice_servers as servers
from kiosk.rooms.port import RoomClient, Signaling

CALL_S: Final = 10.0
CONNECT_WITHIN_S: Final = 5.0
PICTURES_A_SECOND: Final = 15
SIZE: Final = (640, 480)
TONE_HZ: Final = 660.0
SLOW_RTT_MS: Final = 400.0
LOSSY_SHARE: Final = 0.05
LEAST_KBPS: Final = 100.0
"""Less than this out of a call whose pictures change all the time is too little to be seen by."""
CERTIFICATE_DAYS: Final = 14

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried."""

    name: str
    good: bool
    told: str
    """Figures, or the fault in words; nothing secret."""


@dataclass(frozen=True, slots=True)
class LinePlan:
    """The call that is made without a patient."""

    room: Room
    call_s: float = CALL_S
    times: tuple[datetime_time, ...] = ()
    zone: tzinfo = UTC
    """Of the times."""
    ca_file: str | None = None
    report: Path | None = None
    """Where what came of it is written."""


@dataclass(slots=True)
class _Report:
    """Grows step by step."""

    steps: list[Step] = field(default_factory=list)

    def add(self, name: str, good: bool, told: str) -> bool:
        self.steps.append(Step(name, good, told))
        return good


async def line_check(plan: LinePlan, clients: Mapping[str, RoomClient], media: MediaSettings) -> tuple[Step, ...]:
    """Every step until one fails that the rest hang on. Takes some seconds and the length of the call; raises nothing
    of the network's. Cancelled, it leaves the room."""
    report = _Report()
    if not await in_thread(partial(_reach, plan.room.host, report, plan.ca_file)):
        return tuple(report.steps)
    client = clients.get(plan.room.provider)
    if client is None:
        report.add("room", False, "its platform has no client")
        return tuple(report.steps)
    try:
        began_s = time.monotonic()
        await client.check(plan.room)
        report.add("room", True, f"{_ms(began_s)} ms")
        await _call(plan, client, media, report)
    except KioskError as error:
        # The message of a room's error names no room, and the platform's own words are not in it.
        report.add("call" if report.steps[-1].name == "room" else "room", False, f"{type(error).__name__}: {error}")
    return tuple(report.steps)


async def _call(plan: LinePlan, client: RoomClient, media: MediaSettings, report: _Report) -> None:
    began_s = time.monotonic()
    signaling = await client.join(plan.room)
    hearing = asyncio.create_task(_hear(signaling), name="line-check-events")
    session = MediaSession(media, outgoing := Outgoing(), incoming := Incoming())
    try:
        await session.connect(signaling)
        _relays(signaling, session, report)
        connected_ms = _ms(began_s)
        await _send(outgoing, incoming, plan.call_s)
        _judge(await session.stats(), plan.call_s, connected_ms, report)
    finally:
        hearing.cancel()
        incoming.close()
        await asyncio.gather(session.close(), hearing, return_exceptions=True)
        await outcome(asyncio.create_task(signaling.leave(), name="line-check-leave"))


async def _hear(signaling: Signaling) -> None:
    """What the platform says is let pass."""
    async for _ in signaling.events():
        pass


async def _send(outgoing: Outgoing, incoming: Incoming, for_s: float) -> None:
    """Picture and sound that are nobody's, at their pace; what comes is taken and dropped."""
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    pictures = 0
    for number in range(round(for_s / BLOCK_S)):
        outgoing.sound.put(_block(number))
        incoming.next_block()
        if number * BLOCK_S * PICTURES_A_SECOND >= pictures:
            outgoing.pictures.put(_picture(pictures, time.monotonic()))
            pictures += 1
        await asyncio.sleep(max(0.0, began_s + (number + 1) * BLOCK_S - loop.time()))


def _relays(signaling: Signaling, session: MediaSession, report: _Report) -> None:
    named = {relay.path for relay in servers.choose(signaling.ice_servers).relays}
    if named:
        missing = sorted(path.value for path in named - session.paths)
        told = ", ".join(sorted(path.value for path in named & session.paths))
        report.add("relays", not missing, f"no answer: {', '.join(missing)}" if missing else told)


def _judge(stats: MediaStats, call_s: float, connected_ms: int, report: _Report) -> None:
    sent = max(1, stats.packets_sent)
    loss = max(stats.packets_lost / max(1, stats.packets_received), stats.packets_lost_outgoing / sent)
    kbps_in, kbps_out = (8 * count / call_s / 1000 for count in (stats.bytes_received, stats.bytes_sent))
    path = stats.path.value if stats.path is not None else "none"
    report.add("call", True, f"{connected_ms} ms, {path}")
    rtt_ms = stats.rtt_ms
    report.add("delay", rtt_ms is None or rtt_ms < SLOW_RTT_MS, "unknown" if rtt_ms is None else f"{rtt_ms:.0f} ms")
    report.add("loss", loss < LOSSY_SHARE, f"{100 * loss:.1f} %")
    report.add("rate", kbps_out >= LEAST_KBPS, f"{kbps_out:.0f} kbit/s out, {kbps_in:.0f} in")


def _reach(address: str, report: _Report, ca_file: str | None) -> bool:
    """Names, and a connection with its encryption; False when nothing else can work. A worker thread."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    began_s = time.monotonic()
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return report.add("names", False, f"the clinic's name is not found ({_words(error)})")
    report.add("names", True, f"{_ms(began_s)} ms, {len(found)} addresses")
    began_s = time.monotonic()
    try:
        with closing(socket.create_connection((host, port), CONNECT_WITHIN_S)) as plain:
            if parts.scheme != "https":
                return report.add("reach", True, f"{_ms(began_s)} ms, not encrypted")
            return _encrypted(plain, host, ca_file, report, began_s)
    except OSError as error:
        return report.add("reach", False, _words(error))


def _encrypted(plain: socket.socket, host: str, ca_file: str | None, report: _Report, began_s: float) -> bool:
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    try:
        with context.wrap_socket(plain, server_hostname=host) as encrypted:
            days = _days_left(encrypted.getpeercert())
            version = encrypted.version()
    except ssl.SSLError as error:
        return report.add("reach", False, f"the certificate or the encryption is refused ({error.reason})")
    told = f"{_ms(began_s)} ms, {version}, certificate for {days} more days"
    report.add("reach", days >= CERTIFICATE_DAYS, told)
    return True


def _days_left(certificate: Mapping[str, object] | None) -> int:
    ends = str((certificate or {}).get("notAfter", ""))
    if not ends:
        return 0
    return (datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) - datetime.now(UTC)).days


def _words(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _ms(began_s: float) -> int:
    return round(1000 * (time.monotonic() - began_s))


def _block(number: int) -> bytes:
    at = np.arange(number * BLOCK_SAMPLES, (number + 1) * BLOCK_SAMPLES)
    tone = 1000 * np.sin(2 * np.pi * TONE_HZ * at / SAMPLE_RATE_HZ)
    block: bytes = np.rint(tone).astype("<i2").tobytes()
    return block


def _picture(number: int, now_s: float) -> VideoFrame:
    """Coarse shades that wander and a patch of noise: some work for the encoder, as a person would be."""
    width, height = SIZE
    down, across = np.mgrid[0:height, 0:width]
    luma = (128 + 60 * np.sin((across + 7 * number) / 40) * np.cos((down - 3 * number) / 50)).astype(np.uint8)
    luma[::4, : width // 2] += np.random.default_rng(number).integers(0, 40, (height // 4, width // 2), dtype=np.uint8)
    chroma = np.full((height // 2, width // 2), 128, np.uint8)
    return VideoFrame(luma, chroma, chroma, now_s)


def line(steps: tuple[Step, ...]) -> str:
    """For the log: the worst first, then every figure."""
    bad = [step.name for step in steps if not step.good]
    figures = "; ".join(f"{step.name}: {step.told}" for step in steps)
    return f"line-check bad={','.join(bad) or 'none'} ({figures})"
