"""The QR code of a letter that is held to the camera: found in a picture, and the room or wireless network it names.

Only the code's text leaves here; nothing of the picture is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import zxingcpp

from kiosk.appointments.invitation import ReadLink
from kiosk.appointments.wifi_code import parse_wifi
from kiosk.consultation.model import Room, Wifi
from kiosk.errors import RoomRefused
from kiosk.frames import Plane

LONGEST_CODE_CHARS: Final = 512
MOST_CODES: Final = 4
"""A letter may have more than one, such as the address of a page that explains."""
WIDE_PIXELS: Final = 1000
"""Wider pictures are looked at in half their size: quicker, and a soft focus matters less."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says."""

    room: Room | None = field(repr=False)
    """None: none that this terminal may enter."""
    wifi: Wifi | None = field(default=None, repr=False)

    @property
    def strange(self) -> bool:
        """It says nothing to this terminal."""
        return self.room is None and self.wifi is None


def look(luma: Plane, read_link: ReadLink) -> Letter | None:
    """The letter in a picture; None when no code is to be seen. Takes some milliseconds; any thread."""
    texts = read_codes(luma)
    return understand(texts, read_link) if texts else None


def read_codes(luma: Plane) -> list[str]:
    """The texts of all QR codes in a picture's luma plane."""
    whole = np.ascontiguousarray(luma)
    if whole.shape[1] > WIDE_PIXELS:
        return _read(_halved(whole)) or _read(whole)
    return _read(whole) or _read(_cleared(whole))


def understand(texts: Sequence[str], read_link: ReadLink) -> Letter:
    """The first text that names a room counts, or else the first wireless network."""
    wifi = None
    for text in texts[:MOST_CODES]:
        if len(text) > LONGEST_CODE_CHARS or any(ord(char) < 32 and char not in "\r\n\t" for char in text):
            continue
        wifi = wifi or parse_wifi(text)
        try:
            return Letter(read_link(text))
        except RoomRefused:
            continue
    return Letter(None, wifi)


def _read(luma: Plane) -> list[str]:
    # The library complains at exit of an object of its own that a module holds.
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(luma, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in found if code.valid]


def _halved(luma: Plane) -> Plane:
    height, width = luma.shape[0] // 2 * 2, luma.shape[1] // 2 * 2
    quads = luma[:height, :width].reshape(height // 2, 2, width // 2, 2)
    half: Plane = (quads.sum(axis=(1, 3), dtype=np.uint16) >> 2).astype(np.uint8)
    return half


def _cleared(luma: Plane) -> Plane:
    """Less noise and more contrast, for a letter in dim light: means of 3 x 3 pixels, spread over the whole range."""
    if min(luma.shape) < 3:
        return luma
    wide = luma.astype(np.uint16)
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    sums = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
    lowest, highest = int(sums.min()), int(sums.max())
    clear: Plane = ((sums - lowest).astype(np.float32) * (255 / max(1, highest - lowest))).astype(np.uint8)
    return clear
