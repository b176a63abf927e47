"""A lamp on a pin of the Raspberry Pi (gpiozero), blinked by a thread of its own."""

import itertools
import threading
from typing import Any, Final

from kiosk.consultation.signals import LAMP_STEPS
from kiosk.consultation.signals import Lamp as Pattern
from kiosk.devices.pins import claim
from kiosk.errors import DeviceMissing

JOIN_LIMIT_S: Final = 1.0
HALF: Final = 0.5
"""A lamp that cannot be dimmed is on from this brightness."""


class GpioLamp:
    """Constant light costs no wake-ups."""

    def __init__(self, pin: int, *, dimmable: bool, active_high: bool) -> None:
        self._pin = pin
        self._dimmable = dimmable
        self._active_high = active_high
        self._change = threading.Condition()
        self._pattern = Pattern.OFF
        self._changes = 0
        self._closed = False
        self._thread: threading.Thread | None = None
        self._led: Any = None

    def start(self) -> None:
        try:
            import gpiozero  # noqa: PLC0415
        except ImportError as error:
            raise DeviceMissing("lamp", f"gpiozero is not installed ({error}); see the extra `hardware`") from error
        kind = gpiozero.PWMLED if self._dimmable else gpiozero.LED
        self._led = claim(
            "lamp",
            self._pin,
            gpiozero.GPIOZeroError,
            lambda: kind(self._pin, active_high=self._active_high, initial_value=0),
        )
        self._thread = threading.Thread(target=self._blink, name="lamp", daemon=True)
        self._thread.start()

    def show(self, pattern: Pattern) -> None:
        with self._change:
            if pattern is not self._pattern:
                self._pattern = pattern
                self._changes += 1
                self._change.notify()

    def close(self) -> None:
        with self._change:
            self._closed = True
            self._change.notify()
        if self._thread is not None:
            self._thread.join(JOIN_LIMIT_S)
        led, self._led = self._led, None
        if led is not None:
            led.close()

    def _blink(self) -> None:
        led = self._led
        while not self._closed:
            with self._change:
                steps, seen = LAMP_STEPS[self._pattern], self._changes
            for level, milliseconds in itertools.cycle(steps):
                led.value = level if self._dimmable else float(level >= HALF)
                if self._changed_within(None if len(steps) == 1 else milliseconds / 1000, seen):
                    break

    def _changed_within(self, timeout_s: float | None, seen: int) -> bool:
        with self._change:
            return self._change.wait_for(lambda: self._closed or self._changes != seen, timeout_s)
