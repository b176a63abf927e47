"""Server-sent events (HTML Living Standard, 9.2), parsed as the bytes come. Pure."""

from dataclasses import dataclass, field
from typing import Final

RECORD_LIMIT_BYTES: Final = 256 * 1024

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """One event."""

    event: str
    """Its name; "message" when the sender gave none."""
    data: str = field(repr=False)


class Parser:
    """Bytes in, records out, in any slices. Holds at most one record of `limit_bytes`; a larger one is dropped."""

    def __init__(self, limit_bytes: int = RECORD_LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._line = bytearray()
        self._cut_line = False
        self._after_cr = False
        self._first = True
        self._begin()
        self.dropped = 0
        """Records that were too large, so far."""

    def feed(self, chunk: bytes) -> list[Record]:
        """The records that these bytes complete."""
        if not chunk:
            return []
        if self._after_cr and chunk[:1] == b"\n":
            chunk = chunk[1:]
            self._after_cr = False
            if not chunk:
                return []
        self._after_cr = chunk.endswith(b"\r")
        *ended, rest = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        records = []
        for piece in ended:
            self._extend(piece)
            record = self._end_line()
            if record is not None:
                records.append(record)
        self._extend(rest)
        return records

    def _begin(self) -> None:
        self._event = b""
        self._data: list[bytes] = []
        self._size_bytes = 0
        self._too_large = False

    def _extend(self, piece: bytes) -> None:
        if self._cut_line:
            return
        self._line += piece
        if len(self._line) > self._limit_bytes:
            self._line.clear()
            self._cut_line = True
            self._drop()

    def _end_line(self) -> Record | None:
        line, cut = bytes(self._line), self._cut_line
        self._line.clear()
        self._cut_line = False
        if self._first:
            self._first = False
            line = line.removeprefix(_BOM)
        if cut:
            return None
        if not line:
            return self._dispatch()
        if line.startswith(b":") or self._too_large:
            return None
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._event = value
        elif name == b"data":
            self._data.append(value)
        self._size_bytes += len(line)
        if self._size_bytes > self._limit_bytes:
            self._drop()
        return None

    def _drop(self) -> None:
        self._too_large = True
        self._data.clear()

    def _dispatch(self) -> Record | None:
        record = None
        if self._too_large:
            self.dropped += 1
        elif any(self._data):
            data = b"\n".join(self._data).decode("utf-8", "replace")
            record = Record(self._event.decode("utf-8", "replace") or "message", data)
        self._begin()
        return record
