"""What the tests of several devices share."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def pin_factory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """gpiozero's own pretended board."""
    import gpiozero  # noqa: PLC0415
    from gpiozero.pins.mock import MockFactory  # noqa: PLC0415

    factory = MockFactory()
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.close()
