"""Keys on two pins of the Raspberry Pi (gpiozero)."""

import threading
from functools import partial
from typing import Any

from kiosk.consultation.model import Key
from kiosk.devices.keys.port import OnKey
from kiosk.devices.pins import claim
from kiosk.errors import DeviceMissing


class GpioKeys:
    """gpiozero's thread calls."""

    def __init__(self, louder_pin: int, softer_pin: int, *, pull_up: bool, bounce_s: float) -> None:
        self._pins = {Key.LOUDER: louder_pin, Key.SOFTER: softer_pin}
        self._pull_up = pull_up
        self._bounce_s = bounce_s
        self._calling = threading.RLock()
        self._on_key: OnKey | None = None
        self._buttons: list[Any] = []

    def start(self, on_key: OnKey) -> None:
        try:
            import gpiozero  # noqa: PLC0415
        except ImportError as error:
            raise DeviceMissing("keys", f"gpiozero is not installed ({error}); see the extra `hardware`") from error
        self._on_key = on_key
        try:
            for key, pin in self._pins.items():
                make = partial(gpiozero.Button, pin, pull_up=self._pull_up, bounce_time=self._bounce_s or None)
                button = claim("keys", pin, gpiozero.GPIOZeroError, make)
                self._buttons.append(button)
                button.when_pressed = partial(self._changed, key, True)
                button.when_released = partial(self._changed, key, False)
        except DeviceMissing:
            self.close()
            raise

    def close(self) -> None:
        with self._calling:
            self._on_key = None
        buttons, self._buttons = self._buttons, []
        for button in buttons:
            # gpiozero waits for its own thread here, so the lock must be free.
            button.close()

    def _changed(self, key: Key, down: bool) -> None:
        with self._calling:
            if self._on_key is not None:
                self._on_key(key, down)
