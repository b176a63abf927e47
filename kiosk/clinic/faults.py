"""Switches for what can go wrong between a terminal and the clinic."""

import asyncio
from collections.abc import Callable


class Faults:
    """They touch every participant but the clinician's page.

    `cut`: connections are broken and media is lost. `stall`: requests are taken but not answered, event streams are
    silent and media is lost.
    """

    def __init__(self) -> None:
        self.cut = False
        self.stall = False
        self.breaks = 0
        """How often the media of all calls then up was broken for good."""
        self.on_cut: Callable[[], None] = lambda: None
        self._running = asyncio.Event()
        self._running.set()

    def switch(self, *, cut: bool, stall: bool) -> None:
        begins_cut = cut and not self.cut
        self.cut, self.stall = cut, stall
        if stall:
            self._running.clear()
        else:
            self._running.set()
        if begins_cut:
            self.on_cut()

    def break_media(self) -> None:
        """No packet of the calls that are up comes through any more; calls placed later are well."""
        self.breaks += 1

    def loses_media_of(self, born: int) -> bool:
        """Of a call that was placed when `breaks` was `born`."""
        return self.cut or self.stall or self.breaks > born

    async def pass_stall(self) -> None:
        """Wait for as long as the clinic is stalled."""
        await self._running.wait()
