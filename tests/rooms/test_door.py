"""Taking a place over real sockets: PINs, refusals, nodes that misbehave."""

import asyncio
import time
from typing import Any

import pytest
from aiohttp import web

from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from tests.rooms.node import ALIAS, NAME, Node, client, node, result
from tests.rooms.place import readers

GRANTED = {"token": "t", "expires": "120", "participant_uuid": "me"}


@pytest.mark.parametrize(
    ("pins", "pin", "sent"),
    [
        ({}, None, [None]),
        ({"host_pin": "1234"}, None, [None, "none"]),
        ({"host_pin": "1234"}, "1234", ["1234"]),
        ({"host_pin": "1234", "guest_pin": "77"}, "77", ["77"]),
    ],
)
async def test_the_pin_that_is_known_is_sent_at_once(pins: dict[str, Any], pin: str | None, sent: list[Any]) -> None:
    async with node(**pins) as serving:
        joined = await client().join(serving.room(pin=pin))
        assert serving.pins == sent
        assert serving.told[-1] == {
            "display_name": NAME,
            "direct_media": False,
            "chosen_idp": "none",
            "sso_token": "none",
        }
        await joined.leave()


@pytest.mark.parametrize(
    ("pins", "pin", "sent"),
    [
        ({"host_pin": "1234"}, "0000", ["0000"]),
        ({"host_pin": "1234", "guest_pin": "77"}, None, [None]),
    ],
)
async def test_a_wrong_pin_is_never_tried_again(pins: dict[str, Any], pin: str | None, sent: list[Any]) -> None:
    async with node(**pins) as serving:
        with pytest.raises(RoomRefused) as caught:
            await client().join(serving.room(pin=pin))
        assert caught.value.reason == "pin"
        assert serving.pins == sent


async def test_a_room_that_wants_a_pin_for_ever_is_refused() -> None:
    asks = {"pin": "required", "guest_pin": "none"}
    async with node(answers={"request_token": [(403, asks), (403, asks), (403, asks)]}) as serving:
        with pytest.raises(RoomRefused, match="pin"):
            await client().join(serving.room())
        assert serving.asked == ["request_token"] * 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.Response(status=503, text="busy"), RoomUnreachable),
        (web.Response(text="<html>log in</html>", content_type="text/html"), RoomUnreachable),
        (web.Response(status=302, headers={"Location": "/elsewhere"}), RoomUnreachable),
        (result(200, GRANTED | {"service_name": "x" * 2_000_000}), RoomProtocolError),
        (web.Response(text="nonsense", content_type="application/json"), RoomProtocolError),
        (result(403, {"idp": []}), RoomRefused),
    ],
    ids=["503", "html", "redirect", "large", "nonsense", "login"],
)
async def test_answers_become_errors(answer: web.Response, error: type[RoomError]) -> None:
    async with node(answers={"request_token": answer}) as serving:
        with pytest.raises(error) as caught:
            await client().join(serving.room())
        assert ALIAS not in str(caught.value)
        assert serving.asked == ["request_token"]


async def test_a_node_that_drips_does_not_hold_us() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        except OSError:
            writer.close()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        host = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        begun_s = time.monotonic()
        with pytest.raises(RoomUnreachable, match="slowly"):
            await client(connect_timeout_s=0.2, join_timeout_s=0.2).join(Node().room(host=host))
        assert time.monotonic() - begun_s < 10


async def test_a_hung_node_does_not_hold_us() -> None:
    async with node(hang={"request_token"}) as serving:
        with pytest.raises(RoomUnreachable):
            await client(join_timeout_s=0.2).join(serving.room())


async def test_a_cancelled_join_gives_its_place_back() -> None:
    async with node(hang={"request_token"}) as serving:
        joining = asyncio.create_task(client().join(serving.room()))
        await serving.until(lambda: serving.asked)
        joining.cancel()
        await asyncio.sleep(0)
        serving.release()
        with pytest.raises(asyncio.CancelledError):
            await joining
        assert serving.asked == ["request_token", "release_token"]
        assert not serving.seats
        assert not readers()
