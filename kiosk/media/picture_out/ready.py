"""Pictures that come coded from the camera: taken whenever its encoder gives just what is wanted."""

import logging
from collections.abc import Callable
from typing import Final

from kiosk.coded import AccessUnit, Coder
from kiosk.errors import DeviceError
from kiosk.media.picture_out.encoder import EncodedPicture, Order
from kiosk.media.picture_out.payloads import cut_h264

logger = logging.getLogger(__name__)

NOTICEABLE: Final = 0.03
"""A rate that differs by a smaller share is not worth a call to the hardware."""


class Ready:
    """One session's use of it. `serves` and `stop` on the encoder's thread; units come on the coder's own."""

    def __init__(
        self,
        current: Callable[[], Coder | None],
        *,
        is_behind: Callable[[], bool],
        deliver: Callable[[EncodedPicture], None],
    ) -> None:
        """`current`: the open camera's encoder, if it has one. The rest as in Encoding."""
        self.dropped = 0
        """Pictures left out because the line was behind."""
        self._current = current
        self._is_behind = is_behind
        self._deliver = deliver
        self._coder: Coder | None = None
        self._failed: Coder | None = None
        self._bitrate_bps = 0
        self._is_broken = False

    def serves(self, size: tuple[int, int], order: Order, *, whole: bool) -> bool:
        """Whether the camera itself codes what is wanted: it does from now on, or does no more. It knows its own size
        and pace alone, and the `whole` picture."""
        coder = self._current()
        fits = coder is not None and (coder.width, coder.height) == size and order.fps >= coder.fps and whole
        if coder is None or not fits or coder is self._failed:
            self.stop()
            return False
        if coder is not self._coder:
            self.stop()
            return self._begin(coder, order.bitrate_bps)
        if abs(order.bitrate_bps - self._bitrate_bps) > NOTICEABLE * self._bitrate_bps:
            self._bitrate_bps = order.bitrate_bps
            coder.set_bitrate(order.bitrate_bps)
        return True

    def ask_for_key(self) -> None:
        """Let the next picture be one that needs no other. Any thread."""
        coder = self._coder
        if coder is not None:
            coder.ask_for_key()

    def stop(self) -> None:
        """Take no more of it. Twice is safe; may block for half a second."""
        coder, self._coder = self._coder, None
        if coder is not None:
            coder.stop()

    def _begin(self, coder: Coder, bitrate_bps: int) -> bool:
        def on_unit(unit: AccessUnit) -> None:
            self._take(coder, unit)

        self._coder, self._bitrate_bps, self._is_broken = coder, bitrate_bps, False
        try:
            coder.start(on_unit, bitrate_bps)
        except DeviceError as error:
            logger.warning("The camera's own encoder is not used: %s", error)
            self._coder, self._failed = None, coder
            return False
        return True

    def _take(self, coder: Coder, unit: AccessUnit) -> None:
        # A camera that was put out is current no more: what its encoder still holds is not sent.
        if coder is not self._coder or coder is not self._current():
            return
        if self._is_behind():
            # What follows needs this one: the next that can be sent is a key frame.
            self.dropped += 1
            self._is_broken = True
            return
        if self._is_broken and not unit.is_key:
            self.dropped += 1
            coder.ask_for_key()
            return
        self._is_broken = False
        payloads = cut_h264(unit.data)
        if payloads:
            size = (coder.width, coder.height)
            self._deliver(EncodedPicture(payloads, unit.captured_at_s, unit.is_key, *size, encode_s=0.0))
