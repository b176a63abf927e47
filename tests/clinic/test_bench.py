"""The bench wire: a terminal on one side, a page or a test on the other."""

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from kiosk.clinic import RunningClinic
from kiosk.clinic.bench import STATE_FIELDS, TERMINAL_LIMIT, BenchTerminal

from .bench_terminal import IDLE, WiredTerminal
from .peer import until

APPOINTMENT = {
    "id": "a1",
    "starts_in_s": 0,
    "lasts_s": 1800.5,
    "host": "http://127.0.0.1:8080",
    "alias": "123456",
    "pin": "1234",
    "display_name": "Kari Nordmann",
}


@pytest.fixture
async def terminal(clinic: RunningClinic) -> AsyncIterator[WiredTerminal]:
    wired = WiredTerminal(clinic.url)
    yield wired
    await wired.close()


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("press", None),
        ("key", {"key": "louder", "down": True}),
        ("plug", {"device": "microphone", "plugged": False}),
        ("network", {"up": False}),
        ("stall", {"device": "camera", "stalled": True}),
        ("kill_screen", None),
        ("appointment", APPOINTMENT),
        ("appointment", {**APPOINTMENT, "pin": None}),
    ],
)
async def test_hands_are_passed_on(terminal: WiredTerminal, event: str, data: Any) -> None:
    await terminal.connect()
    assert terminal.hands == [("watch", {"on": False})]
    assert await terminal.post("hand", {"event": event, "data": data}) == (200, True)
    assert await terminal.hand(event) == data


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "event is missing"),
        ({"event": "explode"}, "event must be one of press, key, plug, network, stall, kill_screen, appointment"),
        ({"event": "press", "data": 1}, "press has no data"),
        ({"event": "plug", "data": None}, "data of plug must be an object"),
        ({"event": "plug", "data": {"device": "lamp", "plugged": True}}, "device must be one of camera, micro"),
        ({"event": "plug", "data": {"device": "camera", "plugged": 1}}, "plugged must be true or false"),
        ({"event": "key", "data": {"key": "mute", "down": True}}, "key must be one of louder, softer"),
        ({"event": "network", "data": {"up": True, "fast": 1}}, "network has no field fast"),
        ({"event": "stall", "data": {"device": "speaker", "stalled": True}}, "device must be one of camera"),
        ({"event": "appointment", "data": {**APPOINTMENT, "lasts_s": "long"}}, "lasts_s must be a number"),
        ({"event": "appointment", "data": {**APPOINTMENT, "pin": 1234}}, "pin must be a string"),
    ],
)
async def test_wrong_hands_are_refused_by_name(terminal: WiredTerminal, body: Any, says: str) -> None:
    await terminal.connect()
    status, result = await terminal.post("hand", body)
    assert status == 400
    assert result.startswith(says)


async def test_nobody_to_press_for_is_a_conflict(terminal: WiredTerminal) -> None:
    assert await terminal.post("hand", {"event": "press", "data": None}) == (
        409,
        "No terminal of this name is connected",
    )
    await terminal.connect()
    await terminal.disconnect()
    async with aiohttp.ClientSession() as http:

        async def status() -> int:
            async with http.post(f"{terminal.base}/hand", json={"event": "press"}) as response:
                return response.status

        while await status() != 409:
            pass


async def test_state_is_shown(clinic: RunningClinic, terminal: WiredTerminal) -> None:
    async with aiohttp.ClientSession() as http:

        async def summary() -> Any:
            async with http.get(terminal.base) as response:
                return await response.json()

        nothing = dict.fromkeys(STATE_FIELDS)
        assert await summary() == {"connected": False, **nothing}
        await terminal.connect()
        assert await terminal.put_state(IDLE) == (204, None)
        assert await summary() == {"connected": True, **nothing, **IDLE}
        full = {
            **IDLE,
            "sound": {"hz": 440.2, "dbfs": -20.0, "silent_blocks": 3},
            "threads": ["MainThread"],
            "tasks": ["engine"],
        }
        assert await terminal.put_state(full) == (204, None)
        assert await summary() == {"connected": True, **full}
        async with http.get(f"{clinic.url}/bench/api") as response:
            assert await response.json() == {"terminals": ["terminal"]}


async def test_wrong_sound_is_refused(terminal: WiredTerminal) -> None:
    status, answer = await terminal.put_state({**IDLE, "sound": {"hz": 440, "dbfs": "loud", "silent_blocks": 0}})
    assert (status, answer["result"]) == (400, "dbfs must be a number")
    status, answer = await terminal.put_state({**IDLE, "tasks": [1]})
    assert (status, answer["result"]) == (400, "tasks must be a list of strings or null")


