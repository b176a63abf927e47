"""A document on disk that whoever writes it replaces as a whole (rename)."""

from pathlib import Path

from kiosk.errors import AppointmentsUnavailable


def read_whole(path: str, most_bytes: int) -> bytes:
    """All of it. Raises AppointmentsUnavailable when it cannot be read or is larger. Blocks."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise AppointmentsUnavailable(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > most_bytes:
        raise AppointmentsUnavailable(f"{path} is larger than {most_bytes} bytes")
    return content
