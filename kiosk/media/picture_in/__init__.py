"""The picture that is received: packets put in order, missing ones asked for again, decoded and shown in time.

Replaces what a stock receiver does between its RTP packets and its decoded pictures: RFC 3550, RFC 4585 (NACK, PLI),
RFC 6184 (H.264), RFC 7741 (VP8).
"""

from .arrival import Arrival
from .figures import PictureInFigures
from .picture_in import FarEnd, PictureIn

__all__ = ["Arrival", "FarEnd", "PictureIn", "PictureInFigures"]
