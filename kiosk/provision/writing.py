"""Makes one terminal's image or card."""

import errno
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import kiosk
from kiosk.card import SECRETS_FILE, SETTINGS_FILE, Device, digest, secrets_of, secrets_text, settings_text
from kiosk.errors import ConfigError, KioskError
from kiosk.identity import DeviceKey
from kiosk.provision.fat import BootFiles, CardFault
from kiosk.provision.manifest import Entry

CHUNK: Final = 4 << 20


class OutOfSpace(KioskError):
    """This computer's disk is full."""


@dataclass(frozen=True, slots=True)
class Order:
    """A terminal to make."""

    device: Device
    now: datetime
    """Aware."""

    def write(self, files: BootFiles, name: str) -> Entry:
        """Both files, the key last, each read back; what the manifest says of `name`. Raises CardFault."""
        settings, key = settings_text(self.device), DeviceKey.new()
        # Without its key a card is taken in by no terminal: nothing half-written counts.
        files.remove(SECRETS_FILE)
        files.write(SETTINGS_FILE, settings.encode())
        files.write(SECRETS_FILE, secrets_text(secrets_of(self.device, key, self.now)).encode())
        files.settle()
        made_at = self.now.isoformat(timespec="seconds")
        return Entry(self.device.serial, key.public, digest(settings), name, made_at, kiosk.__version__)


def make_image(order: Order, base: Path, image: Path) -> Entry:
    """A copy of `base` with the device's files in it. A broken-off one never has the image's name.

    Raises CardFault, NotOurImage, OutOfSpace.
    """
    part = image.with_suffix(".part")
    try:
        copy_with_holes(base, part)
        entry = order.write(BootFiles(part), image.name)
        part.replace(image)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(f"no space left in {image.parent}: make room, then run the same command again") from None
        raise CardFault(f"{image.name}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
    return entry


def make_card(order: Order, card: Path, *, overwrite: bool) -> Entry:
    """Put the device's files onto a card that holds the image already. Raises CardFault, NotOurImage.

    A card that is another terminal's is refused, unless `overwrite`.
    """
    files = BootFiles(card)
    other = serial_on(files)
    if other is not None and other != order.device.serial and not overwrite:
        raise CardFault(f"this card is terminal {other} already; take the next card (or say --overwrite)")
    return order.write(files, "card")


def serial_on(files: BootFiles) -> str | None:
    """Whose card it is; None: nobody's yet, or not to be told."""
    settings = files.read(SETTINGS_FILE)
    if settings is None:
        return None
    from kiosk.config import parse  # noqa: PLC0415 (a second of imports, and fresh cards need none of it)

    try:
        return parse(settings.decode()).terminal.serial
    except (ConfigError, UnicodeDecodeError):
        return None


def copy_with_holes(source: Path, target: Path) -> None:
    """Copy what holds data; empty stretches take no space and no time. Raises OSError."""
    with source.open("rb") as reads, target.open("wb") as writes:
        size = os.fstat(reads.fileno()).st_size
        writes.truncate(size)
        at = 0
        while at < size:
            try:
                at = os.lseek(reads.fileno(), at, os.SEEK_DATA)
            except OSError as error:
                if error.errno == errno.ENXIO:
                    break
                raise
            end = os.lseek(reads.fileno(), at, os.SEEK_HOLE)
            while at < end:
                piece = os.pread(reads.fileno(), min(CHUNK, end - at), at)
                if not piece:
                    raise OSError(errno.EIO, "the image became shorter while it was copied")
                at += os.pwrite(writes.fileno(), piece, at)
