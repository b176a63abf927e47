"""A button on a pin of the Raspberry Pi (gpiozero)."""

import threading
from typing import Any

from kiosk.devices.button.port import OnPress
from kiosk.devices.pins import claim
from kiosk.errors import DeviceMissing


class GpioButton:
    """gpiozero's thread calls. Pressed means: pressed anew; a button held down when we start is no press."""

    def __init__(self, pin: int, *, pull_up: bool, bounce_s: float) -> None:
        self._pin = pin
        self._pull_up = pull_up
        self._bounce_s = bounce_s
        self._calling = threading.RLock()
        self._on_press: OnPress | None = None
        self._button: Any = None

    def start(self, on_press: OnPress) -> None:
        try:
            import gpiozero  # noqa: PLC0415
        except ImportError as error:
            raise DeviceMissing("button", f"gpiozero is not installed ({error}); see the extra `hardware`") from error
        self._on_press = on_press
        self._button = claim(
            "button",
            self._pin,
            gpiozero.GPIOZeroError,
            lambda: gpiozero.Button(self._pin, pull_up=self._pull_up, bounce_time=self._bounce_s or None),
        )
        self._button.when_pressed = self._pressed

    def held_s(self) -> float:
        button = self._button
        if button is None or not button.is_pressed:
            return 0.0
        return float(button.active_time or 0.0)

    def close(self) -> None:
        with self._calling:
            self._on_press = None
        button, self._button = self._button, None
        if button is not None:
            # gpiozero waits for its own thread here, so the lock must be free.
            button.close()

    def _pressed(self) -> None:
        with self._calling:
            if self._on_press is not None:
                self._on_press()
