"""Numbers across all streams of a transport, in a header extension of each packet.

draft-holmer-rmcat-transport-wide-cc-extensions-01. aiortc 1.16 can write the extension, and never does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from aiortc import RTCRtpParameters
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap

from kiosk.media.offer import TRANSPORT_NUMBERS

OVERHEAD_BYTES: Final = 20 + 8 + 12 + 10
"""Of a packet besides extensions and payload: IPv4, UDP, RTP, SRTP's tag."""
_PLACE: Final = 0xBEEF


@dataclass(frozen=True, slots=True)
class Numbers:
    """Who numbers, and where the numbers are written."""

    extension_id: int
    next: Callable[[int], int]
    """A packet of so many bytes, headers included, leaves now: its number, 16 bits. Loop's thread."""

    def agree(self, extensions: HeaderExtensionsMap, values: HeaderExtensions) -> None:
        """Let that map write numbers, and these values have one."""
        named = [RTCRtpHeaderExtensionParameters(id=self.extension_id, uri=TRANSPORT_NUMBERS)]
        extensions.configure(RTCRtpParameters(headerExtensions=named))
        values.transport_sequence_number = _PLACE


def number_at(extensions: bytes, numbers: Numbers | None) -> int:
    """Where the number is among extensions with one byte heads (RFC 8285, 4.2) that were written after `agree`; -1:
    nowhere."""
    if numbers is None:
        return -1
    head = extensions.find(bytes((numbers.extension_id << 4 & 0xF0 | 1,)) + _PLACE.to_bytes(2, "big"))
    return head + 1 if head >= 0 else -1


class NumberingMap:
    """In place of a sender's map: each packet that is written gets its number. `size_bytes` tells how large it is,
    without extensions and headers."""

    def __init__(self, extensions: Any, numbers: Numbers, size_bytes: Callable[[], int]) -> None:
        self._inner = extensions
        self._numbers = numbers
        self._size_bytes = size_bytes
        self._extension_bytes = 0
        numbers.agree(extensions, HeaderExtensions())

    def configure(self, parameters: RTCRtpParameters) -> None:
        """As aiortc's."""
        self._inner.configure(parameters)

    def set(self, values: HeaderExtensions) -> tuple[int, bytes]:
        """As aiortc's: profile and value."""
        size_bytes = OVERHEAD_BYTES + self._extension_bytes + self._size_bytes()
        values.transport_sequence_number = self._numbers.next(size_bytes)
        profile, value = self._inner.set(values)
        self._extension_bytes = len(value) + 4
        return profile, value
