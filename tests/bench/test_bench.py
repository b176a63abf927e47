"""The terminal's side of the bench against a real server on loopback."""

import json
import logging
import queue
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiosk.bench import Bench, Hands, Settings
from kiosk.bench.hands import Malformed, apply
from kiosk.consultation.model import Appointment, Device, Key, Room
from kiosk.consultation.signals import Lamp, Press
from kiosk.devices.screen.port import Mirror
from kiosk.errors import ConfigError
from kiosk.sse import RECORD_LIMIT_BYTES
from tests.bench.server import LIMIT_S, PATH, FakeBench, serving

SECRET = "Kari Nordmann"


class Felt:
    """What hands did, in order."""

    def __init__(self) -> None:
        self.queue: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()

    @property
    def hands(self) -> Hands:
        put = self.queue.put
        return Hands(
            press=lambda: put(("press",)),
            key=lambda key, down: put(("key", key, down)),
            plug=lambda device, plugged: put(("plug", device, plugged)),
            network=lambda up: put(("network", up)),
            stall=lambda device, stalled: put(("stall", device, stalled)),
            watch=lambda on: put(("watch", on)),
            kill_screen=lambda: put(("kill_screen",)),
            appointment=lambda appointment: put(("appointment", appointment)),
        )

    def next(self) -> tuple[Any, ...]:
        return self.queue.get(timeout=LIMIT_S)


@pytest.fixture
def far() -> FakeBench:
    return FakeBench()


@pytest.fixture
def port(far: FakeBench) -> Iterator[int]:
    with serving(far) as port:
        yield port


@pytest.fixture
def felt() -> Felt:
    return Felt()


@pytest.fixture
def bench(port: int, felt: Felt) -> Iterator[Bench]:
    made = Bench(Settings(f"http://127.0.0.1:{port}{PATH}"), felt.hands)
    yield made
    made.close()
    assert [thread.name for thread in threading.enumerate() if thread.name in ("bench-hands", "bench-tell")] == []


def test_every_hand_is_felt(bench: Bench, far: FakeBench, felt: Felt) -> None:
    bench.start()
    far.send("watch", {"on": True})
    far.send("press", None)
    far.send("key", {"key": "softer", "down": True})
    far.send_raw(b": still here\n\n")
    far.send("plug", {"device": "camera", "plugged": False})
    far.send("network", {"up": False})
    far.send("stall", {"device": "camera", "stalled": True})
    far.send("kill_screen", None)
    expected = [
        ("watch", True),
        ("press",),
        ("key", Key.SOFTER, True),
        ("plug", Device.CAMERA, False),
        ("network", False),
        ("stall", Device.CAMERA, True),
        ("kill_screen",),
    ]
    assert [felt.next() for _ in expected] == expected


def test_an_appointment_is_given_with_its_times_from_now(bench: Bench, far: FakeBench, felt: Felt) -> None:
    bench.start()
    before = datetime.now(UTC)
    far.send("appointment", appointment())
    name, given = felt.next()
    assert name == "appointment"
    assert before <= given.starts_at - timedelta(seconds=60) <= datetime.now(UTC)
    assert given.ends_at - given.starts_at == timedelta(seconds=1800)
    assert given.room == Room("pexip", "http://127.0.0.1:8080", "123456", None, SECRET)


def test_state_and_picture_reach_the_bench(bench: Bench, far: FakeBench) -> None:
    bench.start()
    bench.state("in_call", Press.PAUSE, Lamp.SLOW_PULSE)
    bench.picture(Mirror(2, 1, b"RGBARGBA"))
    far.wait(lambda: far.states and far.pictures, "state and picture arrive")
    told = {
        "state": "in_call",
        "press": "pause",
        "lamp": {"pattern": "slow_pulse", "steps": [[1.0, 1000], [0.1, 1000]]},
    }
    assert told in far.states
    assert far.pictures == [(2, 1, b"RGBARGBA")]


