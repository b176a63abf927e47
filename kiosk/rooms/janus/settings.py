"""What a technician may set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JanusSettings:
    """Where a server's API lies, and how patient the terminal is with it."""

    path: str = "/janus"
    """The API's path on the room's host; the server's `base_path`."""
    connect_timeout_s: float = 5.0
    """Longest wait for a connection, in seconds."""
    answer_timeout_s: float = 10.0
    """Longest wait for an answer or for the event that holds it, in seconds."""
    keepalive_s: float = 5.0
    """How often the server is asked whether it still knows us: a poll for events is not told when it does not."""
    poll_silence_s: float = 45.0
    """A poll for events that brings nothing for so many seconds is made anew. Servers answer after 30 at the latest."""
    allowed_hosts: tuple[str, ...] = ()
    """The only hosts whose rooms are entered, such as "rooms.example.org" or "*.example.org"; empty: any."""
    ca_file: str | None = None
    """A PEM file of the certificate authorities to trust instead of the usual ones; for clinics with their own."""
