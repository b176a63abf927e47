"""Certificates are checked, and a stream under TLS stops as fast as one without."""

import datetime
import ipaddress
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.errors import ConfigError, RoomUnreachable
from kiosk.rooms.port import RoomMessage
from tests.rooms.node import ANSWER, OFFER, client, node


class Certificate:
    """Self-signed, for one IP address."""

    def __init__(self, folder: Path, address: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "node")])
        now = datetime.datetime.now(datetime.UTC)
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.file = folder / "node.pem"
        self.file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.file)


async def test_a_trusted_node_is_spoken_to_and_its_stream_stops_at_once(tmp_path: Path) -> None:
    certificate = Certificate(tmp_path, "127.0.0.1")
    async with node(tls=certificate.context) as serving:
        joined = await client(ca_file=str(certificate.file)).join(serving.room())
        assert await joined.offer(OFFER) == ANSWER
        await serving.say("hello")
        async for event in joined.events():
            if event == RoomMessage("hello"):
                break
        begun_s = time.monotonic()
        await joined.leave()
        assert time.monotonic() - begun_s < 1
        assert "pexip-events" not in [thread.name for thread in threading.enumerate()]


async def test_an_unknown_certificate_is_not_accepted(tmp_path: Path) -> None:
    async with node(tls=Certificate(tmp_path, "127.0.0.1").context) as serving:
        with pytest.raises(RoomUnreachable, match="SSLError"):
            await client().join(serving.room())
        assert not serving.asked


async def test_a_certificate_of_somebody_else_is_not_accepted(tmp_path: Path) -> None:
    certificate = Certificate(tmp_path, "127.0.0.2")
    async with node(tls=certificate.context) as serving:
        with pytest.raises(RoomUnreachable, match="SSLError"):
            await client(ca_file=str(certificate.file)).join(serving.room())
        assert not serving.asked


def test_a_missing_file_of_authorities_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ca_file"):
        client(ca_file=str(tmp_path / "nothing.pem"))