def test_the_sound_is_told_with_the_state_and_never_without(bench: Bench, far: FakeBench) -> None:
    bench.start()
    bench.sound(440.04, -12.345, 7)
    bench.picture(Mirror(1, 1, bytes(4)))
    far.wait(lambda: far.pictures, "a picture arrives")
    assert far.states == []
    bench.state("in_call", Press.PAUSE, Lamp.STEADY)
    far.wait(lambda: far.states, "the state arrives")
    assert far.states[-1]["sound"] == {"hz": 440.0, "dbfs": -12.3, "silent_blocks": 7}
    bench.sound(880.0, -20.0, 9)
    far.wait(lambda: far.states[-1]["sound"]["hz"] == 880.0, "the new sound arrives")
    assert far.states[-1]["state"] == "in_call"


def test_only_the_newest_is_told_to_a_bench_that_is_slow(bench: Bench, far: FakeBench) -> None:
    bench.start()
    far.wait(lambda: far.streams == 1, "the terminal connects")
    far.hold_puts.clear()
    for number in range(50):
        bench.state(f"state_{number}", Press.NOTHING, Lamp.OFF)
        bench.picture(Mirror(1, 1, bytes([number]) * 4))
    far.hold_puts.set()
    far.wait(lambda: far.states and far.states[-1]["state"] == "state_49", "the newest state arrives")
    far.wait(lambda: far.pictures and far.pictures[-1][2][0] == 49, "the newest picture arrives")
    assert len(far.states) < 10
    assert len(far.pictures) < 10


def test_a_new_stream_is_opened_when_the_bench_ends_one_and_told_the_state_anew(
    bench: Bench, far: FakeBench, felt: Felt
) -> None:
    bench.start()
    bench.state("idle", Press.PRACTISE, Lamp.DIM)
    far.wait(lambda: far.streams == 1 and far.states, "the terminal connects")
    far.send("watch", {"on": True})
    assert felt.next() == ("watch", True)
    far.states.clear()
    far.hang_up()
    assert felt.next() == ("watch", False)
    far.wait(lambda: far.streams == 2 and far.states, "the terminal connects again")
    assert far.states[-1]["state"] == "idle"
    far.send("press", None)
    assert felt.next() == ("press",)


def test_a_bench_that_starts_later_is_found(felt: Felt, far: FakeBench) -> None:
    with serving(FakeBench()) as port:
        pass
    bench = Bench(Settings(f"http://127.0.0.1:{port}{PATH}/"), felt.hands)
    bench.start()
    try:
        bench.state("idle", Press.PRACTISE, Lamp.DIM)
        with serving(far, port):
            far.wait(lambda: far.streams == 1 and far.states, "the terminal connects")
            bench.close()
    finally:
        bench.close()


def test_a_state_that_was_refused_is_told_again(bench: Bench, far: FakeBench) -> None:
    far.status = 503
    bench.start()
    bench.state("idle", Press.PRACTISE, Lamp.DIM)
    far.wait(lambda: far.streams == 1, "the terminal connects")
    with far.change:
        far.status = 204
    far.wait(lambda: far.states, "the state arrives in the end")


def test_close_ends_an_open_stream_at_once(bench: Bench, far: FakeBench) -> None:
    bench.start()
    far.wait(lambda: far.streams == 1, "the terminal connects")
    far.hold_puts.clear()
    bench.picture(Mirror(1, 1, bytes(4)))
    far.wait(lambda: far.puts_begun == 1, "the picture is on its way")
    began_s = time.monotonic()
    bench.close()
    assert time.monotonic() - began_s < 1.0
    bench.close()


def test_close_before_start_is_safe(felt: Felt) -> None:
    Bench(Settings("http://127.0.0.1:1/x"), felt.hands).close()


