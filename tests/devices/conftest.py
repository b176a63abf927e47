"""What the tests of several devices share."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def pin_class() -> Any:
    """Of the pretended board's pins; a test whose pins can do more overrides it."""
    from gpiozero.pins.mock import MockPin  # noqa: PLC0415

    return MockPin


@pytest.fixture
def pin_factory(monkeypatch: pytest.MonkeyPatch, pin_class: Any) -> Iterator[Any]:
    """gpiozero's own pretended board."""
    import gpiozero  # noqa: PLC0415
    from gpiozero.pins.mock import MockFactory  # noqa: PLC0415

    factory = MockFactory(pin_class=pin_class)
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.close()
