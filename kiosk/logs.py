"""How the terminal logs: one line for each change of state, to standard error, in journald's format under systemd.

What may never be logged: names, PINs, rooms, tokens, SDP, addresses of candidates, message texts. Personal fields
have `repr=False`, errors carry no values, and the libraries that would print such things are held at WARNING.
"""

import logging
import os
import sys
from typing import Final

TALKATIVE: Final = ("aiohttp", "aioice", "aiortc", "asyncio", "libav", "urllib3", "kivy", "PIL", "picamera2")
"""They print URLs, candidates or whole SDPs at lower levels."""

_PRIORITY: Final = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


class JournalFormatter(logging.Formatter):
    """`<6>kiosk.engine: text`: systemd reads the priority and adds the time itself (sd-daemon(3))."""

    def __init__(self) -> None:
        super().__init__("%(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Every line of a message gets its priority."""
        priority = _PRIORITY.get(record.levelno, 6)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())


def start(verbose: bool = False) -> None:
    """Log to standard error from now on. Call once, before anything opens."""
    handler = logging.StreamHandler(sys.stderr)
    if "JOURNAL_STREAM" in os.environ:
        handler.setFormatter(JournalFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("kiosk").setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
