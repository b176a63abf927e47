"""Doors before a clinic: plain, or with TLS as hospitals have it in front of their nodes, with a certificate made here
and now."""

import asyncio
import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CHUNK_BYTES = 65536
VALID_DAYS = 2
"""Either way: a clock that jumps by hours shall not make it worthless."""


class Door:
    """Passes bytes between a port of its own and a clinic's, in a thread of its own."""

    def __init__(self, listening: socket.socket, clinic_port: int, tls: ssl.SSLContext | None = None) -> None:
        """`listening` is bound, and the door's from now on."""
        self._clinic_port = clinic_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="door")
        self._thread.start()
        starting = asyncio.start_server(self._pass, sock=listening, ssl=tls)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(10)
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._clinic_port)
        with contextlib.suppress(asyncio.CancelledError):  # the door is shut
            await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))

    def close(self) -> None:
        """Shut."""
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _shut(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class TlsDoor(Door):
    """With a certificate for its address."""

    def __init__(self, folder: Path, clinic_port: int, address: str = "127.0.0.1") -> None:
        self.certificate = folder / "door.pem"
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        key = write_certificate(self.certificate, address)
        tls.load_cert_chain(self.certificate, key)
        super().__init__(socket.create_server((address, 0)), clinic_port, tls)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    writer.close()


def write_certificate(path: Path, address: str) -> Path:
    """A certificate for the address that signs itself; the key's path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "door")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=VALID_DAYS))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path = path.with_suffix(".key")
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return key_path
