"""The bench over HTTP: one side for terminals, one for the page and for tests."""

import asyncio
import contextlib
import re
from typing import Any

from aiohttp import web

from .bench import Bench, BenchTerminal, Screenshot
from .event_stream import EventStream
from .wire import Json, Refusal, read_object, success, take, take_choice

BENCH = web.AppKey("bench", Bench)
NAME_FORM = re.compile(r"[A-Za-z0-9._-]{1,64}")
SIDE_LIMIT_PX = 4096
BOUNDARY = "screen"
REPEAT_S = 0.15
"""Chromium shows a part when the next one begins: the last picture of a movement is sent twice."""

# event -> the fields of its data; None: no data
HANDS: dict[str, dict[str, type] | None] = {
    "press": None,
    "key": {"key": str, "down": bool},
    "plug": {"device": str, "plugged": bool},
    "network": {"up": bool},
    "stall": {"device": str, "stalled": bool},
    "kill_screen": None,
    "appointment": {
        "id": str,
        "starts_in_s": float,
        "lasts_s": float,
        "host": str,
        "alias": str,
        "display_name": str,
    },
}
SOUND: dict[str, type] = {"hz": float, "dbfs": float, "silent_blocks": int}
KEYS = ("louder", "softer")
DEVICES = {"plug": ("camera", "microphone", "speaker"), "stall": ("camera",)}


def _terminal(request: web.Request) -> BenchTerminal:
    name = request.match_info["terminal"]
    if not NAME_FORM.fullmatch(name):
        raise Refusal(404, "A terminal's name has 1 to 64 letters, digits or . _ -")
    terminal = request.app[BENCH].terminal(name)
    if terminal is None:
        raise Refusal(409, "There are too many terminals on the bench")
    return terminal


# the terminal's side


async def hands(request: web.Request) -> web.StreamResponse:
    terminal = _terminal(request)
    response = await _open_event_stream(request)
    stream = terminal.connect()
    try:
        await _write(stream, response)
    finally:
        terminal.disconnect(stream)
    return response


async def put_picture(request: web.Request) -> web.Response:
    terminal = _terminal(request)
    width, height = (_side(request, name) for name in ("width", "height"))
    size = width * height * 4
    if request.content_length != size:
        raise Refusal(400, f"A picture of {width}x{height} has {size} bytes, not {request.content_length}")
    try:
        rgba = await request.content.readexactly(size)
    except asyncio.IncompleteReadError:
        raise Refusal(400, "The picture ended early") from None
    terminal.show(Screenshot(width, height, rgba))
    return web.Response(status=204)


def _side(request: web.Request, name: str) -> int:
    text = request.query.get(name, "")
    if not text.isascii() or not text.isdigit() or not 1 <= len(text) <= 5 or not 1 <= int(text) <= SIDE_LIMIT_PX:
        raise Refusal(400, f"{name} must be a whole number from 1 to {SIDE_LIMIT_PX}")
    return int(text)


async def put_state(request: web.Request) -> web.Response:
    terminal = _terminal(request)
    body = await read_object(request)
    lamp = take(body, "lamp", dict)
    take(lamp, "pattern", str)
    steps = lamp.get("steps")
    if not isinstance(steps, list) or not steps or not all(_is_step(step) for step in steps):
        raise Refusal(400, "lamp.steps must be a list of [level 0 to 1, milliseconds]")
    press = body.get("press")
    if press is not None and not isinstance(press, str):
        raise Refusal(400, "press must be a string or null")
    if body.get("sound") is not None:
        sound = take(body, "sound", dict)
        for name, kind in SOUND.items():
            take(sound, name, kind)
    inside = {field: _names(body, field) for field in ("threads", "tasks")}
    state = {"state": take(body, "state", str), "press": press, "lamp": lamp, "sound": body.get("sound")}
    terminal.tell(state | inside)
    return web.Response(status=204)


def _names(body: Json, field: str) -> list[str] | None:
    names = body.get(field)
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise Refusal(400, f"{field} must be a list of strings or null")
    return names


