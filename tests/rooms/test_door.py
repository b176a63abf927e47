"""Taking a place over real sockets: PINs, refusals, nodes that misbehave."""

import asyncio
import time
from typing import Any

import pytest
from aiohttp import web

from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from tests.rooms.node import ALIAS, NAME, OFFER, Node, client, node, result
from tests.rooms.place import eventually, inside, readers

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


@pytest.mark.parametrize(
    ("extension", "pins", "asked"),
    [("777", {}, 2), ("777", {"host_pin": "1234"}, 3), (None, {}, 2)],
    ids=["its number", "its number and no PIN", "the alias itself"],
)
async def test_a_reception_is_told_the_number(extension: str | None, pins: dict[str, Any], asked: int) -> None:
    async with node(extension=extension or ALIAS, **pins) as serving:
        joined = await client().join(serving.room(extension=extension))
        assert serving.told[-1]["conference_extension"] == extension or ALIAS
        assert serving.asked.count("request_token") == asked
        await joined.leave()


async def test_a_reception_that_does_not_know_the_number_is_asked_once() -> None:
    async with node(extension="777") as serving:
        with pytest.raises(RoomRefused, match="not_found"):
            await client().join(serving.room(extension="778"))
        assert serving.asked == ["request_token"] * 2


async def test_a_one_time_token_opens_a_room_with_a_pin() -> None:
    async with node(host_pin="1", guest_pin="2", one_time_token="once") as serving:
        joined = await client().join(serving.room(token="once"))
        await joined.leave()
        with pytest.raises(RoomRefused, match="pin"):
            await client().join(serving.room(token="once"))
        assert [body.get("token") for body in serving.told if "display_name" in body] == ["once", "once", None]


async def test_a_used_one_time_token_does_not_close_an_open_room() -> None:
    async with node(host_pin="1") as serving:
        joined = await client().join(serving.room(token="once"))
        await joined.leave()
        assert not serving.seats


async def test_an_audio_room_is_offered_no_picture() -> None:
    async with node(grant={"call_type": "audio"}) as serving, inside(serving) as joined:
        assert not joined.video
        await joined.offer(OFFER)
        (offered,) = [body for body in serving.told if "sdp" in body]
        assert offered["media_type"] == "audio"
        assert offered["fecc_supported"] is False


@pytest.mark.parametrize(
    ("switches", "room", "word"),
    [
        ({}, {}, None),
        ({"locked": True}, {}, None),
        ({"host_pin": "1"}, {}, None),
        ({"host_pin": "1"}, {"pin": "1"}, None),
        ({"host_pin": "1", "guest_pin": "2"}, {"pin": "2"}, None),
        ({"host_pin": "1", "guest_pin": "2"}, {}, "pin"),
        ({"host_pin": "1", "extension": "7"}, {"extension": "7"}, None),
        ({"extension": "7"}, {"extension": "8"}, "not_found"),
        ({}, {"alias": "nowhere"}, "not_found"),
        ({}, {"pin": "none"}, "pin"),
        ({"answers": {"request_token": [(403, {"idp": [{"name": "x", "uuid": "y"}]})]}}, {}, "login"),
        ({"answers": {"request_token": [(403, {"redirect_url": "https://x", "redirect_idp": {}})]}}, {}, "login"),
    ],
)
async def test_looking_in_takes_no_seat(switches: dict[str, Any], room: dict[str, Any], word: str | None) -> None:
    async with node(**switches) as serving:
        if word is None:
            await client().check(serving.room(**room))
        else:
            with pytest.raises(RoomRefused) as caught:
                await client().check(serving.room(**room))
            assert caught.value.reason == word
        assert set(serving.pins) <= {None}, "a PIN was used up"
        assert not serving.seats
        assert "events" not in serving.asked
        await eventually(lambda: not serving.connections())


async def test_looking_in_where_nobody_answers_is_not_a_refusal() -> None:
    async with node(answers={"request_token": [(503, "busy")]}) as serving:
        with pytest.raises(RoomUnreachable):
            await client().check(serving.room())


async def test_hosts_that_the_clinic_does_not_allow_are_not_asked() -> None:
    async with node() as serving:
        for enter in (client(allowed_hosts=("*.example.org",)).join, client(allowed_hosts=("x",)).check):
            with pytest.raises(RoomRefused) as caught:
                await enter(serving.room())
            assert caught.value.reason == "forbidden_host"
        assert not serving.asked
        await client(allowed_hosts=("127.0.0.1",)).check(serving.room())


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