@pytest.mark.parametrize(
    ("lamp", "says"),
    [
        ("on", "lamp must be an object"),
        ({"pattern": "steady"}, "lamp.steps must be a list"),
        ({"pattern": "steady", "steps": []}, "lamp.steps must be a list"),
        ({"pattern": "steady", "steps": [[2, 100]]}, "lamp.steps must be a list"),
        ({"pattern": "steady", "steps": [[1, 0]]}, "lamp.steps must be a list"),
        ({"pattern": "steady", "steps": [[True, 100]]}, "lamp.steps must be a list"),
    ],
)
async def test_wrong_state_is_refused(terminal: WiredTerminal, lamp: Any, says: str) -> None:
    status, answer = await terminal.put_state({"state": "idle", "press": None, "lamp": lamp})
    assert status == 400
    assert answer["result"].startswith(says)


async def test_picture_becomes_png_and_looking_is_told(terminal: WiredTerminal) -> None:
    await terminal.connect()
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{terminal.base}/screen.png") as response:
            assert response.status == 404
        await until(lambda: terminal.hands[-1] == ("watch", {"on": True}), "looking is told")
        await terminal.put_picture((10, 200, 30), 64, 40)
        async with http.get(f"{terminal.base}/screen.png") as response:
            assert response.content_type == "image/png"
            image = Image.open(io.BytesIO(await response.read())).convert("RGB")
    assert (image.size, image.getpixel((5, 5))) == ((64, 40), (10, 200, 30))


async def test_watching_streams_every_new_picture(terminal: WiredTerminal) -> None:
    await terminal.connect()
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{terminal.base}/watch") as response:
            assert response.content_type == "multipart/x-mixed-replace"
            await until(lambda: terminal.hands[-1] == ("watch", {"on": True}), "watching is told")
            reader = aiohttp.MultipartReader.from_response(response)
            for colour in ((200, 30, 30), (30, 30, 200)):
                await terminal.put_picture(colour)
                while True:
                    part = await reader.next()
                    assert part is not None
                    image = Image.open(io.BytesIO(bytes(await part.read()))).convert("RGB")  # type: ignore[union-attr]
                    pixel = image.getpixel((9, 9))
                    assert isinstance(pixel, tuple)
                    if all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True)):
                        break
        await until(lambda: terminal.hands[-1] == ("watch", {"on": False}), "nobody watches any more")


@pytest.mark.parametrize(
    ("query", "size", "says"),
    [
        ({"width": "2", "height": "2"}, 15, "A picture of 2x2 has 16 bytes, not 15"),
        ({"width": "0", "height": "2"}, 0, "width must be a whole number from 1 to 4096"),
        ({"width": "5000", "height": "2"}, 8, "width must be a whole number from 1 to 4096"),
        ({"width": "2"}, 8, "height must be a whole number"),
        ({"width": "²", "height": "2"}, 16, "width must be a whole number"),
    ],
)
async def test_wrong_picture_is_refused(terminal: WiredTerminal, query: dict[str, str], size: int, says: str) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.put(f"{terminal.base}/picture", params=query, data=bytes(size)) as response,
    ):
        assert response.status == 400
        assert (await response.json())["result"].startswith(says)


async def test_second_connection_of_a_terminal_takes_over(clinic: RunningClinic, terminal: WiredTerminal) -> None:
    await terminal.connect()
    again = WiredTerminal(clinic.url)
    try:
        await again.connect()
        await until(lambda: terminal.ended, "the first connection ends")
        assert await again.post("hand", {"event": "press"}) == (200, True)
        assert await again.hand("press") is None
    finally:
        await again.close()


async def test_number_and_names_of_terminals_are_bounded(clinic: RunningClinic) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{clinic.url}/bench/api/{'x' * 65}") as response:
            assert response.status == 404
        answers = []
        for number in range(TERMINAL_LIMIT + 1):
            async with http.get(f"{clinic.url}/bench/api/terminal-{number}") as response:
                answers.append(response.status)
        assert answers == [200] * TERMINAL_LIMIT + [409]


async def test_slow_reader_of_hands_is_let_go() -> None:
    terminal = BenchTerminal()
    hands = terminal.connect()
    for _ in range(1100):
        terminal.hand("press", None)
    assert len([record async for record in hands.records()]) <= 1000
