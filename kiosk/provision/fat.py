"""Files in a FAT partition inside an image or on a card, by mtools: no root, no mount."""

import os
import subprocess
from pathlib import Path
from typing import Final

from kiosk.errors import KioskError
from kiosk.provision.partitions import boot_partition

TIMEOUT_S: Final = 60
_QUIET: Final = {**os.environ, "MTOOLS_SKIP_CHECK": "1", "MTOOLSRC": "/dev/null", "LC_ALL": "C"}


class CardFault(KioskError):
    """The card or image did not take or give a file; in words for whoever holds it."""


class BootFiles:
    """The files in the root of a boot partition."""

    def __init__(self, target: Path) -> None:
        """`target`: an image, or a card's device. Raises NotOurImage, CardFault."""
        self._target = target
        try:
            self._at = f"{target}@@{boot_partition(target).start}"
        except OSError as error:
            raise CardFault(_told(str(error))) from None

    def read(self, name: str) -> bytes | None:
        """None: there is no such file. Raises CardFault."""
        done = self._run("mtype", "-i", self._at, f"::{name}")
        if done.returncode and b"not found" in done.stderr:
            return None
        return _output(done)

    def write(self, name: str, content: bytes) -> None:
        """Put a file there in place of any old one, and read it back. Raises CardFault."""
        # Secrets pass through memory alone, never through a file of this computer.
        memory = os.memfd_create("card")
        try:
            os.write(memory, content)
            _output(self._run("mcopy", "-o", "-i", self._at, f"/proc/self/fd/{memory}", f"::{name}", keep=memory))
        finally:
            os.close(memory)
        if self.read(name) != content:
            raise CardFault(f"{name} reads otherwise than it was written: the card is worn out or was taken out")

    def remove(self, name: str) -> None:
        """Nothing happens when it is not there. Raises CardFault."""
        done = self._run("mdel", "-i", self._at, f"::{name}")
        if b"not found" not in done.stderr:
            _output(done)

    def settle(self) -> None:
        """Wait until all of it is on the card. Raises CardFault."""
        try:
            card = os.open(self._target, os.O_RDWR)
            try:
                os.fsync(card)
            finally:
                os.close(card)
        except OSError as error:
            raise CardFault(_told(str(error))) from None

    def _run(self, *command: str, keep: int | None = None) -> "subprocess.CompletedProcess[bytes]":
        try:
            return subprocess.run(  # noqa: S603
                command,
                check=False,
                capture_output=True,
                timeout=TIMEOUT_S,
                env=_QUIET,
                stdin=subprocess.DEVNULL,
                pass_fds=() if keep is None else (keep,),
            )
        except FileNotFoundError:
            raise CardFault(f"{command[0]} is not installed: apt-get install mtools") from None
        except subprocess.TimeoutExpired:
            raise CardFault("the card does not answer: take it out, put it in again") from None


def _output(done: "subprocess.CompletedProcess[bytes]") -> bytes:
    if done.returncode:
        raise CardFault(_told(done.stderr.decode(errors="replace")))
    return done.stdout


def _told(said: str) -> str:
    """What mtools and the kernel say, in words for the technician."""
    known = {
        "Disk full": "its boot partition is full: use a fresh image",
        "non DOS media": "its boot partition holds no FAT file system: write the image onto it anew",
        "No such file": "it is not there any more: was the card taken out? Put it in and run the same command again",
        "No medium": "there is no card in the reader",
        "Input/output error": "it cannot be read or written: was the card taken out, or is it worn out?",
        "No such device": "it is gone: was the card taken out? Put it in and run the same command again",
        "Read-only": "it is write-protected: look for the lock on the card's edge",
        "Permission denied": "you may not write there: use a reader that belongs to your user, or sudo",
        "Device or resource busy": "another program uses it: close the window that shows the card's files",
    }
    return next((words for sign, words in known.items() if sign.lower() in said.lower()), said.strip()[:200])
