"""Where aiortc 1.16 and aioice 0.13 are touched below their public surface (gathering.py has its own share). Its tests
fail when a newer release renames one of the names used here."""

from .clock import use_steady_clock
from .connection import (
    ByteCount,
    abort,
    ice_connections,
    is_answered,
    negotiated_codec,
    path_in_use,
    settle,
)
from .numbers import Numbers
from .picture_receiver import PictureReceiver, SenderReport
from .sound_receiver import take_over as take_over_sound
from .sound_sender import send_sound
from .transport_in import TransportIn

__all__ = [
    "ByteCount",
    "Numbers",
    "PictureReceiver",
    "SenderReport",
    "TransportIn",
    "abort",
    "ice_connections",
    "is_answered",
    "negotiated_codec",
    "path_in_use",
    "send_sound",
    "settle",
    "take_over_sound",
    "use_steady_clock",
]
