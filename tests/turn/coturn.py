"""A real coturn with a certificate of a test authority."""

import datetime
import ipaddress
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.rooms.port import IceServer

from .network import CLINIC_ADDRESS

USER, KEY = "kiosk", "of-the-test"
UDP = f"turn:{CLINIC_ADDRESS}:3478?transport=udp"
TCP = f"turn:{CLINIC_ADDRESS}:3478?transport=tcp"
TLS = f"turns:{CLINIC_ADDRESS}:443?transport=tcp"


def servers(*urls: str) -> tuple[IceServer, ...]:
    return (IceServer(urls, USER, KEY),)


def start(namespace: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Listens on 3478 (UDP, TCP) and 443 (TLS) soon. `folder` gets `ca.pem`, its certificate, and its log."""
    _make_certificates(folder)
    command = [
        *("ip", "netns", "exec", namespace, "turnserver", "-n", "--no-cli", "--no-dtls", "--lt-cred-mech"),
        *("--listening-ip", CLINIC_ADDRESS, "--relay-ip", CLINIC_ADDRESS, "--realm", "clinic.test"),
        *("--user", f"{USER}:{KEY}", "--listening-port", "3478", "--tls-listening-port", "443"),
        *("--cert", str(folder / "server.pem"), "--pkey", str(folder / "server.key")),
        *("--userdb", str(folder / "turn.db"), "--pidfile", str(folder / "turn.pid"), "--log-file", "stdout"),
    ]
    with (folder / "turn.log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


def _make_certificates(folder: Path) -> None:
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("test authority", authority_key, "test authority", authority_key, is_authority=True)
    server = _certificate("turn", server_key, "test authority", authority_key, is_authority=False)
    folder.joinpath("ca.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    folder.joinpath("server.pem").write_bytes(server.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    folder.joinpath("server.key").write_bytes(server_key.private_bytes(serialization.Encoding.PEM, *form))


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address(CLINIC_ADDRESS))
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(_key_usage(is_authority), critical=True)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(identifier, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _key_usage(is_authority: bool) -> x509.KeyUsage:
    """From Python 3.13 on certificates are checked to the letter of RFC 5280: an authority must be said to sign."""
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
