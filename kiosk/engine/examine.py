"""What a technician wants to know of a running terminal, without stopping it: opens no camera and no microphone."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import zxingcpp

from kiosk import __version__
from kiosk.blocking import in_thread
from kiosk.consultation.events import Examined
from kiosk.consultation.model import ServiceLine
from kiosk.engine.engine import Post
from kiosk.engine.house import House
from kiosk.errors import KioskError
from kiosk.selfcheck.machine import ailments, figures

LONGEST_CHARS: Final = 60
"""Of what is told of one part: the code must stay coarse enough for any telephone."""

log = logging.getLogger(__name__)


async def examine(house: House, post: Post) -> None:
    """Post Examined, once."""
    lines = await in_thread(_lines, house)
    report = {
        "serial": house.serial,
        "version": __version__,
        "lines": [[line.part, line.good, line.told] for line in lines],
    }
    log.info("Service report: %s", json.dumps(report))
    post(Examined(__version__, lines, await in_thread(code, json.dumps(report, separators=(",", ":")))))


def code(text: str) -> tuple[str, ...]:
    """A QR code's rows from the top, "1" dark, its quiet zone included."""
    library: Any = zxingcpp
    image = library.write_barcode_to_image(library.create_barcode(text, library.BarcodeFormat.QRCode), scale=1)
    return tuple("".join("0" if light else "1" for light in row) for row in np.asarray(image))


def _lines(house: House) -> tuple[ServiceLine, ...]:
    reading = replace(house.health.read(), button_held_s=house.button_held_s())
    ill = ailments(reading)
    parts = [
        _probed("camera", lambda: house.camera().probe()),
        _probed("microphone", lambda: house.microphone().probe()),
        _probed("speaker", lambda: house.speaker().probe()),
        ServiceLine("network", house.network.up(), ""),
    ]
    parts += [ServiceLine(part, ailment not in ill, told) for part, (told, ailment) in figures(reading).items()]
    return tuple(parts)


def _probed(part: str, probe: Callable[[], None]) -> ServiceLine:
    try:
        probe()
    except KioskError as error:
        return ServiceLine(part, False, str(error)[:LONGEST_CHARS])
    return ServiceLine(part, True, "")