def _is_step(step: Any) -> bool:
    if not isinstance(step, list) or len(step) != 2 or any(isinstance(v, bool) for v in step):
        return False
    level, duration_ms = step
    return (
        isinstance(level, int | float) and 0 <= level <= 1 and isinstance(duration_ms, int | float) and duration_ms > 0
    )


# the page's side


async def terminals(request: web.Request) -> web.Response:
    return web.json_response({"terminals": request.app[BENCH].connected_names()})


async def summary(request: web.Request) -> web.Response:
    return web.json_response(_terminal(request).summary())


async def follow(request: web.Request) -> web.StreamResponse:
    terminal = _terminal(request)
    response = await _open_event_stream(request)
    with terminal.follow() as stream:
        await _write(stream, response)
    return response


async def post_hand(request: web.Request) -> web.Response:
    terminal = _terminal(request)
    body = await read_object(request)
    event = take_choice(body, "event", tuple(HANDS))
    data = _hand_data(event, body.get("data"))
    if not terminal.hand(event, data):
        raise Refusal(409, "No terminal of this name is connected")
    return success(True)


def _hand_data(event: str, data: Any) -> Json | None:
    fields = HANDS[event]
    if fields is None:
        if data is not None:
            raise Refusal(400, f"{event} has no data")
        return None
    if not isinstance(data, dict):
        raise Refusal(400, f"data of {event} must be an object")
    for name, kind in fields.items():
        take(data, name, kind)
    allowed = {*fields, "pin"} if event == "appointment" else set(fields)
    if unknown := sorted(data.keys() - allowed):
        raise Refusal(400, f"{event} has no field {unknown[0]}")
    if event == "key" and data["key"] not in KEYS:
        raise Refusal(400, f"key must be one of {', '.join(KEYS)}")
    if event in DEVICES and data["device"] not in DEVICES[event]:
        raise Refusal(400, f"device must be one of {', '.join(DEVICES[event])}")
    if event == "appointment":
        if data.get("pin") is not None:
            take(data, "pin", str)
        return {"pin": None, **data}
    return data


async def screen_png(request: web.Request) -> web.Response:
    terminal = _terminal(request)
    terminal.glance()
    if terminal.screenshot is None:
        raise Refusal(404, "The terminal has shown no picture yet")
    png = await asyncio.to_thread(terminal.screenshot.encoded, "png")
    return web.Response(body=png, content_type="image/png", headers={"Cache-Control": "no-store"})


async def watch(request: web.Request) -> web.StreamResponse:
    terminal = _terminal(request)
    response = web.StreamResponse(
        headers={"Content-Type": f"multipart/x-mixed-replace; boundary={BOUNDARY}", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    with terminal.watched(), contextlib.suppress(ConnectionError):
        await response.write(f"--{BOUNDARY}\r\n".encode())
        screenshot = terminal.screenshot
        while True:
            part = await asyncio.to_thread(_part, screenshot) if screenshot else b""
            await response.write(part)
            try:
                async with asyncio.timeout(REPEAT_S):
                    screenshot = await terminal.next_screenshot()
            except TimeoutError:
                await response.write(part)
                screenshot = await terminal.next_screenshot()
    return response


def _part(screenshot: Screenshot) -> bytes:
    jpeg = screenshot.encoded("mjpeg")
    head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
    return head.encode() + jpeg + f"\r\n--{BOUNDARY}\r\n".encode()


async def _open_event_stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    return response


async def _write(stream: EventStream, response: web.StreamResponse) -> None:
    with contextlib.suppress(ConnectionError):
        await stream.copy_to(response.write)


def routes() -> list[web.RouteDef]:
    base = "/bench/api/{terminal}"
    return [
        web.get("/bench/api", terminals),
        web.get(base, summary),
        web.get(f"{base}/follow", follow),
        web.get(f"{base}/watch", watch),
        web.get(f"{base}/screen.png", screen_png),
        web.post(f"{base}/hand", post_hand),
        web.get(f"{base}/hands", hands),
        web.put(f"{base}/picture", put_picture),
        web.put(f"{base}/state", put_state),
    ]
