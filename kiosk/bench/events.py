"""Server-sent events (WHATWG HTML, 9.2), as bytes arrive, with a limit to their size."""

from collections.abc import Iterator
from typing import Final

LONGEST_LINE: Final = 64 * 1024
LONGEST_RECORD: Final = 256 * 1024


class TooLong(Exception):
    """More than a record may have; the stream is not to be read on."""


class EventParser:
    """One stream. Lines end with LF or CR LF."""

    def __init__(self) -> None:
        self._rest = b""
        self._event = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, piece: bytes) -> Iterator[tuple[str, str]]:
        """The records that this piece completes: event and data. Raises TooLong."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            raise TooLong("a line without an end")
        for line in lines:
            yield from self._line(line.removesuffix(b"\r").decode("utf-8", "replace"))

    def _line(self, line: str) -> Iterator[tuple[str, str]]:
        if not line:
            record = (self._event or "message", "\n".join(self._data))
            complete = bool(self._event or self._data)
            self._event, self._data, self._size = "", [], 0
            if complete:
                yield record
            return
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        self._size += len(value)
        if self._size > LONGEST_RECORD:
            raise TooLong("a record without an end")
        match name:
            case "event":
                self._event = value
            case "data":
                self._data.append(value)
            case _:
                # Comments, which keep the stream alive, and fields that have no use here.
                return
