"""A whole call as somebody on the line sees it: no byte in clear, and nothing of the patient in any log."""

import socket
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.whole.product import PATIENT, ROOM, Clinic, Terminal, no_secrets, until
from tests.whole.test_consultation import admits, joins, shows_doctor
from tests.whole.tls_door import TlsDoor

GUEST_PIN: Final = "47114711471147114711"
PERSONAL: Final = (*PATIENT.split(), ROOM, GUEST_PIN)
TECHNICAL: Final = ("token", "candidate:", "fingerprint", "v=0\r\no=", "HTTP/1.1", "conference")
SECRETS: Final = tuple(text.encode() for text in (*PERSONAL, *TECHNICAL))
ETH_P_ALL: Final = 3
ENOUGH_MEDIA_PACKETS: Final = 400
INCOMPRESSIBLE: Final = 0.97
"""What is well encrypted cannot be packed smaller."""


class Capture:
    """Every IP packet on the loopback interface, from now on."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self._socket.bind(("lo", ETH_P_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024 * 1024)
        self._socket.settimeout(0.2)
        self.seen: list[bytes] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capture")
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                packet, (_, _, kind, *_) = self._socket.recvfrom(65535)
            except TimeoutError:
                continue
            if kind == socket.PACKET_HOST:  # each packet passes the loopback twice, going out and coming in
                self.seen.append(packet)

    def stop(self) -> None:
        """No more."""
        self._stop.set()
        self._thread.join(5)
        self._socket.close()

    def datagrams(self, ports: set[int]) -> list[bytes]:
        """What went from or to one of these UDP ports."""
        return [payload for *ends, payload in self.payloads(socket.IPPROTO_UDP) if ports & {*ends} and payload]

    def payloads(self, protocol: int) -> Iterator[tuple[int, int, bytes]]:
        """Source port, destination port and payload of every packet of TCP (6) or UDP (17)."""
        for packet in list(self.seen):
            if packet[0] >> 4 == 6:
                header, carried, end = 40, packet[6], 40 + struct.unpack_from("!H", packet, 4)[0]
            else:
                header, carried, end = (packet[0] & 0x0F) * 4, packet[9], struct.unpack_from("!H", packet, 2)[0]
            if carried != protocol:
                continue
            source, destination = struct.unpack_from("!HH", packet, header)
            length = (packet[header + 12] >> 4) * 4 if protocol == socket.IPPROTO_TCP else 8
            yield source, destination, packet[header + length : end or len(packet)]


def kinds_of(payloads: list[bytes]) -> Counter[str]:
    """How many packets of each kind."""
    return Counter(kind_of(payload) for payload in payloads)


def kind_of(payload: bytes) -> str:
    """What a packet of a WebRTC connection is, by its first byte (RFC 7983)."""
    if 0 <= payload[0] <= 3:
        return "STUN"
    if 20 <= payload[0] <= 63:
        return "DTLS"
    return "SRTP" if 128 <= payload[0] <= 191 else "something else"


@pytest.fixture
def capture() -> Iterator[Capture]:
    try:
        capture = Capture()
    except PermissionError:
        pytest.skip("only root may look at packets")
    yield capture
    capture.stop()


@pytest.mark.parametrize("options", [("--room", f"{ROOM}:1234:{GUEST_PIN}")], ids=["with a guest PIN"])
def test_no_byte_of_a_call_goes_out_in_clear(
    tmp_path: Path, page: Page, clinic: Clinic, terminal: Callable[..., Terminal], capture: Capture
) -> None:
    door = TlsDoor(tmp_path, int(clinic.url.rsplit(":", 1)[1]))
    try:
        patient = terminal(extra=f'[rooms.pexip]\nca_file = "{door.certificate}"\n')
        patient.give_appointment(pin=GUEST_PIN, host=f"https://127.0.0.1:{door.port}")
        patient.reaches("remind")
        joins(page, clinic)
        patient.press()
        admits(page)
        patient.reaches("in_call")
        until("the terminal shows the clinician", lambda: shows_doctor(patient))
        media_ports = patient.udp_ports()
        until(
            "media has flowed for a while",
            lambda: kinds_of(capture.datagrams(media_ports))["SRTP"] > ENOUGH_MEDIA_PACKETS,
            30,
        )
        clinic.fault(revoke_tokens=True)  # a second joining is looked at too
        patient.has_been("Reconnecting")
        until("it is back", lambda: patient.state() in ("waiting", "in_call"))
        media_ports |= patient.udp_ports()
        log = patient.close()
    finally:
        capture.stop()
        door.close()

    signalling = [payload for *ports, payload in capture.payloads(socket.IPPROTO_TCP) if door.port in ports and payload]
    media = capture.datagrams(media_ports)
    kinds = kinds_of(media)
    print(f"{len(signalling)} packets of TLS, {sum(map(len, signalling))} bytes; {dict(kinds)}")
    assert len(signalling) > 20
    assert kinds["SRTP"] > ENOUGH_MEDIA_PACKETS
    assert kinds["DTLS"] > 4
    assert kinds["something else"] == 0
    for secret in SECRETS:
        assert not any(secret in payload for payload in (*signalling, *media)), f"{secret!r} went out in clear"
    bodies = [payload[32:] for payload in media if kind_of(payload) == "SRTP" and len(payload) > 60]
    assert len(zlib.compress(b"".join(bodies), 9)) > INCOMPRESSIBLE * sum(map(len, bodies))
    no_secrets(log)
    assert GUEST_PIN not in log