def test_rubbish_is_ignored_with_one_warning_each_that_tells_no_secret(
    bench: Bench, far: FakeBench, felt: Felt, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bench.start()
    far.send("appointment", appointment(host=SECRET))
    far.send(SECRET, {"on": True})
    far.send_raw(b"event: plug\ndata: {" + SECRET.encode() + b"\n\n")
    far.send("press", None)
    assert felt.next() == ("press",)
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 3
    assert SECRET not in caplog.text


def test_a_record_that_is_too_long_is_passed_over(bench: Bench, far: FakeBench, felt: Felt) -> None:
    bench.start()
    far.wait(lambda: far.streams == 1, "the terminal connects")
    far.send_raw(b"event: press\ndata: " + b"x" * (RECORD_LIMIT_BYTES + 1) + b"\n\n")
    far.send("network", {"up": True})
    assert felt.next() == ("network", True)
    assert far.streams == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "must be like"),
        ("https://127.0.0.1/x", "must be like"),
        ("http://user:pw@127.0.0.1/x", "must be like"),
        ("http://192.0.2.1:8080/x", "must be on this machine"),
        ("http://bench.example.org/x", "must be on this machine"),
        ("http://127.0.0.1.example.org/x", "must be on this machine"),
        ("http://0.0.0.0/x", "must be on this machine"),
        ("http://127.0.0.1:99999/x", "not an address"),
        ("http://[::1/x", "not an address"),
        ("http://127.0.0.1:0/x", "port 0"),
    ],
)
def test_a_bench_elsewhere_is_refused(url: str, words: str, felt: Felt) -> None:
    with pytest.raises(ConfigError, match=f"bench.url: .*{words}"):
        Bench(Settings(url), felt.hands)


@pytest.mark.parametrize("url", ["http://localhost:8080/x", "http://[::1]:8080/x", "http://127.0.0.2/x"])
def test_a_bench_on_this_machine_is_accepted(url: str, felt: Felt) -> None:
    Bench(Settings(url), felt.hands)


def appointment(**changes: Any) -> dict[str, Any]:
    return {
        "id": "a1",
        "starts_in_s": 60,
        "lasts_s": 1800,
        "host": "http://127.0.0.1:8080",
        "alias": "123456",
        "pin": None,
        "display_name": SECRET,
    } | changes


@pytest.mark.parametrize(
    ("event", "value", "words"),
    [
        ("message", None, "no such event"),
        ("plug", None, "must be an object"),
        ("plug", {"device": "lamp", "plugged": True}, "device must be one of camera, microphone, speaker"),
        ("plug", {"device": ["camera"], "plugged": True}, "device must be one of"),
        ("plug", {"device": "camera", "plugged": 1}, "plugged must be true or false"),
        ("network", {}, "up must be"),
        ("stall", {"device": "camera"}, "stalled must be"),
        ("watch", [True], "must be an object"),
        ("appointment", appointment(id=7), "id must be a text"),
        ("appointment", appointment(starts_in_s="60"), "starts_in_s must be a number"),
        ("appointment", appointment(starts_in_s=float("nan")), "starts_in_s must be a number"),
        ("appointment", appointment(lasts_s=10**12), "lasts_s must be a number of seconds, 1 to"),
        ("appointment", appointment(lasts_s=True), "lasts_s must be a number"),
        ("appointment", appointment(host="http://[::1"), "host must be an address"),
        ("appointment", appointment(host="file:///etc"), "host must be an address"),
        ("appointment", appointment(alias=""), "alias must be a text"),
        ("appointment", appointment(pin=1234), "pin must be a text"),
        ("appointment", appointment(display_name="x" * 501), "display_name must be a text"),
    ],
)
def test_a_malformed_record_is_named_by_its_place(event: str, value: Any, words: str, felt: Felt) -> None:
    with pytest.raises(Malformed, match=words) as caught:
        apply(felt.hands, event, json.dumps(value), datetime.now(UTC))
    assert SECRET not in str(caught.value)
    assert felt.queue.empty()


def test_an_appointment_that_began_already_is_taken(felt: Felt) -> None:
    now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    apply(felt.hands, "appointment", json.dumps(appointment(starts_in_s=-300, pin="1234")), now)
    room = Room("pexip", "http://127.0.0.1:8080", "123456", "1234", SECRET)
    expected = Appointment("a1", now - timedelta(minutes=5), now + timedelta(minutes=25), room)
    assert felt.next() == ("appointment", expected)
