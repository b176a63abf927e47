"""The technician's report: of every part, without opening one, and as a code that a telephone reads."""

import json

import numpy as np
import zxingcpp

from kiosk.consultation.events import Event, Examined
from kiosk.engine.examine import examine
from tests.engine.test_devices_in_use import Bench


async def test_every_part_is_told_and_the_code_says_the_same() -> None:
    bench = Bench()
    bench.camera.unplug()
    bench.network.set_up(False)
    house = bench.house()
    house.serial = "0042"
    said: list[Event] = []
    await examine(house, said.append)
    assert bench.closed()
    (found,) = said
    assert isinstance(found, Examined)
    assert {line.part: line.good for line in found.lines} == {
        "camera": False,
        "microphone": True,
        "speaker": True,
        "network": False,
        "button": True,
        "temperature": True,
        "power": True,
        "disk": True,
        "clock": True,
    }
    pixels = np.array([[0 if dark == "1" else 255 for dark in row] for row in found.code], np.uint8)
    (read,) = zxingcpp.read_barcodes(np.kron(pixels, np.ones((4, 4), np.uint8)))
    report = json.loads(read.text)
    assert (report["serial"], report["version"]) == ("0042", found.release)
    assert report["lines"] == [[line.part, line.good, line.told] for line in found.lines]
