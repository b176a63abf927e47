"""Slots and rings between device threads and the loop."""

import asyncio
import threading
from typing import Any

import pytest

from kiosk.frames import BLOCK_BYTES, SILENCE
from kiosk.media import Outgoing, SoundRing
from kiosk.media.rings import Wake, WakingLatest

from .far_end import flat_frame


def block(number: int) -> bytes:
    return bytes([number]) * BLOCK_BYTES


def test_a_full_ring_drops_the_oldest() -> None:
    ring = SoundRing(3)
    for number in range(5):
        ring.put(block(number))
    assert ring.depth == 3
    assert [ring.take() for _ in range(4)] == [block(2), block(3), block(4), None]


def test_a_cleared_ring_is_empty() -> None:
    ring = SoundRing(3)
    ring.put(SILENCE)
    ring.clear()
    assert (ring.depth, ring.take()) == (0, None)


@pytest.mark.parametrize("wrong", [b"", SILENCE[:-1], SILENCE + b"x"])
def test_a_ring_takes_whole_blocks_only(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="1920 bytes"):
        SoundRing(3).put(wrong)


def test_a_ring_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="capacity_blocks"):
        SoundRing(0)


def test_threads_lose_and_double_nothing_while_there_is_room() -> None:
    ring = SoundRing(1000)
    taken: list[bytes] = []

    def take() -> None:
        while len(taken) < 200:
            got = ring.take()
            if got is not None:
                taken.append(got)

    taker = threading.Thread(target=take)
    taker.start()
    for number in range(200):
        ring.put(block(number))
    taker.join(10)
    assert taken == [block(number) for number in range(200)]


async def test_a_wake_wakes_once_for_many_calls_of_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    calls = 0
    call_soon = loop.call_soon_threadsafe

    def counting(*arguments: Any) -> asyncio.Handle:
        nonlocal calls
        calls += 1
        return call_soon(*arguments)

    monkeypatch.setattr(loop, "call_soon_threadsafe", counting)
    wake = Wake(loop)
    slot: WakingLatest[int] = WakingLatest()
    slot.on_put = wake
    turns = 0

    async def read() -> int:
        nonlocal turns
        while True:
            await wake.wait()
            turns += 1
            value = slot.take()
            if value == 999:
                return value

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    # The loop stands still while the thread works, as it may under load.

    def put_all() -> None:
        for value in range(1000):
            slot.put(value)

    thread = threading.Thread(target=put_all)
    thread.start()
    thread.join()
    assert await asyncio.wait_for(reading, 5) == 999
    assert (turns, calls) == (1, 1)


def test_a_wake_after_the_end_of_the_loop_is_harmless() -> None:
    loop = asyncio.new_event_loop()
    wake = Wake(loop)
    loop.close()
    wake()


async def test_outgoing_wakes_the_attached_only_and_forgets_what_is_old() -> None:
    loop = asyncio.get_running_loop()
    outgoing = Outgoing()
    outgoing.pictures.put(flat_frame(1, 2, 3))
    outgoing.sound.put(SILENCE)
    first, second = (Wake(loop), Wake(loop)), (Wake(loop), Wake(loop))
    forgotten: list[str] = []
    outgoing.attach(first[0], lambda: forgotten.append("first"), first[1])
    assert outgoing.pictures.take() is None
    assert outgoing.sound.take() is None
    outgoing.attach(second[0], lambda: forgotten.append("second"), second[1])
    outgoing.detach(*first)
    assert (outgoing.pictures.on_put, outgoing.sound.on_put) == second
    outgoing.clear()
    outgoing.detach(*second)
    outgoing.clear()
    # The first is told, too, when it is replaced.
    assert forgotten == ["first", "second"]
    assert (outgoing.pictures.on_put, outgoing.sound.on_put) == (None, None)


def test_outgoing_forgets_all_when_cleared() -> None:
    outgoing = Outgoing()
    outgoing.pictures.put(flat_frame(1, 2, 3))
    outgoing.sound.put(SILENCE)
    outgoing.clear()
    assert (outgoing.pictures.take(), outgoing.sound.take()) == (None, None)
