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

    @property
    def media_is_lost(self) -> bool:
        return self.cut or self.stall

    async def pass_stall(self) -> None:
        """Wait for as long as the clinic is stalled."""
        await self._running.wait()
