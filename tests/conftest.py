"""What every test finds: logging as a fresh process has it."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def unchanged_logging() -> Iterator[None]:
    """Programs that are run inside a test set levels; the next test shall not inherit them."""
    root = logging.getLogger()
    names = ("kiosk", "urllib3", "urllib3.connectionpool", "aiortc", "aioice")
    loggers = [root, *(logging.getLogger(name) for name in names)]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, level, propagate in before:
        logger.setLevel(level)
        logger.propagate = propagate
