"""The terminal's side of the bench wire, for tests."""

import asyncio
import contextlib
import json
from typing import Any

import aiohttp
import numpy as np

from .peer import until

IDLE = {"state": "idle", "press": "call", "lamp": {"pattern": "breathe", "steps": [[0.2, 700], [1.0, 700]]}}


class WiredTerminal:
    """Listens to hands, sends states and one-coloured pictures."""

    def __init__(self, url: str, name: str = "terminal") -> None:
        self.base = f"{url}/bench/api/{name}"
        self.hands: list[tuple[str, Any]] = []
        self.ended = False
        self._http = aiohttp.ClientSession()
        self._task: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self._task = asyncio.create_task(self._listen())
        await until(lambda: self.hands, "the first record of the hands")

    async def _listen(self) -> None:
        event = ""
        with contextlib.suppress(aiohttp.ClientError):
            async with self._http.get(f"{self.base}/hands") as response:
                assert response.content_type == "text/event-stream"
                async for raw in response.content:
                    line = raw.decode().rstrip("\n")
                    if line.startswith("event: "):
                        event = line[7:]
                    elif line.startswith("data: "):
                        self.hands.append((event, json.loads(line[6:])))
        self.ended = True

    async def hand(self, event: str) -> Any:
        """Wait for the first hand of this name; its data."""
        await until(lambda: any(name == event for name, _ in self.hands), f"hand {event}")
        return next(data for name, data in self.hands if name == event)

    async def put_state(self, state: Any) -> tuple[int, Any]:
        async with self._http.put(f"{self.base}/state", json=state) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def put_picture(self, colour: tuple[int, int, int], width: int = 64, height: int = 40) -> None:
        pixels = np.full((height, width, 4), (*colour, 255), np.uint8)
        query = {"width": str(width), "height": str(height)}
        async with self._http.put(f"{self.base}/picture", params=query, data=pixels.tobytes()) as response:
            assert response.status == 204, await response.text()

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        async with self._http.post(f"{self.base}/{path}", json=body) as response:
            return response.status, (await response.json())["result"]

    async def disconnect(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        await self.disconnect()
        await self._http.close()
