"""The track of the patient's picture: what an offer needs. Its pictures go another way, by picture_out."""

from typing import NoReturn

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError


class PictureTrack(MediaStreamTrack):
    """Ends when sending has ended."""

    kind = "video"

    async def recv(self) -> NoReturn:
        """Nothing is to be had here."""
        raise MediaStreamError
